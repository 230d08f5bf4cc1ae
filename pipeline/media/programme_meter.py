"""Follows the growing recording of the feed, and measures its picture and sound as they come.

This is what was really sent: it has been through the studio's encoder and has reached the hub. Only keyframes are
decoded, one every two seconds, and all of the sound: together 2 % of a core at 720p (0.38 s of processor
time for 20 s). Whether a picture stands still cannot be told here: an encoder at a constant bitrate goes on
refining a frozen picture for many seconds, and smooths the noise by which a living one could be known. That is
asked of the studio instead.
"""

import logging
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from pipeline.media.growing import GrowingFile
from pipeline.media.sound_meter import SoundMeter

log = logging.getLogger(__name__)

SIZE = (64, 36)
# As ffmpeg's blackdetect has it: 98 of 100 pixels within a tenth of black (limited range).
BLACK_LUMA, BLACK_SHARE = 16 + 0.1 * 219, 0.98


class ProgrammeMeter:
    """Reads one piece of the recording after the other with `follow`; the figures may be read from any thread."""

    def __init__(self) -> None:
        self.sound = SoundMeter()
        self.black_s = 0.0
        self.pictures = 0
        self._black_since: float | None = None

    def follow(self, piece: Path, wait: Callable[[], bool], heard: Callable[[], object]) -> None:
        """Measure `piece` until it is finished or `wait` says no; `heard` is called after each packet measured.

        Returns quietly from a file that cannot be read (any more).
        """
        try:
            with av.open(GrowingFile(piece, wait), "r", format="matroska") as container:
                for stream in container.streams.video:
                    stream.codec_context.thread_count = 1  # for one picture in two seconds
                for packet in container.demux():
                    if not packet.size:
                        continue
                    if packet.stream.type == "audio":
                        for frame in packet.decode():
                            if isinstance(frame, av.AudioFrame):
                                self.sound.add(_floats(frame), frame.sample_rate)
                    elif isinstance(packet.stream, VideoStream) and packet.is_keyframe:
                        self._keyframe(packet, packet.stream)
                    heard()
        except (FFmpegError, OSError, ValueError) as error:
            log.info("the recording is not followed: %s", type(error).__name__)

    def _keyframe(self, packet: "Packet[VideoStream] | Packet[Stream]", stream: VideoStream) -> None:
        """Decode one keyframe alone: what it depends on is nothing, what depends on it is not wanted."""
        decoder = stream.codec_context
        frames = [*decoder.decode(packet), *decoder.decode(None)]
        decoder.flush_buffers()
        if not frames:
            return
        luma = frames[0].reformat(*SIZE, format="gray").to_ndarray()
        self.pictures += 1
        second = float((packet.pts or 0) * (packet.time_base or Fraction(0)))
        if float(np.mean(luma <= BLACK_LUMA)) < BLACK_SHARE:
            self._black_since = None
        elif self._black_since is None or second < self._black_since:
            self._black_since = second
        self.black_s = 0.0 if self._black_since is None else second - self._black_since


def _floats(frame: av.AudioFrame) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """A frame's samples as channels by time, -1 to 1."""
    samples = frame.to_ndarray()
    if samples.dtype.kind == "i":
        samples = samples.astype(np.float32) / float(np.iinfo(samples.dtype.name).max)
    if not frame.format.is_planar:
        samples = samples.reshape(-1, len(frame.layout.channels)).T
    return samples.astype(np.float32, copy=False)
