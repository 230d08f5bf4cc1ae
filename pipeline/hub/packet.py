"""One packet of the feed and the format that it belongs to: immutable, shared by the recording and all legs."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["video", "audio"]

AAC_SAMPLES = 1024


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
    channels: int = 2
    reorders: bool = False  # B-frames: pictures are not sent in the order of showing

    def same_as(self, other: "Format") -> bool:
        """Whether a file that was begun with one goes on with the other."""
        return self is other or self.mark == other.mark

    def continues(self, other: "Format") -> bool:
        """Whether a far end's session that was begun with one goes on with the other.

        A slate or a restarted encoder may bring other parameter sets: they travel in band before each keyframe,
        and FLV announces them anew. Another size of the picture, another kind of sound, and B-frames where none
        were (a leg's pipe carries one time a picture; the other is known by their order) are too much for that.
        """
        return self is other or self._session == other._session

    @property
    def _session(self) -> tuple[int, ...]:
        return self.width, self.height, self.sample_rate, self.channels, self.reorders

    @property
    def frame_us(self) -> int:
        return round(1_000_000 / self.fps) if self.fps > 0 else 40_000

    @property
    def sound_us(self) -> int:
        """How long one packet of sound lasts: AAC holds 1024 samples in each."""
        return round(AAC_SAMPLES * 1_000_000 / self.sample_rate) if self.sample_rate > 0 else 21_333


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
