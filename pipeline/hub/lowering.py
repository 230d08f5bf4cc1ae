"""When a leg's picture must be lowered for a weak up-link, and when it may rise again: measurements in, a step out.

Pure: no clock, no threads, no media. The sound is never touched; the last step is the sound with a still picture.
"""

from collections import deque
from dataclasses import dataclass
from typing import Literal

LATE_MS = 2_000  # further behind than this, and more so all the time: the far end takes less than it is given
GROWTH_MS = 600  # within `TREND_US`: 15 % too much
TREND_US = 4_000_000
BUSY = 0.9  # share of the time that the leg's own encoder works: above, the computer is what is weak
LOSSES = 3  # broken connections within `LOSSES_US` are a weak up-link too
LOSSES_US = 90_000_000
SETTLE_US = 10_000_000  # what waits was made before the change: it is not judged again while that drains
EASY_MS = 1_500
CALM_US = 60_000_000
MOST_CALM_US = 480_000_000
FITS = 0.8  # share of what the far end has confirmed that the next step may fill

Reason = Literal["slow", "drops", "losses", "busy", "calm"]


@dataclass(frozen=True, slots=True)
class Step:
    """`share` of the programme's picture bitrate, at `scale` of its width and height; or a picture a keyframe."""

    share: float
    scale: float = 1.0
    still: bool = False


LADDER = (Step(1.0), Step(0.6), Step(0.35, 0.75), Step(0.2, 0.5), Step(0.05, 0.5, still=True))


@dataclass(frozen=True, slots=True)
class Rates:
    """What the programme needs, in kilobits a second, before anything is lowered."""

    picture: int
    sound: int

    def of(self, step: int) -> int:
        """Picture and sound together at a step."""
        return round(self.picture * LADDER[step].share) + self.sound


@dataclass(frozen=True, slots=True)
class Measured:
    """One look at a leg. `dropped` (frames) and `losses` (broken connections) count from the leg's beginning;
    `confirmed_kbps` is what the far end acknowledged lately, `busy` the share of time that its encoder works.
    """

    at_us: int
    up: bool
    behind_ms: int
    confirmed_kbps: int
    dropped: int
    losses: int
    busy: float = 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """The step from now on, and why."""

    step: int
    reason: Reason


class Lowering:
    """Ask `look` about once a second. Down at once as far as the confirmed rate says, up a step after a calm time.

    A step up that does not hold doubles the calm time that the next one needs (to eight minutes).
    """

    def __init__(self) -> None:
        self.step = 0
        self._behind: deque[tuple[int, int]] = deque()
        self._lost: deque[int] = deque()
        self._losses = 0
        self._dropped: int | None = None
        self._changed_us: int | None = None
        self._rose_us: int | None = None
        self._calm_since_us: int | None = None
        self._calm_us = CALM_US

    def look(self, seen: Measured, rates: Rates) -> Change | None:
        reason = self._strain(seen)
        if reason is not None:
            self._calm_since_us = None
            return self._lower(seen, rates, reason)
        return self._rise(seen)

    def _strain(self, seen: Measured) -> Reason | None:
        lost = seen.losses - self._losses
        self._losses = seen.losses
        self._lost.extend([seen.at_us] * lost)
        while self._lost and self._lost[0] < seen.at_us - LOSSES_US:
            self._lost.popleft()
        before, self._dropped = self._dropped, seen.dropped
        if not seen.up:
            self._behind.clear()
            return "losses" if lost and len(self._lost) >= LOSSES else None
        self._behind.append((seen.at_us, seen.behind_ms))
        while self._behind[0][0] < seen.at_us - TREND_US:
            self._behind.popleft()
        if before is not None and seen.dropped > before and seen.confirmed_kbps > 0:
            return "drops"
        if seen.behind_ms > LATE_MS and self._growth() > GROWTH_MS and seen.confirmed_kbps > 0:
            return "busy" if seen.busy > BUSY else "slow"
        return None

    def _growth(self) -> int:
        """Milliseconds that the delay has grown by, once the time that is looked back on is covered."""
        (first_us, first_ms), (last_us, last_ms) = self._behind[0], self._behind[-1]
        return last_ms - first_ms if last_us - first_us > TREND_US * 3 // 4 else 0

    def _lower(self, seen: Measured, rates: Rates, reason: Reason) -> Change | None:
        settling = self._changed_us is not None and seen.at_us - self._changed_us < SETTLE_US
        if settling or self.step + 1 >= len(LADDER):
            return None
        if self._rose_us is not None and seen.at_us - self._rose_us < self._calm_us:
            self._calm_us = min(self._calm_us * 2, MOST_CALM_US)
        self._rose_us = None
        wanted = self.step + 1
        if reason in ("slow", "drops"):
            wanted = max(wanted, fitting(rates, seen.confirmed_kbps * FITS))
        return self._go(seen, wanted, reason)

    def _rise(self, seen: Measured) -> Change | None:
        if self.step == 0 or not seen.up or seen.behind_ms > EASY_MS:
            self._calm_since_us = None
            return None
        if self._calm_since_us is None:
            self._calm_since_us = seen.at_us
        if seen.at_us - self._calm_since_us < self._calm_us:
            return None
        self._rose_us = seen.at_us
        return self._go(seen, self.step - 1, "calm")

    def _go(self, seen: Measured, step: int, reason: Reason) -> Change:
        self.step, self._changed_us = step, seen.at_us
        self._behind.clear()
        self._lost.clear()
        self._calm_since_us = None
        if step == 0:
            self._calm_us = max(CALM_US, self._calm_us)
        return Change(step, reason)


def fitting(rates: Rates, kbps: float) -> int:
    """The highest step that needs no more than `kbps`; the last one where none does."""
    for step in range(len(LADDER)):
        if rates.of(step) <= kbps:
            return step
    return len(LADDER) - 1
