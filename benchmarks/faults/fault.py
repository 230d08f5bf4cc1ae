"""One named fault: what is done, what it may cost, and how a run of it is judged. The bars are the design's."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.faults.payload import Tally
from benchmarks.faults.rig import CABLE, PLACES, PLATFORM, RECORDING, SECOND

STEP_MS = 100  # between two pictures, 40 ms apart: what a player takes for one motion
SLATE_S = 1.0
SAMPLING_S = 0.35  # how exactly a silence is seen on a busy machine
LEG_S, HUB_S, SOURCE_S = 10.0, 4.0, 4.0  # a try at most 8 s later; 2 s and a keyframe; a keyframe and OBS's wait
A_SECOND = 25  # pictures: the most that a kill may cost the recording
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fault:
    """`hurts` are the places that may lose pictures or sessions; every other one must get all of them in one
    session, without a gap. `lost` allows a place that is not hurt so many pictures. `health_s` counts from the
    moment that the cause is gone. `needs`: network, mounts, compiler. `silent`: places may be silent so long.
    """

    name: str
    what: str
    act: Callable[[Any], None]
    hurts: frozenset[str] = NOBODY
    lost: Mapping[str, int] = field(default_factory=dict)
    health_s: float = LEG_S
    needs: frozenset[str] = NOBODY
    around: str = ""  # what the rig needs around it, see `one.surrounded`
    slate: bool = False  # the source is away: the slate must fill the time
    kept_findings: bool = True  # the headend's check counts
    places: tuple[str, ...] = PLACES  # where pictures are counted
    heals: bool = True  # whether everything must be healthy again by itself


@dataclass
class Outcome:
    """What one run of a fault showed. `missed` are the bars that were not reached, in words."""

    name: str
    seconds: float = 0.0
    load: float = 0.0  # of the machine as it began: what could not be had in time is judged by it
    tallies: dict[str, Tally] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    health_s: float | None = None
    silence_s: dict[str, float] = field(default_factory=dict)
    ended: bool = True
    errors: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    left_out: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def of(raw: dict[str, Any]) -> "Outcome":
        tallies = {place: Tally(**told) for place, told in raw.pop("tallies").items()}
        return Outcome(**raw, tallies=tallies)

    @property
    def passed(self) -> bool:
        return not self.missed and not self.errors


def judge(fault: Fault, outcome: Outcome) -> list[str]:
    """Every bar that was missed."""
    missed: list[str] = []
    for place in fault.places:
        told = outcome.tallies.get(place, Tally(back_with_programme=False))
        missed += [f"{place}: {words}" for words in _place(fault, place, told)]
    if fault.kept_findings and outcome.findings:
        missed.append("headend: " + ", ".join(f"{count} {name}" for name, count in outcome.findings.items()))
    if outcome.health_s is None and fault.heals:
        missed.append("never healthy again")
    elif outcome.health_s is not None and outcome.health_s > fault.health_s:
        missed.append(f"healthy after {outcome.health_s:.1f} s, {fault.health_s:.0f} allowed")
    if fault.slate:
        for place in (place for place in fault.places if place in ALL_RTMP):
            if outcome.silence_s.get(place, 0.0) > SLATE_S + SAMPLING_S:
                missed.append(f"{place}: silent for {outcome.silence_s[place]:.1f} s, no slate")
    if not outcome.ended:
        missed.append("the hub did not end by itself")
    return missed


def _place(fault: Fault, place: str, told: Tally) -> list[str]:
    missed = []
    whole = place not in fault.hurts
    if told.duplicated:
        missed.append(f"{told.duplicated} twice")
    if told.reordered or told.backwards:
        missed.append(f"{told.reordered + told.backwards} out of order")
    if not told.back_with_programme and (whole or fault.heals):
        missed.append("the programme did not come back")
    if whole and told.lost > fault.lost.get(place, 0):
        missed.append(f"{told.lost} lost, {fault.lost.get(place, 0)} allowed")
    if whole and place in (PLATFORM, SECOND) and told.sessions != 1:
        missed.append(f"{told.sessions} sessions")
    if whole and place != RECORDING and told.step_ms > STEP_MS:
        missed.append(f"a gap of {told.step_ms} ms in PTS")
    return missed


ALL_RTMP = frozenset({PLATFORM, SECOND})
ALL_LEGS = frozenset({PLATFORM, SECOND, CABLE})
