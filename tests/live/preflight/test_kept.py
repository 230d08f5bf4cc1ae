"""What is kept of slow checks: good and young results are used again, bad ones never, old ones are forgotten."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.clock import SystemClock
from pipeline.errors import Refused
from pipeline.live.preflight.check import Check, Outcome, Part, failed, ok, tried
from pipeline.live.preflight.kept import Kept, run, told


class Wall(SystemClock):
    now = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)

    def utc(self) -> datetime:
        return self.now


class Counted:
    """A part whose runs are counted."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.runs = 0
        self.outcomes = outcomes

    def __call__(self) -> Iterable[Check]:
        self.runs += 1
        return [Check("sound", "microphone", one, "microphone") for one in self.outcomes]


def test_a_good_result_is_told_again_with_its_age(tmp_path: Path) -> None:
    clock, looked = Wall(), Counted(ok("check.heard", peak_db=-12, level_db=-20, floor_db=-60))
    kept, part = Kept(tmp_path, clock), Part("studio", looked, "slow", "key")
    [first] = run([part], kept)
    clock.now += timedelta(minutes=10)
    [again] = run([part], kept)
    assert looked.runs == 1
    assert first.at is None
    assert again.at == clock.now - timedelta(minutes=10)
    assert again.outcome == first.outcome
    clock.now += timedelta(minutes=10)
    assert list(run([part], kept)) == [first]
    assert list(run([part], kept, again=True)) == [first]
    assert looked.runs == 3


def test_a_fault_is_looked_at_again(tmp_path: Path) -> None:
    looked = Counted(ok(), failed("check.dead-microphone"))
    kept, part = Kept(tmp_path, Wall()), Part("studio", looked, "slow", "key")
    list(run([part], kept))
    list(run([part], kept))
    assert looked.runs == 2


def test_a_beginning_broadcast_waits_for_nothing(tmp_path: Path) -> None:
    clock, slow, asked, quick = Wall(), Counted(failed("check.muted")), Counted(ok()), Counted(ok())
    kept = Kept(tmp_path, clock)
    parts = [Part("a", slow, "slow", "a"), Part("b", asked, "asked", "b"), Part("c", quick)]
    assert len(list(told(parts, kept))) == 1
    assert (slow.runs, asked.runs, quick.runs) == (0, 0, 1)
    list(run(parts, kept))
    clock.now += timedelta(hours=5)
    assert [one.outcome.code for one in told(parts, kept)] == ["check.muted", "", ""]
    assert (slow.runs, asked.runs) == (1, 1)
    clock.now += timedelta(hours=20)
    assert len(list(told(parts, kept))) == 1


def test_what_other_settings_gave_is_not_told(tmp_path: Path) -> None:
    kept = Kept(tmp_path, Wall())
    list(run([Part("a", Counted(ok()), "slow", "camera BRIO")], kept))
    assert list(told([Part("a", Counted(ok()), "slow", "camera C920")], kept)) == []


def test_a_broken_file_counts_as_empty(tmp_path: Path) -> None:
    (tmp_path / "checks.json").write_text('{"key": {"at": 5, "checks": [3]}', encoding="utf-8")
    kept, looked = Kept(tmp_path, Wall()), Counted(ok())
    assert len(list(run([Part("a", looked, "slow", "key")], kept))) == 1
    assert (tmp_path / "checks.json").stat().st_mode & 0o077 == 0


def test_an_error_becomes_an_outcome() -> None:
    def broken() -> Outcome:
        raise Refused("obs.not-running", host="127.0.0.1", port=4455)

    found = tried(broken)
    assert (found.state, found.code, found.fields["port"]) == ("failed", "obs.not-running", 4455)
    assert tried(lambda: None).state == "ok"
