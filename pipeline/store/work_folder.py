"""The files of a station's work folder that several rooms know: each name stands here and nowhere else."""

import json
import socket
from pathlib import Path

from pipeline.store.files import plain_name, write_whole

ON_AIR = "on-air.json"


def point(work: Path, recording: Path, identity: str) -> None:
    """Say which recording's folder holds the broadcast that runs."""
    write_whole(work / ON_AIR, json.dumps({"folder": str(recording), "id": identity}))


def unpoint(work: Path) -> None:
    """Say that none runs."""
    (work / ON_AIR).unlink(missing_ok=True)


def pointed(work: Path) -> Path | None:
    """The recording's folder that is named, its broadcast running or not; None where none is named."""
    try:
        return Path(json.loads((work / ON_AIR).read_text(encoding="utf-8"))["folder"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def worker_lock(work: Path, machine: str | None = None) -> Path:
    """The file that a machine's worker locks for its life; `machine` is a plain name, None: this one's."""
    return work / f"worker-{machine or plain_name(socket.gethostname())}.lock"
