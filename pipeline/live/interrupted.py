"""A broadcast that the power took away: found again, with what was saved of it, and put back on air.

Nothing of it runs, its folder says that it was on air, and nobody closed it. What it needs lies on the disk: the
plan, what it remembered, the journal; the guard starts the same processes again, which find the rest themselves.
"""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import platform
from pipeline.clock import Clock
from pipeline.errors import PipelineError, Refused
from pipeline.live import air as on_air
from pipeline.live import plan as plans
from pipeline.live.air import Air
from pipeline.live.memory import recall
from pipeline.live.plan import BroadcastPlan
from pipeline.live.start import listen_address, refuse_taken
from pipeline.media import inspect
from pipeline.media.probe import probe
from pipeline.store import journal
from pipeline.store.journal import Journal

BORN_SLACK_S = 2.0
AT_LEAST = timedelta(minutes=15)  # whoever goes on has something to go on with


@dataclass(frozen=True, slots=True)
class Piece:
    """A file that was saved; `length_us` 0 where nothing in it can be read."""

    name: str
    size: int
    length_us: int


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A broadcast of which nothing runs any more. `last`: when it was last heard of."""

    air: Air
    plan: BroadcastPlan
    last: datetime
    planned_end: datetime

    def pieces(self) -> list[Piece]:
        """What was saved; reads the files through, some seconds an hour of recording."""
        paths = [*self.air.masters.glob("*.mkv"), *self.air.masters.glob("*.mkv.part")]
        return [_piece(path) for path in sorted(paths)]


def find(work: Path) -> Interrupted | None:
    """The broadcast that the work folder names, where it was cut off; None where it runs, ended, or never began."""
    air = on_air.pointed(work)
    if air is None or not any(air.masters.glob("*")) or runs(air) or _ended(air):
        return None
    try:
        plan = plans.load(air.plan)
        memory = recall(air.state, plan.planned_end)
    except (OSError, ValueError, KeyError, TypeError):
        return None  # nothing to go on with: the after-work takes what was recorded
    touched = [path.stat().st_mtime for path in (air.journal, *air.masters.glob("*"))]
    return Interrupted(air, plan, datetime.fromtimestamp(max(touched), UTC), memory.planned_end)


def runs(air: Air) -> bool:
    """Whether guard, hub or broadcast of this folder lives."""
    return guarded(air) or _lives(air.control) or _lives(air.hub_control)


def guarded(air: Air) -> bool:
    """Whether a guard is at work in this folder."""
    guard = platform.FileLock(air.private / "guard.lock")
    if not guard.acquire():
        return True
    guard.release()
    return False


def resume(work: Path, clock: Clock) -> Air:
    """Put it back on air: same folder, same live video, the run sheet where it now stands; returns at once.

    Refused `live.nothing-to-resume`, `live.already`, and what the hub's port says.
    """
    found = find(work)
    if found is None:
        raise Refused("live.nothing-to-resume")
    lock = on_air.lock(work)
    if not lock.acquire():
        raise Refused("live.already", folder=str(found.air.folder))
    try:
        refuse_taken(*listen_address(found.plan.settings.hub.listen))
        memory = recall(found.air.state, found.plan.planned_end)
        memory.planned_end = max(memory.planned_end, clock.utc() + AT_LEAST)
        memory.save()
        Journal(found.air.journal, "technician", clock).append("process", name="broadcast", state="resumed")
    finally:
        lock.release()
    start_guard(found.air)
    return found.air


def start_guard(air: Air) -> None:
    """Start a guard; beside one that runs it ends at once, and what runs already it adopts."""
    argv = [sys.executable, "-P", "-m", "pipeline.hub.guard", str(air.guard)]
    platform.spawn_detached(argv, log=air.private / "guard.log")


def _ended(air: Air) -> bool:
    return any(line.what == "closed" for line in journal.read(air.journal))


def _lives(control: Path) -> bool:
    try:
        raw = json.loads(control.read_text(encoding="utf-8"))
        pid, since = int(raw["pid"]), float(raw["born"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    born = platform.born(pid)
    return born is not None and abs(born - since) < BORN_SLACK_S and platform.alive(pid)


def _piece(path: Path) -> Piece:
    size = path.stat().st_size
    try:
        found = probe(path)
        length = found.duration_us or inspect.true_length_us(found)
    except PipelineError:
        length = 0
    return Piece(path.name.removesuffix(".part"), size, length)
