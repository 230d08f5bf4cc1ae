"""What OBS leaves behind when it did not close: marks that make the next one ask before it starts.

OBS 30 and 31 keep a file `safe_mode` in their settings' folder while they run, OBS 32 a file `.sentinel/run_…`. One
that finds the mark of an earlier life asks whether to start in safe mode; until somebody answers, and in safe mode,
its websocket is off.
"""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_SLACK_S = 2.0  # a file's time and a process's birth come from two clocks


def marks(roots: Iterable[Path]) -> Iterator[Path]:
    """The marks in these settings' folders, of living and of dead OBS."""
    for root in roots:
        if (root / "safe_mode").is_file():
            yield root / "safe_mode"
        with contextlib.suppress(OSError):
            yield from sorted((root / ".sentinel").glob("run_*"))


def asks(roots: Iterable[Path], born: float | None) -> bool:
    """Whether the OBS that was born then (UNIX time) found the mark of one that had crashed."""
    if born is None:
        return False
    for mark in marks(roots):
        with contextlib.suppress(OSError):
            if mark.stat().st_mtime < born - _SLACK_S:
                return True
    return False


def forget(roots: Iterable[Path]) -> None:
    """Remove the marks, so that the next OBS starts without a question. Only where no OBS runs that owns one."""
    for mark in list(marks(roots)):
        with contextlib.suppress(OSError):
            mark.unlink()
