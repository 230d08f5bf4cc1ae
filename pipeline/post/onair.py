"""Whether this machine is on air: then the after-work stands still."""

import json
from pathlib import Path

from pipeline import platform
from pipeline.store.work_folder import pointed

_BORN_SLACK_S = 2.0


def broadcast_runs(work: Path) -> bool:
    """Whether work/on-air.json names a broadcast of which the broadcast or the hub is alive.

    After a power cut the pointer is still there and nobody is: that is no broadcast.
    """
    folder = pointed(work)
    return folder is not None and alive(folder)


def alive(folder: Path) -> bool:
    """Whether a process of the broadcast in this recording folder runs."""
    return any(_runs(folder / "air" / name) for name in ("control.json", "hub-control.json"))


def _runs(control: Path) -> bool:
    try:
        raw = json.loads(control.read_text(encoding="utf-8"))
        pid, since = int(raw["pid"]), float(raw["born"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    born = platform.born(pid)
    return born is not None and abs(born - since) < _BORN_SLACK_S and platform.alive(pid)
