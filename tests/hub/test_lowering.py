"""The decision to lower a leg: down when the far end takes less than it is given, up after a calm time."""

import itertools
from collections.abc import Iterator

import pytest

from pipeline.hub.lowering import (
    CALM_US,
    LADDER,
    LOSSES,
    MOST_CALM_US,
    SETTLE_US,
    Change,
    Lowering,
    Measured,
    Rates,
    fitting,
)

RATES = Rates(3000, 128)
SECOND = 1_000_000


class Leg:
    """A leg that is looked at every second."""

    def __init__(self) -> None:
        self.lowering = Lowering()
        self.now_us = 0
        self.changes: list[tuple[int, Change]] = []

    def live(self, seconds: int, *, behind: Iterator[int] | int = 0, **seen: object) -> list[Change]:
        """The changes of these seconds; `behind` is a delay, or one for each second."""
        before = len(self.changes)
        for _ in range(seconds):
            self.now_us += SECOND
            late = behind if isinstance(behind, int) else next(behind)
            facts = {"up": True, "confirmed_kbps": 3100, "dropped": 0, "losses": 0} | seen
            change = self.lowering.look(Measured(self.now_us, behind_ms=late, **facts), RATES)  # type: ignore[arg-type]
            if change:
                self.changes.append((self.now_us, change))
        return [change for _, change in self.changes[before:]]


def growing(start: int = 0, by: int = 700) -> Iterator[int]:
    while True:
        yield start
        start += by


def test_a_healthy_leg_is_left_alone() -> None:
    assert Leg().live(600, behind=300) == []


def test_a_delay_that_grows_lowers_as_far_as_the_far_end_takes() -> None:
    leg = Leg()
    [change] = leg.live(8, behind=growing(), confirmed_kbps=1000)
    assert change == Change(3, "slow")
    assert RATES.of(3) <= 800 < RATES.of(2)


def test_a_delay_that_stays_is_no_reason() -> None:
    assert Leg().live(60, behind=5000, confirmed_kbps=2500) == []


def test_a_network_that_is_gone_is_not_a_weak_one() -> None:
    assert Leg().live(30, behind=growing(by=1000), confirmed_kbps=0) == []
    assert Leg().live(30, behind=growing(), up=False) == []


def test_frames_that_the_queue_dropped_lower() -> None:
    leg = Leg()
    leg.live(5, dropped=40)
    assert [change.reason for change in leg.live(1, dropped=90, confirmed_kbps=2000)] == ["drops"]


def test_connections_that_break_again_and_again_lower_by_one() -> None:
    leg = Leg()
    assert leg.live(20, losses=LOSSES - 1) == []
    assert leg.live(2, losses=LOSSES, up=False) == [Change(1, "losses")]
    long_ago = Leg()
    for losses in range(1, LOSSES + 1):
        assert long_ago.live(100, losses=losses) == []


def test_a_computer_too_busy_to_encode_is_named() -> None:
    leg = Leg()
    leg.live(8, behind=growing(), confirmed_kbps=1800)
    leg.live(SETTLE_US // SECOND)
    [change] = leg.live(8, behind=growing(), confirmed_kbps=400, busy=0.97)
    assert change == Change(leg.lowering.step, "busy")


def test_what_drains_after_a_change_is_not_judged() -> None:
    leg = Leg()
    leg.live(6, behind=growing(), confirmed_kbps=2000)
    assert leg.lowering.step == 2
    assert leg.live(SETTLE_US // SECOND - 2, behind=growing(start=5000), confirmed_kbps=2000) == []
    assert leg.live(8, behind=growing(start=9000), confirmed_kbps=500) == [Change(4, "slow")]


def test_the_last_step_is_the_sound_with_a_still_picture_and_nothing_is_below() -> None:
    leg = Leg()
    for _ in range(3):
        leg.live(30, behind=growing(), confirmed_kbps=100)
    assert LADDER[leg.lowering.step].still
    assert leg.lowering.step == len(LADDER) - 1


def test_it_climbs_step_by_step_each_after_a_calm_time() -> None:
    leg = Leg()
    leg.live(6, behind=growing(), confirmed_kbps=100)
    leg.live(20, behind=4000)
    began = leg.now_us
    assert [change.step for change in leg.live(600)] == [3, 2, 1, 0]
    times = [at for at, change in leg.changes if change.reason == "calm"]
    assert times[0] - began >= CALM_US
    assert all(later - earlier >= CALM_US for earlier, later in itertools.pairwise(times))


def test_a_climb_that_does_not_hold_doubles_the_calm_time() -> None:
    leg, waits = Leg(), []
    leg.live(6, behind=growing(), confirmed_kbps=2000)
    for _ in range(7):
        leg.live(30, behind=4000)
        began, before = leg.now_us, len(leg.changes)
        while len(leg.changes) == before:
            leg.live(1)
        waits.append(leg.now_us - began)
        leg.live(SETTLE_US // SECOND)
        leg.live(8, behind=growing(), confirmed_kbps=2000)
    assert waits[0] == pytest.approx(CALM_US, abs=SECOND)
    assert waits[1] == pytest.approx(2 * CALM_US, abs=SECOND)
    assert waits[-1] == pytest.approx(MOST_CALM_US, abs=SECOND)


@pytest.mark.parametrize(("kbps", "step"), [(9000, 0), (3128, 0), (3127, 1), (730, 3), (1, 4), (0, 4)])
def test_what_fits(kbps: float, step: int) -> None:
    assert fitting(RATES, kbps) == step
