"""The up-link's share: backups go first, then the last destinations are lowered; room is given back late."""

import pytest

from pipeline.hub.lowering import Rates
from pipeline.hub.uplink import CALM_US, Demand, Uplink, grants

RATES = Rates(3000, 128)


def leg(name: str, *, step: int = 0, backup: bool = False, weak: bool = False) -> Demand:
    return Demand(name, RATES, step, backup, weak)


@pytest.mark.parametrize(
    ("room", "steps", "parked"),
    [
        (10_000, {"a": 0, "b": 0}, set()),
        (9_384, {"a": 0, "b": 0}, set()),  # three times 3128 just fit
        (9_383, {"a": 0, "b": 0}, {"a-backup"}),
        (6_000, {"a": 0, "b": 1}, {"a-backup"}),
        (3_400, {"a": 1, "b": 4}, {"a-backup"}),
        (100, {"a": 4, "b": 4}, {"a-backup"}),
    ],
)
def test_what_fits_into_the_share(room: int, steps: dict[str, int], parked: set[str]) -> None:
    given = grants([leg("a"), leg("b"), leg("a-backup", backup=True)], room)
    assert {name: given.steps[name] for name in ("a", "b")} == steps
    assert given.parked == parked


def test_a_weak_leg_costs_its_backup_the_place_even_where_the_up_link_is_unknown() -> None:
    assert grants([leg("a"), leg("a-backup", backup=True)], None).parked == set()
    given = grants([leg("a", weak=True), leg("b"), leg("a-backup", backup=True)], None)
    assert given.parked == {"a-backup"}
    assert given.steps["b"] == 0


def test_a_leg_that_lowered_itself_makes_room_for_the_others() -> None:
    assert grants([leg("a"), leg("b", step=3)], 4_000).steps == {"a": 0, "b": 0}


def test_room_is_given_back_only_after_a_calm_time() -> None:
    uplink = Uplink(5_000, 0.8)
    both, one = [leg("a"), leg("b")], [leg("a"), leg("b", step=4)]
    assert uplink.look(0, both).steps == {"a": 0, "b": 3}
    assert uplink.look(1_000_000, one).steps["b"] == 3
    assert uplink.look(CALM_US, one).steps["b"] == 3
    assert uplink.look(CALM_US + 2_000_000, one).steps["b"] == 0


def test_what_legs_get_through_is_noted_while_one_is_weak() -> None:
    uplink = Uplink(None, 0.8)
    uplink.confirmed(9_000, weak=False)
    assert uplink.measured_kbps is None
    for kbps in (1_500, 1_200, 0):
        uplink.confirmed(kbps, weak=True)
    assert uplink.measured_kbps == 1_500
