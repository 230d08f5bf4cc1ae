"""Teletext subtitles on the wire: they take the place of null packets, so that every clock and byte stays.

A page is coded and stamped when its first packet leaves, not when it becomes due: a decoder holds teletext for
some 140 ms at most. A change is sent with an erasure, again after a tenth of a second without one, and then every
half second for those who tune in late; an empty page when nothing is said.
"""

import json
import logging
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pipeline.media import teletext_letters, teletext_stream
from pipeline.media import transport as ts
from pipeline.media.teletext import SubtitlePage

log = logging.getLogger(__name__)

_LEAD = ts.PTS_HZ * 12 // 100
_LEAST_LEAD = ts.PTS_HZ * 4 // 100
_SECOND_COPY = ts.PTS_HZ // 10
_REPEAT = ts.PTS_HZ // 2
_QUIET = ts.PTS_HZ // 5  # no repetition so shortly before a change: it would delay it


class TeletextCue(NamedTuple):
    """A cue in microseconds of hub time."""

    start_us: int
    end_us: int
    text: str


def read_cues(path: Path) -> list[TeletextCue]:
    """Cues from JSON lines, in order; a line that is none is left out."""
    cues = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            raw = json.loads(line)
            cues.append(TeletextCue(int(raw["start_us"]), int(raw["end_us"]), str(raw["text"])))
        except (ValueError, TypeError, KeyError):
            log.warning("a cue that cannot be read is left out")
    return sorted(cues)


class Teletext:
    """Give it each packet that is to leave, with the wire's clock (ticks of 90 kHz); it gives the packet that does.

    `wire` turns hub time into the wire's time stamps (not wrapped), None while they are unknown.
    """

    def __init__(self, cues: list[TeletextCue], *, pid: int, page: int, wire: Callable[[int], int | None]) -> None:
        self._cues = deque(cue for cue in cues if cue.end_us > cue.start_us)
        self._pid, self._number, self._page, self._wire = pid, page, SubtitlePage(page), wire
        self._counter = 0
        self._out: deque[bytes] = deque()
        self._lines: list[str] = []
        self._until: int | None = None
        self._repeat_at: int | None = None
        self._last_pts: int | None = None
        self._now: int | None = None
        self._maps: dict[bytes, bytes] = {}
        self.shown = 0

    def packet(self, packet: bytes, clock: int | None) -> bytes:
        """The packet for this slot."""
        if packet[1] & 0x1F == 0x1F and packet[2] == 0xFF:
            if not self._out and clock is not None:
                self._tick(clock)
            return self._out.popleft() if self._out else packet
        if packet[1] & 0x40 and self._is_map(packet):
            return self._mapped(packet)
        return packet

    def _is_map(self, packet: bytes) -> bool:
        at = ts.payload_start(packet)
        return at < ts.PACKET - 2 and packet[at] == 0 and packet[at + 1] == 2

    def _mapped(self, packet: bytes) -> bytes:
        known = self._maps.get(packet)
        if known is None:
            known = teletext_stream.with_teletext(packet, self._pid, self._number) or packet
            if len(self._maps) > 64:
                self._maps.clear()
            self._maps[packet] = known
        return known

    def _tick(self, clock: int) -> None:
        """Decide what has to be sent now, if anything."""
        now = self._unwrapped(clock)
        upcoming = self._next_start()
        if upcoming is not None and now + _LEAD >= upcoming:
            cue = self._cues.popleft()
            end = self._wire(cue.end_us)
            if end is None or end <= now:
                return
            self._lines, self._until = teletext_letters.rows(cue.text), end
            self.shown += 1
            self._send(now, upcoming, erase=True)
        elif self._until is not None and now + _LEAD >= self._until:
            when, self._lines, self._until = self._until, [], None
            self._send(now, when, erase=True)
        elif self._repeat_at is None or now >= self._repeat_at:
            changes = [when for when in (upcoming, self._until) if when is not None]
            if not changes or now + _LEAD + _QUIET < min(changes):
                self._send(now, now + _LEAD, erase=False)

    def _next_start(self) -> int | None:
        """When the next cue is due, leaving out what has passed."""
        return self._wire(self._cues[0].start_us) if self._cues else None

    def _unwrapped(self, clock: int) -> int:
        if self._now is None:
            self._now = clock
        else:
            self._now += ts.clock_step(self._now % ts.PTS_WRAP, clock, ts.PTS_WRAP)
        return self._now

    def _send(self, now: int, wanted: int, *, erase: bool) -> None:
        pts = max(wanted, now + _LEAST_LEAD)
        if self._last_pts is not None:
            pts = max(pts, self._last_pts + _LEAST_LEAD)
        self._last_pts = pts
        self._repeat_at = now + (_SECOND_COPY if erase else _REPEAT)
        data = teletext_stream.pes(self._page.transmission(self._lines, erase=erase), pts)
        packets = teletext_stream.transport_packets(data, self._pid, self._counter)
        self._counter = self._counter + len(packets) & 0x0F
        self._out.extend(packets)
