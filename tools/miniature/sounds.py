"""What is heard beside speech: noise, mains hum, music. Each has a mean power of one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from miniature.speech import RATE, Sound

Chance = np.random.Generator


def noise(length: int, chance: Chance) -> Sound:
    """White noise, noise that falls off like a room's, or mains hum: one of the three."""
    kind = int(chance.integers(3))
    sound = chance.standard_normal(length, np.float32)
    if kind == 1:
        spectrum = np.fft.rfft(sound)
        sound = np.fft.irfft(spectrum / np.sqrt(np.arange(len(spectrum)) + 20), length).astype(np.float32)
    elif kind == 2:
        time = np.arange(length) / RATE
        sound *= 0.2
        for frequency in (50, 100, 150):
            sound += np.sin(2 * np.pi * frequency * time + chance.uniform(0, 6))
    return _of_power_one(sound)


def music(length: int, chance: Chance) -> Sound:
    """One to four voices of struck tones, each with its own beat and its own overtones."""
    time = np.arange(length) / RATE
    sound = np.zeros(length)
    for _ in range(int(chance.integers(1, 5))):
        pitch = 110 * 2 ** chance.uniform(0, 3)
        beat = chance.uniform(0.2, 1.5)
        decay = np.exp(-(time % beat) / beat * chance.uniform(0, 5))
        overtones = range(1, int(chance.integers(2, 6)))
        sound = sound + decay * sum(np.sin(2 * np.pi * pitch * n * time) / n for n in overtones)
    return _of_power_one(sound)


def tempo_changed(sound: Sound, factor: float) -> Sound:
    """The sound played `factor` times as fast, pitch and all."""
    length = int(len(sound) / factor)
    changed: Sound = np.interp(np.arange(length) * factor, np.arange(len(sound)), sound).astype(np.float32)
    return changed


def _of_power_one(sound: NDArray[Any]) -> Sound:
    even: Sound = (sound / sound.std()).astype(np.float32)
    return even
