"""A slate without media for pure tests."""

from fractions import Fraction

from pipeline.hub.packet import Format
from pipeline.hub.slate import Loop, Picture
from tests.support.packets import FORMAT

WITH_B_FRAMES = (0, 3, 1, 2)  # the order of showing of a group that is decoded I P b b


def loop(
    groups: int = 2,
    gop: int = 25,
    *,
    bframes: bool = False,
    rate: int = 25,
    sample_rate: int = 48000,
    shape: Format = FORMAT,
) -> Loop:
    """`groups` groups of `gop` pictures, each with its number as data; sounds for as long, numbered too."""
    pictures = []
    for number in range(groups * gop):
        base, inside = divmod(number, gop)
        place = inside
        if bframes and inside // 4 < gop // 4:
            place = inside // 4 * 4 + WITH_B_FRAMES[inside % 4]
        pictures.append(Picture(b"p%d" % number, inside == 0, base * gop + place))
    frame, sound = Fraction(1_000_000, rate), Fraction(1024 * 1_000_000, sample_rate)
    sounds = -int(-len(pictures) * frame // sound)
    return Loop(tuple(pictures), tuple(b"s%d" % number for number in range(sounds)), frame, sound, shape)
