"""The slow hand on the fader."""

import math

import pytest

from pipeline.hub.slow_gain import SlowGain


def after(gain: SlowGain, loudness: float, seconds: int) -> float:
    for _ in range(seconds):
        gain.second(loudness)
    return gain.gain_db


@pytest.mark.parametrize("loudness", [-38.0, -23.0, -12.0])
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


def test_quiet_and_loud_music_stay_apart() -> None:
    """Half a minute each of soft and loud: what is soft stays soft, the whole is where it should be."""
    gain = SlowGain(-23.0)
    power, seconds, out = 0.0, 0, []
    for minute in range(20):
        for loudness in [-30.0] * 30 + [-18.0] * 30:
            held = gain.second(loudness)
            if minute >= 2:
                power, seconds = power + 10 ** ((loudness + held) / 10), seconds + 1
                out.append(loudness + held)
    assert 10 * math.log10(power / seconds) == pytest.approx(-23.0, abs=1.0)
    assert max(out) - min(out) > 9


def test_it_is_bounded() -> None:
    assert after(SlowGain(-23.0), -54.0, 600) == 20.0
    assert SlowGain(-23.0, start_db=99).gain_db == 20.0
