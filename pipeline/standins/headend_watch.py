"""The headend's eyes and ears: one ffmpeg that decodes what came, measures its loudness, keeps pictures of it.

Only keyframes are decoded. It is given the stream as it comes; where it cannot keep up, it is left behind and
says so (`dropped`), for it must not disturb the measurement of the wire.
"""

import queue
import re
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from pipeline import platform

_QUEUE = 4000  # chunks
_SUMMARY = re.compile(
    r"I:\s+(-?[\d.]+|-?inf|nan) LUFS.*?LRA:\s+([\d.]+) LU.*?Peak:\s+(-?[\d.]+|-?inf|nan) dBFS", re.S
)
_MAX_PICTURES = 60
_LOG_BYTES = 200_000


@dataclass(slots=True)
class WatchReport:
    """What was seen and heard: EBU R 128 over the whole reception, and the pictures' paths (PNG)."""

    loudness_lufs: float | None = None
    loudness_range_lu: float | None = None
    true_peak_dbtp: float | None = None
    pictures: list[str] = field(default_factory=list)
    decode_errors: int = 0
    dropped: int = 0


class Watch:
    """Give it transport packets; `finish` ends it and tells. A picture is kept every `picture_s` seconds."""

    def __init__(self, folder: Path, *, picture_s: float = 10.0) -> None:
        self._folder = folder
        self.report = WatchReport()
        self._queue: queue.Queue[bytes | None] = queue.Queue(_QUEUE)
        self._child = subprocess.Popen(
            platform.die_with_parent(self._command(picture_s)),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        self._said = bytearray()
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for work, name in ((self._write, "headend-watch"), (self._listen, "headend-watch-log"))
        ]
        for thread in self._threads:
            thread.start()

    def _command(self, picture_s: float) -> list[str]:
        command = ["ffmpeg", "-hide_banner", "-nostats", "-nostdin", "-y"]
        command += ["-loglevel", "level+info"]
        command += ["-skip_frame", "nokey"]
        command += ["-f", "mpegts"]
        command += ["-i", "pipe:0"]
        command += ["-map", "0:a:0"]
        command += ["-af", "ebur128=peak=true:framelog=verbose"]
        command += ["-f", "null", "-"]
        command += ["-map", "0:v:0"]
        command += ["-vf", f"select='isnan(prev_selected_t)+gte(t-prev_selected_t,{picture_s})',scale=640:360"]
        command += ["-vsync", "0"]
        command += ["-frames:v", str(_MAX_PICTURES)]
        return [*command, str(self._folder / "picture-%03d.png")]

    def feed(self, data: bytes) -> None:
        try:
            self._queue.put_nowait(data)
        except queue.Full:
            self.report.dropped += 1

    def _write(self) -> None:
        pipe = cast(IO[bytes], self._child.stdin)
        try:
            while (data := self._queue.get()) is not None:
                pipe.write(data)
            pipe.close()
        except OSError:
            self.report.dropped += 1

    def _listen(self) -> None:
        stream = cast(IO[bytes], self._child.stderr)
        for line in iter(lambda: stream.readline(4000), b""):
            self.report.decode_errors += b"[error]" in line
            self._said = (self._said + line)[-_LOG_BYTES:]

    def finish(self, wait_s: float = 20.0) -> WatchReport:
        """End the child and read what it found."""
        try:
            self._queue.put(None, timeout=wait_s)
            self._child.wait(wait_s)
        except (queue.Full, subprocess.TimeoutExpired):
            self._child.kill()
            self._child.wait(wait_s)
        for thread in self._threads:
            thread.join(2.0)
        found = _SUMMARY.findall(self._said.decode("utf-8", "replace"))
        if found:
            values = [float(value) for value in found[-1]]
            self.report.loudness_lufs, self.report.loudness_range_lu, self.report.true_peak_dbtp = values
        self.report.pictures = [path.name for path in sorted(self._folder.glob("picture-*.png"))]
        return self.report
