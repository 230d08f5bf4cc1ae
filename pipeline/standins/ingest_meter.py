"""Measures one incoming stream tag by tag: settings, keyframes, bitrates, gaps. It judges nothing.

Memory does not grow with the stream: only counts, extremes and the last keyframe (for a picture) are kept.
"""

from dataclasses import dataclass, field

from pipeline.standins.flv import AUDIO, VIDEO, Tag
from pipeline.standins.h264 import Sps, parse_avcc

_AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
GAP_MS = 500  # between two frames of one kind
_WINDOW_MS = 5000
_MAX_LISTED = 50


@dataclass(frozen=True, slots=True)
class VideoFormat:
    codec: str
    sps: Sps | None = None


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """`object_type` 2 is AAC-LC."""

    codec: str
    object_type: int = 0
    rate: int = 0
    channels: int = 0


@dataclass(slots=True)
class Track:
    """Counts of one kind of media; times in milliseconds of the stream."""

    frames: int = 0
    size: int = 0
    first_ms: int | None = None
    last_ms: int = 0
    backwards: int = 0
    gaps: list[tuple[int, int]] = field(default_factory=list)
    peak_kbps: float = 0.0
    _window_start: int = 0
    _window_size: int = 0

    def add(self, dts_ms: int, size: int) -> None:
        if self.first_ms is None:
            self.first_ms = self._window_start = dts_ms
        elif dts_ms < self.last_ms:
            self.backwards += 1
        elif dts_ms - self.last_ms > GAP_MS and len(self.gaps) < _MAX_LISTED:
            self.gaps.append((self.last_ms, dts_ms))
        if dts_ms - self._window_start >= _WINDOW_MS:
            self.peak_kbps = max(self.peak_kbps, self._window_size * 8 / (dts_ms - self._window_start))
            self._window_start, self._window_size = dts_ms, 0
        self.frames += 1
        self.size += size
        self._window_size += size
        self.last_ms = max(self.last_ms, dts_ms)

    @property
    def duration_ms(self) -> int:
        return self.last_ms - self.first_ms if self.first_ms is not None else 0

    @property
    def kbps(self) -> float:
        """Over the frames' own time: the last one lasts as long as the others."""
        return self.size * 8 * (self.frames - 1) / self.frames / self.duration_ms if self.duration_ms else 0.0

    @property
    def fps(self) -> float:
        return (self.frames - 1) * 1000 / self.duration_ms if self.duration_ms else 0.0


class Meter:
    """One publishing session."""

    def __init__(self) -> None:
        self.video = Track()
        self.audio = Track()
        self.video_formats: list[VideoFormat] = []
        self.audio_formats: list[AudioFormat] = []
        self.keyframes = 0
        self.key_intervals_ms: list[int] = []  # shortest, longest
        self.key_sum_ms = 0
        self.headers = 0
        self.last_keyframe: tuple[bytes, bytes] | None = None  # decoder configuration, access unit
        self._configuration = b""
        self._last_key_ms: int | None = None

    def add(self, tag: Tag) -> None:
        if tag.kind == VIDEO and len(tag.body) >= 2:
            self._video(tag)
        elif tag.kind == AUDIO and len(tag.body) >= 2:
            self._audio(tag)

    def _video(self, tag: Tag) -> None:
        head = tag.body[0]
        if head & 0x80 or head & 0x0F != 7:
            codec = tag.body[1:5].decode("latin-1") if head & 0x80 else f"flv-{head & 0x0F}"
            self._video_format(VideoFormat(codec))
            self.video.add(tag.dts_ms, len(tag.body))
            return
        if tag.body[1] == 0:
            self.headers += 1
            self._configuration = tag.body[5:]
            try:
                self._video_format(VideoFormat("h264", parse_avcc(self._configuration)))
            except ValueError:
                self._video_format(VideoFormat("h264"))
            return
        if tag.body[1] != 1:
            return
        self.video.add(tag.dts_ms, len(tag.body) - 5)
        if head >> 4 == 1:
            self._keyframe(tag)

    def _keyframe(self, tag: Tag) -> None:
        self.keyframes += 1
        self.last_keyframe = (self._configuration, tag.body[5:])
        if self._last_key_ms is not None and tag.dts_ms >= self._last_key_ms:
            interval = tag.dts_ms - self._last_key_ms
            known = [*self.key_intervals_ms, interval]
            self.key_intervals_ms = [min(known), max(known)]
            self.key_sum_ms += interval
        self._last_key_ms = tag.dts_ms

    @property
    def longest_key_ms(self) -> int:
        """The longest way without a keyframe, the unfinished last one included."""
        tail = self.video.last_ms - self._last_key_ms if self._last_key_ms is not None else 0
        return max([tail, *self.key_intervals_ms[1:]])

    def _audio(self, tag: Tag) -> None:
        if tag.body[0] >> 4 != 10:
            self._audio_format(AudioFormat(f"flv-{tag.body[0] >> 4}"))
            self.audio.add(tag.dts_ms, len(tag.body))
        elif tag.body[1] == 0 and len(tag.body) >= 4:
            bits = int.from_bytes(tag.body[2:4], "big")
            index = bits >> 7 & 0x0F
            rate = _AAC_RATES[index] if index < len(_AAC_RATES) else 0
            self._audio_format(AudioFormat("aac", bits >> 11, rate, bits >> 3 & 0x0F))
        elif tag.body[1] == 1:
            self.audio.add(tag.dts_ms, len(tag.body) - 2)

    def _video_format(self, found: VideoFormat) -> None:
        if found not in self.video_formats and len(self.video_formats) < _MAX_LISTED:
            self.video_formats.append(found)

    def _audio_format(self, found: AudioFormat) -> None:
        if found not in self.audio_formats and len(self.audio_formats) < _MAX_LISTED:
            self.audio_formats.append(found)

    def health(self) -> dict[str, object]:
        """What the platform tells about the stream while it comes in."""
        sps = self.video_formats[-1].sps if self.video_formats else None
        audio = self.audio_formats[-1] if self.audio_formats else None
        return {
            "video_bitrate": round(self.video.kbps * 1000),
            "video_framerate": round(self.video.fps, 2),
            "video_gop_size": self.key_intervals_ms[1] if self.key_intervals_ms else 0,
            "video_width": sps.width if sps else 0,
            "video_height": sps.height if sps else 0,
            "audio_bitrate": round(self.audio.kbps * 1000),
            "audio_framerate": audio.rate if audio else 0,
        }
