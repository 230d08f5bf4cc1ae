"""The broadcast's process where it cannot even read its plan."""

import json
from pathlib import Path

import pytest

from pipeline.app.air import run_broadcast
from pipeline.live import failure
from pipeline.live.air import Air
from pipeline.live.notices import Words


def no_words(_language: str) -> Words:
    """Nothing is told to anybody here."""
    raise AssertionError("nobody asked for words")


@pytest.fixture
def air(tmp_path: Path) -> Air:
    made = Air(tmp_path / "recordings" / "x")
    made.make()
    (tmp_path / "work").mkdir()
    plan = {"settings": {"folders": {"work": str(tmp_path / "work")}}}
    made.plan.write_text(json.dumps(plan), encoding="utf-8")
    return made


def test_a_beginning_without_a_readable_plan_says_so_and_ends(air: Air, tmp_path: Path) -> None:
    assert run_broadcast(air.folder, no_words) == 0
    error = failure.read(tmp_path / "work", air)
    assert error is not None
    assert (error.code, error.fields) == ("live.defect", {"detail": "plan.json"})


def test_what_is_on_air_is_left_to_the_hub(air: Air, tmp_path: Path) -> None:
    (air.masters / "feed.mkv.part").write_bytes(b"x")
    assert run_broadcast(air.folder, no_words) == 1
    assert failure.read(tmp_path / "work", air) is None
