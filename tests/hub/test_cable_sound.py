"""The slow hand on the fader."""

import math
import random

import pytest

from pipeline.hub.slow_gain import SlowGain


def after(gain: SlowGain, loudness: float, seconds: int) -> float:
    for _ in range(seconds):
        gain.second(loudness)
    return gain.gain_db


@pytest.mark.parametrize("loudness", [-34.0, -23.0, -12.0])
def test_it_finds_the_target_within_seconds_at_first(loudness: float) -> None:
    assert after(SlowGain(-23.0), loudness, 8) == pytest.approx(-23.0 - loudness, abs=0.3)


def test_afterwards_it_is_slow() -> None:
    gain = SlowGain(-23.0)
    before = after(gain, -23.0, 60)
    moved = [gain.second(-29.0) for _ in range(20)]
    assert max(moved) - before <= 20 * 0.15 + 1e-9
    assert moved == sorted(moved)


def test_after_minutes_it_has_followed() -> None:
    gain = SlowGain(-23.0)
    after(gain, -23.0, 60)
    assert after(gain, -30.0, 300) == pytest.approx(7.0, abs=0.4)


def test_silence_moves_nothing() -> None:
    gain = SlowGain(-23.0)
    held = after(gain, -26.0, 30)
    assert after(gain, -70.0, 300) == held
    assert after(gain, -math.inf, 10) == held
    assert after(gain, math.nan, 10) == held


def test_pauses_in_speech_do_not_count() -> None:
    gain = SlowGain(-23.0)
    for _ in range(60):
        after(gain, -26.0, 3)
        after(gain, -48.0, 2)
    assert gain.gain_db == pytest.approx(3.0, abs=0.4)


def loudness_of(series: list[float]) -> tuple[float, list[float]]:
    """What ten minutes sound like after the gain: their mean without pauses, and each second."""
    gain = SlowGain(-23.0)
    out = []
    for loudness in series:
        out.append(loudness + gain.gain_db)
        gain.second(loudness)
    powers = [10 ** (loudness / 10) for loudness in out if loudness > -70]
    floor = sum(powers) / len(powers) / 10
    loud = [power for power in powers if power >= floor]
    return 10 * math.log10(sum(loud) / len(loud)), out


def test_a_concert_of_soft_and_loud_pieces() -> None:
    """Eight pieces with their own swells, applause and silence between them: −23 ± 1, and still music."""
    dice = random.Random(1)
    series: list[float] = []
    for _piece in range(8):
        level = dice.uniform(-30, -18)
        series += [level + 4 * math.sin(second / 9) + dice.gauss(0, 1) for second in range(60)]
        series += [-24.0] * 8 + [-52.0] * 7
    mean, out = loudness_of(series)
    assert mean == pytest.approx(-23.0, abs=1.0)
    assert max(out) < -14.0
    swells = [max(out[75 * n : 75 * n + 60]) - min(out[75 * n : 75 * n + 60]) for n in range(8)]
    assert min(swells) > 5.0  # of eight to ten


def test_an_empty_hall_before_a_talk() -> None:
    dice = random.Random(2)
    mean, out = loudness_of([-44.0] * 120 + [dice.gauss(-28, 2) for _ in range(480)])
    assert mean == pytest.approx(-23.0, abs=1.0)
    assert max(out[140:]) < -14.0


def test_it_is_bounded() -> None:
    assert after(SlowGain(-23.0), -49.0, 600) == 12.0
    assert after(SlowGain(-23.0), 0.0, 600) == -20.0
    assert SlowGain(-23.0, start_db=99).gain_db == 12.0
