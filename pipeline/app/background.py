"""Starting a worker beside whatever asked for it: light, for commands and broadcasts call it."""

import sys
from pathlib import Path

from pipeline import platform
from pipeline.model.config import Settings
from pipeline.store.work_folder import worker_lock


def start_worker(station: Path, settings: Settings) -> None:
    """Start a worker that ends when nothing is left to do; a second one beside a running one ends at once."""
    logs = settings.folders.work / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-P", "-m", "pipeline", "worker", str(station), "--until-idle"]
    platform.spawn_detached(argv, log=logs / "worker.log")


def worker_runs(settings: Settings) -> bool:
    """Whether a worker of this machine holds the station's lock."""
    lock = platform.FileLock(worker_lock(settings.folders.work))
    free = lock.acquire()
    lock.release()
    return not free
