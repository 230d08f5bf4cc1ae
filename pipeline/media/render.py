"""The videos for people, as graphs: the web's with selectable captions, the one with captions in the picture."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.media import ffmpeg
from pipeline.media.loudness import Loudness, normalised
from pipeline.media.probe import Probe, VideoStream

_H264_PROFILES = frozenset({"Constrained Baseline", "Baseline", "Main", "High"})
_HIGHEST_LEVEL = 42  # 1080p60: what phones and televisions play
_ENCODING: dict[str, object] = {
    "c:v": "libx264",
    "preset": "veryfast",
    "crf": 21,
    "profile:v": "high",
    "pix_fmt": "yuv420p",
    "color_range": "tv",
}
_SOUND: dict[str, object] = {"c:a": "aac", "b:a": "160k"}


@dataclass(frozen=True, slots=True)
class Titles:
    """Selectable captions: a SubRip file and its language as ISO 639-2 (`pol`)."""

    srt: Path
    language: str


def fit_for_web(video: VideoStream) -> bool:
    """Whether any browser and phone plays this picture, so that it is copied as it is."""
    return (
        video.codec == "h264"
        and video.profile in _H264_PROFILES
        and video.pixel_format in {"yuv420p", "yuvj420p"}
        and 0 < video.level <= _HIGHEST_LEVEL
        and not video.interlaced
    )


def web_video(
    found: Probe,
    target: Path,
    *,
    audio: int | None,
    measured: Loudness | None,
    titles: Titles | None,
    title: str,
) -> list[str]:
    """The command for the web MP4: sound at −16 LUFS, captions to select, index at the front.

    `audio` is the sound stream's number or None. Without a picture the result is sound (and captions) alone.
    """
    whole = ffmpeg.source(found.path)
    streams, options = list[ffmpeg.Stream](), _container(title)
    if found.video:
        picture = found.video[0]
        if fit_for_web(picture):
            streams.append(ffmpeg.picked(whole, "v:0"))
            options["c:v"] = "copy"
        else:
            streams.append(_plain_picture(whole, picture))
            options |= _ENCODING | _keyframes(picture)
    if audio is not None:
        streams.append(normalised(ffmpeg.picked(whole, f"a:{audio}"), measured))
        options |= _SOUND | {"metadata:s:a:0": f"language={titles.language if titles else 'und'}"}
    if titles is not None:
        streams.append(ffmpeg.picked(ffmpeg.source(titles.srt, f="srt"), "s:0"))
        options |= {
            "c:s": "mov_text",
            "metadata:s:s:0": f"language={titles.language}",
            "disposition:s:0": "default",
        }
    return ffmpeg.argv(ffmpeg.saved(target, *streams, **options))


def open_video(found: Probe, target: Path, *, sound: Path | None, ass: str, title: str) -> list[str]:
    """The command for the MP4 with captions in the picture; the sound is copied from `sound` (the web video).

    `ass` is the plain name of the captions' file in the folder that the command is run in.
    """
    whole = ffmpeg.source(found.path)
    picture = ffmpeg.filtered(_plain_picture(whole, found.video[0]), "ass", filename=ass)
    streams, options = [picture], _container(title) | _ENCODING | _keyframes(found.video[0])
    if sound is not None:
        streams.append(ffmpeg.picked(ffmpeg.source(sound), "a:0"))
        options["c:a"] = "copy"
    return ffmpeg.argv(ffmpeg.saved(target, *streams, **options))


def joined(pieces: list[Probe], target: Path, listing: Path) -> list[str]:
    """The command that makes one Matroska of several pieces, back to back.

    Pieces of one encoder are copied by the list in `listing` (written by `piece_list`); others are encoded.
    """
    if len({(p.video[0].parameters if p.video else "", len(p.audio)) for p in pieces}) == 1:
        whole = ffmpeg.source(listing, f="concat", safe=0)
        return ffmpeg.argv(ffmpeg.saved(target, whole, f="matroska", map="0", c="copy"))
    first = pieces[0].video[0]
    streams = list[ffmpeg.Stream]()
    for piece in pieces:
        whole = ffmpeg.source(piece.path)
        picture = ffmpeg.filtered(_plain_picture(whole, piece.video[0]), "scale", first.width, first.height)
        streams += [
            ffmpeg.filtered(ffmpeg.filtered(picture, "setsar", 1), "fps", str(first.rate)),
            normalised(ffmpeg.picked(whole, "a:0"), None),
        ]
    node = ffmpeg.joined(streams, video=1, audio=1).node
    options = _ENCODING | _SOUND | _keyframes(first)
    return ffmpeg.argv(ffmpeg.saved(target, node[0], node[1], f="matroska", **options))


def piece_list(pieces: list[Probe]) -> str:
    """The text of the list for `joined`, quoted as ffmpeg's concat demuxer wants it."""
    names = (ffmpeg.url(piece.path).replace("'", r"'\''") for piece in pieces)
    return "".join(f"file '{name}'\n" for name in names)


def _plain_picture(whole: ffmpeg.Stream, picture: VideoStream) -> ffmpeg.Stream:
    """Progressive, with even sides and square pixels."""
    stream = ffmpeg.picked(whole, "v:0")
    if picture.interlaced:
        stream = ffmpeg.filtered(stream, "bwdif", mode="send_frame", deint="interlaced")
    return ffmpeg.filtered(stream, "scale", "trunc(iw*sar/2+0.5)*2", "trunc(ih/2)*2")


def _container(title: str) -> dict[str, object]:
    return {"f": "mp4", "movflags": "+faststart", "metadata": f"title={title}", "map_chapters": -1}


def _keyframes(picture: VideoStream) -> dict[str, object]:
    return {"g": max(1, round(picture.rate * 2))}
