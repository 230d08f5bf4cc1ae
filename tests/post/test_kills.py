"""A worker that is killed, paused, cancelled, doubled: everything ends right, and only once."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from pipeline import platform
from pipeline.model.config import Settings
from pipeline.model.recording import Recording, State
from pipeline.post import jobs
from pipeline.post.importing import import_file
from pipeline.store import file_rows, recordings
from pipeline.store.absorb import Scanner
from pipeline.store.database import Database, open_database
from tests.support import afterwork, clips, postgres

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(300)]


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    started = list[subprocess.Popen[bytes]]()

    def start(address: str = "") -> subprocess.Popen[bytes]:
        started.append(afterwork.start_worker(tmp_path, address))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def brought_in(db: Database, settings: Settings, path: Path) -> str:
    ident = import_file(settings, path, "odczyt")
    Scanner(db, settings.folders.recordings).scan()
    return ident


def until(condition: Callable[[], bool], what: str, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.05)


def children_at(folder: Path) -> list[psutil.Process]:
    """ffmpeg and speech recognition at work on this station."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        argv = process.info["cmdline"] or []
        tool = any(Path(word).name in {"ffmpeg", "ffprobe"} or word.endswith("transcribe_child") for word in argv)
        if tool and any(str(folder) in word for word in argv):
            found.append(process)
    return found


def kill(process: subprocess.Popen[bytes], folder: Path) -> None:
    process.kill()
    process.wait()
    until(lambda: children_at(folder) == [], "children die with their worker", 10)


def finished(db: Database, settings: Settings, ident: str) -> Recording:
    """The recording is done; each output is there once, right, and nothing temporary is left."""
    recording = recordings.get(db, ident)
    assert (recording.state, recording.error) == (State.DONE, None)
    rows = [row for row in file_rows.of_recording(db, ident) if row.root == "recordings"]
    assert sorted(row.kind for row in rows) == [
        "import",
        "open",
        "poster",
        "quality",
        "srt",
        "txt",
        "vtt",
        "web",
        "words",
    ]
    for row in rows:
        assert file_rows.sha256(settings.folders.recordings / row.path) == row.sha256
    folder = settings.folders.recordings / recording.folder
    real = {p for p in folder.rglob("*") if p.is_file()}
    assert real == {settings.folders.recordings / row.path for row in rows} | {
        folder / "journal.jsonl",
        folder / "report.json",
    }
    assert not (settings.folders.work / "after" / ident).exists()
    return recording


def test_killed_in_every_stage_it_ends_right(
    db: Database, settings: Settings, tmp_path: Path, worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    clip = clips.film(tmp_path / "a.mkv", count=8, height=360)
    ident = brought_in(db, settings, clip.path)
    scratch = settings.folders.work / "after" / ident
    words = scratch / "words.jsonl"

    def step() -> str | None:
        return jobs.job(db, settings.folders.work, ident).step

    process = worker()
    until(lambda: recordings.get(db, ident).state is State.WORKING, "begun")
    kill(process, tmp_path)

    process = worker()
    until(lambda: words.exists() and words.read_bytes().count(b"\n") >= 2, "a stretch was heard")
    kill(process, tmp_path)
    kept = words.read_bytes()
    kept = kept[: kept.rfind(b"\n") + 1]

    process = worker()
    until(lambda: step() == "open-video", "captions are burnt in")
    heard = next((settings.folders.recordings).glob("*/captions/*.words.jsonl"))
    assert heard.read_bytes().startswith(kept)  # not heard anew: the same stretches, then more
    assert heard.read_bytes().count(b"\n") > kept.count(b"\n")
    before = heard.stat().st_mtime_ns
    kill(process, tmp_path)

    assert afterwork.run_to_end(tmp_path) == 0
    finished(db, settings, ident)
    assert heard.stat().st_mtime_ns == before
    assert not list(tmp_path.rglob("*.part"))


def test_a_second_worker_is_refused(
    db: Database, settings: Settings, tmp_path: Path, worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    clip = clips.film(tmp_path / "a.mkv", count=5, height=360)
    ident = brought_in(db, settings, clip.path)
    first = worker()
    until(lambda: recordings.get(db, ident).state is State.WORKING, "begun")
    second = worker()
    assert second.wait(60) == 2
    assert "post.worker-runs" in (tmp_path / "worker.log").read_text(encoding="utf-8")
    assert first.wait(120) == 0
    finished(db, settings, ident)


def test_cancelled_and_tried_again(
    db: Database, settings: Settings, tmp_path: Path, worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    clip = clips.film(tmp_path / "a.mkv", count=6, height=360)
    ident = brought_in(db, settings, clip.path)
    process = worker()
    until(lambda: children_at(tmp_path) != [] and _step(db, settings, ident) == "transcribe", "hears")
    jobs.cancel(db, ident)
    until(lambda: children_at(tmp_path) == [], "nothing runs any more", 15)
    assert process.wait(60) == 0
    assert recordings.get(db, ident).error == "post.cancelled"
    jobs.retry(db, ident)
    assert afterwork.run_to_end(tmp_path) == 0
    assert finished(db, settings, ident).revision == 2


def test_on_air_everything_stands_still(
    db: Database, settings: Settings, tmp_path: Path, worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    clip = clips.film(tmp_path / "a.mkv", count=8, height=360)
    ident = brought_in(db, settings, clip.path)
    process = worker()
    until(lambda: children_at(tmp_path) != [] and _step(db, settings, ident) == "transcribe", "hears")
    on_air = tmp_path / "on-air"
    (on_air / "air").mkdir(parents=True)
    (on_air / "air" / "control.json").write_text(
        json.dumps({"port": 1, "token": "x", "pid": os.getpid(), "born": platform.born(os.getpid())})
    )
    pointer = settings.folders.work / "on-air.json"
    pointer.write_text(json.dumps({"folder": str(on_air), "id": "x"}))

    def halted() -> bool:
        children = children_at(tmp_path)
        return bool(children) and all(child.status() == psutil.STATUS_STOPPED for child in children)

    until(halted, "the child is halted", 15)
    assert process.poll() is None
    pointer.unlink()
    assert process.wait(120) == 0
    finished(db, settings, ident)


def test_on_postgresql_too(tmp_path: Path, worker: Callable[..., subprocess.Popen[bytes]]) -> None:
    with postgres.cluster() as cluster:
        address = cluster.create("station")
        settings = afterwork.station(tmp_path, address)
        db = open_database(settings, migrate=True)
        ident = brought_in(db, settings, clips.film(tmp_path / "a.mkv", count=4).path)
        process = worker(address)
        until(lambda: _step(db, settings, ident) in {"transcribe", "web-video"}, "hears")
        kill(process, tmp_path)
        assert afterwork.run_to_end(tmp_path, address) == 0
        finished(db, settings, ident)
        assert not (settings.folders.work / "engine.sqlite").exists()
        db.close()


def _step(db: Database, settings: Settings, ident: str) -> str | None:
    return jobs.job(db, settings.folders.work, ident).step
