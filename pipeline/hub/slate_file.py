"""Reads the slate's file and cuts the loop out of it: picture from keyframe to keyframe, sound as long as that.

The file is a few seconds of Matroska or FLV that OBS's own encoder made, so that codec, size, rate and profile
are the programme's.
"""

import io
import logging
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError

from pipeline.errors import Refused
from pipeline.hub.demux import demuxed
from pipeline.hub.packet import AAC_SAMPLES, Packet
from pipeline.hub.slate import Loop, Picture

log = logging.getLogger(__name__)

MOST_BYTES = 64 * 1024 * 1024
SHORTEST_S = 1
RATES = (1, 240)  # pictures a second that are believed

_KINDS = {b"\x1a\x45\xdf\xa3": "matroska", b"FLV\x01": "flv"}


def load(path: Path) -> Loop:
    """The loop in a file. Refused with what is wrong with it: `hub.slate-missing`, `hub.slate-large`,
    `hub.slate-unreadable`, `hub.slate-codec`, `hub.slate-no-keyframe`, `hub.slate-short`, `hub.slate-mute`.
    """
    data = _read(path)
    kind = _KINDS.get(data[:4])
    if kind is None:
        raise Refused("hub.slate-unreadable", name=path.name)
    try:
        container = av.open(io.BytesIO(data), "r", format=kind)
        _check_codecs(container, path.name)
        return cut(list(demuxed(container)), _rate(container, path.name), path.name)
    except FFmpegError:
        raise Refused("hub.slate-unreadable", name=path.name) from None


def cut(packets: list[Packet], rate: Fraction, name: str) -> Loop:
    """The loop in a file's packets: whole groups of pictures, and the sound of the same time.

    Times of pictures are made anew from their order, for a file counts in milliseconds; so a picture that the
    encoder left out makes the loop shorter and no hole in it.
    """
    pictures = [packet for packet in packets if packet.kind == "video"]
    keys = [number for number, packet in enumerate(pictures) if packet.key]
    if not keys:
        raise Refused("hub.slate-no-keyframe", name=name)
    begin = pictures[keys[0]].pts_us
    last = keys[-1] if len(keys) > 1 else len(pictures)
    # A picture shown before the first keyframe hangs on one that is not in the loop.
    pictures = [packet for packet in pictures[keys[0] : last] if packet.pts_us >= begin]
    places = {pts: place for place, pts in enumerate(sorted(packet.pts_us for packet in pictures))}
    frame, sound = 1_000_000 / rate, Fraction(AAC_SAMPLES * 1_000_000, packets[0].format.sample_rate)
    length = len(pictures) * frame
    if len(places) != len(pictures) or length < SHORTEST_S * 1_000_000:
        raise Refused("hub.slate-short", name=name, seconds=round(float(length / 1_000_000), 1))
    sounds = [packet.data for packet in packets if packet.kind == "audio" and packet.pts_us > begin - sound / 2]
    if not sounds:
        raise Refused("hub.slate-mute", name=name)
    return Loop(
        pictures=tuple(Picture(packet.data, packet.key, places[packet.pts_us]) for packet in pictures),
        sounds=tuple(sounds[: -int(-length // sound)]),
        frame_us=frame,
        sound_us=sound,
        format=packets[0].format,
    )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused("hub.slate-missing", name=path.name, error=type(error).__name__) from None
    if len(data) > MOST_BYTES:
        raise Refused("hub.slate-large", name=path.name, megabytes=MOST_BYTES >> 20)
    return data


def _check_codecs(container: InputContainer, name: str) -> None:
    video = [stream.codec_context.name for stream in container.streams.video]
    audio = [stream.codec_context.name for stream in container.streams.audio]
    if not audio:
        raise Refused("hub.slate-mute", name=name)
    if video[:1] != ["h264"] or audio[:1] != ["aac"]:
        raise Refused("hub.slate-codec", name=name, video=(video or ["-"])[0], audio=audio[0])


def _rate(container: InputContainer, name: str) -> Fraction:
    video = container.streams.video[0]
    rate = video.average_rate or video.guessed_rate
    if rate is None or not RATES[0] <= rate <= RATES[1]:
        raise Refused("hub.slate-unreadable", name=name)
    return Fraction(rate)
