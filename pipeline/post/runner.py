"""Running one step: its surroundings built from the job, its errors turned into data, its progress kept."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from captions.errors import CaptionError
from pipeline.clock import SYSTEM, Clock
from pipeline.errors import Fatal, PipelineError
from pipeline.media.ffmpeg import Watcher
from pipeline.media.process import Stopped
from pipeline.model.config import Settings
from pipeline.model.recording import State
from pipeline.post import masters, onair
from pipeline.post.plan import Plan
from pipeline.post.ports import ClassOf, HandOver, Package, PublishCaptions, StylePath
from pipeline.post.progress import FILE, RATES, Rates, Reporter
from pipeline.post.steps import STEPS
from pipeline.post.work import AFTER, Work
from pipeline.store import recordings
from pipeline.store.database import Database

log = logging.getLogger(__name__)
_LOOK_US = 1_000_000  # how often it is looked whether a broadcast runs


@dataclass(frozen=True, slots=True)
class WorkerDeps:
    """What a worker is given by the composition root; paths in `settings` are absolute."""

    settings: Settings
    class_of: ClassOf
    style_path: StylePath
    package: Package | None = None
    publish: PublishCaptions | None = None
    hand_over: HandOver | None = None
    clock: Clock = SYSTEM


def scratch_of(work: Path, recording: str) -> Path:
    """The folder on the local disk where one recording's after-work keeps what is not finished."""
    return work / AFTER / recording


class Runner:
    """Runs steps for the engine, on its threads."""

    def __init__(self, db: Database, deps: WorkerDeps) -> None:
        self._db = db
        self._deps = deps
        self._folders = deps.settings.folders
        self._rates = Rates(self._folders.work / AFTER / RATES)
        self._looked_us = -_LOOK_US
        self._on_air = False

    def run(self, step: str, job: dict[str, Any], facts: dict[str, Any], stop: threading.Event) -> dict[str, Any]:
        """A step's facts, or {"error": …}; Stopped when `stop` was set."""
        recording = recordings.get(self._db, str(job["recording"]))
        if recording.state is not State.WORKING or recording.revision != job["revision"]:
            return {"error": _record(Fatal("post.not-wanted"))}
        while self.paused():
            if self._deps.clock.wait(stop, 1.0):
                raise Stopped
        plan = Plan.from_json(job["plan"])
        scratch = scratch_of(self._folders.work, recording.id)
        scratch.mkdir(parents=True, exist_ok=True)
        folder = self._folders.recordings / recording.folder
        reporter = Reporter(
            scratch / FILE,
            steps=plan.steps,
            step=step,
            length_us=int(facts.get("length_us") or masters.told_length_us(folder / "masters")),
            rates=self._rates,
            clock=self._deps.clock,
        )
        work = Work(
            db=self._db,
            recording=recording,
            plan=plan,
            recordings=self._folders.recordings,
            archive=self._folders.archive,
            scratch=scratch,
            models=self._folders.work / "models",
            clock=self._deps.clock,
            style_path=self._deps.style_path,
            package=self._deps.package,
            publish=self._deps.publish,
            hand_over=self._deps.hand_over,
            watch=Watcher(progress=reporter.at, stop=stop, paused=self.paused),
        )
        reporter.at(0.0)
        told = self._guarded(lambda: STEPS[step](work, facts), step, stop)
        if "error" not in told:
            reporter.done()
        return told

    def failed(self, job: dict[str, Any], error: dict[str, Any]) -> None:
        """The job has ended by an error: the recording says so (unless it was cancelled meanwhile)."""
        recordings.move(
            self._db,
            str(job["recording"]),
            to=State.FAILED,
            expected=[State.WORKING],
            revision=int(job["revision"]),
            error=error,
        )

    def paused(self) -> bool:
        """Whether a broadcast runs on this machine (looked up once a second)."""
        now = self._deps.clock.monotonic_us()
        if now - self._looked_us >= _LOOK_US:
            self._looked_us = now
            on_air = onair.broadcast_runs(self._folders.work)
            if on_air != self._on_air:
                log.info("after-work %s", "halted: on air" if on_air else "goes on")
            self._on_air = on_air
        return self._on_air

    def _guarded(self, act: Callable[[], dict[str, Any]], step: str, stop: threading.Event) -> dict[str, Any]:
        try:
            return act()
        except Stopped:
            raise
        except PipelineError as error:
            log.warning("%s: %s", step, error)
            return {"error": {**_record(error), "step": step}}
        except CaptionError as error:
            return {"error": {**_record(Fatal(error.code, **error.fields)), "step": step}}
        except Exception as error:
            if stop.is_set():
                raise
            log.exception("%s failed by a defect", step)
            detail = f"{type(error).__name__}: {error}"[:300]
            return {"error": {**_record(Fatal("post.defect", step=step, detail=detail)), "step": step}}


def _record(error: PipelineError) -> dict[str, Any]:
    return recordings.error_record(error)
