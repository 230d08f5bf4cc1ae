"""One set-up at a time in a checkout: a lock on a file, given up by the system when its holder ends."""

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from bootstrap.words import say

LONGEST_S = 3_600
PAUSE_S = 0.2


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock file; waits for another holder, and says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        if not _taken(file):
            say("waiting")
            until = time.monotonic() + LONGEST_S
            while not _taken(file):
                if time.monotonic() > until:
                    raise TimeoutError(path)
                time.sleep(PAUSE_S)
        yield


def _taken(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
