"""The sound of any media as 16 kHz mono floats, streamed from an ffmpeg child: memory does not grow with length."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from captions.errors import CaptionError

Samples = npt.NDArray[np.float32]
RATE = 16000  # samples a second, as every engine here wants them
_BLOCK_S = 2
_PROBE_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Sound:
    """What a media file says of its sound: length of the whole media, and how many sound streams it has."""

    duration_ms: int | None
    streams: int


def probe_sound(path: Path) -> Sound:
    """Length and sound streams. Raises CaptionError `captions.ffmpeg-missing`, `captions.no-file`,
    `captions.not-media`."""
    if not path.is_file():
        raise CaptionError("captions.no-file", path=str(path))
    argv = [_tool("ffprobe"), "-v", "error", "-of", "json", "-show_entries", "stream=codec_type:format=duration"]
    try:
        done = subprocess.run(
            [*argv, "-i", _name(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_TIMEOUT_S,
            check=False,
        )
        told = json.loads(done.stdout or b"{}")
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise CaptionError("captions.not-media", path=str(path), detail=type(error).__name__) from error
    if done.returncode != 0 or not told.get("streams"):
        raise CaptionError("captions.not-media", path=str(path), detail=_last_line(done.stderr))
    length = told.get("format", {}).get("duration")
    streams = sum(stream.get("codec_type") == "audio" for stream in told["streams"])
    return Sound(int(float(length) * 1000) if length else None, streams)


def blocks(path: Path, stream: int | None = None, start_ms: int = 0) -> Generator[Samples, None, None]:
    """The sound from `start_ms` on, in blocks of up to two seconds; `stream` counts the sound streams from 0
    (None: the first). Gaps in the recording become silence, so that a sample's place is its time.

    Closing the iterator ends the child. Raises CaptionError as `probe_sound`, and `captions.no-sound` (path),
    `captions.no-such-stream` (path, stream, streams), `captions.decoding` (path, detail) when the decoder
    fails.
    """
    sound = probe_sound(path)
    if not sound.streams:
        raise CaptionError("captions.no-sound", path=str(path))
    if stream is not None and not 0 <= stream < sound.streams:
        raise CaptionError("captions.no-such-stream", path=str(path), stream=stream, streams=sound.streams)
    with tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(
            _argv(path, stream or 0, start_ms),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
        try:
            assert child.stdout is not None
            yield from _read(child.stdout)
            if child.wait() != 0:
                complaints.seek(0)
                detail = _last_line(complaints.read())
                raise CaptionError("captions.decoding", path=str(path), detail=detail)
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
            if child.stdout is not None:
                with suppress(OSError):
                    child.stdout.close()


def _argv(path: Path, stream: int, start_ms: int) -> list[str]:
    return [
        _tool("ffmpeg"),
        "-nostdin",
        "-v", "error",
        "-ss", f"{start_ms / 1000:.3f}",
        "-i", _name(path),
        "-map", f"0:a:{stream}",
        "-vn", "-sn", "-dn",
        "-af", f"aresample={RATE}:async=1:first_pts=0",
        "-ac", "1",
        "-f", "f32le",
        "pipe:1",
    ]  # fmt: skip


def _read(pipe: IO[bytes]) -> Iterator[Samples]:
    size = RATE * _BLOCK_S * 4
    while data := pipe.read(size):
        yield np.frombuffer(data[: len(data) // 4 * 4], dtype="<f4").astype(np.float32)


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise CaptionError("captions.ffmpeg-missing", tool=name)
    return found


def _name(path: Path) -> str:
    """The file's name so that ffmpeg takes neither a leading dash nor a colon for something else."""
    return f"file:{path.absolute()}"


def _last_line(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else ""
