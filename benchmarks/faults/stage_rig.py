"""The whole station as a rig: `ekultura live` with the real OBS, guard, hub and broadcast, Facebook and a headend.

Pictures are compared with OBS's own recording, which its stream's encoder makes: the same slices.
"""

import contextlib
import json
import threading
from pathlib import Path
from typing import Any

import psutil

from benchmarks.faults.film import Film, pictures
from benchmarks.faults.rig import CABLE, PLATFORM, RECORDING, healthy
from benchmarks.faults.watched import Watched
from pipeline.adapters.obs.connection import Connection
from pipeline.errors import PipelineError
from pipeline.hub.control import ControlClient
from pipeline.live import air as on_air
from pipeline.standins.lesson import TITLE, Lesson
from pipeline.standins.stage import KLASS, Stage
from pipeline.standins.technician import Technician
from pipeline.store.journal import read

UP_S = 60.0


class StageRig(Watched):
    """Enter it: on air, OBS recording, both destinations up."""

    def __init__(self, folder: Path, lesson: Lesson) -> None:
        super().__init__()
        self.folder = folder
        self.stage = Stage(folder / "station", lesson)
        self._ends = contextlib.ExitStack()
        self._asking = threading.Lock()

    def __enter__(self) -> "StageRig":
        with contextlib.ExitStack() as opened:
            opened.enter_context(self.stage)
            self.technician = Technician(self.stage.station, "en")
            opened.callback(self._stop.set)
            told = self.technician.tries("live", KLASS, "--title", TITLE, "--detach", "--json", timeout_s=120)
            if told.code:
                raise AssertionError(f"live: {told.errors[-300:]}")
            self.air = on_air.running(self.stage.station / "work")
            self.until(self.healthy, UP_S, "everything is up")
            self.until(lambda: list(self.air.masters.glob("obs*")), UP_S, "OBS records")
            self.watch()
            self._ends = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    @property
    def headend(self) -> Any:
        return self.stage.headend

    def healthy(self) -> bool:
        """Hub, legs and feed, and the broadcast's process answers."""
        try:
            ControlClient(self.air.control).ask("status", 2.0)
            return healthy(ControlClient(self.air.hub_control).ask("status", 2.0))
        except PipelineError:
            return False

    def received(self) -> dict[str, list[Path]]:
        sessions = [session.path for session in self.stage.facebook.ingest.sessions()]
        return {PLATFORM: sessions, CABLE: [self.headend.folder / "stream.ts"]}

    def finish(self) -> bool:
        self._stop.set()
        return self.technician.tries("stop", "--json", timeout_s=60).code in (0, 3)

    # Who is who.

    @property
    def hub_pid(self) -> int:
        return _pid(self.air.hub_control)

    @property
    def broadcast_pid(self) -> int:
        return _pid(self.air.control)

    @property
    def obs_pid(self) -> int:
        found = [one.pid for one in self.stage.programs() if one.name() == "obs"]
        if not found:
            raise ProcessLookupError
        return found[0]

    @property
    def guard_pid(self) -> int:
        [pid] = [one.pid for one in self.stage.programs() if "pipeline.hub.guard" in _words(one)]
        return pid

    @contextlib.contextmanager
    def obs(self) -> Any:
        """A second hand at the studio: somebody who clicks in OBS."""
        connection = Connection(self.stage.obs.settings)
        connection.open()
        try:
            yield connection
        finally:
            connection.close()

    def findings(self) -> set[str]:
        """The codes that were journalled."""
        return {str(line.fields.get("code")) for line in read(self.air.journal) if line.what == "finding"}

    # What was counted.

    def reference(self) -> tuple[Film, list[int]]:
        """OBS's own pieces as the film: what it encoded, and where each piece begins. Pictures that OBS made twice
        alike cannot be told apart and are left out."""
        pieces = sorted(self.air.masters.glob("obs*.mkv*"), key=lambda path: (path.stat().st_mtime, path.name))
        digests = [[digest for digest, _ in pictures(path)] for path in pieces]
        every = [digest for piece in digests for digest in piece]
        once = {digest for digest in every if every.count(digest) == 1} if len(every) < 4000 else set(every)
        numbers: dict[str, int] = {}
        begins = []
        for piece in digests:
            begins.append(len(numbers))
            for digest in piece:
                if digest in once:
                    numbers[digest] = len(numbers)
        return Film(self.air.masters, numbers), begins

    def files(self) -> dict[str, list[Path]]:
        pieces = sorted(self.air.masters.glob("feed*.mkv"), key=lambda path: (len(path.name), path.name))
        return {PLATFORM: self.received()[PLATFORM], RECORDING: pieces}


def _pid(control: Path) -> int:
    return int(json.loads(control.read_text(encoding="utf-8"))["pid"])


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
