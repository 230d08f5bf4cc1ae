"""Reads a Matroska file that another process is still writing, from near its end on, as a file that waits.

The file is opened anew for each read and never held: on Windows its writer could not rename it otherwise.
"""

from collections.abc import Callable
from pathlib import Path

CLUSTER = b"\x1f\x43\xb6\x75"  # the ID that every cluster begins with
HEAD_BYTES = 256 * 1024  # tracks and their codecs' data come before the first cluster
BACK_BYTES = 2 * 1024 * 1024  # where a late joiner looks for a cluster to begin with


class GrowingFile:
    """What PyAV reads from: the file's head, then its clusters from near the end, then whatever is added.

    `wait` pauses for a moment and says whether to go on; `read` gives nothing once it says no, or once the file is
    no longer there under this name (its writer has finished it).
    """

    def __init__(self, path: Path, wait: Callable[[], bool]) -> None:
        self._path, self._wait = path, wait
        self._ready = b""
        self._at: int | None = None

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; b"" at the end."""
        while True:
            if self._ready:
                out, self._ready = self._ready[:size], self._ready[size:]
                return out
            try:
                self._ready = self._more(size)
            except OSError:
                return b""
            if not self._ready and not self._wait():
                return b""

    def _more(self, size: int) -> bytes:
        with self._path.open("rb") as file:
            if self._at is None:
                return self._begin(file.read(HEAD_BYTES))
            file.seek(self._at)
            found = file.read(size)
            self._at += len(found)
            return found

    def _begin(self, head: bytes) -> bytes:
        """The head up to the first cluster; the place goes to a cluster near the end."""
        first = head.find(CLUSTER)
        if first < 0:
            return b""  # it has only just been begun
        self._at = first
        with self._path.open("rb") as file:
            length = file.seek(0, 2)
            if length - first > BACK_BYTES:
                start = length - BACK_BYTES
                file.seek(start)
                near = file.read(BACK_BYTES).find(CLUSTER)
                self._at = start + near if near >= 0 else first
        return head[:first]
