"""What readings of a meter come to."""

import math

import pytest

from pipeline.model.levels import SILENT_DB, Channel, Reading, decibels, heard


def reading(at_s: float, *channels: float, peak: float | None = None) -> Reading:
    made = tuple(Channel(value, peak if peak is not None else value + 3, value + 3) for value in channels)
    return Reading(int(at_s * 1e6), made)


@pytest.mark.parametrize(
    ("linear", "expected"),
    [(1.0, 0.0), (0.5, -6.02), (0.0, SILENT_DB), (-1.0, SILENT_DB), (math.nan, SILENT_DB), (math.inf, SILENT_DB)],
)
def test_decibels(linear: float, expected: float) -> None:
    assert decibels(linear) == pytest.approx(expected, abs=0.01)


def test_nothing_heard_is_none() -> None:
    assert heard([]) is None


def test_levels_are_means_of_power_and_the_floor_is_the_quiet_tenth() -> None:
    speech = [reading(at / 20, -20.0, -60.0) for at in range(80)]
    pauses = [reading(4 + at / 20, -55.0, -60.0) for at in range(20)]
    found = heard([*speech, *pauses])
    assert found is not None
    assert found.level_db == pytest.approx(-21, abs=0.1)
    assert found.channels_db[1] == pytest.approx(-60, abs=0.1)
    assert found.floor_db == -55.0
    assert found.peak_db == -17.0
    assert found.seconds == pytest.approx(4.95)


def test_clipping_is_counted_before_the_fader() -> None:
    clipped = Reading(0, (Channel(-10.0, -9.0, 0.0),))
    found = heard([clipped, reading(1, -10.0)])
    assert found is not None
    assert found.clipped == 1


def test_an_input_without_channels_is_silent() -> None:
    found = heard([Reading(0, ()), Reading(1, ())])
    assert found is not None
    assert (found.level_db, found.peak_db, found.floor_db, found.channels_db) == (SILENT_DB,) * 3 + ((),)
