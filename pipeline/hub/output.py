"""An output of packets as they are (stream copy): NUT for a leg's pipe, Matroska for the recording."""

from collections.abc import Mapping
from fractions import Fraction
from io import FileIO
from typing import Protocol, cast

import av
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.video.stream import VideoStream

from pipeline.hub.packet import Format, Packet

MICRO = Fraction(1, 1_000_000)


class Sink(Protocol):
    """What is written to: an unbuffered file or pipe, which may take less than it is given."""

    def write(self, data: memoryview, /) -> int | None: ...


class WholeWrites:
    """A sink that takes everything or raises: the muxer does not look at how much was taken."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def write(self, data: bytes) -> int:
        rest = memoryview(data)
        while rest:
            rest = rest[self._sink.write(rest) or 0 :]
        return len(data)


class WholeFile(WholeWrites):
    """The same for a file: Matroska seeks, for its end writes the duration into the head."""

    def __init__(self, file: FileIO) -> None:
        super().__init__(file)
        self.seek = file.seek
        self.tell = file.tell


class Output:
    """Writes packets to `sink`; errors of the sink come out of `write` and `close` as they are (OSError)."""

    def __init__(
        self,
        sink: WholeWrites,
        container: str,
        shape: Format,
        options: Mapping[str, str],
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        self.format = shape
        self._out = av.open(sink, "w", format=container, options=dict(options), buffer_size=65536)
        self._out.metadata.update(metadata or {})
        video = cast(VideoStream, shape.video)
        self._video = self._out.add_stream_from_template(video)
        self._audio = self._out.add_stream_from_template(cast(AudioStream, shape.audio))
        # Its side effect is meant: the output's extradata becomes Annex B like the packets.
        BitStreamFilterContext("h264_mp4toannexb", video, self._video)

    def write(self, packet: Packet, *, zero_us: int = 0) -> None:
        """Write one packet; `zero_us` is the hub time that is 0 in this output."""
        out = av.Packet(packet.data)
        out.time_base = MICRO
        out.dts, out.pts = packet.dts_us - zero_us, packet.pts_us - zero_us
        out.duration = packet.duration_us
        out.is_keyframe = packet.key
        out.stream = self._video if packet.kind == "video" else self._audio
        self._out.mux_one(out)

    def close(self) -> None:
        """Write the end of the container; the sink stays open."""
        self._out.close()
