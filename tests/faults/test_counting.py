"""The fault suite's own judgement: what it counts, what it lets pass and what not, and what its page says."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from bootstrap.verbs import VERBS

from benchmarks.faults import page, payload
from benchmarks.faults.catalogue import FAULTS, GROUPS
from benchmarks.faults.fault import Outcome, judge
from benchmarks.faults.payload import Picture, Tally
from benchmarks.faults.rig import CABLE, PLACES, PLATFORM, RECORDING, SECOND, healthy

ROOT = Path(__file__).resolve().parents[2]
suite = import_module("benchmarks.faults.__main__")


def session(*numbers: int | None, step_us: int = 40_000) -> list[Picture]:
    return [(number, place * step_us) for place, number in enumerate(numbers)]


def test_what_was_sent_ends_where_anybody_saw_the_last_of_it() -> None:
    legs = [[session(0, 1, 2, 3)], [session(1, 2)], [session(50, 51, 53)]]
    assert payload.due([0, 50], legs) == [0, 1, 2, 3, 50, 51, 52, 53]


def test_pictures_are_counted_from_the_first_that_arrived() -> None:
    told = payload.tally([session(2, 3, 5), session(8, 8, 7, None)], range(10))
    assert told == Tally(
        sessions=2,
        received=5,
        lost=3,  # 4, 6 and 9
        duplicated=1,
        reordered=1,
        foreign=1,
        step_ms=40,
        back_with_programme=False,
    )
    assert payload.tally([], range(10)).lost == 10


def test_a_gap_in_pts_is_seen_within_a_session_only() -> None:
    one = [(0, 0), (1, 40_000), (2, 840_000)]
    assert payload.tally([one, session(3, 4)], range(5)).step_ms == 800
    assert payload.tally([session(0, 1), [(2, 9_000_000), (3, 9_040_000)]], range(4)).step_ms == 40
    assert payload.tally([[(0, 40_000), (1, 0)]], range(2)).backwards == 1


GOOD = Tally(sessions=1, received=100, step_ms=40)


def outcome(**places: Tally) -> Outcome:
    return Outcome("leg-killed", tallies={place: places.get(place, GOOD) for place in PLACES}, health_s=1.0)


def test_the_hurt_place_may_lose_and_no_other() -> None:
    fault = FAULTS["leg-killed"]
    torn = replace(GOOD, lost=20, sessions=2, step_ms=900)
    assert judge(fault, outcome(platform=torn)) == []
    for place in (SECOND, CABLE, RECORDING):
        assert any(said.startswith(f"{place}: 20 lost") for said in judge(fault, outcome(**{place: torn})))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"findings": {"PTS_error": 2}}, "headend: 2 PTS_error"),
        ({"health_s": None}, "never healthy again"),
        ({"health_s": 30.0}, "healthy after 30.0 s"),
        ({"ended": False}, "did not end by itself"),
    ],
)
def test_every_bar_can_be_missed(change: dict[str, object], said: str) -> None:
    [missed] = judge(FAULTS["leg-killed"], replace(outcome(), **change))  # type: ignore[arg-type]
    assert said in missed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"duplicated": 3}, "3 twice"),
        ({"reordered": 1}, "1 out of order"),
        ({"backwards": 1}, "1 out of order"),
        ({"back_with_programme": False}, "did not come back"),
    ],
)
def test_even_the_hurt_place_has_bars(change: dict[str, object], said: str) -> None:
    [missed] = judge(FAULTS["leg-killed"], outcome(platform=replace(GOOD, **change)))  # type: ignore[arg-type]
    assert said in missed


def test_a_source_that_goes_must_be_followed_by_the_slate() -> None:
    seen = replace(outcome(), silence_s={PLATFORM: 0.9, SECOND: 5.0})
    [missed] = judge(FAULTS["source-killed"], seen)
    assert missed == "second: silent for 5.0 s, no slate"


def test_health_is_all_of_it() -> None:
    leg = {"state": "up", "error": None}
    good = {"feed": {"state": "on"}, "record": {"error": None}, "legs": {"a": leg}}
    assert healthy(good)
    assert not healthy({**good, "legs": {}})
    assert not healthy({**good, "legs": {"a": {**leg, "error": "leg.lost"}}})
    assert not healthy({**good, "record": {"error": "hub.record-failed"}})
    assert not healthy({**good, "feed": {"state": "lost"}})


def test_names_and_the_page() -> None:
    assert len(FAULTS) >= 40
    assert len(FAULTS) == sum(len(group) for group in GROUPS.values())
    assert suite.chosen(["hub-*", "leg-killed"]) == [*(n for n in FAULTS if n.startswith("hub-")), "leg-killed"]
    with pytest.raises(SystemExit):
        suite.chosen(["nonsense"])
    done = {
        "leg-killed": outcome(platform=replace(GOOD, lost=20, sessions=2)),
        "hub-killed": replace(outcome(recording=replace(GOOD, lost=4)), name="hub-killed", errors=["why"]),
    }
    told = page.page(done, 0.0)
    assert "1 of 2 faults passed" in told
    assert "| RTMPS leg's process killed | passed | 20 lost, 2 sessions |" in told
    assert "**4 lost**" in told
    assert "| hub killed | **FAILED** |" in told
    assert VERBS["faults"].command[-1] == ROOT / "benchmarks" / "faults"
    assert VERBS["soak"].command[-1] == ROOT / "benchmarks" / "soak"
    assert Outcome.of(done["leg-killed"].as_json()) == done["leg-killed"]
