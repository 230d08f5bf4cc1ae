"""The after-work as people see it: what is being done, how far it is, cancelling, trying again, waiting."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.clock import SYSTEM, Clock
from pipeline.errors import Fatal, Refused
from pipeline.model.recording import Recording, State
from pipeline.post.progress import FILE, read_progress
from pipeline.post.runner import scratch_of
from pipeline.store import recordings
from pipeline.store.database import Database

_OPEN = (State.WAITING, State.WORKING)


@dataclass(frozen=True, slots=True)
class JobView:
    """One recording's after-work. `per_cent` is of the whole; `seconds_left` None where it is not known.

    `step` is a name of `plan.STEPS` or None, `halted` says that a broadcast has the machine, `error` is
    {"kind", "code", "fields", "step"} of the failure or None.
    """

    id: str
    title: str
    state: State
    step: str | None
    per_cent: int
    seconds_left: int | None
    halted: bool
    error: dict[str, Any] | None


def jobs(db: Database, work: Path, *, limit: int = 20) -> list[JobView]:
    """The newest recordings' after-work, what is on air left out; `work` is the station's work folder."""
    found = recordings.newest(db, states=[*_OPEN, State.DONE, State.FAILED], limit=limit)
    return [view(db, work, recording) for recording in found]


def job(db: Database, work: Path, ident: str) -> JobView:
    """One of them; Refused `store.no-recording`."""
    return view(db, work, recordings.get(db, ident))


def view(db: Database, work: Path, recording: Recording) -> JobView:
    """How one recording stands."""
    progress = read_progress(scratch_of(work, recording.id) / FILE) if recording.state is State.WORKING else None
    return JobView(
        id=recording.id,
        title=recording.title,
        state=recording.state,
        step=progress.step if progress else None,
        per_cent=progress.per_cent if progress else 100 if recording.state is State.DONE else 0,
        seconds_left=progress.seconds_left if progress else None,
        halted=progress.waiting if progress else False,
        error=recordings.error_of(db, recording.id),
    )


def cancel(db: Database, ident: str) -> None:
    """End a recording's after-work; the worker stops it within a second. Refused `post.nothing-to-cancel`."""
    recording = recordings.get(db, ident)
    error = recordings.error_record(Fatal("post.cancelled"))
    if not recordings.move(db, recording.id, to=State.FAILED, expected=_OPEN, error=error):
        raise Refused("post.nothing-to-cancel", id=recording.id, state=recording.state.value)


def retry(db: Database, ident: str) -> None:
    """Do a recording's after-work again; what is finished and still right is kept. Refused `post.not-to-retry`."""
    recording = recordings.get(db, ident)
    ended = (State.FAILED, State.DONE)
    if not recordings.move(db, recording.id, to=State.WAITING, expected=ended, next_revision=True):
        raise Refused("post.not-to-retry", id=recording.id, state=recording.state.value)


def wait(
    db: Database,
    work: Path,
    ident: str,
    *,
    stop: threading.Event,
    show: Callable[[JobView], None] = lambda view: None,
    clock: Clock = SYSTEM,
    every_s: float = 0.5,
) -> JobView:
    """Follow one recording until it is done, has failed, or `stop` is set; `show` is told each time."""
    while True:
        now = job(db, work, ident)
        show(now)
        if now.state not in (*_OPEN, State.ON_AIR) or clock.wait(stop, every_s):
            return now
