"""The after-work as the commands ask for it: taking files in, looking, waiting, cancelling, trying again."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.app.background import start_worker, worker_runs
from pipeline.model.load import LoadedStation
from pipeline.model.recording import State
from pipeline.post import jobs
from pipeline.post.importing import import_file
from pipeline.post.jobs import JobView
from pipeline.store import recordings
from pipeline.store.absorb import Scanner
from pipeline.store.database import Database, open_database

OPEN = frozenset({State.WAITING, State.WORKING})
BEAT_S = 0.5
LOOK_AGAIN_S = 10.0
NO_CLASS = "nagranie"


@dataclass(frozen=True, slots=True)
class Job:
    """A job and what its recording's after-work found worth telling."""

    view: JobView
    findings: tuple[dict[str, Any], ...]

    @property
    def open(self) -> bool:
        return self.view.state in OPEN


def take_in(station: LoadedStation, file: Path, klass: str | None, title: str | None) -> str:
    """Bring a file in as a recording and return its id; Refused for an unknown class or what is no media."""
    if klass is not None:
        station.klass(klass)
    ident = import_file(station.settings, file, klass or NO_CLASS, title)
    start_worker(station.folder, station.settings)
    return ident


def look(station: LoadedStation, ident: str | None = None) -> list[Job]:
    """The newest jobs, or one."""
    with _opened(station) as db:
        return _look(station, db, ident)


def cancel(station: LoadedStation, ident: str) -> None:
    with _opened(station) as db:
        jobs.cancel(db, ident)


def retry(station: LoadedStation, ident: str) -> None:
    with _opened(station) as db:
        jobs.retry(db, ident)
    start_worker(station.folder, station.settings)


def wait(
    station: LoadedStation, ident: str | None, show: Callable[[Sequence[Job]], None], stop: threading.Event
) -> list[Job]:
    """Follow the jobs until none is open; a worker that died meanwhile is started again."""
    looked = 0.0
    with _opened(station) as db:
        while True:
            found = _look(station, db, ident)
            show(found)
            if not any(job.open for job in found):
                return found
            if time.monotonic() - looked > LOOK_AGAIN_S:
                looked = time.monotonic()
                if not worker_runs(station.settings):
                    start_worker(station.folder, station.settings)
            if stop.wait(BEAT_S):
                return found


def _look(station: LoadedStation, db: Database, ident: str | None) -> list[Job]:
    work = station.settings.folders.work
    views = jobs.jobs(db, work) if ident is None else [jobs.job(db, work, ident)]
    return [Job(view, tuple(recordings.findings(db, view.id))) for view in views]


@contextlib.contextmanager
def _opened(station: LoadedStation) -> Iterator[Database]:
    db = open_database(station.settings, migrate=True)
    try:
        Scanner(db, station.settings.folders.recordings).scan()
        yield db
    finally:
        db.close()
