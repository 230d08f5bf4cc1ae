"""The station's up-link, shared by all legs that leave through it: backups go first, then pictures are lowered.

Pure. `share` of the up-link is meant to be filled; the rest is for the office's own work and for what TCP repeats.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.hub.lowering import LADDER, Rates

CALM_US = 120_000_000  # room has to be there for so long before anybody gets it back


@dataclass(frozen=True, slots=True)
class Demand:
    """One leg, the most important first: what it needs whole, the step that it is at by itself, and whether it is
    weak just now (its far end takes less than the programme).
    """

    name: str
    rates: Rates
    step: int
    backup: bool
    weak: bool


@dataclass(frozen=True, slots=True)
class Grants:
    """The least step of each leg, and the backups that have to be silent."""

    steps: dict[str, int]
    parked: frozenset[str]


def grants(demands: Sequence[Demand], room_kbps: float | None) -> Grants:
    """What each leg may do in `room_kbps`; where that is unknown, a weak leg costs the backups their place."""
    backups = [one for one in demands if one.backup]
    firsts = [one for one in demands if not one.backup]
    steps = {one.name: 0 for one in demands}
    if room_kbps is None:
        weak = any(one.weak for one in firsts)
        return Grants(steps, frozenset(one.name for one in backups if weak))
    left = room_kbps - sum(one.rates.of(one.step) for one in firsts)
    parked = set()
    for one in backups:
        left -= one.rates.of(one.step)
        if left < 0 or any(first.weak for first in firsts):
            left += one.rates.of(one.step)
            parked.add(one.name)
    for one in reversed(firsts):
        step = one.step
        while left < 0 and step + 1 < len(LADDER):
            left += one.rates.of(step) - one.rates.of(step + 1)
            step += 1
        steps[one.name] = step if step > one.step else 0
    return Grants(steps, frozenset(parked))


class Uplink:
    """Takes from legs at once what does not fit, and gives it back once it has fitted for `CALM_US`.

    `kbps` is the setting, or None. `measured_kbps` is the most that all legs together got through while one of
    them was weak.
    """

    def __init__(self, kbps: int | None, share: float) -> None:
        self.kbps = kbps
        self._share = share
        self._held = Grants({}, frozenset())
        self._roomy_since_us: int | None = None
        self.measured_kbps: int | None = None

    @property
    def room_kbps(self) -> float | None:
        return None if self.kbps is None else self.kbps * self._share

    def confirmed(self, kbps: int, *, weak: bool) -> None:
        """What all legs together get through now."""
        if weak and kbps > 0:
            self.measured_kbps = max(self.measured_kbps or 0, kbps)

    def look(self, now_us: int, demands: Sequence[Demand]) -> Grants:
        wanted = grants(demands, self.room_kbps)
        held = self._held
        steps = {name: max(step, held.steps.get(name, 0)) for name, step in wanted.steps.items()}
        parked = wanted.parked | {name for name in held.parked if name in steps}
        if (steps, parked) == (wanted.steps, wanted.parked):
            self._roomy_since_us = None
        elif self._roomy_since_us is None:
            self._roomy_since_us = now_us
        elif now_us - self._roomy_since_us >= CALM_US:
            steps, parked, self._roomy_since_us = wanted.steps, wanted.parked, None
        self._held = Grants(steps, parked)
        return self._held
