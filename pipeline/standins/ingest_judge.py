"""Judges a measured stream by Facebook's published ingest rules: faults break one, warnings come near."""

from dataclasses import dataclass

from pipeline.standins.ingest_meter import AudioFormat, Meter, Track, VideoFormat


@dataclass(frozen=True, slots=True)
class Row:
    """One line of Meta's table: up to this size and rate, the highest level, and kilobits per second."""

    height: int
    fps: int
    level: int
    low: int
    high: int


# The 1080p and 720p figures and those of 480p and 360p are from Meta's live-video reference.
TABLE = (
    Row(360, 30, 41, 400, 1000),
    Row(480, 30, 41, 600, 2000),
    Row(720, 30, 41, 1500, 4000),
    Row(720, 60, 42, 2250, 6000),
    Row(1080, 30, 41, 3000, 6000),
    Row(1080, 60, 42, 4500, 9000),
)
KEY_MS, KEY_MAX_MS = 2000, 4000
AUDIO_GOOD, AUDIO_MAX = 128, 256
_ROOM = 1.1  # measured rates swing by so much around what was set
_KEY_ROOM_MS = 100
_SKEW_MS = 1000
_JUDGED_FROM_MS = 4000  # of media, for rates


@dataclass(frozen=True, slots=True)
class Verdict:
    faults: tuple[str, ...]
    warnings: tuple[str, ...]


def row_for(height: int, fps: float) -> Row | None:
    """The line that this size and rate fall under, or None: larger than anything that is taken."""
    for row in TABLE:
        if height <= row.height and fps <= row.fps + 1:
            return row
    return None


def judge(meter: Meter) -> Verdict:
    faults: list[str] = []
    warnings: list[str] = []
    if not meter.video.frames:
        faults.append("no video")
    if not meter.audio.frames:
        faults.append("no audio")
    if len(meter.video_formats) > 1 or len(meter.audio_formats) > 1:
        faults.append("the settings changed during the broadcast")
    for video in meter.video_formats:
        _video(meter, video, faults, warnings)
    for audio in meter.audio_formats:
        _audio(meter, audio, faults, warnings)
    if meter.video.frames:
        _keyframes(meter, faults, warnings)
    for name, track in (("video", meter.video), ("audio", meter.audio)):
        _times(name, track, faults)
    if meter.video.frames and meter.audio.frames:
        skew = abs(meter.video.last_ms - meter.audio.last_ms)
        if skew > _SKEW_MS:
            faults.append(f"audio and video end {skew} ms apart")
    return Verdict(tuple(faults), tuple(warnings))


def _video(meter: Meter, video: VideoFormat, faults: list[str], warnings: list[str]) -> None:
    sps = video.sps
    if video.codec != "h264" or sps is None:
        faults.append(f"video codec {video.codec}, not H.264")
        return
    if not sps.progressive:
        faults.append("interlaced video")
    rate = meter.video.fps if meter.video.duration_ms >= _JUDGED_FROM_MS else float(sps.fps or 0)
    row = row_for(sps.height, rate)
    if row is None:
        faults.append(f"{sps.width}x{sps.height} at {rate:.1f} frames per second is too much")
        return
    if sps.level > 42 or sps.level > row.level:
        faults.append(f"H.264 level {sps.level / 10}, above {row.level / 10}")
    if abs(sps.width / sps.height - 16 / 9) > 0.05:
        warnings.append(f"{sps.width}x{sps.height} is far from 16:9")
    if meter.video.duration_ms >= _JUDGED_FROM_MS:
        if max(meter.video.kbps, meter.video.peak_kbps) > row.high * _ROOM:
            peak = max(meter.video.kbps, meter.video.peak_kbps)
            faults.append(f"video at {peak:.0f} kb/s, above {row.high}")
        if meter.video.kbps < row.low / _ROOM:
            warnings.append(f"video at {meter.video.kbps:.0f} kb/s, below {row.low}")


def _audio(meter: Meter, audio: AudioFormat, faults: list[str], warnings: list[str]) -> None:
    if audio.codec != "aac" or audio.object_type != 2:
        faults.append(f"audio codec {audio.codec} (type {audio.object_type}), not AAC-LC")
        return
    if audio.rate not in (44100, 48000):
        faults.append(f"audio at {audio.rate} Hz, neither 44100 nor 48000")
    if audio.channels != 2:
        faults.append(f"audio with {audio.channels} channels, not stereo")
    if meter.audio.duration_ms >= _JUDGED_FROM_MS:
        if meter.audio.kbps > AUDIO_MAX * _ROOM:
            faults.append(f"audio at {meter.audio.kbps:.0f} kb/s, above {AUDIO_MAX}")
        elif meter.audio.kbps > AUDIO_GOOD * _ROOM * _ROOM:
            warnings.append(f"audio at {meter.audio.kbps:.0f} kb/s, {AUDIO_GOOD} is preferred")


def _keyframes(meter: Meter, faults: list[str], warnings: list[str]) -> None:
    if not meter.keyframes:
        faults.append("no keyframe")
        return
    longest = meter.longest_key_ms
    if longest > KEY_MAX_MS + _KEY_ROOM_MS:
        faults.append(f"{longest} ms without a keyframe, more than {KEY_MAX_MS}")
    elif longest > KEY_MS + _KEY_ROOM_MS:
        warnings.append(f"{longest} ms without a keyframe, {KEY_MS} is recommended")


def _times(name: str, track: Track, faults: list[str]) -> None:
    if track.backwards:
        faults.append(f"{name}: times went backwards {track.backwards} times")
    if track.gaps:
        start, end = track.gaps[0]
        faults.append(f"{name}: {len(track.gaps)} gaps, the first from {start} to {end} ms")
