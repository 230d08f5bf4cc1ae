"""What reached one place, counted by payload against what the publisher sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.faults.film import Film, pictures

Picture = tuple[int | None, int]  # its number in the film (None: not the programme's, a slate), PTS in µs


@dataclass(frozen=True)
class Tally:
    """Counts from the first keyframe that arrived there on. `lost` is of the pictures that were sent; `foreign`
    pictures are not the programme's (a slate); `step_ms` is the longest way from one PTS to the next within a
    session, `backwards` how often PTS went back.
    """

    sessions: int = 0
    received: int = 0
    lost: int = 0
    duplicated: int = 0
    reordered: int = 0
    foreign: int = 0
    step_ms: int = 0
    backwards: int = 0
    back_with_programme: bool = True


def read(film: Film, paths: Iterable[Path]) -> list[list[Picture]]:
    """The sessions of one place, a file each; empty ones are left out."""
    told = [[(film.numbers.get(digest), pts) for digest, pts in pictures(path)] for path in paths]
    return [session for session in told if session]


def due(runs: Sequence[int], everywhere: Sequence[Sequence[Sequence[Picture]]]) -> list[int]:
    """Which pictures were sent: from each start of the publisher to the last picture of that run seen anywhere."""
    seen = {number for place in everywhere for session in place for number, _ in session if number is not None}
    sent: list[int] = []
    bounds = [*sorted(set(runs)), 1 << 60]
    for first, after in pairwise(bounds):
        of_run = [number for number in seen if first <= number < after]
        if of_run:
            sent += range(min(of_run), max(of_run) + 1)
    return sent


def tally(sessions: Sequence[Sequence[Picture]], sent: Sequence[int]) -> Tally:
    order = [number for session in sessions for number, _ in session if number is not None]
    if not order:
        return Tally(sessions=len(sessions), lost=len(sent), back_with_programme=False)
    known = set(order)
    wanted = [number for number in sent if number >= order[0]]
    steps = [later - earlier for session in sessions for (_, earlier), (_, later) in pairwise(session)]
    highest, reordered = -1, 0
    for number in dict.fromkeys(order):
        reordered += number < highest
        highest = max(highest, number)
    return Tally(
        sessions=len(sessions),
        received=len(known),
        lost=sum(number not in known for number in wanted),
        duplicated=len(order) - len(known),
        reordered=reordered,
        foreign=sum(number is None for session in sessions for number, _ in session),
        step_ms=max((round(step / 1000) for step in steps), default=0),
        backwards=sum(step < 0 for step in steps),
        back_with_programme=bool(wanted) and wanted[-1] in known,
    )
