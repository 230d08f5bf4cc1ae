"""What is said of the computer, and what makes each of it a warning or a fault."""

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.live.preflight import machine
from pipeline.model.presets import EncoderPreset
from pipeline.surroundings import ClockState, Power, Sleep

ENCODER = EncoderPreset(width=1280, height=720, video_kbps=3000)
HOUR = timedelta(hours=1)
SUMMER = datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_disk_too_small_for_the_length_and_a_third(tmp_path: Path) -> None:
    inside = tmp_path / "not" / "yet"
    assert machine.disk(inside, ENCODER, HOUR).state == "ok"
    tight = machine.disk(inside, ENCODER, timedelta(days=100_000))
    assert (tight.state, tight.code) == ("failed", "live.disk")


@pytest.mark.parametrize(("free_mb", "state"), [(300, "failed"), (1000, "warning"), (8000, "ok")])
def test_memory(free_mb: int, state: str) -> None:
    assert machine.memory(free_mb * 1024**2).state == state


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (None, "ok"),
        (Power(plugged=True, percent=5), "ok"),
        (Power(plugged=False, percent=90), "warning"),
        (Power(plugged=False, percent=12), "failed"),
    ],
)
def test_power(state: Power | None, expected: str) -> None:
    assert machine.power(state).state == expected


def test_sleep_within_the_event_is_told_with_its_setting() -> None:
    soon, late, never = Sleep("a", 1200), Sleep("b", 7200), Sleep("c", math.inf)
    found = machine.sleep([late, soon, never], HOUR)
    assert (found.state, dict(found.fields)) == ("warning", {"minutes": 20, "setting": "a"})
    assert machine.sleep([late, never], HOUR).state == "ok"
    assert machine.sleep([], HOUR).code == "check.sleep-unknown"


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (ClockState(False), "check.clock-free"),
        (ClockState(True, 9000), "check.clock-late"),
        (ClockState(True, 12), "check.clock-right"),
        (ClockState(None), "check.clock-unknown"),
    ],
)
def test_clock(state: ClockState, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Europe/Warsaw")
    time.tzset()
    try:
        assert machine.clock(state, "Europe/Warsaw", SUMMER).code == code
        assert machine.clock(ClockState(True, 1), "Asia/Tokyo", SUMMER).code == "check.zone"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_ffmpeg_without_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.tools().state == "ok"
    monkeypatch.setattr(machine, "ENCODERS", ("libx264", "nvenc_of_tomorrow"))
    found = machine.tools()
    assert (found.state, found.fields["missing"]) == ("failed", "nvenc_of_tomorrow")
