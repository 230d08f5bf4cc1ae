"""The worker: starts whatever a recording's state shows as due, and sees it to its end.

It alone enqueues. It holds a lock for its life: two processes under one name would do everything twice.
"""

import logging
import os
import shutil
import socket
import threading
from dataclasses import dataclass, field

from pipeline import platform
from pipeline.clock import Clock
from pipeline.errors import Fatal, Refused, Temporary
from pipeline.model.recording import Recording, State
from pipeline.post import onair
from pipeline.post.engine import Engine, EngineConfig, same_job
from pipeline.post.plan import plan_for
from pipeline.post.runner import Runner, WorkerDeps, scratch_of
from pipeline.post.work import AFTER
from pipeline.store import journal, recordings
from pipeline.store.absorb import Scanner
from pipeline.store.database import Database, open_database
from pipeline.store.files import plain_name
from pipeline.store.journal import Journal
from pipeline.store.work_folder import worker_lock

log = logging.getLogger(__name__)
_BEAT_S = 0.5
_LOCK_WAIT_S = 6.0  # a worker that is just ending frees its lock in this time
_ORPHAN_S = 120.0  # a broadcast silent for this long, of which nothing runs, has ended by a power cut
_STUCK_BEATS = 40


@dataclass(slots=True)
class _Desk:
    """A running worker's things."""

    db: Database
    engine: Engine
    runner: Runner
    scanner: Scanner
    deps: WorkerDeps
    idle_beats: dict[str, int] = field(default_factory=dict)


def run_worker(
    deps: WorkerDeps, *, until_idle: bool, stop: threading.Event, orphan_after_s: float = _ORPHAN_S
) -> None:
    """Work until `stop` is set, or with `until_idle` until nothing is left to do.

    Raises Refused `post.worker-runs` (pid) where another worker of this machine runs on this station, and what
    opening the database raises.
    """
    work = deps.settings.folders.work
    executor = plain_name(socket.gethostname())
    lock = platform.FileLock(worker_lock(work, executor))
    if not _locked(lock, deps.clock, stop):
        raise Refused("post.worker-runs", pid=lock.owner() or 0)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # torch beside a busy neighbour crawls otherwise
    try:
        db = open_database(deps.settings, migrate=True)
        try:
            runner = Runner(db, deps)
            engine = Engine(EngineConfig.of(deps.settings, executor), runner.run, runner.failed)
            _sweep(deps)
            engine.start()
            try:
                scanner = Scanner(db, deps.settings.folders.recordings)
                _loop(_Desk(db, engine, runner, scanner, deps), until_idle, stop, orphan_after_s)
            finally:
                engine.close()
        finally:
            db.close()
    finally:
        lock.release()


def _loop(desk: _Desk, until_idle: bool, stop: threading.Event, orphan_after_s: float) -> None:
    clock = desk.deps.clock
    while True:
        try:
            left = _turn(desk, orphan_after_s)
        except Temporary as error:
            log.warning("the database: %s", error)
            left = True
        if until_idle and not left:
            return
        if clock.wait(stop, _BEAT_S):
            return


def _turn(desk: _Desk, orphan_after_s: float) -> bool:
    """One look at everything; whether anything is left to do."""
    desk.scanner.scan()
    left = False
    for recording in recordings.newest(desk.db, states=[State.ON_AIR]):
        left |= _orphan(desk, recording, orphan_after_s)
    if not desk.runner.paused():
        for recording in recordings.newest(desk.db, states=[State.WAITING]):
            recordings.move(
                desk.db,
                recording.id,
                to=State.WORKING,
                expected=[State.WAITING],
                revision=recording.revision,
            )
    for recording in recordings.newest(desk.db, states=[State.WAITING, State.WORKING]):
        left = True
        if recording.state is State.WORKING:
            _see_to(desk, recording)
    _end_unwanted(desk)
    return left or bool(desk.idle_beats)


def _see_to(desk: _Desk, recording: Recording) -> None:
    """A recording at work has a job that goes on, or the reason why not."""
    ident = _ident(recording)
    status = desk.engine.status(ident)
    if status == "unknown":
        _submit(desk, recording)
    elif status in {"broken", "ended"}:
        error = recordings.error_record(Fatal("post.engine-gave-up"))
        recordings.move(
            desk.db,
            recording.id,
            to=State.FAILED,
            expected=[State.WORKING],
            revision=recording.revision,
            error=error,
        )
    elif desk.engine.at_it(ident) or desk.engine.waits(ident):
        desk.idle_beats[ident] = 0
    else:
        desk.idle_beats[ident] = desk.idle_beats.get(ident, 0) + 1
        if desk.idle_beats[ident] >= _STUCK_BEATS:
            log.warning("%s: nobody is at it, taken up again", ident)
            desk.idle_beats[ident] = 0
            desk.engine.nudge(ident)


def _submit(desk: _Desk, recording: Recording) -> None:
    plan = plan_for(desk.deps.settings, desk.deps.class_of(recording.klass), title=recording.title)
    ident = _ident(recording)
    job = {
        "workflow": ident,
        "recording": recording.id,
        "revision": recording.revision,
        "plan": plan.to_json(),
    }
    desk.engine.submit(ident, job)
    desk.idle_beats[ident] = 0
    log.info("%s: started", ident)


def _end_unwanted(desk: _Desk) -> None:
    """Jobs of ours whose recording is cancelled or at a later revision are ended; finished ones swept."""
    for ident in list(desk.idle_beats):
        recording_id, _, revision = ident.rpartition("/r")
        recording = recordings.get(desk.db, recording_id)
        if recording.state is State.WORKING and recording.revision == int(revision):
            continue
        if desk.engine.status(ident) == "going":
            if recording.state is State.DONE:
                continue  # it is at its last line
            desk.engine.cancel(ident)
        if not desk.engine.at_it(ident):
            del desk.idle_beats[ident]
            if recording.state is State.DONE:  # a failed one goes on from its scratch when it is retried
                shutil.rmtree(scratch_of(desk.deps.settings.folders.work, recording.id), ignore_errors=True)


def _orphan(desk: _Desk, recording: Recording, after_s: float) -> bool:
    """A broadcast cut off by a power failure is closed here; whether one is still to be waited for."""
    folder = desk.deps.settings.folders.recordings / recording.folder
    if onair.alive(folder):
        return False  # it runs: its own end starts a worker
    path = folder / journal.NAME
    if not path.exists():
        return False
    silent = desk.deps.clock.utc().timestamp() - path.stat().st_mtime
    if silent < after_s:
        return True
    log.warning("%s: its broadcast was cut off, closed here", recording.id)
    note = Journal(path, "worker", desk.deps.clock)
    note.append("end", why="interrupted")
    note.append("closed")
    return True


def _sweep(deps: WorkerDeps) -> None:
    """Remove the temporary files that a killed worker left (never those of a broadcast or of a copy under way)."""
    folders = deps.settings.folders
    for place in ("outputs", "captions", "pictures"):
        for path in folders.recordings.glob(f"*/{place}/.*.part"):
            path.unlink(missing_ok=True)
    for path in (folders.work / AFTER).glob("*/.*.part"):
        path.unlink(missing_ok=True)


def _locked(lock: platform.FileLock, clock: Clock, stop: threading.Event) -> bool:
    deadline_us = clock.monotonic_us() + int(_LOCK_WAIT_S * 1_000_000)
    while not lock.acquire():
        if clock.monotonic_us() >= deadline_us or clock.wait(stop, 0.2):
            return False
    return True


def _ident(recording: Recording) -> str:
    return same_job({"recording": recording.id, "revision": recording.revision})
