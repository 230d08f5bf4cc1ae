"""One packet of the feed and the format that it belongs to: immutable, shared by the recording and all legs."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["video", "audio"]


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """How a feed is encoded. `video` and `audio` are PyAV streams, kept as templates for outputs; `mark` holds
    what makes two formats the same for a receiver (codec, size, rate, decoder configuration).
    """

    video: object
    audio: object
    mark: tuple[object, ...]
    width: int
    height: int
    fps: float
    sample_rate: int

    def same_as(self, other: "Format") -> bool:
        """Whether an output that was begun with one goes on with the other."""
        return self is other or self.mark == other.mark

    @property
    def frame_us(self) -> int:
        return round(1_000_000 / self.fps) if self.fps > 0 else 40_000


class Packet(NamedTuple):
    """Encoded data; times in microseconds (of the feed until it was placed, then of the hub).

    Video is H.264 as Annex B with SPS and PPS before each keyframe, audio is raw AAC.
    """

    kind: Kind
    data: bytes
    dts_us: int
    pts_us: int
    key: bool
    duration_us: int
    format: Format

    @property
    def starts(self) -> bool:
        """Whether an output may begin here."""
        return self.key and self.kind == "video"

    def moved(self, by_us: int) -> "Packet":
        return self._replace(dts_us=self.dts_us + by_us, pts_us=self.pts_us + by_us)
