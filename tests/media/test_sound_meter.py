"""The sound meter against what BS.1770 says of plain tones, and against silence and clipping."""

import numpy as np
import pytest

from pipeline.media.sound_meter import Samples, SoundMeter

RATE = 48000


def tone(amplitude: float, seconds: float = 12.0, hz: float = 997.0, rate: int = RATE) -> Samples:
    wave = amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)
    return np.stack([wave, wave]).astype(np.float32)


def heard(samples: Samples, rate: int = RATE) -> SoundMeter:
    meter = SoundMeter()
    for start in range(0, samples.shape[1], 1024):  # as AAC's frames come
        meter.add(samples[:, start : start + 1024], rate)
    return meter


@pytest.mark.parametrize(
    ("amplitude", "hz", "rate", "lufs"),
    [(0.1, 997.0, RATE, -20.0), (0.01, 997.0, RATE, -40.0), (0.1, 997.0, 44100, -20.0), (0.1, 8000.0, RATE, -16.7)],
)
def test_loudness_of_a_tone(amplitude: float, hz: float, rate: int, lufs: float) -> None:
    found = heard(tone(amplitude, hz=hz, rate=rate), rate).reading().lufs
    assert found == pytest.approx(lufs, abs=0.4)


def test_pauses_do_not_count() -> None:
    both = np.concatenate([tone(0.1, 12), tone(0.0, 15)], axis=1)
    assert heard(both).reading().lufs == pytest.approx(-20, abs=0.4)


def test_silence_counts_from_the_last_sound() -> None:
    assert heard(np.concatenate([tone(0.1, 2), tone(0.0005, 7)], axis=1)).reading().silent_s == pytest.approx(
        7, abs=0.2
    )
    assert heard(np.concatenate([tone(0.0, 7), tone(0.1, 1)], axis=1)).reading().silent_s == 0


def test_one_channel_is_enough_to_be_heard() -> None:
    one = tone(0.1, 3)
    one[1] = 0
    assert heard(one).reading().silent_s == 0


@pytest.mark.parametrize(("amplitude", "cut"), [(0.9, 0.0), (1.6, 1.0)])
def test_clipping_is_flat_tops_not_loudness(amplitude: float, cut: float) -> None:
    assert heard(np.clip(tone(amplitude, 4), -1, 1)).reading().cut == cut


def test_what_does_not_count_moves_no_level() -> None:
    meter = heard(tone(0.1))
    meter.counts = False
    meter.add(tone(0.9), RATE)
    assert meter.reading().lufs == pytest.approx(-20, abs=0.4)
