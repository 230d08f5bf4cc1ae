"""Cuts a NUT stream (nut-format, version 3) into pieces at which another reader may begin: nothing is decoded.

The cable leg outlives its encoder, so it must be able to hand a new one the same stream from a keyframe on. Only
framing is read here: the headers, the syncpoints' times, each frame's length, stream and keyframe flag.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.media import psi

_MAGIC = b"nut/multimedia container\0"
_MAIN = 0x4E4D7A561F5F04AD
_STREAM = 0x4E5311405BF2F9DB
_SYNCPOINT = 0x4E4BE4ADEECA4569
_SILENT = (0x4E49AB68B596BA78, 0x4E58DD672F23E64E)  # information and index: nothing for us
_MOST = 16 << 20  # a longer element is none
# Frame flags.
_KEY, _CODED_PTS, _STREAM_ID, _SIZE_MSB = 1, 8, 16, 32
_CHECKSUM, _RESERVED, _SIDE_DATA, _HEADER_INDEX = 64, 128, 256, 1024
_MATCH_TIME, _CODED_FLAGS, _INVALID = 2048, 4096, 8192


class BadNut(ValueError):
    """What came is not NUT, or a NUT that no version of ffmpeg since 4 writes."""


class Unit(NamedTuple):
    """One frame with the syncpoint before it. `starts`: a reader that has the header may begin here, at a
    video keyframe. `time_us`: the time of the last syncpoint, microseconds.
    """

    data: bytes
    starts: bool
    time_us: int


@dataclass(frozen=True, slots=True)
class _Code:
    """One row of the frame code table."""

    flags: int
    stream: int
    mul: int
    lsb: int
    reserved: int
    header: int


class NutCutter:
    """Feed it bytes cut anywhere; it gives units. `header` is what a reader needs before any of them."""

    def __init__(self) -> None:
        self.header = b""
        self._held = bytearray()
        self._begun = False
        self._codes: list[_Code] = []
        self._elided: list[int] = [0]
        self._bases: list[tuple[int, int]] = []
        self._video: set[int] = set()
        self._sync = b""  # the syncpoint that the next frame takes along
        self._synced = False
        self._after = 0
        self._time_us = 0

    def feed(self, data: bytes) -> list[Unit]:
        """The units that these bytes complete. BadNut where they are something else."""
        self._held += data
        units: list[Unit] = []
        at = 0
        while True:
            try:
                after = self._element(at, units)
            except IndexError:  # the rest has yet to come
                break
            if len(self._held) < after:
                break
            at = after
        if len(self._held) - at > _MOST:
            raise BadNut("an element without end")
        del self._held[:at]
        return units

    def _element(self, at: int, units: list[Unit]) -> int:
        """Read what begins at `at`; where it ends (or would end: nothing is kept then)."""
        if not self._begun:
            if len(self._held) < len(_MAGIC):
                raise IndexError
            if not self._held.startswith(_MAGIC):
                raise BadNut("no NUT")
            self._begun, self.header = True, _MAGIC
            return len(_MAGIC)
        if self._held[at] == 0x4E:
            return self._marked(at)
        return self._frame(at, units)

    def _marked(self, at: int) -> int:
        """A header, an index or a syncpoint: each begins with eight bytes of its own and tells its length."""
        if len(self._held) < at + 8:
            raise IndexError
        code = int.from_bytes(self._held[at : at + 8], "big")
        if code not in (_MAIN, _STREAM, _SYNCPOINT, *_SILENT):
            raise BadNut("a mark that is none")
        size, body = self._number(at + 8)
        if size > 4096:
            body += 4
        end = body + size
        if size > _MOST:
            raise BadNut("a header without end")
        if len(self._held) < end:
            return end
        if code == _SYNCPOINT:
            self._syncpoint(body)
        elif not self._synced:  # repeated headers say nothing new
            self.header += bytes(self._held[at:end])
            if code == _MAIN:
                self._main(body)
            elif code == _STREAM:
                self._stream(body)
        return end

    def _syncpoint(self, body: int) -> None:
        """Its time; kept without its pointer back, which would point before another reader's beginning."""
        value, _ = self._number(body)
        if not self._bases:
            raise BadNut("no time base")
        ticks, base = divmod(value, len(self._bases))
        self._time_us = ticks * 1_000_000 * self._bases[base][0] // self._bases[base][1]
        self._synced = True
        content = _coded(value) + b"\0"
        content += psi.crc32(content, 0).to_bytes(4, "big")
        self._sync = _SYNCPOINT.to_bytes(8, "big") + _coded(len(content)) + content

    def _frame(self, at: int, units: list[Unit]) -> int:
        if not self._codes or not self._synced:
            raise BadNut("a frame before its headers")
        row = self._codes[self._held[at]]
        flags, stream, header, reserved = row.flags, row.stream, row.header, row.reserved
        here = at + 1
        if flags & _INVALID:
            raise BadNut("a frame code that means nothing")
        if flags & _CODED_FLAGS:
            coded, here = self._number(here)
            flags ^= coded
        if flags & _STREAM_ID:
            stream, here = self._number(here)
        if flags & _CODED_PTS:
            _, here = self._number(here)
        size = row.lsb
        if flags & _SIZE_MSB:
            coded, here = self._number(here)
            size += coded * row.mul
        if flags & _MATCH_TIME:
            _, here = self._number(here)
        if flags & _HEADER_INDEX:
            header, here = self._number(here)
        if flags & _RESERVED:
            reserved, here = self._number(here)
        for _ in range(min(reserved, 256)):
            _, here = self._number(here)
        if flags & _CHECKSUM:
            here += 4
        if flags & _SIDE_DATA or header >= len(self._elided) or size > _MOST:
            raise BadNut("a frame that cannot be")
        end = here + size - self._elided[header]
        if len(self._held) >= end:
            sync, self._sync = self._sync, b""
            key = bool(flags & _KEY) and stream in self._video
            units.append(Unit(sync + bytes(self._held[at:end]), bool(sync) and key, self._time_us))
        return end

    def _main(self, body: int) -> None:
        """The time bases, the table of frame codes and the lengths of the beginnings that frames leave out."""
        numbers = self._numbers(body)
        if next(numbers) != 3:
            raise BadNut("another version")
        next(numbers)  # how many streams
        next(numbers)  # the longest distance between syncpoints
        self._bases = [(next(numbers), max(1, next(numbers))) for _ in range(min(next(numbers), 64))]
        self._codes = []
        mul, stream, header = 1, 0, 0
        while len(self._codes) < 256:
            flags, fields = next(numbers), next(numbers)
            values = [next(numbers) for _ in range(min(fields, 64))]
            mul = values[1] if fields > 1 else mul
            stream = values[2] if fields > 2 else stream
            lsb = values[3] if fields > 3 else 0
            reserved = values[4] if fields > 4 else 0
            count = values[5] if fields > 5 else mul - lsb
            header = values[7] if fields > 7 else header
            if count < 0 or (not count and fields <= 5):
                raise BadNut("a table that cannot be")
            for step in range(count):
                if len(self._codes) == 0x4E:  # 'N' begins what is no frame
                    self._codes.append(_Code(_INVALID, 0, 1, 0, 0, 0))
                if len(self._codes) < 256:
                    self._codes.append(_Code(flags, stream, mul, lsb + step, reserved, header))
        self._elided = [0]
        here = self._after
        count, here = self._number(here)
        for _ in range(min(count, 127)):
            size, here = self._number(here)
            self._elided.append(size)
            here += size

    def _stream(self, body: int) -> None:
        number, here = self._number(body)
        kind, _ = self._number(here)
        if kind == 0:
            self._video.add(number)

    def _numbers(self, at: int) -> Iterator[int]:
        """Number after number; `_after` is where the last one ended."""
        while True:
            value, at = self._number(at)
            self._after = at
            yield value

    def _number(self, at: int) -> tuple[int, int]:
        """A number of seven bits a byte, and where it ends."""
        value = 0
        for here in range(at, at + 10):
            byte = self._held[here]
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value, here + 1
        raise BadNut("a number without end")


def _coded(value: int) -> bytes:
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(value & 0x7F | 0x80)
    return bytes(reversed(out))
