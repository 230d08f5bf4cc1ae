"""What is on air: feed or slate, handed to the legs, with the thread that keeps the slate going."""

import logging
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.clock import Clock
from pipeline.errors import Refused
from pipeline.hub import slate_file
from pipeline.hub.hubclock import HubClock
from pipeline.hub.packet import Packet
from pipeline.hub.splicer import Splicer
from pipeline.model.journal import JournalLine

log = logging.getLogger(__name__)

TICK_S = 0.02


def was_hidden(lines: Iterable[JournalLine]) -> bool:
    """Whether the hall was hidden by somebody when the last hub ended: a restart must not show it."""
    last = [line for line in lines if line.what == "slate"][-1:]
    return any(line.fields.get("state") == "on" and line.fields.get("why") == "manual" for line in last)


class OnAir:
    """Safe from any thread. `send` gets every packet that goes out, in order; it must not wait."""

    def __init__(
        self, send: Callable[[Packet], None], hub: HubClock, clock: Clock, slate_after_us: int, *, hidden: bool
    ) -> None:
        self._send = send
        self._hub = hub
        self._clock = clock
        self._splicer = Splicer(slate_after_us, hidden=hidden)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slate", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Nothing more comes from the slate."""
        self._stop.set()
        self._thread.join(2.0)

    def load(self, path: Path) -> None:
        """Take this file's loop as the slate. Refused as `slate_file.load` says; what was loaded stays then."""
        loop = slate_file.load(path)
        with self._lock:
            self._out(self._splicer.load(loop, self._hub.now_us()))

    def feed(self, packet: Packet, now_us: int) -> None:
        with self._lock:
            self._out(self._splicer.feed(packet, now_us))

    def hide(self, hidden: bool) -> None:
        """Show the slate, or the feed from its next keyframe on. Refused `hub.no-slate` where none is loaded."""
        with self._lock:
            if hidden and not self._splicer.loaded:
                raise Refused("hub.no-slate")
            self._out(self._splicer.hide(hidden, self._hub.now_us()))

    def status(self) -> dict[str, object]:
        with self._lock:
            splicer = self._splicer
            return {
                "on_air": splicer.on_air.value if splicer.on_air else None,
                "slate": {"loaded": splicer.loaded, "manual": splicer.hidden, "since_us": splicer.since_us},
            }

    def news(self) -> list[tuple[int, dict[str, object]]]:
        """What happened since the last call, for the journal: hub time and fields."""
        with self._lock:
            said, self._splicer.said = self._splicer.said, []
            return said

    def _out(self, packets: list[Packet]) -> None:
        for packet in packets:
            self._send(packet)

    def _run(self) -> None:
        while not self._clock.wait(self._stop, TICK_S):
            try:
                with self._lock:
                    self._out(self._splicer.tick(self._hub.now_us()))
            except Exception:
                log.exception("the slate missed a beat")
