"""What people see and may do: views, cancelling, trying again, waiting."""

import threading
from pathlib import Path

import pytest

from pipeline.errors import Refused
from pipeline.model.config import Settings
from pipeline.model.recording import State
from pipeline.post import jobs
from pipeline.post.progress import FILE, Progress, write_progress
from pipeline.post.runner import scratch_of
from pipeline.store import recordings
from pipeline.store.absorb import absorb
from pipeline.store.database import Database
from pipeline.store.journal import Journal


@pytest.fixture
def ident(db: Database, settings: Settings) -> str:
    folder = settings.folders.recordings / "rec"
    folder.mkdir(parents=True)
    journal = Journal(folder / "journal.jsonl", "broadcast")
    begin: dict[str, object] = {"id": "abcd1234", "class": "muzyka", "title": "Koncert"}
    journal.append("begin", **begin)  # type: ignore[arg-type]
    journal.append("closed")
    absorb(db, folder)
    return "abcd1234"


def test_from_waiting_to_done(db: Database, settings: Settings, ident: str) -> None:
    work = settings.folders.work
    (waiting,) = jobs.jobs(db, work)
    assert (waiting.state, waiting.per_cent, waiting.step) == (State.WAITING, 0, None)
    recordings.move(db, ident, to=State.WORKING, expected=[State.WAITING])
    write_progress(scratch_of(work, ident) / FILE, Progress("transcribe", 40, 75, waiting=True))
    now = jobs.job(db, work, ident)
    assert (now.step, now.per_cent, now.seconds_left, now.halted) == ("transcribe", 40, 75, True)
    recordings.move(db, ident, to=State.DONE, expected=[State.WORKING])
    assert jobs.job(db, work, ident).per_cent == 100


def test_cancel_and_retry(db: Database, settings: Settings, ident: str) -> None:
    with pytest.raises(Refused) as caught:
        jobs.retry(db, ident)
    assert caught.value.code == "post.not-to-retry"
    jobs.cancel(db, ident)
    failed = jobs.job(db, settings.folders.work, ident)
    assert failed.error is not None
    assert failed.error["code"] == "post.cancelled"
    with pytest.raises(Refused) as again:
        jobs.cancel(db, ident)
    assert again.value.code == "post.nothing-to-cancel"
    jobs.retry(db, ident)
    assert recordings.get(db, ident).revision == 2
    assert jobs.job(db, settings.folders.work, ident).error is None


def test_waiting_ends_with_the_job(db: Database, settings: Settings, ident: str) -> None:
    seen = list[State]()

    def show(view: jobs.JobView) -> None:
        seen.append(view.state)
        recordings.move(db, ident, to=State.DONE, expected=[State.WAITING])

    last = jobs.wait(db, settings.folders.work, ident, stop=threading.Event(), show=show, every_s=0.01)
    assert (last.state, seen) == (State.DONE, [State.WAITING, State.DONE])


def test_waiting_can_be_stopped(db: Database, settings: Settings, ident: str) -> None:
    stop = threading.Event()
    stop.set()
    assert jobs.wait(db, settings.folders.work, ident, stop=stop).state is State.WAITING


def test_no_such_recording(db: Database, tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        jobs.cancel(db, "none")
    assert caught.value.code == "store.no-recording"
