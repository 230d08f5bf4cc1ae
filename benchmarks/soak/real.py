"""Real minutes: the whole rig on air, hurt at random moments in random ways, measured all the time."""

import os
import random
import signal
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.faults import film as films
from benchmarks.faults.film import Film
from benchmarks.faults.rig import CABLE, PLATFORM, Rig
from pipeline.errors import PipelineError

HEALED_S = 45.0
MEASURE_S = 5.0


def leg_killed(rig: Rig) -> None:
    os.kill(rig.leg_pid(PLATFORM), signal.SIGKILL)


def cable_leg_killed(rig: Rig) -> None:
    os.kill(rig.leg_pid(CABLE), signal.SIGKILL)


def leg_hung(rig: Rig) -> None:
    process = psutil.Process(rig.leg_pid(PLATFORM))
    process.suspend()
    rig.play(8)
    if process.is_running():
        process.resume()


def far_deaf(rig: Rig) -> None:
    rig.platform_wire.become("frozen")
    rig.play(8)
    rig.platform_wire.cut()
    rig.platform_wire.become("whole")


def far_refuses(rig: Rig) -> None:
    rig.platform_wire.become("refuse")
    rig.platform_wire.cut()
    rig.play(6)
    rig.platform_wire.become("whole")


def far_cut(rig: Rig) -> None:
    rig.platform_wire.cut()


def source_killed(rig: Rig) -> None:
    rig.publisher.away()
    rig.play(5)
    rig.publisher.back()


def source_cut(rig: Rig) -> None:
    rig.feed_wire.cut()


FAULTS: dict[str, Callable[[Rig], None]] = {
    "leg killed": leg_killed,
    "cable leg killed": cable_leg_killed,
    "leg hung 8 s": leg_hung,
    "platform deaf 8 s": far_deaf,
    "platform refuses 6 s": far_refuses,
    "platform resets once": far_cut,
    "source killed 5 s": source_killed,
    "source reset": source_cut,
}


@dataclass(frozen=True)
class Measured:
    """The hub's own process at one moment."""

    at_s: float
    rss_mb: float
    handles: int
    threads: int


@dataclass
class Soaked:
    """What came of it. `lost` and `extra` compare the untouched leg's pictures with the recording's."""

    minutes: float
    seed: int
    measured: list[Measured] = field(default_factory=list)
    faults: dict[str, list[float]] = field(default_factory=dict)
    stuck: list[str] = field(default_factory=list)
    hub_restarts: int = 0
    status: dict[str, Any] = field(default_factory=dict)
    sessions: int = 0
    pictures: int = 0
    lost: int = 0
    extra: int = 0
    skew_ms: float = 0.0
    drift_ms: float = 0.0
    findings: dict[str, int] = field(default_factory=dict)


def soak(folder: Path, film: Film, slate: Path, minutes: float, seed: int) -> Soaked:
    """Run it. A fault from which nothing recovers within HEALED_S is noted, and its leg is begun anew by hand."""
    chance, told = random.Random(seed), Soaked(minutes, seed)
    folder.mkdir(parents=True)
    with Rig(folder, film, slate=slate) as rig:
        hub, zero = psutil.Process(rig.hub_pid), time.monotonic()
        end = zero + minutes * 60
        while time.monotonic() < end:
            _measured_for(rig, hub, told, zero, min(chance.uniform(10, 40), end - time.monotonic()))
            if time.monotonic() < end - HEALED_S / 2:
                _hurt(rig, chance, told)
        told.status = rig.status()
        told.hub_restarts = sum(line.fields.get("state") == "restarted" for line in rig.lines("process"))
        rig.finish()
        told.findings = rig.headend.stop()["priority_1_and_2"]
        _counted(rig, told)
    return told


def _measured_for(rig: Rig, hub: psutil.Process, told: Soaked, zero: float, seconds: float) -> None:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        rig.play(MEASURE_S)
        if hub.is_running():
            with hub.oneshot():
                told.measured.append(
                    Measured(time.monotonic() - zero, hub.memory_info().rss / 1e6, hub.num_fds(), hub.num_threads())
                )


def _hurt(rig: Rig, chance: random.Random, told: Soaked) -> None:
    name = chance.choice(list(FAULTS))
    begun = time.monotonic()
    try:
        rig.broken()
        FAULTS[name](rig)
        rig.mended()
        rig.until(rig.steady, HEALED_S, name)
    except (AssertionError, KeyError, TypeError, ValueError, ProcessLookupError, psutil.Error) as error:
        told.stuck.append(f"{name}: {type(error).__name__}")
        for leg in (PLATFORM, CABLE):
            try:
                rig.ask("leg_retry", name=leg)
            except PipelineError:
                continue
    told.faults.setdefault(name, []).append(time.monotonic() - begun)
    print(f"{name}: healthy after {time.monotonic() - begun:.1f} s", file=sys.stderr, flush=True)


def _counted(rig: Rig, told: Soaked) -> None:
    """The untouched leg against the recording: the same pictures in the same order, picture and sound together."""
    pieces = sorted(rig.masters.glob("feed*.mkv"), key=lambda path: (len(path.name), path.name))
    recorded = [digest for path in pieces for digest, _ in films.pictures(path)]
    sessions = rig.second.sessions()
    arrived = [digest for one in sessions for digest, _ in films.pictures(one.path) if digest in rig.film.numbers]
    told.sessions, told.pictures = len(sessions), len(arrived)
    told.lost, told.extra = apart(recorded, arrived)
    ends = films.ends(sessions[-1].path)
    told.skew_ms = (ends.get("audio", 0) - ends.get("video", 0)) / 1000
    told.drift_ms = drift_ms(pieces, sessions[-1].path)


def drift_ms(pieces: Sequence[Path], received: Path) -> float:
    """From its first to its last common picture: how much longer the far end's file is than the recording."""
    recorded = [pts for path in pieces[:1] for _, pts in films.pictures(path)]
    arrived = [pts for _, pts in films.pictures(received)]
    if len(pieces) != 1 or len(recorded) < 2 or len(arrived) < 2:
        return 0.0
    return (arrived[-1] - arrived[0] - recorded[-1] + recorded[0]) / 1000


def apart(recorded: Sequence[str], arrived: Sequence[str]) -> tuple[int, int]:
    """(of the recording's pictures missing, too many) at the other place; both go on in the same order."""
    missing = extra = place = 0
    where = {digest: number for number, digest in enumerate(recorded)}
    if len(where) == len(recorded):
        known = set(arrived)
        return sum(d not in known for d in recorded), len(arrived) - len(known & set(recorded))
    for digest in arrived:  # the film came round: walk both
        ahead = next((n for n in range(place, min(place + 500, len(recorded))) if recorded[n] == digest), None)
        if ahead is None:
            extra += 1
            continue
        missing, place = missing + ahead - place, ahead + 1
    return missing + len(recorded) - place, extra


def middle(values: Sequence[float]) -> float:
    return statistics.median(values) if values else 0.0
