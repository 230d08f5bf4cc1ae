"""What a media file holds, as ffprobe tells it: streams, formats, length. It decodes nothing."""

import json
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from pipeline.clock import parse_utc
from pipeline.errors import Fatal, Refused
from pipeline.media import ffmpeg, process


@dataclass(frozen=True, slots=True)
class VideoStream:
    """`index` counts the file's video streams from 0; `rate` is frames a second; `level` 41 means 4.1."""

    index: int
    codec: str
    profile: str
    level: int
    pixel_format: str
    width: int
    height: int
    rate: Fraction
    interlaced: bool
    rotation: int
    parameters: str


@dataclass(frozen=True, slots=True)
class AudioStream:
    """`index` counts the file's audio streams from 0; `rate` is samples a second."""

    index: int
    codec: str
    channels: int
    rate: int
    language: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class SubtitleStream:
    """`index` counts the file's subtitle streams from 0."""

    index: int
    codec: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Probe:
    """A file's contents. `duration_us` is what its header says: 0 where it says nothing (a torn recording)."""

    path: Path
    container: str
    size: int
    duration_us: int
    video: tuple[VideoStream, ...]
    audio: tuple[AudioStream, ...]
    subtitles: tuple[SubtitleStream, ...]
    created: datetime | None


def probe(path: Path, *, timeout_s: float = 60) -> Probe:
    """Read the headers of `path`.

    Raises Refused `media.missing`, `media.no-plain-file`, `media.empty` (no byte in it) or `media.not-media`
    (`detail` says why; also a file whose only stream is a still picture, an attachment or text).
    """
    name = path.name
    if not path.is_file():
        raise Refused("media.no-plain-file" if path.exists() else "media.missing", file=str(path))
    if path.stat().st_size == 0:
        raise Refused("media.empty", file=name)
    command = [
        ffmpeg.tools().ffprobe,
        *("-v", "error"),
        *("-of", "json"),
        *("-show_data_hash", "sha256"),
        "-show_format",
        "-show_streams",
        ffmpeg.url(path),
    ]
    try:
        told = json.loads(process.run(command, timeout_s=timeout_s))
    except Fatal as error:
        raise Refused("media.not-media", file=name, detail=error.fields.get("detail", "")) from error
    found = read(path, path.stat().st_size, told)
    if not found.video and not found.audio:
        raise Refused("media.not-media", file=name, detail=found.container)
    return found


def read(path: Path, size: int, told: dict[str, Any]) -> Probe:
    """ffprobe's JSON as a Probe; cover pictures and still images do not count as video."""
    form = told.get("format", {})
    container = str(form.get("format_name", ""))
    streams = told.get("streams", [])
    still = container.endswith("_pipe") or container in {"image2", "tty"}
    video = [s for s in streams if s.get("codec_type") == "video" and not still and not _cover(s)]
    audio = [s for s in streams if s.get("codec_type") == "audio" and int(s.get("channels") or 0) > 0]
    titles = [s for s in streams if s.get("codec_type") == "subtitle"]
    return Probe(
        path=path,
        container=container,
        size=size,
        duration_us=_microseconds(form.get("duration")),
        video=tuple(_video(n, s) for n, s in enumerate(video)),
        audio=tuple(_audio(n, s) for n, s in enumerate(audio)),
        subtitles=tuple(
            SubtitleStream(n, str(s.get("codec_name", "")), _tag(s, "language")) for n, s in enumerate(titles)
        ),
        created=_moment(form.get("tags", {}).get("creation_time")),
    )


def _video(number: int, stream: dict[str, Any]) -> VideoStream:
    turned = [int(side["rotation"]) for side in stream.get("side_data_list", []) if "rotation" in side]
    return VideoStream(
        index=number,
        codec=str(stream.get("codec_name", "")),
        profile=str(stream.get("profile", "")),
        level=int(stream.get("level") or 0),
        pixel_format=str(stream.get("pix_fmt", "")),
        width=int(stream.get("width") or 0),
        height=int(stream.get("height") or 0),
        rate=_rate(stream.get("avg_frame_rate")) or _rate(stream.get("r_frame_rate")) or Fraction(25),
        interlaced=stream.get("field_order", "progressive") not in {"progressive", "unknown"},
        rotation=turned[0] % 360 if turned else 0,
        parameters=str(stream.get("extradata_hash", "")),
    )


def _audio(number: int, stream: dict[str, Any]) -> AudioStream:
    return AudioStream(
        index=number,
        codec=str(stream.get("codec_name", "")),
        channels=int(stream["channels"]),
        rate=int(stream.get("sample_rate") or 0),
        language=_tag(stream, "language"),
        title=_tag(stream, "title"),
    )


def _cover(stream: dict[str, Any]) -> bool:
    return bool(stream.get("disposition", {}).get("attached_pic"))


def _tag(stream: dict[str, Any], name: str) -> str | None:
    return {key.lower(): value for key, value in stream.get("tags", {}).items()}.get(name)


def _rate(text: str | None) -> Fraction | None:
    try:
        rate = Fraction(text or "0")
    except (ValueError, ZeroDivisionError):
        return None
    return rate if 0 < rate <= 240 else None


def _microseconds(text: str | None) -> int:
    try:
        return max(0, round(float(text or 0) * 1_000_000))
    except ValueError:
        return 0


def _moment(text: str | None) -> datetime | None:
    try:
        return parse_utc(text) if text else None
    except ValueError:
        return None
