"""Why a broadcast did not go on air: left by its process for whoever asked for it, in the work folder."""

import json
import shutil
import threading
from pathlib import Path

from pipeline.clock import Clock
from pipeline.errors import Fatal, PipelineError, Refused, Temporary
from pipeline.live.air import Air
from pipeline.platform import FileLock
from pipeline.store.files import write_whole

NAME = "last-failure.json"
GUARD_S = 10.0
KINDS: dict[str, type[PipelineError]] = {kind.__name__: kind for kind in (Refused, Temporary, Fatal)}


def leave(work: Path, air: Air, error: PipelineError) -> None:
    """Keep the error; it holds no secret, as no error may."""
    body = {
        "folder": str(air.folder),
        "kind": type(error).__name__,
        "code": error.code,
        "fields": {name: _plain(value) for name, value in error.fields.items()},
    }
    write_whole(work / NAME, json.dumps(body, ensure_ascii=False))


def read(work: Path, air: Air) -> PipelineError | None:
    """The error that this broadcast failed with, or None."""
    try:
        body = json.loads((work / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if body.get("folder") != str(air.folder):
        return None
    return KINDS.get(body["kind"], Fatal)(body["code"], **body["fields"])


def sweep(work: Path, air: Air, clock: Clock) -> None:
    """Remove the folder of a broadcast that recorded nothing, once its guard is gone; its logs go to work/logs."""
    lock, never = FileLock(air.private / "guard.lock"), threading.Event()
    deadline = clock.monotonic_us() + int(GUARD_S * 1e6)
    while not lock.acquire():
        if clock.monotonic_us() > deadline:
            return
        clock.wait(never, 0.1)
    lock.release()
    if any(air.masters.glob("*")):
        return
    logs = work / "logs" / air.folder.name
    logs.mkdir(parents=True, exist_ok=True)
    for path in (air.journal, *air.private.glob("*.log")):
        shutil.copy2(path, logs)
    shutil.rmtree(air.folder)


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | list) else str(value)
