"""The live videos of a broadcast: made, followed and ended beside the air, which never waits for them."""

import logging
import threading
from collections.abc import Callable, Mapping

from pipeline.clock import Clock
from pipeline.errors import Fatal, PipelineError, Temporary
from pipeline.live.memory import Memory
from pipeline.live.ports import Page
from pipeline.model.platform_live import LiveState
from pipeline.store.journal import Journal

log = logging.getLogger(__name__)

FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 30.0
FOLLOW_S = 10.0
LAST_TRIES = 4
RENEW_US = 300_000_000  # a platform that ends one live video after the other is not given another by itself
OVER = frozenset({"LIVE_STOPPED", "PROCESSING", "VOD", "SCHEDULED_EXPIRED", "SCHEDULED_CANCELED"})
GONE = "facebook.live-gone"
HIDDEN = frozenset({"SCHEDULED_UNPUBLISHED", "SCHEDULED_LIVE"})  # announced, and not yet shown to anybody


class Platforms:
    """One thread a page: make the live video (temporary failures are tried again), then follow it.

    What a page says is read through `state`; a failure is journalled once for each new code. An announced live
    video is shown to everybody once its leg is up, which `feeding` tells. A live video that the platform itself
    has ended on air is followed by a new one (`renew`), or by a question: then `retry` makes the new one.
    """

    def __init__(
        self,
        pages: Mapping[str, Page],
        memory: Memory,
        journal: Journal,
        clock: Clock,
        *,
        title: str,
        description: str,
        private: bool,
        feeding: Callable[[str], bool],
        renew: bool = True,
    ) -> None:
        self._pages, self._memory, self._journal, self._clock = pages, memory, journal, clock
        self._title, self._description, self._private = title, description, private
        self._feeding, self._renew = feeding, renew
        self._renewed_us: dict[str, int] = {}
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._states: dict[str, LiveState] = {}
        self._errors: dict[str, PipelineError] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._wakes = {name: threading.Event() for name in pages}

    def start(self) -> None:
        for name in self._pages:
            self._begin(name)

    def look_again(self, name: str) -> None:
        """Ask the platform now and not in a while: its ingest has said no."""
        if name in self._wakes:
            self._wakes[name].set()

    def retry(self, name: str) -> None:
        """Try again now to make a live video that a person has cleared the way for."""
        if name not in self._pages:
            return
        with self._lock:
            if name in self._memory.asked:
                self._memory.asked.remove(name)
                self._memory.save()
        if not self._threads[name].is_alive():
            self._begin(name)
        self.look_again(name)

    def _begin(self, name: str) -> None:
        thread = threading.Thread(target=self._run, args=(name,), name=f"page-{name}", daemon=True)
        self._threads[name] = thread
        thread.start()

    def states(self) -> dict[str, dict[str, object]]:
        """For each page: its own status, viewers, health, permalink, and the last error's code."""
        with self._lock:
            out: dict[str, dict[str, object]] = {}
            for name in self._pages:
                state, error = self._states.get(name), self._errors.get(name)
                video = self._memory.live.get(name)
                out[name] = {
                    "status": state.status if state else self._without_state(name),
                    "viewers": state.viewers if state else None,
                    "health": state.health if state else None,
                    "seconds_left": state.seconds_left if state else None,
                    "permalink": (state.permalink if state else None) or (video.permalink if video else None),
                    "error": error.code if error else None,
                    "fields": dict(error.fields) if error else {},
                }
            return out

    def _without_state(self, name: str) -> str:
        if name in self._memory.asked:
            return "asked"
        return "created" if name in self._memory.live else "waiting"

    def _run(self, name: str) -> None:
        wait = FIRST_WAIT_S
        while not self._stop.is_set():
            try:
                self._attempt(name)
                self._healed(name)
                wait = FIRST_WAIT_S
                pause = FOLLOW_S
            except Temporary as error:
                self._failed(name, error)
                pause, wait = wait, min(wait * 2, LONGEST_WAIT_S)
            except PipelineError as error:
                self._failed(name, error)
                if name not in self._memory.live:
                    return  # a person has to act: `leg retry` starts anew
                pause = LONGEST_WAIT_S
            self._clock.wait(self._wakes[name], pause)
            self._wakes[name].clear()

    def _attempt(self, name: str) -> None:
        video = self._memory.live.get(name)
        if video is None:
            if name not in self._memory.asked:
                self._create(name)
            return
        page = self._pages[name]
        try:
            state = page.state(video.id)
        except Fatal as error:
            if error.code != GONE:
                raise
            state = LiveState("LIVE_STOPPED")
        if state.status in OVER:
            self._over(name, state)
            return
        if state.status in HIDDEN and not self._private and self._feeding(name):
            state = page.go_live(video.id)
        with self._lock:
            before = self._states.get(name)
            self._states[name] = state
        if before is None or before.status != state.status:
            self._note(name, state)

    def _create(self, name: str) -> None:
        video = self._pages[name].create(self._title, self._description, private=self._private)
        with self._lock:
            self._memory.live[name] = video
            self._memory.save()
        self._journal.append(
            "platform",
            destination=name,
            kind="facebook",
            live_id=video.id,
            video_id=video.video_id,
            permalink=video.permalink,
            state="created",
        )

    def _over(self, name: str, state: LiveState) -> None:
        """The platform has ended the live video while we are on air: its address is not knocked at any more."""
        self._note(name, state)
        now, before = self._clock.monotonic_us(), self._renewed_us.get(name)
        renew = self._renew and (before is None or now - before > RENEW_US)
        with self._lock:
            video = self._memory.live.pop(name)
            self._memory.past.setdefault(name, []).append(video.id)
            if not renew:
                self._memory.asked.append(name)
            self._memory.save()
            self._states.pop(name, None)
        code, level = ("platform.renewed", "warning") if renew else ("platform.ended", "alarm")
        self._journal.append("finding", code=code, level=level, destination=name, about={"destination": name})
        if renew:
            self._renewed_us[name] = now
            self._create(name)

    def end(self) -> None:
        """End every live video; what cannot be ended is journalled as an alarm, never passed over."""
        self._stop.set()
        for wake in self._wakes.values():
            wake.set()
        for thread in self._threads.values():
            thread.join(15)
        for name, video in self._memory.live.items():
            if name in self._memory.ended or name not in self._pages:
                continue
            state = self._end_one(name, video.id)
            if state is not None:
                self._memory.ended.append(name)
                self._memory.save()
                self._note(name, state, final=True)

    def _end_one(self, name: str, live_id: str) -> LiveState | None:
        wait, never = FIRST_WAIT_S, threading.Event()
        for attempt in range(LAST_TRIES):
            try:
                return self._pages[name].end(live_id)
            except Temporary as error:
                self._failed(name, error)
                if attempt + 1 < LAST_TRIES:
                    self._clock.wait(never, wait)
                wait *= 2
            except PipelineError as error:
                self._failed(name, error)
                break
        self._journal.append("finding", code="platform.not-ended", level="alarm", destination=name)
        return None

    def _note(self, name: str, state: LiveState, *, final: bool = False) -> None:
        self._journal.append(
            "platform",
            destination=name,
            kind="facebook",
            live_id=self._memory.live[name].id,
            video_id=state.video_id,
            permalink=state.permalink,
            state="ended" if final else state.status,
            viewers=state.viewers,
        )

    def _failed(self, name: str, error: PipelineError) -> None:
        with self._lock:
            before = self._errors.get(name)
            self._errors[name] = error
        if before is None or before.code != error.code:
            log.warning("page %s: %s", name, error)
            self._journal.append(
                "finding", code=error.code, level="alarm", destination=name, about=dict(error.fields)
            )

    def _healed(self, name: str) -> None:
        with self._lock:
            self._errors.pop(name, None)
