"""Hub time goes on when a killed hub is restarted, whatever was done to the wall clock meanwhile."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from pipeline.clock import utc_text
from pipeline.hub.hubclock import HubClock, resumed_us

START = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.wall = START
        self.us = 1_000_000_000

    def utc(self) -> datetime:
        return self.wall

    def monotonic_us(self) -> int:
        return self.us

    def wait(self, stop: Event, seconds: float) -> bool:
        return stop.is_set()

    def go(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.us += round(seconds * 1_000_000)


def journal(path: Path, *lines: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps({"who": "hub", **line}) + "\n" for line in lines))
    return path


def line(seconds: float, hub_us: int | None, what: str = "feed", **fields: object) -> dict[str, object]:
    return {"utc": utc_text(START + timedelta(seconds=seconds)), "hub_us": hub_us, "what": what, **fields}


def test_it_begins_at_zero_and_follows_the_monotonic_clock(tmp_path: Path) -> None:
    clock = Hand()
    time = HubClock(clock, resumed_us(tmp_path / "none", clock, "b"))
    assert time.now_us() == 0
    clock.go(2.5)
    clock.wall -= timedelta(hours=1)
    assert time.now_us() == 2_500_000


def test_zero_is_the_journals_beginning(tmp_path: Path) -> None:
    clock = Hand()
    path = journal(tmp_path / "j", line(0, None, "begin"))
    clock.go(1.5)
    assert resumed_us(path, clock, "b") == 1_500_000


@pytest.mark.parametrize("jump_h", [-1, 0, 1])
def test_a_restart_in_the_same_boot_ignores_a_wall_clock_that_was_set(tmp_path: Path, jump_h: int) -> None:
    clock = Hand()
    began = line(1, 1_000_000, "process", name="hub", boot="b", monotonic_us=clock.us + 1_000_000)
    path = journal(tmp_path / "j", line(0, None, "begin"), began, line(3, 3_000_000))
    clock.go(10)
    clock.wall += timedelta(hours=jump_h)
    assert resumed_us(path, clock, "b") == 10_000_000


def test_after_a_reboot_the_wall_clock_counts(tmp_path: Path) -> None:
    clock = Hand()
    began = line(1, 1_000_000, "process", name="hub", boot="a", monotonic_us=clock.us + 1_000_000)
    late = line(20, 400_000, "master")  # written at the end, tells of the beginning
    path = journal(tmp_path / "j", began, line(3, 3_000_000), late)
    clock.wall += timedelta(seconds=60)
    clock.us = 5
    assert resumed_us(path, clock, "b") == 60_000_000


def test_it_never_goes_back_behind_what_was_said(tmp_path: Path) -> None:
    clock = Hand()
    path = journal(tmp_path / "j", line(0, None, "begin"), line(5, 5_000_000))
    clock.wall -= timedelta(hours=2)
    assert resumed_us(path, clock, "b") == 5_000_001
