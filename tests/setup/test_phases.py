"""The phases of ./run test: what fails is named and fails the whole, a failed check stops it."""

import sys

import phases
import pytest
from phases import Phase

GOOD = (sys.executable, "-c", "")
BAD = (sys.executable, "-c", "raise SystemExit(3)")


def test_all_good(capfd: pytest.CaptureFixture[str]) -> None:
    assert phases.all_phases([Phase("a", "", 60, (GOOD,)), Phase("b", "", 60, (GOOD, GOOD))], ()) == 0
    assert "ALL PASSED" in capfd.readouterr().out.splitlines()[-1]


def test_a_failed_check_stops_everything(capfd: pytest.CaptureFixture[str]) -> None:
    assert (
        phases.all_phases([Phase("check", "", 60, (BAD, GOOD), stops=True), Phase("b", "", 60, (GOOD,))], ()) == 1
    )
    out = capfd.readouterr().out
    assert "check  FAILED" in out
    assert "not run: b" in out


def test_a_later_failure_lets_the_rest_run(capfd: pytest.CaptureFixture[str]) -> None:
    assert phases.all_phases([Phase("a", "", 60, (BAD,)), Phase("b", "", 60, (GOOD,))], ()) == 1
    out = capfd.readouterr().out
    assert "a      FAILED" in out
    assert "b      passed" in out
    assert out.splitlines()[-1].startswith("FAILED")


def test_a_killed_command_is_a_failure() -> None:
    dying = (sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert phases.all_phases([Phase("a", "", 60, (dying,))], ()) == 1


def test_over_the_budget_warns(capfd: pytest.CaptureFixture[str]) -> None:
    assert phases.all_phases([Phase("slow", "", 0, (GOOD,))], ()) == 0
    assert "over its budget" in capfd.readouterr().out


def test_words_go_to_the_last_command(capfd: pytest.CaptureFixture[str]) -> None:
    shows = (sys.executable, "-c", "import sys; print('got', sys.argv[1:])")
    phases.all_phases([Phase("a", "", 60, (GOOD, shows))], ["-k", "x"])
    assert "got ['-k', 'x']" in capfd.readouterr().out


def test_an_unknown_phase_is_wrong_usage() -> None:
    assert phases.main(["--only", "nothing"]) == 2


def test_every_marker_has_its_phase() -> None:
    asked = [word for phase in phases.PHASES for command in phase.commands for word in command]
    assert {"heavy", "air", "not heavy and not air"} <= set(asked)
