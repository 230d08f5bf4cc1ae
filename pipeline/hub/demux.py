"""From a container that PyAV has opened to packets of the hub: H.264 as Annex B, SPS and PPS in band."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer
from av.video.stream import VideoStream

from pipeline.hub.packet import Format, Kind, Packet


def demuxed(container: InputContainer) -> Iterator[Packet]:
    """The packets of its first picture and first sound in their own time; FFmpegError when it is damaged.

    The container has to stay open for as long as the packets' format is used.
    """
    video, audio = container.streams.video[0], container.streams.audio[0]  # OBS sends sound first
    in_band = BitStreamFilterContext("h264_mp4toannexb", video)
    shape = _format(video, audio)
    for packet in container.demux(video, audio):
        if packet.dts is None and packet.pts is None:  # the end
            continue
        if packet.stream is video:
            for changed in in_band.filter(packet):
                yield _packet("video", changed, shape)
        else:
            yield _packet("audio", packet, shape)


def _packet(kind: Kind, packet: "av.Packet[Any]", shape: Format) -> Packet:
    base = packet.time_base or Fraction(1, 1000)
    scale = base * 1_000_000
    dts = packet.dts if packet.dts is not None else packet.pts or 0  # Matroska does not know a B-frame's first DTS
    pts = packet.pts if packet.pts is not None else dts
    length = int((packet.duration or 0) * scale)
    return Packet(kind, bytes(packet), int(dts * scale), int(pts * scale), packet.is_keyframe, length, shape)


def _format(video: VideoStream, audio: AudioStream) -> Format:
    picture, sound = video.codec_context, audio.codec_context
    rate = video.average_rate or video.guessed_rate or Fraction(25)
    return Format(
        video=video,
        audio=audio,
        mark=(
            picture.name,
            picture.width,
            picture.height,
            bytes(picture.extradata or b""),
            sound.name,
            sound.sample_rate,
            sound.layout.nb_channels,
            bytes(sound.extradata or b""),
        ),
        width=picture.width,
        height=picture.height,
        fps=float(rate),
        sample_rate=sound.sample_rate,
        channels=sound.layout.nb_channels,
        reorders=bool(picture.has_b_frames),
    )
