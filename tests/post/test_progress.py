"""Per cent and time left: never backwards by the model alone, and right when the pace is steady."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.post.plan import STEPS
from pipeline.post.progress import Progress, Rates, Reporter, read_progress

HOUR_US = 3_600_000_000


class Stepped:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.us = 1_000_000

    def utc(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_us(self) -> int:
        return self.us

    def wait(self, stop: object, seconds: float) -> bool:
        self.us += int(seconds * 1_000_000)
        return False


def reporter(tmp_path: Path, clock: Stepped, step: str) -> Reporter:
    rates = Rates(tmp_path / "rates.json")
    return Reporter(tmp_path / "p.json", steps=STEPS, step=step, length_us=HOUR_US, rates=rates, clock=clock)


def test_per_cent_rises_over_the_steps(tmp_path: Path) -> None:
    clock = Stepped()
    seen = [
        reporter(tmp_path, clock, step).guess(share, 1.0).per_cent for step in STEPS for share in (0.0, 0.5, 1.0)
    ]
    assert seen == sorted(seen)
    assert seen[-1] <= 99


@pytest.mark.parametrize("slower", [0.3, 1.0, 3.0])
def test_a_steady_pace_is_foretold_after_a_tenth(tmp_path: Path, slower: float) -> None:
    clock = Stepped()
    last = reporter(tmp_path, clock, "report")
    takes = 100 * slower
    guess = last.guess(0.1, takes * 0.1)
    assert guess.seconds_left == pytest.approx(takes * 0.9, rel=0.05)


def test_what_was_measured_is_remembered(tmp_path: Path) -> None:
    clock = Stepped()
    before = reporter(tmp_path, clock, "transcribe").guess(0.0, 0.0).seconds_left
    slow = reporter(tmp_path, clock, "transcribe")
    clock.us += 7200 * 1_000_000
    slow.done()
    after = reporter(tmp_path, clock, "transcribe").guess(0.0, 0.0).seconds_left
    assert before is not None
    assert after is not None
    assert after > before + 4000


def test_the_file_is_written_at_most_twice_a_second(tmp_path: Path) -> None:
    clock = Stepped()
    one = reporter(tmp_path, clock, "verify")
    one.at(0.1)
    first = read_progress(tmp_path / "p.json")
    one.at(0.9)
    assert read_progress(tmp_path / "p.json") == first
    clock.us += 600_000
    one.at(0.9, waiting=True)
    now = read_progress(tmp_path / "p.json")
    assert isinstance(now, Progress)
    assert now.waiting
    assert now.per_cent > (first.per_cent if first else 0)


def test_an_unreadable_file_is_no_progress(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    assert read_progress(path) is None
    path.write_text('{"step": ')
    assert read_progress(path) is None
