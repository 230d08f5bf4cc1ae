"""What an H.264 sequence parameter set says: profile, level, size, progressive or not, frame rate.

Follows ITU-T H.264 (7.3.2.1, Annex E) as far as the judged fields need. A damaged set is a ValueError.
"""

from dataclasses import dataclass
from fractions import Fraction

_HIGH = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}
_EXTENDED_SAR = 255


@dataclass(frozen=True, slots=True)
class Sps:
    """`level` is ten times the level's name (41 for 4.1); `fps` is None where the stream does not say."""

    profile: int
    level: int
    width: int
    height: int
    progressive: bool
    fps: Fraction | None


class _Bits:
    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    def take(self, count: int) -> int:
        if count > self._left:
            raise ValueError("the parameter set ends too early")
        self._left -= count
        return self._value >> self._left & (1 << count) - 1

    def unsigned(self) -> int:
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > 32:
                raise ValueError("a number too large")
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        code = self.unsigned()
        return (code + 1) // 2 if code & 1 else -(code // 2)


def parse_avcc(record: bytes) -> Sps:
    """The first parameter set of an AVC decoder configuration record, as FLV carries it."""
    if len(record) < 8 or record[0] != 1 or not record[5] & 0x1F:
        raise ValueError("no decoder configuration")
    size = int.from_bytes(record[6:8], "big")
    return parse_sps(record[8 : 8 + size])


def parse_sps(nal: bytes) -> Sps:
    """`nal` begins with its NAL header byte (type 7)."""
    if len(nal) < 4 or nal[0] & 0x1F != 7:
        raise ValueError("no sequence parameter set")
    bits = _Bits(nal[1:].replace(b"\x00\x00\x03", b"\x00\x00"))
    profile, _, level = bits.take(8), bits.take(8), bits.take(8)
    bits.unsigned()
    chroma = 1
    if profile in _HIGH:
        chroma = bits.unsigned()
        if chroma == 3:
            bits.take(1)
        bits.unsigned()
        bits.unsigned()
        bits.take(1)
        if bits.take(1):
            for index in range(8 if chroma != 3 else 12):
                if bits.take(1):
                    _skip_scaling(bits, 16 if index < 6 else 64)
    bits.unsigned()
    order = bits.unsigned()
    if order == 0:
        bits.unsigned()
    elif order == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        for _ in range(bits.unsigned()):
            bits.signed()
    bits.unsigned()
    bits.take(1)
    wide, high = bits.unsigned() + 1, bits.unsigned() + 1
    progressive = bool(bits.take(1))
    if not progressive:
        bits.take(1)
    bits.take(1)
    crop = [bits.unsigned() for _ in range(4)] if bits.take(1) else [0, 0, 0, 0]
    unit_x = 1 if chroma in (0, 3) else 2
    unit_y = (2 if chroma == 1 else 1) * (1 if progressive else 2)
    return Sps(
        profile=profile,
        level=level,
        width=wide * 16 - (crop[0] + crop[1]) * unit_x,
        height=high * 16 * (1 if progressive else 2) - (crop[2] + crop[3]) * unit_y,
        progressive=progressive,
        fps=_frame_rate(bits) if bits.take(1) else None,
    )


def _skip_scaling(bits: _Bits, size: int) -> None:
    last, following = 8, 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last


def _frame_rate(bits: _Bits) -> Fraction | None:
    """From the VUI: two ticks a frame."""
    if bits.take(1) and bits.take(8) == _EXTENDED_SAR:
        bits.take(32)
    if bits.take(1):
        bits.take(1)
    if bits.take(1):
        bits.take(4)
        if bits.take(1):
            bits.take(24)
    if bits.take(1):
        bits.unsigned()
        bits.unsigned()
    if not bits.take(1):
        return None
    tick, scale = bits.take(32), bits.take(32)
    return Fraction(scale, 2 * tick) if tick else None
