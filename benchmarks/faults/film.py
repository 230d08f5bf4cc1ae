"""The film that a publisher sends in OBS's place: its pictures all differ, each is known by its slices."""

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from pipeline.media import process

FPS, GOP, SECONDS = 25, 25, 120
FRAME_US = 1_000_000 // FPS
_SLICES = range(1, 6)  # NAL types that hold the picture; parameter sets, SEI and fillers come and go with muxers


@dataclass(frozen=True)
class Film:
    """A Matroska file, and the number of each of its pictures by the digest of the picture's slices."""

    path: Path
    numbers: dict[str, int]

    @property
    def frames(self) -> int:
        return len(self.numbers)


def make(path: Path, seconds: int = SECONDS) -> Path:
    """640×360, 25 frames a second, 600 kb/s, a keyframe every second, a tone."""
    return _encoded(path, seconds, f"testsrc2=size=640x360:rate={FPS}", "sine=frequency=440:sample_rate=48000")


def make_slate(path: Path) -> Path:
    """Eight seconds of another picture by the same encoder with the same settings, silent."""
    return _encoded(path, 8, f"smptehdbars=size=640x360:rate={FPS}", "anullsrc=r=48000:cl=mono")


def _encoded(path: Path, seconds: int, picture: str, sound: str) -> Path:
    argv = ["ffmpeg", "-nostdin", "-v", "error", "-y"]
    argv += ["-f", "lavfi", "-i", picture]
    argv += ["-f", "lavfi", "-i", sound]
    argv += ["-t", str(seconds)]
    argv += ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "main"]
    argv += ["-pix_fmt", "yuv420p", "-b:v", "600k", "-maxrate", "600k", "-bufsize", "300k"]
    argv += ["-g", str(GOP), "-sc_threshold", "0"]
    argv += ["-c:a", "aac", "-b:a", "96k", "-ac", "2"]
    process.run([*argv, str(path)], timeout_s=180)
    return path


def read(path: Path) -> Film:
    """Number the pictures. ValueError when two of them cannot be told apart."""
    numbers = {digest: number for number, (digest, _pts) in enumerate(pictures(path))}
    if len(numbers) != packets(path):
        raise ValueError("two pictures of the film are the same")
    return Film(path, numbers)


def packets(path: Path) -> int:
    argv = ["ffprobe", "-v", "error", "-select_streams", "v", "-count_packets"]
    argv += ["-show_entries", "stream=nb_read_packets", "-of", "csv=p=0", str(path)]
    return int(subprocess.run(argv, capture_output=True, check=True, timeout=60).stdout.split(b",")[0])


def pictures(path: Path) -> list[tuple[str, int]]:
    """(digest of the slices, PTS in microseconds) of each picture in a file, up to where it can be read."""
    found: list[tuple[str, int]] = []
    try:
        with av.open(str(path), "r") as container:
            video = container.streams.video[0]
            head = bytes(video.codec_context.extradata or b"")
            for packet in container.demux(video):
                if packet.size and packet.pts is not None and packet.time_base is not None:
                    found.append((digest(bytes(packet), head), int(packet.pts * packet.time_base * 1_000_000)))
    except (av.FFmpegError, IndexError):
        return found
    return found


def ends(path: Path) -> dict[str, Any]:
    """The last time of picture and of sound in a file, in microseconds."""
    last: dict[str, Any] = {}
    try:
        with av.open(str(path), "r") as container:
            for packet in container.demux(container.streams.video[0], container.streams.audio[0]):
                if packet.size and packet.pts is not None and packet.time_base is not None:
                    kind = packet.stream.type
                    last[kind] = max(last.get(kind, 0), int(packet.pts * packet.time_base * 1_000_000))
    except (av.FFmpegError, IndexError):
        return last
    return last


def digest(data: bytes, head: bytes = b"") -> str:
    """What a picture is known by wherever it arrives. `head` is the decoder's configuration: it tells the form."""
    units = _measured(data) if head[:1] == b"\x01" else _marked(data)
    body = b"".join(unit.rstrip(b"\0") for unit in units if unit and unit[0] & 31 in _SLICES)
    return hashlib.sha1(body, usedforsecurity=False).hexdigest()[:16]


def _marked(data: bytes) -> list[bytes]:
    """The units of Annex B."""
    return data.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")


def _measured(data: bytes) -> list[bytes]:
    """The units of AVC as files hold it: each after its length in four bytes."""
    units, at = [], 0
    while at + 4 < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        units.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return units
