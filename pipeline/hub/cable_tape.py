"""The last seconds of the leg's input, kept so that a new encoder can begin before the old one's end."""

import threading
from collections import deque

from pipeline.hub.cable_nut import NutCutter, Unit

_KEEP_US = 12_000_000
_MOST_BYTES = 32 << 20
_BEHIND_US = 6_000_000  # an encoder so far behind goes on at the newest keyframe: what it would make comes too late


class Tape:
    """Written by one thread (`feed`, `end`), read by one encoder after another, each from a place of its own.

    Writing never waits: what is older than twelve seconds or beyond 32 MB is forgotten, a group of pictures at a
    time. Places are counted from the beginning of the input.
    """

    def __init__(self) -> None:
        self._cutter = NutCutter()
        self._units: deque[Unit] = deque()
        self._first = 0  # place of the oldest unit
        self._starts: deque[tuple[int, int]] = deque()  # places and times at which a reader may begin
        self._bytes = 0
        self._changed = threading.Condition()
        self.ended = False
        self.skipped = 0

    @property
    def header(self) -> bytes:
        return self._cutter.header

    @property
    def end_place(self) -> int:
        """The place that the next unit will have."""
        return self._first + len(self._units)

    @property
    def newest_us(self) -> int:
        """Hub time of the newest unit, to within a keyframe or so."""
        return self._units[-1].time_us if self._units else 0

    def feed(self, data: bytes) -> None:
        """Take bytes of the NUT; BadNut where they are none."""
        units = self._cutter.feed(data)
        with self._changed:
            for unit in units:
                self._put(unit)
            self._changed.notify_all()

    def _put(self, unit: Unit) -> None:
        if unit.starts:
            self._starts.append((self.end_place, unit.time_us))
        if self._starts:  # what comes before the first keyframe serves nobody
            self._units.append(unit)
            self._bytes += len(unit.data)
        self._forget()

    def end(self) -> None:
        """No more will come."""
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    def wait_for_start(self, seconds: float) -> bool:
        """Whether there is a place to begin at, after at most so long."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._starts) or self.ended, seconds)
            return bool(self._starts)

    def start_before(self, time_us: int) -> tuple[int, int]:
        """The last place to begin at that is not after this time (else the oldest), and its time."""
        with self._changed:
            earlier = [start for start in self._starts if start[1] <= time_us]
            return earlier[-1] if earlier else self._starts[0]

    def read(self, place: int, timeout_s: float) -> tuple[bytes, int]:
        """What lies at a place and after it (nothing when there is nothing in time), and the place after that."""
        with self._changed:
            if place >= self.end_place:
                self._changed.wait_for(lambda: place < self.end_place or self.ended, timeout_s)
            if place >= self.end_place or not self._starts:
                return b"", place
            place = self._in_reach(place)
            unit = self._units[place - self._first]
            return unit.data, place + 1

    def _in_reach(self, place: int) -> int:
        """The place itself, or the newest start where the reader is too far behind."""
        newest = self._starts[-1]
        lost = place < self._first
        if lost or (place < newest[0] and newest[1] - self._units[place - self._first].time_us > _BEHIND_US):
            self.skipped += 1
            return newest[0]
        return place

    def _forget(self) -> None:
        """Drop whole groups of pictures from the oldest end; the newest one stays whatever its size."""
        while len(self._starts) > 1:
            second = self._starts[1]
            recent = self._units[-1].time_us - second[1] < _KEEP_US
            if recent and self._bytes <= _MOST_BYTES:
                return
            while self._first < second[0]:
                self._bytes -= len(self._units.popleft().data)
                self._first += 1
            self._starts.popleft()
        if self._bytes > 2 * _MOST_BYTES:  # no keyframe for so long: there is nothing to begin at
            self._first += len(self._units)
            self._units.clear()
            self._starts.clear()
            self._bytes = 0
