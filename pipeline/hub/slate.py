"""The slate: a loop of encoded pictures and sounds that plays on without a seam for as long as it has to.

Pure: no media library, no clock of its own. Times are integer microseconds of hub time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from pipeline.hub.packet import Format, Kind, Packet

CATCH_UP_SHARE = 4  # a slate that begins ahead of the present gives back a quarter of each second


class Picture(NamedTuple):
    """One encoded picture; `place` counts the loop's pictures in the order in which they are shown."""

    data: bytes
    key: bool
    place: int


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """Whole groups of pictures in decoding order, and whole AAC frames that last at least as long.

    `frame_us` and `sound_us` are exact: a loop that is played for hours does not drift.
    """

    pictures: tuple[Picture, ...]
    sounds: tuple[bytes, ...]
    frame_us: Fraction
    sound_us: Fraction
    format: Format

    @property
    def length_us(self) -> Fraction:
        return len(self.pictures) * self.frame_us

    @property
    def delay_us(self) -> int:
        """How far a picture is decoded before it is shown: nothing without B-frames."""
        return round(max(number - one.place for number, one in enumerate(self.pictures)) * self.frame_us)

    def sound(self, number: int) -> bytes:
        """The sound frame that belongs to the `number`-th one since the start.

        A loop is seldom a whole number of sound frames: what is left over is carried into the next round, which
        begins with the first frame inside it.
        """
        begun = number * self.sound_us // self.length_us
        first = -(-(begun * self.length_us) // self.sound_us)
        return self.sounds[min(number - int(first), len(self.sounds) - 1)]


class Playing:
    """One stretch of the slate on air: its picture begins (is shown) at `picture_us`, its sound at `sound_us`."""

    def __init__(
        self, loop: Loop, picture_us: int, sound_us: int, now_us: int, *, delay_us: int | None = None
    ) -> None:
        """`delay_us`: from decoding a picture to showing it; the programme's, or the least that the loop needs."""
        self.loop = loop
        self._picture_us = picture_us
        self._delay_us = loop.delay_us if delay_us is None else delay_us
        self._sound_us = sound_us
        self._pictures = 0
        self._sounds = 0
        self._highest = -1
        self._began_us = now_us
        self._lead_us = max(0, self.picture_dts_us - now_us)

    @property
    def picture_slot_us(self) -> int:
        """When the next picture would be shown if pictures were sent in the order of showing."""
        return self._picture_us + int(self._pictures * self.loop.frame_us)

    @property
    def picture_dts_us(self) -> int:
        return self.picture_slot_us - self._delay_us

    @property
    def whole(self) -> bool:
        """Whether every picture up to the last one shown was sent: none that is shown earlier is still to come."""
        return self._highest < self._pictures

    @property
    def sound_dts_us(self) -> int:
        return self._sound_us + int(self._sounds * self.loop.sound_us)

    def due(self, now_us: int) -> Iterator[Packet]:
        """What has to be on its way by now, in the order of sending."""
        horizon = now_us + max(0, self._lead_us - (now_us - self._began_us) // CATCH_UP_SHARE)
        while min(self.picture_dts_us, self.sound_dts_us) <= horizon:
            yield self.sound() if self.sound_dts_us < self.picture_dts_us else self.picture()

    def picture(self) -> Packet:
        """The next picture."""
        rounds, number = divmod(self._pictures, len(self.loop.pictures))
        one = self.loop.pictures[number]
        shown = rounds * len(self.loop.pictures) + one.place
        pts = self._picture_us + int(shown * self.loop.frame_us)
        dts = self.picture_dts_us
        self._pictures += 1
        self._highest = max(self._highest, shown)
        return self._packet("video", one.data, dts, max(pts, dts), one.key, self.loop.frame_us)

    def sound(self) -> Packet:
        """The next sound."""
        dts, data = self.sound_dts_us, self.loop.sound(self._sounds)
        self._sounds += 1
        return self._packet("audio", data, dts, dts, True, self.loop.sound_us)

    def _packet(self, kind: Kind, data: bytes, dts: int, pts: int, key: bool, length: Fraction) -> Packet:
        return Packet(kind, data, dts, pts, key, int(length), self.loop.format)
