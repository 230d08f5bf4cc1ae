"""The process of an RTMP or RTMPS leg: first line of stdin the LegSpec with its key, then a `leg_pipe` of NUT.

It sends FLV: the picture as it comes, or lower once it is ordered to (`reencode.Rendition`), the sound always as
it comes.

Exit code 0 after a clean end of its input. Otherwise not 0, and the last line on stderr is JSON: `leg.refused`
(the far end said no), `leg.unreachable`, `leg.tls` (not the server that it should be), `leg.lost` (it had been
up). On stdout, once the far end has taken packets, a JSON line a second: {"frames", "bytes", "unconfirmed",
"busy"}: what the far end has not acknowledged yet, in bytes, and the share of the time that coding takes.
"""

import json
import logging
import os
import socket
import ssl
import sys
import time
from fractions import Fraction
from typing import Any

import av
from av.bitstream import BitStreamFilterContext
from av.packet import Packet

from pipeline.hub import far_socket
from pipeline.hub.leg_pipe import LegInput
from pipeline.hub.reencode import Picture, Rendition

SPEC_BYTES = 256 * 1024
STALL_US = 4_000_000  # a connection that takes nothing for so long is lost
QUEUE_PACKETS = 16  # in the muxer's own queue: a fifth of a second
TAKEN_PACKETS = 2 * QUEUE_PACKETS  # more than the queue and the interleaving before it can hold
SEND_BUFFER = 256 * 1024  # bytes in the kernel: a large one hides a dead far end for many seconds
SOUND_WAITS_US = 1_000_000  # for a picture of its time, where pictures are rare
REPORT_S = 1.0


class LibraryTalk(logging.Handler):
    """Keeps the last lines that the media library said; they hold URLs and are never shown."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines = [*self.lines[-40:], record.getMessage().lower()]

    def has(self, *words: str) -> bool:
        return any(word in line for line in self.lines for word in words)


def first_line() -> dict[str, Any]:
    """The LegSpec as JSON. Read byte by byte: what follows belongs to the demuxer."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte or len(line) > SPEC_BYTES:
            raise SystemExit(0)
        line += byte
    spec: dict[str, Any] = json.loads(line)
    return spec


def ca_bundle(given: object) -> str:
    """The CA file that servers are checked against: the given one, the system's, or certifi's."""
    if given:
        return str(given)
    paths = ssl.get_default_verify_paths()
    for path in (paths.cafile, paths.openssl_cafile, "/etc/ssl/certs/ca-certificates.crt"):
        if path and os.path.isfile(path):  # noqa: PTH113 - pathlib is a tenth of this process's start
            return path
    import certifi

    return certifi.where()


def output_options(url: str, options: dict[str, Any]) -> dict[str, str]:
    """Options of the fifo muxer, which alone hands protocol options on; TLS is always verified."""
    inner = {
        "rw_timeout": str(STALL_US),
        "send_buffer_size": str(SEND_BUFFER),
        "tcp_nodelay": "1",
        "flvflags": "no_duration_filesize",
    }
    if url.startswith("rtmps:"):
        inner |= {"tls_verify": "1", "ca_file": ca_bundle(options.get("tls_ca"))}
    return {
        "fifo_format": "flv",
        "queue_size": str(QUEUE_PACKETS),
        "max_interleave_delta": str(SOUND_WAITS_US),
        "format_opts": ":".join(f"{name}={_quoted(value)}" for name, value in inner.items()),
    }


def _quoted(value: str) -> str:
    return "".join(f"\\{char}" if char in "\\:'=" else char for char in value)


class Dater:
    """Gives pictures the DTS that NUT leaves out.

    NUT holds PTS alone; with B-frames the demuxer knows the DTS of the first pictures too late to say it: they
    wait for the first one that is known, and count back from there.
    """

    def __init__(self, frame_s: Fraction) -> None:
        self._frame_s = frame_s
        self._waiting: list[Packet[Any]] = []

    def take(self, packet: "Packet[Any]") -> "list[Packet[Any]]":
        if packet.dts is None:
            self._waiting += [packet] if packet.size else []  # the end has neither
            return []
        early, self._waiting = self._waiting, []
        frame = int(self._frame_s / packet.time_base) if early else 0
        for place, one in enumerate(early):
            one.dts = packet.dts - frame * (len(early) - place)
        return [*early, packet]


class Progress:
    """Says on stdout what has gone out, once more packets were taken than the queue can hold."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._frames = 0
        self._bytes = 0
        self._packets = 0
        self._next = 0.0
        self._link: socket.socket | None = None

    @property
    def up(self) -> bool:
        return self._packets > TAKEN_PACKETS

    def count(self, *, video: bool, size: int) -> None:
        self._packets += 1
        self._frames += video
        self._bytes += size
        if self.up and time.monotonic() >= self._next:
            self.say()

    def say(self) -> None:
        self._next = time.monotonic() + REPORT_S
        if self._link is None:
            self._link = far_socket.connection()
            if self._link:
                far_socket.give_up_soon(self._link)
        unconfirmed = far_socket.unconfirmed(self._link) if self._link else 0
        report = {
            "frames": self._frames,
            "bytes": self._bytes,
            "unconfirmed": unconfirmed,
            "busy": round(self._picture.busy(), 2),
        }
        os.write(1, json.dumps(report).encode() + b"\n")


def send(spec: dict[str, Any], picture: Picture, progress: Progress) -> None:
    """Send NUT from stdin to the destination until it ends; FFmpegError when the destination fails."""

    def ordered(values: dict[str, object]) -> None:
        wanted = values.get("rendition")
        picture.want(Rendition(**wanted) if isinstance(wanted, dict) else None)

    source = av.open(
        LegInput(0, ordered),
        "r",
        format="nut",
        options={"probesize": "32768", "analyzeduration": "0"},
        buffer_size=4096,
    )
    url = "/".join(filter(None, (str(spec["url"]).rstrip("/"), str(spec["secret"]))))
    target = av.open(url, "w", format="fifo", options=output_options(url, spec["options"]))
    video, audio = source.streams.video[0], source.streams.audio[0]
    streams = {stream.index: target.add_stream_from_template(stream) for stream in (video, audio)}
    # A slate, a restarted or a lower encoder brings another SPS: with it as side data FLV announces it anew.
    announced = BitStreamFilterContext("extract_extradata", video)
    picture.rate = video.average_rate or picture.rate
    dater = Dater(1 / picture.rate)

    def mux(packet: "Packet[Any]", stream: Any, *, is_video: bool) -> None:
        packet.stream = streams[stream.index]
        size = packet.size
        target.mux_one(packet)
        progress.count(video=is_video, size=size)

    def show(pictures: "list[Packet[Any]]") -> None:
        for one in pictures:
            for out in announced.filter(one):
                mux(out, video, is_video=True)

    for read in source.demux(video, audio):
        if read.stream is video:
            for dated in dater.take(read):
                show(picture.take(dated))
        elif read.size:
            mux(read, audio, is_video=False)
    show(picture.rest())
    # The end waits for the muxer's thread while it holds the GIL: that thread must not log into Python now.
    av.logging.set_level(None)
    target.close()
    progress.say()


def reason(error: Exception, talk: LibraryTalk, *, was_up: bool) -> str:
    """The code for a failure; the library's own words are only read, for they hold the URL with the key."""
    if was_up:
        return "leg.lost"
    if talk.has("certificate", "tls", "ssl", "handshake fail"):
        return "leg.tls"
    if talk.has("server error", "publish", "rejected", "denied"):
        return "leg.refused"
    return "leg.unreachable"


def main() -> int:
    spec = first_line()
    talk = LibraryTalk()
    logging.getLogger("libav").addHandler(talk)
    logging.getLogger("libav").propagate = False
    av.logging.set_level(av.logging.WARNING)
    picture = Picture()
    progress = Progress(picture)
    try:
        send(spec, picture, progress)
    except Exception as error:  # whatever it is: its words may hold the URL and are not shown
        fields = {"error": type(error).__name__}
        code = reason(error, talk, was_up=progress.up)
        os.write(2, json.dumps({"code": code, "fields": fields}).encode() + b"\n")
        os._exit(1)  # the muxer's own thread may hang in the network: nobody waits for it
    return 0


if __name__ == "__main__":
    sys.exit(main())
