"""One class on air for the end-to-end tests: what was done to it, and everything that can be asked afterwards."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from pipeline import platform
from pipeline.live import air as on_air
from pipeline.standins.demo import evidence
from pipeline.standins.demo.evidence import Evidence
from pipeline.standins.demo.play import Played
from pipeline.standins.lesson import TITLE, Lesson
from pipeline.standins.stage import KLASS, Stage, secret_places
from pipeline.standins.technician import Technician, Told
from tests.support.until import until

WORKER = "worker"


@dataclass(slots=True)
class Aired:
    """The stage still stands while tests look at it: its far ends closed, its OBS running."""

    stage: Stage
    evidence: Evidence
    told: dict[str, Told] = field(default_factory=dict)
    on_air_s: float = 0.0
    secrets_in_arguments: list[tuple[str, str]] = field(default_factory=list)
    private_modes: dict[str, int] = field(default_factory=dict)
    taken_over_after_s: float = 0.0
    workers_killed: list[str] = field(default_factory=list)

    @property
    def requests(self) -> list[dict[str, Any]]:
        return list(self.evidence.facebook["graph"]["requests"])


class Chain:
    """Puts the class on air, hurts it, and ends it; each part is a method, in the order of their use."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.technician = Technician(stage.station, "pl")
        self.told: dict[str, Told] = {}
        self.secrets: dict[str, str] = {}

    @property
    def work(self) -> Path:
        return self.stage.station / "work"

    def begin(self) -> None:
        self.told["live"] = self.technician.tries(
            "live", KLASS, "--title", TITLE, "--detach", "--json", timeout_s=120
        )
        assert self.told["live"].code == 0, self.told["live"].errors
        until(lambda: self._facebook_frames() > 0, seconds=20, what="picture at Facebook")
        air = on_air.running(self.work)
        frozen = json.loads(air.plan.read_text(encoding="utf-8"))
        self.secrets = {**self.stage.secrets(), "hub key": str(frozen["hub_key"])}
        for live in self.stage.facebook.world.lives.values():
            self.secrets |= {f"stream key {stream.id}": stream.secret for stream in live.streams}

    def asks(self, name: str, *words: str, timeout_s: float = 60) -> Told:
        self.told[name] = self.technician.tries(*words, "--json", timeout_s=timeout_s)
        return self.told[name]

    def kill_broadcast(self) -> float:
        """kill -9 of the process that owns the broadcast; seconds until another one answers in its place."""
        [process] = self.of("broadcast")
        begun = time.monotonic()
        _kill(process)
        until(lambda: self.of("broadcast"), seconds=20, what="another broadcast process")
        until(lambda: self.asks("after-kill", "status").code == 0, seconds=30, what="an answer")
        return time.monotonic() - begun

    def of(self, kind: str) -> list[psutil.Process]:
        """The station's processes of `python -m pipeline KIND`."""
        found = []
        for process in self.stage.programs():
            with contextlib.suppress(psutil.Error):
                words = process.cmdline()
                if "pipeline" in words and kind in words:
                    found.append(process)
        return found

    def kill_worker(self, when: Callable[[], object], what: str, seconds: float = 120) -> str:
        """kill -9 of the worker at the moment that `when` becomes true."""
        until(when, seconds=seconds, what=what)
        for process in self.of(WORKER):
            _kill(process)
        return what

    def modes(self) -> dict[str, int]:
        """The rights of what is private while on air."""
        air = on_air.running(self.work)
        private = [self.stage.station / "secrets.env", air.private, *air.private.glob("*.json")]
        named = {"secrets.env", "air", "plan.json", "hub.json", "control.json", "hub-control.json", "state.json"}
        return {path.name: path.stat().st_mode & 0o777 for path in private if path.name in named}

    def arguments(self) -> list[tuple[str, str]]:
        return list(secret_places(self.secrets))

    def speech_begun(self) -> bool:
        """Whether the first stretch of the sound has been heard."""
        growing = [*(self.work / "after").glob("*/words.jsonl")]
        return any(path.read_bytes().count(b"\n") >= 2 for path in growing) or self.speech_done()

    def speech_done(self) -> bool:
        return any(self.stage.station.glob("recordings/*/captions/*.words.jsonl"))

    def _facebook_frames(self) -> int:
        return sum(one.meter.video.frames for one in self.stage.facebook.ingest.sessions())


def _kill(process: psutil.Process) -> None:
    """kill -9; its parent may not have asked yet how it ended."""
    process.kill()
    until(lambda: not platform.alive(process.pid), what="the end of a killed process")


@contextlib.contextmanager
def aired(folder: Path, lesson: Lesson, seconds: float) -> Iterator[Aired]:
    """The whole chain once: on air, the broadcast killed there, stopped, the worker killed twice, all done."""
    with Stage(folder, lesson) as stage:
        chain = Chain(stage)
        chain.begin()
        begun = time.monotonic()
        chain.asks("scene", "scene", "main")
        chain.asks("marker", "marker", "Chopin: Mazurek „a-moll”")
        chain.asks("second", "live", KLASS)
        modes, arguments = chain.modes(), chain.arguments()
        gone = chain.kill_broadcast()
        chain.asks("marker-after", "marker", "po przejęciu")
        until(lambda: time.monotonic() - begun > seconds, seconds=seconds + 5, what="the planned end")
        chain.asks("status", "status")
        arguments += chain.arguments()
        chain.asks("stop", "stop")
        on_air_s = time.monotonic() - begun
        with ThreadPoolExecutor(1) as beside:
            waited = beside.submit(chain.asks, "jobs", "jobs", "--wait", timeout_s=240)
            killed = [chain.kill_worker(chain.speech_begun, "in the middle of the speech")]
            killed.append(chain.kill_worker(lambda: chain.speech_done() and chain.of(WORKER), "after the speech"))
            assert waited.result().code == 0, waited.result().errors
        stage.headend.stop()
        jobs = chain.told["jobs"].data
        verified = chain.asks("verify", "archive", "verify").data
        known = evidence.gather(stage, Played(on_air_s=on_air_s), chain.secrets, jobs, verified)
        yield Aired(stage, known, chain.told, on_air_s, arguments, modes, gone, killed)
