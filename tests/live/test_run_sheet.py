"""The run sheet's arithmetic: when each cue comes, held, moved, missed."""

from dataclasses import asdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.live.run_sheet import RunSheet, SheetState
from pipeline.model.presets import Cue

WARSAW = ZoneInfo("Europe/Warsaw")
BEGUN = datetime(2026, 11, 27, 16, 59, 30, tzinfo=UTC)  # 17:59:30 there
END_S = 3600.0


def sheet(*cues: Cue, begun: datetime = BEGUN) -> RunSheet:
    return RunSheet(cues, begun, WARSAW)


EVENING = sheet(
    Cue(after="2m", scene="main"),
    Cue(at="18:45", scene="break"),
    Cue(after="55m", scene="main"),
    Cue(before_end="1m", scene="closing"),
    Cue(before_end="0s", scene="stop"),
)


def times(state: SheetState, now_s: float = 0.0, end_s: float = END_S) -> list[float]:
    return [line.at_s for line in EVENING.lines(state, now_s, end_s)]


def test_each_kind_of_time_has_its_place() -> None:
    assert times(SheetState()) == [120, 45 * 60 + 30, 55 * 60, 59 * 60, 3600]


def test_an_extension_moves_all_that_follows() -> None:
    state = SheetState(came=[119.0], shift_s=300)
    assert times(state, 200, END_S + 300) == [119, 50 * 60 + 30, 3600, 64 * 60, 3900]


def test_while_held_nothing_comes_and_the_rest_moves_on() -> None:
    state = SheetState(came=[120.0], held_s=1000.0)
    assert EVENING.due(state, 5000, END_S) == []
    assert times(state, 1600)[1] == 45 * 60 + 30 + 600


def test_a_cue_never_comes_before_the_one_above_it() -> None:
    late = SheetState(came=[120.0], shift_s=1200)
    assert times(late)[2:] == [75 * 60, 75 * 60, 75 * 60]


def test_what_was_missed_comes_together_in_order() -> None:
    assert EVENING.due(SheetState(), 119.9, END_S) == []
    assert EVENING.due(SheetState(), 120, END_S) == ["main"]
    assert EVENING.due(SheetState(came=[120.0]), 3350, END_S) == ["break", "main"]


@pytest.mark.parametrize(
    ("begun", "at", "after_s"),
    [
        (datetime(2026, 11, 27, 22, 50, tzinfo=UTC), "0:10", 20 * 60),  # past midnight there
        (datetime(2026, 11, 27, 17, 0, 20, tzinfo=UTC), "18:00", 0),  # in this very minute
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), "3:30", 3 * 3600),  # the night with an hour more
    ],
)
def test_a_time_of_day_is_the_next_one(begun: datetime, at: str, after_s: float) -> None:
    assert sheet(Cue(at=at, scene="main"), begun=begun).lines(SheetState(), 0, END_S)[0].at_s == after_s


def test_the_sheets_scene_is_its_last_that_came() -> None:
    assert EVENING.scene(SheetState(), "opening") == "opening"
    assert EVENING.scene(SheetState(came=[1, 2, 3, 4, 5]), "opening") == "closing"


def test_the_state_survives_the_disk_and_odd_files() -> None:
    state = SheetState([1.5, 2.0], 300.0, 12.0, "main")
    assert SheetState.from_raw(asdict(state)) == state
    assert SheetState.from_raw({"came": "x", "held_s": [], "scene": 3}) == SheetState()


@pytest.mark.parametrize("given", [{}, {"after": "1m", "at": "18:00"}, {"at": "24:00"}, {"after": "one"}])
def test_a_cue_has_exactly_one_time(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="1 validation error"):
        Cue(**given, scene="main")
