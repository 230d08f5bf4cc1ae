"""The soak's own judgement: two sequences of pictures compared, what is kept and what is missed, simulated time."""

from importlib import import_module

from benchmarks.soak import simulated
from benchmarks.soak.real import Measured, Soaked, apart

soak = import_module("benchmarks.soak.__main__")


def test_pictures_of_the_leg_against_the_recording() -> None:
    film = [f"p{number}" for number in range(10)]
    assert apart(film, film) == (0, 0)
    assert apart(film, film[:4] + film[5:]) == (1, 0)
    assert apart(film, [*film[:5], "p1", *film[5:]]) == (0, 1)
    round_and_round = film * 3
    assert apart(round_and_round, round_and_round) == (0, 0)
    assert apart(round_and_round, round_and_round[:12] + round_and_round[14:]) == (2, 0)
    assert apart(round_and_round, [*round_and_round, "other"]) == (0, 1)


def soaked(**changes: object) -> Soaked:
    measured = [Measured(at, 50.0, 40, 12) for at in range(100)]
    status = {"legs": {"second": {"frames_dropped": 0}}}
    return Soaked(30, 1, measured, status=status, sessions=1, pictures=1000, **changes)  # type: ignore[arg-type]


def missed(told: Soaked) -> list[str]:
    return [row[0] for row in soak.checks(told) if not row[3]]


def test_what_grows_is_missed() -> None:
    assert missed(soaked()) == []
    told = soaked(lost=3, stuck=["leg killed: AssertionError"], skew_ms=-250.0)
    told.measured[-12:] = [Measured(100, 80.0, 60, 20)] * 12
    assert len(missed(told)) == 6
    assert "**MISSED**" in soak.page(told, simulated.Hours(8.0), "two cores")


def test_simulated_minutes() -> None:
    told = simulated.run(hours=0.02)
    assert [row[0] for row in soak.hours_checks(told) if not row[3]] == ["sources one after another"] * (
        told.sources < 2
    )
    assert told.packets > 4000
