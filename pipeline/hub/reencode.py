"""Makes a leg's picture smaller where the up-link is weak: copied as long as it may be, encoded anew when told.

A change comes at the next keyframe. Times stay those of the programme, so that the session and the sound go on.
"""

import time
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

import av
from av.codec.context import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame

PRESETS = ((1280 * 720, "superfast"), (0, "veryfast"))  # from how many points on: the larger, the quicker
THREADS = 2  # the studio needs the rest
LONGEST_GOP = 250


@dataclass(frozen=True, slots=True)
class Rendition:
    """The picture that a leg is to send: `kbps`, at `scale` of the size; `still`: one picture a keyframe.

    `keep_size`: details are scaled away but the size stays, for a platform that lets nothing change on air.
    """

    kbps: int
    scale: float = 1.0
    still: bool = False
    keep_size: bool = False


class Picture:
    """The way of the picture through a leg: give it dated packets in order, send what it returns.

    `busy` is the share of the time since it was last asked for that went into coding.
    """

    def __init__(self) -> None:
        self.rate = Fraction(25)  # the programme's, once it is known
        self._wanted: Rendition | None = None
        self._now: Rendition | None = None
        self._encoder: Reencoder | None = None
        self._last_dts: int | None = None
        self._worked = 0.0
        self._asked = time.monotonic()

    def want(self, rendition: Rendition | None) -> None:
        """From the next keyframe on; None is the programme's own picture."""
        self._wanted = rendition

    @property
    def rendition(self) -> Rendition | None:
        """What is in force."""
        return self._now

    def busy(self) -> float:
        now = time.monotonic()
        span, self._asked = now - self._asked, now
        worked, self._worked = self._worked, 0.0
        return min(1.0, worked / span) if span > 0 else 0.0

    def take(self, packet: "Packet[Any]") -> "list[Packet[Any]]":
        began = time.monotonic()
        out: list[Packet[Any]] = []
        if packet.is_keyframe and self._wanted != self._now:
            out += self._encoder.rest() if self._encoder else []
            self._now = self._wanted
            self._encoder = Reencoder(self._now, self.rate, packet) if self._now else None
        if self._encoder is None:
            out.append(packet)
        else:
            out += self._encoder.take(packet)
        self._worked += time.monotonic() - began
        return [one for one in out if self._in_order(one)]

    def rest(self) -> "list[Packet[Any]]":
        """What is still inside, at the end."""
        return [one for one in self._encoder.rest() if self._in_order(one)] if self._encoder else []

    def _in_order(self, packet: "Packet[Any]") -> bool:
        """Whether a packet's DTS comes after the last one: at a seam the odd picture may not, and is left out."""
        dts = cast(int, packet.dts)
        if self._last_dts is not None and dts <= self._last_dts:
            return False
        self._last_dts = dts
        return True


class Reencoder:
    """Decodes from the keyframe `first` on and encodes as x264 Annex B with SPS and PPS before each keyframe.

    Keyframes stay where the programme has them. There are no B-frames; DTS keeps the programme's distance to PTS.
    """

    def __init__(self, rendition: Rendition, rate: Fraction, first: "Packet[Any]") -> None:
        self._rendition = rendition
        self._rate = rate
        self._base = first.time_base
        self._early = cast(int, first.pts) - cast(int, first.dts)
        self._decoder = CodecContext.create("h264", "r")
        self._decoder.thread_type = "SLICE"  # frames would add a delay each
        self._encoder: VideoCodecContext | None = None

    def take(self, packet: "Packet[Any]") -> "list[Packet[Any]]":
        if not self._rendition.still:
            return self._encoded(self._decoder.decode(packet))
        if not packet.is_keyframe:
            return []
        frames = [*self._decoder.decode(packet), *self._decoder.decode(None)]
        self._decoder.flush_buffers()
        return self._encoded(frames)

    def rest(self) -> "list[Packet[Any]]":
        out = self._encoded([] if self._rendition.still else self._decoder.decode(None))
        return out + [self._dated(packet) for packet in self._encoder.encode(None)] if self._encoder else out

    def _encoded(self, frames: list[VideoFrame]) -> "list[Packet[Any]]":
        out: list[Packet[Any]] = []
        for frame in frames:
            small = self._scaled(frame)
            if self._encoder is None:
                self._encoder = self._opened(small)
            small.pict_type = PictureType.I if frame.key_frame or self._rendition.still else PictureType.NONE
            out += [self._dated(packet) for packet in self._encoder.encode(small)]
        return out

    def _scaled(self, frame: VideoFrame) -> VideoFrame:
        scale = self._rendition.scale
        frame.time_base = self._base  # unset in what the decoder gives back last
        if scale == 1.0 and frame.format.name == "yuv420p":
            return frame
        width, height = even(frame.width * scale), even(frame.height * scale)
        small = frame.reformat(width, height, "yuv420p")
        if self._rendition.keep_size and scale != 1.0:
            small = small.reformat(frame.width, frame.height)
        small.pts, small.time_base = frame.pts, self._base
        return small

    def _opened(self, frame: VideoFrame) -> VideoCodecContext:
        encoder = av.CodecContext.create("libx264", "w")
        encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "yuv420p"
        encoder.time_base, encoder.framerate = self._base, self._rate
        encoder.bit_rate = self._rendition.kbps * 1000
        encoder.gop_size, encoder.max_b_frames = LONGEST_GOP, 0
        encoder.thread_count = THREADS
        encoder.color_range, encoder.colorspace = frame.color_range, frame.colorspace
        points = frame.width * frame.height
        encoder.options = {
            "preset": next(name for least, name in PRESETS if points >= least),
            "tune": "zerolatency",
            "profile": "main",
            "forced-idr": "1",
            "maxrate": f"{self._rendition.kbps}k",
            "bufsize": f"{self._rendition.kbps * (4 if self._rendition.still else 1)}k",
        }
        return encoder

    def _dated(self, packet: "Packet[Any]") -> "Packet[Any]":
        packet.time_base = self._base
        packet.dts = cast(int, packet.pts) - self._early
        return packet


def even(length: float) -> int:
    return max(2, round(length / 2) * 2)
