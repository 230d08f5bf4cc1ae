"""Small transport streams for tests: a clean one by ffmpeg at a constant rate, and ways to damage it."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.media import transport as ts

RATE = 600_000
NAME = "Dom Kultury „Żółć”"
PROVIDER = "Gmina Łąka"


def clean_stream(path: Path, *, seconds: int = 6) -> bytes:
    """A programme of H.264 and MP2 as a headend wants it; service 101, PMT 256, picture 257, sound 258."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y"]
    command += ["-f", "lavfi", "-i", f"testsrc2=s=160x120:r=25:d={seconds}"]
    command += ["-f", "lavfi", "-i", f"sine=f=440:r=48000:d={seconds}"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "200k", "-maxrate", "200k", "-bufsize", "100k"]
    command += ["-g", "25", "-threads", "1", "-c:a", "mp2", "-b:a", "96k", "-ac", "2"]
    command += ["-f", "mpegts", "-muxrate", str(RATE), "-pcr_period", "20", "-pat_period", "0.09"]
    command += ["-sdt_period", "1", "-mpegts_original_network_id", "0xFF01", "-mpegts_service_id", "101"]
    command += ["-mpegts_pmt_start_pid", "0x100", "-mpegts_start_pid", "0x101", "-mpegts_flags", "+system_b+nit"]
    command += ["-metadata", f"service_name={NAME}", "-metadata", f"service_provider={PROVIDER}"]
    subprocess.run([*command, str(path)], check=True, timeout=60)
    return path.read_bytes()


def packets(data: bytes) -> Iterator[bytes]:
    for at in range(0, len(data), ts.PACKET):
        yield data[at : at + ts.PACKET]


def changed(data: bytes, change: Callable[[int, bytes], bytes]) -> bytes:
    """Each packet as `change(number, packet)` gives it back."""
    return b"".join(change(number, packet) for number, packet in enumerate(packets(data)))


def nth_of(data: bytes, pid: int, number: int) -> int:
    """The position (in packets) of the nth packet of a PID."""
    found = [at for at, packet in enumerate(packets(data)) if ts.pid_of(packet) == pid]
    return found[number]


def clean_stream_without_sound(data: bytes) -> bytes:
    """The same stream, whose map still names a sound that never comes."""
    return changed(data, lambda _number, packet: ts.NULL_PACKET if ts.pid_of(packet) == 258 else packet)
