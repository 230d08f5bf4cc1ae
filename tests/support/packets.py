"""Packets without media for pure tests, and real ones from a short film that ffmpeg makes."""

import subprocess
from pathlib import Path

from pipeline.hub.ingest import packets
from pipeline.hub.packet import Format, Kind, Packet
from pipeline.hub.rtmp.pipe import FlvPipe

FORMAT = Format(None, None, ("h264", 320, 180), 320, 180, 25.0, 48000)
OTHER = Format(None, None, ("h264", 640, 360), 640, 360, 25.0, 48000)


def fake(
    kind: Kind, dts_us: int, *, key: bool = False, ahead_us: int = 0, size: int = 100, shape: Format = FORMAT
) -> Packet:
    return Packet(kind, bytes(size), dts_us, dts_us + ahead_us, key, 40_000, shape)


def fakes(
    frames: int, *, start_us: int = 0, gop: int = 50, size: int = 100, shape: Format = FORMAT
) -> list[Packet]:
    """`frames` video packets 40 ms apart, a keyframe every `gop`, each with an audio packet 10 ms later."""
    out = []
    for number in range(frames):
        at = start_us + 40_000 * number
        out.append(fake("video", at, key=number % gop == 0, size=size, shape=shape))
        out.append(fake("audio", at + 10_000, key=True, size=size // 4, shape=shape))
    return out


def film(path: Path, *, seconds: float = 4, bframes: int = 0, size: str = "160x90", gop: int = 25) -> Path:
    """A short FLV film of a test picture and a tone."""
    argv = [
        *("ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-y"),
        *("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25"),
        *("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"),
        *("-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1"),
        *("-g", str(gop), "-sc_threshold", "0", "-bf", str(bframes), "-pix_fmt", "yuv420p"),
        *("-c:a", "aac", "-ac", "2", "-f", "flv", str(path)),
    ]
    subprocess.run(argv, check=True, timeout=60)
    return path


def piped(flv: bytes) -> FlvPipe:
    """A pipe that holds a whole FLV file, as the acceptor would have filled it."""
    pipe = FlvPipe()
    at = 13
    while at + 11 <= len(flv):
        kind, size = flv[at], int.from_bytes(flv[at + 1 : at + 4], "big")
        timestamp = int.from_bytes(flv[at + 4 : at + 7], "big") | flv[at + 7] << 24
        pipe.write(kind, timestamp, flv[at + 11 : at + 11 + size])
        at += size + 15
    pipe.finish("end of file")
    return pipe


def film_packets(path: Path) -> list[Packet]:
    return list(packets(piped(path.read_bytes())))
