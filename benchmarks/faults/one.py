"""One fault in a process of its own: `python -m benchmarks.faults.one NAME FOLDER FILM SLATE`; writes result.json.

Everything that it began has ended when it ends; if it is killed, its parent sees to that.
"""

import json
import os
import resource
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.faults import film as films
from benchmarks.faults import payload, surroundings
from benchmarks.faults.catalogue import FAULTS
from benchmarks.faults.fault import Fault, Outcome, judge
from benchmarks.faults.lossy import LossyNetwork
from benchmarks.faults.rig import CABLE, PLATFORM, SECOND, Rig
from benchmarks.faults.stage_rig import StageRig
from pipeline import platform
from pipeline.errors import PipelineError
from pipeline.standins.lesson import SCORE, Lesson, make_lesson
from pipeline.store.files import write_whole

BEFORE_S, AFTER_S = 3.0, 3.0
_MOST_BYTES = 256 << 20


def small_disk(folder: Path) -> dict[str, Any]:
    surroundings.own_mounts()
    surroundings.mount_memory(folder / "masters", 12)
    return {"masters": folder / "masters"}


def ext4(folder: Path) -> dict[str, Any]:
    surroundings.own_mounts()
    surroundings.mount_ext4(folder / "masters")
    return {"masters": folder / "masters"}


def clock(folder: Path) -> dict[str, Any]:
    surroundings.WallClock(folder).begin()
    return {}


def network(folder: Path) -> dict[str, Any]:
    surroundings.own_mounts()
    return {"network": LossyNetwork(folder)}


AROUND: dict[str, Callable[[Path], dict[str, Any]]] = {
    "": lambda _folder: {},
    "small-disk": small_disk,
    "ext4": ext4,
    "clock": clock,
    "network": network,
    "cable-wire": lambda _folder: {"cable_wire": True},
}


def lesson(folder: Path) -> Lesson:
    """A short class that all faults of one run share; made by the first that needs it."""
    lock = platform.FileLock(folder.with_suffix(".lock"))
    while not lock.acquire():
        threading.Event().wait(0.2)
    with lock:
        made = (folder / "truth.json").exists()
        return Lesson(folder, 0, ()) if made else make_lesson(folder, SCORE[:3])


def carried_out(fault: Fault, folder: Path, film: films.Film, slate: Path | None) -> Outcome:
    """Run it and judge it. What goes wrong with the fault itself stands in the outcome's errors."""
    begun = time.monotonic()
    outcome = Outcome(fault.name, load=round(os.getloadavg()[0], 1))
    if "mounts" in fault.needs and not fault.around:
        surroundings.own_mounts()
    if fault.around == "stage":
        with StageRig(folder, lesson(film.path.parent / "lesson")) as station:
            _hurt(fault, station, outcome)
            known, runs = station.reference()
            outcome.tallies = counted(known, runs, station.files())
    else:
        with Rig(folder, film, slate=slate, **AROUND[fault.around](folder)) as rig:
            _hurt(fault, rig, outcome)
            with suppress(AssertionError):  # of one that was killed its far end hears nothing more
                rig.until(lambda: _left(rig), 5, "the far ends have seen the end")
            outcome.tallies = counted(film, rig.publisher.runs, rig.files())
    outcome.missed = judge(fault, outcome)
    outcome.seconds = round(time.monotonic() - begun, 1)
    return outcome


def _hurt(fault: Fault, rig: Rig | StageRig, outcome: Outcome) -> None:
    rig.play(BEFORE_S)
    for step in (fault.act, partial(_healed, fault)):
        try:
            step(rig)
        except (AssertionError, OSError, PipelineError) as error:
            outcome.errors.append(str(error) or type(error).__name__)
    rig.play(AFTER_S)
    outcome.health_s = rig.health_s()
    outcome.silence_s = {place: round(rig.silence_s(place), 2) for place in (PLATFORM, SECOND, CABLE)}
    outcome.ended = rig.finish()
    outcome.findings = rig.headend.stop()["priority_1_and_2"]


def _healed(fault: Fault, rig: Rig | StageRig) -> None:
    if fault.heals:
        rig.until(rig.steady, fault.health_s + 20, "everything healthy again")


def counted(film: films.Film, runs: list[int], files: dict[str, list[Path]]) -> dict[str, payload.Tally]:
    """What reached each place."""
    places = {place: payload.read(film, paths) for place, paths in files.items()}
    sent = payload.due(runs, list(places.values()))
    return {place: payload.tally(sessions, sent) for place, sessions in places.items()}


def _left(rig: Rig) -> bool:
    return all(session.ended for session in [*rig.platform.sessions(), *rig.second.sessions()])


def main(words: list[str]) -> int:
    name, folder, film, slate = words[0], Path(words[1]), Path(words[2]), Path(words[3])
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_BYTES, _MOST_BYTES))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        outcome = carried_out(FAULTS[name], folder, films.read(film), slate)
    except Exception as error:
        traceback.print_exc()
        outcome = Outcome(name, errors=[f"{type(error).__name__}: {error}"])
    write_whole(folder / "result.json", json.dumps(outcome.as_json()))
    return 0 if outcome.passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
