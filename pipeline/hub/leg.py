"""One leg: a bounded queue, a process of its own fed through a pipe, and the supervision of that process."""

import logging
import threading
from typing import Literal

from av.error import FFmpegError

from pipeline.clock import Clock
from pipeline.errors import Refused
from pipeline.hub.addresses import Addresses
from pipeline.hub.backoff import BackOff
from pipeline.hub.child import MODULES, ORDERED, REPORTING, Child
from pipeline.hub.hubclock import HubClock
from pipeline.hub.leg_rate import LegRate
from pipeline.hub.leg_story import LegStory
from pipeline.hub.meter import Meter
from pipeline.hub.output import Output
from pipeline.hub.packet import Packet
from pipeline.hub.queue import PacketQueue
from pipeline.hub.spec import LegSpec
from pipeline.store.journal import Journal

log = logging.getLogger(__name__)

State = Literal["waiting", "starting", "up", "down", "stopped", "parked"]

STUCK_US = 5_000_000  # a process that does not read for so long is killed
SILENT_UP_US = 2_000_000  # a process that does not report counts as up when it has read for so long
END_S = 6.0
FOR_EVER_S = 86_400.0

_NUT = {"flush_packets": "1"}


class Leg:
    """Give it packets in hub time with `put`, which never waits; it starts at a keyframe.

    The owner calls `check` a few times a second: that is what frees a session whose process does not read, and
    what lowers the picture where the up-link is weak. `stopped` is a leg that was refused so often that only
    `retry` starts it again; `parked` is a backup that has to be silent while the up-link is full.
    """

    def __init__(self, spec: LegSpec, journal: Journal, hub: HubClock, clock: Clock) -> None:
        if spec.kind not in MODULES:
            raise Refused("leg.unknown-kind", name=spec.name, kind=spec.kind)
        self.spec = spec
        self.queue = PacketQueue(keep_sound=spec.kind in ORDERED)
        self.rate = LegRate(spec)
        self.state: State = "waiting"
        self.error: str | None = None
        self.reconnects = -1
        self._story = LegStory(spec.name, journal, hub)
        self._hub = hub
        self._clock = clock
        self._addresses = Addresses(spec)
        self._meter = Meter()
        self._child: Child | None = None
        self._held: Packet | None = None  # of a new format: begins the next session
        self._check: dict[str, object] | None = None  # of the last session
        self._frames_before = 0  # sent by processes that have gone
        self._written = 0
        self._last_us: int | None = None  # hub time of the last packet that was written
        self._since_us: int | None = None  # when the first packet of this session was written
        self._writing_us: int | None = None
        self._stuck = False
        self._refused = 0  # times in a row
        self._parked = False
        self._ending = threading.Event()
        self._again = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"leg-{spec.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def put(self, packet: Packet) -> None:
        self.rate.offer(packet, self._clock.monotonic_us())
        self.queue.put(packet)

    def retry(self) -> None:
        """Try again now, when it waits for its next try."""
        self._again.set()

    def park(self, on: bool) -> None:
        """Keep it silent, or let it send again."""
        if on != self._parked:
            self._parked = on
            self._again.set()
            self.queue.wake()

    @property
    def confirmed_kbps(self) -> int:
        """What its far end acknowledges now; 0 while it is not up."""
        child = self._child
        return child.confirmed.kbps(self._clock.monotonic_us()) if child and self.state == "up" else 0

    def end(self) -> None:
        """Send what waits, say goodbye, stop; returns at once, `join` waits for it."""
        self._ending.set()
        self._again.set()
        self.queue.wake()

    def join(self, wait_s: float = END_S + 2) -> None:
        """Wait for the end; a leg that does not come to one is killed."""
        self._thread.join(wait_s)
        if self._thread.is_alive() and self._child:
            self._child.kill()
            self._thread.join(2)

    def check(self) -> None:
        """Kill a process that does not read, see whether the leg is up, and whether it sends too much."""
        now, child, writing = self._clock.monotonic_us(), self._child, self._writing_us
        if self.spec.kind in ORDERED:
            self._look(now, child)
        if child is None:
            return
        if writing is not None and now - writing > STUCK_US and not self._stuck:
            log.warning("leg %s is stuck and is killed", self.spec.name)
            self._stuck = True
            child.kill()
        elif self.state == "starting" and self._since_us is not None:
            silent = self.spec.kind not in REPORTING and now - self._since_us > SILENT_UP_US
            if child.reported.is_set() or (silent and not child.gone):
                self._addresses.worked()
                self._refused = 0
                self._set("up")

    def health(self) -> dict[str, object]:
        child, now = self._child, self._clock.monotonic_us()
        return {
            "state": self.state,
            "bitrate_kbps": (child.confirmed.kbps(now) if child else 0) or self._meter.kbps(now),
            "frames_sent": self._frames_before + self._frames(child),
            "frames_dropped": self.queue.dropped,
            "reconnects": max(0, self.reconnects),
            "delay_ms": self._delay_ms(child, now),
            "lowered_kbps": self.rate.lowered_kbps,
            "lowered_why": self._story.lowered_why,
            "address": self._addresses.which,
            "error": self.error,
            "tag": self.spec.tag,
            "backup": self.spec.backup,
            "pid": child.pid if child else None,
            **self._checked(),
        }

    def _checked(self) -> dict[str, object]:
        """What the leg's own check of its stream has found in this session, or in the last one; cable legs only."""
        child = self._child
        found = (child.check if child else None) or self._check
        return {"check": found} if found else {}

    def _look(self, now: int, child: Child | None) -> None:
        behind, dropped = self._delay_ms(child, now), self.queue.dropped
        change = self.rate.look(now, child, up=self.state == "up", behind_ms=behind, dropped=dropped)
        if change is not None:
            log.info("leg %s: step %d (%s)", self.spec.name, change.step, change.reason)
        self._story.lowered(self.rate.lowered_kbps, change.reason if change else None)

    def _delay_ms(self, child: Child | None, now_us: int) -> int:
        """How far the leg is behind: what waits before its process, and what the far end has not confirmed."""
        if child is None or self.state != "up" or self._last_us is None:
            return 0
        rate = child.confirmed.kbps(now_us) or self._meter.kbps(now_us)
        waiting = max(0, self._hub.now_us() - self._last_us) // 1000 if len(self.queue) else 0
        return waiting + (child.unconfirmed * 8 // rate if rate else 0)

    def _frames(self, child: Child | None) -> int:
        if child is None:
            return 0
        return child.frames if self.spec.kind in REPORTING else self._written

    def _run(self) -> None:
        back = BackOff()
        while not self._ending.is_set():
            self._again.clear()
            if self._parked:
                self._set("parked", "leg.no-room")
                self._clock.wait(self._again, FOR_EVER_S)
                continue
            began = self._clock.monotonic_us()
            code, same_format = self._session()
            if self._ending.is_set():
                break
            if self._parked or not same_format:
                continue
            self._failed(code or "leg.died")
            wait = back.next_s(self._clock.monotonic_us() - began)
            if self._clock.wait(self._again, wait if self.state == "down" else FOR_EVER_S):
                back.reset()
                self._refused = 0
        self._set("waiting", said="ended")

    def _failed(self, code: str) -> None:
        """Note what went wrong, and where the next try goes; too many refusals in a row stop the leg."""
        if self.state == "up":
            self.rate.lost()
        self._refused = self._refused + 1 if code == "leg.refused" else 0
        if self.spec.refusals is not None and self._refused >= self.spec.refusals:
            self._set("stopped", code)
            return
        self._set("down", code)
        if self._addresses.failed():
            self._story.address(self._addresses.which)

    def _session(self) -> tuple[str | None, bool]:
        """One process from start to end: the code of what went wrong, and False when only the format changed."""
        self.reconnects += 1
        self.queue.restart()
        self._stuck, self._since_us, self._written, same_format = False, None, 0, True
        try:
            child = self._child = Child(self._addresses.spec)
        except OSError as error:
            log.error("leg %s does not start: %s", self.spec.name, type(error).__name__)
            return "leg.not-started", True
        self._set("starting" if self.error else "waiting")
        try:
            same_format = self._feed(child)
        except (OSError, FFmpegError):
            log.info("leg %s: its process takes no more", self.spec.name)
        finally:
            self._writing_us = None
            code = child.end(END_S if self._ending.is_set() else 0.5)
            self._frames_before += self._frames(child)
            self._check = child.check or self._check
            self._child = None
        return ("leg.stuck" if self._stuck else code), same_format

    def _feed(self, child: Child) -> bool:
        """Write packets until the end, a dead process (OSError) or another format (False)."""
        out: Output | None = None
        told: dict[str, object] | None = None
        while not child.gone and not self._parked:
            packet = self._held or self.queue.get(0.25)
            self._held = None
            if packet is None:
                if self._ending.is_set():
                    break
                continue
            self._writing_us = self._clock.monotonic_us()
            if told != (wanted := self.rate.rendition):
                told = wanted
                child.order({"rendition": told})
            if out is None:
                out = Output(child.stream, "nut", packet.format, _NUT)
                self._since_us = self._writing_us
                self._set("starting")
            elif not out.format.continues(packet.format):
                self._held = packet
                break
            out.write(packet)
            self._wrote(packet)
        if out is not None and not child.gone:
            self._writing_us = self._clock.monotonic_us()
            out.close()
        return self._held is None

    def _wrote(self, packet: Packet) -> None:
        self._writing_us = None
        self._last_us = packet.dts_us
        self._written += packet.kind == "video"
        self._meter.add(self._clock.monotonic_us(), len(packet.data))

    def _set(self, state: State, code: str | None = None, *, said: str | None = None) -> None:
        self.state = state
        if code or state == "up":
            self.error = code
        self._story.state(state, code, said, self._checked() if said == "ended" else {})
