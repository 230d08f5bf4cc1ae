"""A publisher in OBS's place: one ffmpeg that sends the film in real time, begun again when it ends."""

import contextlib
import subprocess
import threading
import time
from pathlib import Path

from benchmarks.faults.film import FPS, GOP, Film
from pipeline import platform

_AGAIN_S = 1.0  # OBS's own first wait between two tries


class Publisher:
    """`runs` are the numbers of the pictures at which it began. The film goes on in real time while it is away."""

    def __init__(self, film: Film, url: str, log: Path) -> None:
        self._film, self._url, self._log = film, url, log
        self.runs: list[int] = []
        self._zero: float | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._wanted = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)

    @property
    def pid(self) -> int:
        """Of the ffmpeg that sends just now; ProcessLookupError when there is none."""
        if self._child is None or self._child.poll() is not None:
            raise ProcessLookupError
        return self._child.pid

    def start(self) -> None:
        self._wanted.set()
        self._thread.start()

    def away(self) -> None:
        """Kill it (-9), and let it stay away until `back`."""
        self._wanted.clear()
        self._end_child()

    def goodbye(self) -> None:
        """End the stream as a person who presses the button would; it stays away until `back`."""
        self._wanted.clear()
        if self._child is not None:
            self._child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(5)
        self._end_child()

    def back(self) -> None:
        self._wanted.set()

    def stop(self) -> None:
        self._stop.set()
        self._wanted.set()
        self._end_child()
        if self._thread.is_alive():
            self._thread.join(5)
        self._end_child()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wanted.wait()
            if self._stop.is_set():
                return
            first = self._next_keyframe()
            self.runs.append(first)
            self._child = self._begin(first)
            self._child.wait()
            self._stop.wait(_AGAIN_S if self._wanted.is_set() else 0.05)

    def _next_keyframe(self) -> int:
        """Where the film is now, a keyframe, and never one that was sent before."""
        now = time.monotonic()
        if self._zero is None:
            self._zero = now
        gone = int((now - self._zero) * FPS)
        return -(-gone // GOP) * GOP % self._film.frames

    def _begin(self, first: int) -> subprocess.Popen[bytes]:
        argv = ["ffmpeg", "-nostdin", "-v", "error", "-re"]
        argv += ["-ss", f"{(first + 5) / FPS:.3f}", "-i", str(self._film.path)]
        argv += ["-map", "0:v", "-map", "0:a", "-c", "copy", "-f", "flv", self._url]
        with platform.open_private(self._log, "ab") as sink:
            return subprocess.Popen(
                platform.die_with_parent(argv), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=sink
            )

    def _end_child(self) -> None:
        child = self._child
        if child is not None and child.poll() is None:
            child.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(5)
