"""Tells people who are elsewhere: takes news from the lookout, and sends it beside the air, which never waits."""

import logging
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from pipeline.clock import Clock
from pipeline.errors import PipelineError, Temporary
from pipeline.live.watch.alarms import News
from pipeline.live.watch.finding import LEVELS, Finding
from pipeline.model.notice import Notice

log = logging.getLogger(__name__)

WAITING = 50  # notices; more are dropped and counted
GATHER_S = 3.0  # faults come in company: they are told together
SPACING_S = 60.0  # between two messages of one way
TRIES, FIRST_WAIT_S, LONGEST_WAIT_S = 6, 5.0, 120.0
LAST_S = 5.0

Words = Callable[[str, Mapping[str, object]], str]


class Notifier(Protocol):
    """A way to reach people: one attempt a call; Temporary may work later, anything else will not."""

    name: str

    def send(self, notices: Sequence[Notice]) -> None: ...


class Notices:
    """One thread and one bounded queue for each way. `tell` returns at once, whatever the network does.

    `findings` names the ways that do not work. `words` makes a sentence from a code and its fields.
    """

    def __init__(
        self,
        ways: Sequence[Notifier],
        clock: Clock,
        words: Words,
        *,
        station: str,
        broadcast: str,
        from_level: str = "alarm",
    ) -> None:
        self._ways, self._clock, self._words = tuple(ways), clock, words
        self._station, self._broadcast, self._least = station, broadcast, LEVELS.index(from_level)
        self._queues = {way.name: queue.Queue[Notice](WAITING) for way in ways}
        self._stop = threading.Event()
        self._broken: dict[str, Finding] = {}
        self._threads = [
            threading.Thread(target=self._run, args=(way,), name=f"notify-{way.name}", daemon=True) for way in ways
        ]

    @property
    def findings(self) -> list[Finding]:
        return list(self._broken.values())

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """What waits is sent at once, if that goes quickly."""
        self._stop.set()
        for thread in self._threads:
            thread.join(LAST_S)

    def tell(self, news: News) -> None:
        """Queue one piece of news, if it is grave enough."""
        finding = news.finding
        if finding.gravity < self._least or finding.key.startswith("notify-") or not self._ways:
            return
        text = self._words(finding.code, finding.about)
        about = dict(finding.about)
        notice = Notice(
            self._clock.utc(), self._station, self._broadcast, finding.code, finding.level, news.state, text, about
        )
        for name, waiting in self._queues.items():
            try:
                waiting.put_nowait(notice)
            except queue.Full:
                log.warning("%s: a notice was dropped, too many wait", name)

    def _run(self, way: Notifier) -> None:
        waiting = self._queues[way.name]
        while not (self._stop.is_set() and waiting.empty()):
            try:
                gathered = [waiting.get(timeout=0.25)]
            except queue.Empty:
                continue
            self._clock.wait(self._stop, GATHER_S)
            while not waiting.empty():
                gathered.append(waiting.get_nowait())
            self._send(way, gathered)
            self._clock.wait(self._stop, SPACING_S)

    def _send(self, way: Notifier, notices: list[Notice]) -> None:
        """Try until it is sent, hopeless, or too late; once the broadcast ends there is one attempt."""
        wait = FIRST_WAIT_S
        for attempt in range(TRIES):
            try:
                way.send(notices)
            except PipelineError as error:
                log.warning("%s: %s", way.name, error)
                self._broken[way.name] = Finding(error.code, "warning", f"notify-{way.name}", dict(error.fields))
                if not isinstance(error, Temporary) or self._stop.is_set() or attempt == TRIES - 1:
                    return
                self._clock.wait(self._stop, wait)
                wait = min(2 * wait, LONGEST_WAIT_S)
            else:
                self._broken.pop(way.name, None)
                return
