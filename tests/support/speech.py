"""Speaks Polish sentences with espeak-ng into a WAV file and says what was spoken when."""

import io
import subprocess
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE = 16000
VOICES = ("pl+f3", "pl+m2", "pl+f5", "pl+m6")  # the miniature never heard these in training
_SPEEDS = (148, 163, 177)

Sound = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Spoken:
    """One sentence and the milliseconds in which its sound lies."""

    start_ms: int
    end_ms: int
    text: str


def say(text: str, voice: str = "pl+f3", speed: int = 160, pitch: int = 50) -> Sound:
    """The sentence's sound at 16 kHz, the silence around it taken off."""
    done = subprocess.run(
        ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", text],
        capture_output=True,
        timeout=30,
        check=True,
    )
    with wave.open(io.BytesIO(done.stdout)) as file:
        rate = file.getframerate()
        raw = file.readframes((len(done.stdout) - 44) // 2)  # a piped header's length is not true
    sound = resampled(np.frombuffer(raw, "<i2").astype(np.float64) / 32768, rate)
    loud = np.flatnonzero(np.abs(sound) > 0.01 * np.abs(sound).max())
    return sound[max(0, loud[0] - 80) : loud[-1] + 160].astype(np.float32)


def resampled(sound: npt.NDArray[np.float64], rate: int) -> npt.NDArray[np.float64]:
    """`sound` at 16 kHz, by its spectrum: nothing above 8 kHz is folded back."""
    length = len(sound) * RATE // rate
    spectrum = np.fft.rfft(sound)[: length // 2 + 1]
    padded = np.zeros(length // 2 + 1, complex)
    padded[: len(spectrum)] = spectrum
    return np.fft.irfft(padded, length) * (length / len(sound))


def speech(
    sentences: Sequence[str], pause_ms: int = 900, lead_ms: int = 500, voices: Sequence[str] = VOICES
) -> tuple[Sound, list[Spoken]]:
    """The sentences one after the other, voices in turn, pauses between, and when each was spoken."""
    parts, spoken = [np.zeros(lead_ms * RATE // 1000, np.float32)], []
    at = len(parts[0])
    for number, text in enumerate(sentences):
        sound = say(text, voices[number % len(voices)], _SPEEDS[number % len(_SPEEDS)])
        spoken.append(Spoken(at * 1000 // RATE, (at + len(sound)) * 1000 // RATE, text))
        pause = np.zeros(pause_ms * RATE // 1000, np.float32)
        parts += [sound, pause]
        at += len(sound) + len(pause)
    return np.concatenate(parts), spoken


def write_wav(path: Path, sound: Sound) -> Path:
    """`sound` as 16-bit mono WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def music(seconds: float, seed: int = 7) -> Sound:
    """Chords that change twice a second, with overtones: music as far as a voice detector is concerned."""
    dice = np.random.default_rng(seed)
    out = []
    for _ in range(round(seconds * 2)):
        t = np.arange(RATE // 2) / RATE
        root = 110 * 2 ** (dice.integers(0, 12) / 12)
        chord = sum(np.sin(2 * np.pi * root * step * n * t) / n for step in (1, 1.26, 1.5) for n in range(1, 5))
        out.append(0.08 * chord * np.exp(-3 * t))
    return np.concatenate(out).astype(np.float32)
