"""Seconds from the command to the first picture at each destination, with the real OBS and stand-in far ends.

Usage: ./run bench first_picture [--runs 3] [--case running|launched|both]. `running`: `ekultura check` is done and
OBS runs, as before an event; `launched`: OBS is launched by the command. Each run is one `ekultura live … --detach`
and one `ekultura stop`. A picture counts when its keyframe is at the far end; that it decodes is checked.
"""

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import psutil

from benchmarks.common import machine, spread, table
from pipeline import platform
from pipeline.live import air as on_air
from pipeline.standins.headend import Headend
from pipeline.standins.lesson import make_lesson
from pipeline.standins.stage import KLASS, Stage
from pipeline.standins.technician import Technician
from pipeline.store import journal

PICTURE_S, COMMAND_S, QUIET_S = 30.0, 120.0, 20.0
SHORT_SCORE = (2.0, "Dzień dobry, witam państwa na zajęciach rytmiki.", 4.0)


@dataclass
class Run:
    """Seconds from the command's start; `phases` by the journal's words, in their order."""

    returned: float = 0.0
    facebook: float | None = None
    cable: float | None = None
    decoded: bool = False
    phases: dict[str, float] = field(default_factory=dict)


class Measure:
    """Runs on one stage; a headend of its own for each run, at the stage's address."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage, self._folder = stage, folder
        self._technician = Technician(stage.station, "en")
        self._count = 0
        stage.headend.stop()

    def check(self) -> None:
        self._technician.asks("check", KLASS, timeout_s=COMMAND_S, may_be=(0, 3))

    def run(self) -> Run:
        self._count += 1
        folder = self._folder / f"headend-{self._count}"
        with Headend(self._stage.headend.url, folder, watch=False) as headend:
            known, begun, run = len(self._sessions()), time.time(), Run()
            told = self._technician.asks("live", KLASS, "--detach", timeout_s=COMMAND_S, may_be=(0, 3))
            run.returned = told.seconds
            deadline = time.monotonic() + PICTURE_S
            while time.monotonic() < deadline and (run.facebook is None or run.cable is None):
                run.cable = _since(begun, headend.first_picture_at())
                firsts = [one.first_picture for one in self._sessions()[known:] if one.first_picture]
                run.facebook = _since(begun, min(firsts).timestamp() if firsts else None)
                time.sleep(0.05)
            time.sleep(1.0)
            decoded = self._stage.facebook.snapshot(folder / "facebook.png")
            air = on_air.pointed(self._stage.station / "work")
            assert air is not None
            self._technician.asks("stop", timeout_s=COMMAND_S, may_be=(0, 3))
        run.decoded = decoded and _decodes(folder / "stream.ts")
        run.phases = phases(air.journal, begun)
        self._end_worker()
        return run

    def end_obs(self) -> None:
        """End the OBS that the station launched."""
        try:
            note = json.loads((self._stage.station / "work" / "obs.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        platform.close_politely(int(note["pid"]))

    def _sessions(self) -> list[Any]:
        return self._stage.facebook.ingest.sessions()

    def _end_worker(self) -> None:
        """The after-work is another benchmark's; it is begun by the broadcast's process as its last act."""
        deadline = time.monotonic() + QUIET_S
        while time.monotonic() < deadline:
            working = False
            for process in self._stage.programs():
                with contextlib.suppress(psutil.Error):
                    words = process.cmdline()
                    working |= "-m" in words and self._stage.obs.folder.as_posix() not in words
                    if "worker" in words:
                        platform.end_process(process.pid)
            if not working:
                return
            time.sleep(0.1)
        raise TimeoutError("the broadcast's processes did not end")


def phases(path: Path, begun: float) -> dict[str, float]:
    """The journal's first line of each kind, in seconds since `begun`."""
    found: dict[str, float] = {}
    for line in journal.read(path):
        parts = (line.who, line.what, line.fields.get("name") or line.fields.get("destination"))
        name = " ".join(str(part) for part in (*parts, line.fields.get("state")) if part)
        found.setdefault(name, line.utc.timestamp() - begun)
    return found


def _since(begun: float, moment: float | None) -> float | None:
    return None if moment is None else moment - begun


def _decodes(path: Path) -> bool:
    with av.open(str(path)) as container:
        return any(True for _ in container.decode(container.streams.video[0]))


def report(name: str, runs: list[Run]) -> str:
    """Two tables: the result, and where the seconds went."""
    ends = [(run.returned, run.facebook, run.cable) for run in runs]
    head = ("case", "runs", "command returns", "Facebook", "cable", "all decoded")
    columns = [spread([value for value in column if value is not None]) for column in zip(*ends, strict=True)]
    top = table(head, [(name, len(runs), *columns, "yes" if all(run.decoded for run in runs) else "NO")])
    names = [phase for phase in runs[0].phases if "ended" not in phase]
    middle = {one: statistics.median(run.phases[one] for run in runs if one in run.phases) for one in names}
    last = max((run.returned for run in runs), default=0.0) + 1
    rows = [(one, at) for one, at in sorted(middle.items(), key=lambda item: item[1]) if at <= last]
    return f"{top}\n\n{table(('journal', 's since the command'), rows)}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, choices=range(1, 11))
    parser.add_argument("--case", choices=("running", "launched", "both"), default="both")
    options = parser.parse_args(arguments)
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="ekultura-bench-") as name:
        folder = Path(name)
        lesson = make_lesson(folder / "lesson", SHORT_SCORE)
        with Stage(folder / "station", lesson) as stage:
            measure = Measure(stage, folder)
            if options.case != "launched":
                obs = stage.obs.start()
                try:
                    measure.check()
                    print(report("OBS runs", [measure.run() for _ in range(options.runs)]), flush=True)
                finally:
                    platform.close_politely(obs)
            if options.case != "running":
                runs = []
                for _ in range(options.runs):
                    measure.end_obs()
                    runs.append(measure.run())
                print(report("OBS is launched", runs), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
