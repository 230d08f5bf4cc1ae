"""A voice from espeak-ng, and music from nothing: the sounds of the stand-in class. Mono, 48 kHz, −1 to 1."""

import io
import wave
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.media import process
from pipeline.store.files import whole_file

RATE = 48_000
Sound = npt.NDArray[np.float32]

_MARGIN_S = 0.005  # left around the voice where silence is cut off
_ARPEGGIO = (0, 4, 7, 12, 16, 12, 7, 4)  # semitones of an arpeggio over its chord's root
_ROOTS = (0, 9, 5, 7)  # C, a, F, G: four bars that come round again
_LOWEST_HZ, _RINGS_S = 261.63, 1.2


def say(text: str, voice: str, speed: int) -> Sound:
    """The sentence as `voice` (`pl+f3`) speaks it at `speed` words a minute, the silence around it cut off.

    Fatal `media.tool-missing` without espeak-ng.
    """
    argv = ["espeak-ng", "-v", voice, "-s", str(speed), "--stdout", text]
    raw = process.run(argv, timeout_s=30)
    with wave.open(io.BytesIO(raw)) as file:
        rate = file.getframerate()
        body = file.readframes((len(raw) - 44) // 2)  # the length in a piped header is not true
    sound = resampled(np.frombuffer(body, "<i2").astype(np.float64) / 32768, rate)
    loud = np.flatnonzero(np.abs(sound) > 0.01 * np.abs(sound).max())
    margin = round(_MARGIN_S * RATE)
    return (0.9 * sound[max(0, loud[0] - margin) : loud[-1] + margin]).astype(np.float32)


def resampled(sound: npt.NDArray[Any], rate: int) -> npt.NDArray[np.float64]:
    """`sound` at our rate, by its spectrum."""
    length = len(sound) * RATE // rate
    spectrum = np.fft.rfft(sound)[: length // 2 + 1]
    padded = np.zeros(length // 2 + 1, complex)
    padded[: len(spectrum)] = spectrum
    return np.fft.irfft(padded, length) * (length / len(sound))


def silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE), np.float32)


def celesta(seconds: float) -> Sound:
    """Broken chords, four notes a second, fading bars of metal: no voice detector takes them for speech."""
    out = np.zeros(round((seconds + _RINGS_S) * RATE) + 1)
    for number in range(round(seconds * 4)):
        root = _ROOTS[number // 8 % len(_ROOTS)]
        note = _bar(_LOWEST_HZ * 2 ** ((root + _ARPEGGIO[number % 8]) / 12))
        at = number * RATE // 4
        out[at : at + len(note)] += note
    out = out[: round(seconds * RATE)]
    fade = np.minimum(1.0, np.arange(len(out))[::-1] / (0.5 * RATE))
    return (0.16 * out * fade).astype(np.float32)


def _bar(pitch: float) -> npt.NDArray[np.float64]:
    """A struck bar: its own tone, and the 2.76-fold one that fades sooner."""
    t = np.arange(round(_RINGS_S * RATE)) / RATE
    tone = np.sin(2 * np.pi * pitch * t) * np.exp(-4 * t)
    tone += 0.25 * np.sin(2 * np.pi * 2.76 * pitch * t) * np.exp(-8 * t)
    return np.asarray(tone * np.minimum(1.0, t / 0.004) * np.minimum(1.0, (_RINGS_S - t) / 0.05))


def write_wav(target: Path, sound: Sound) -> None:
    """`sound` as 16-bit WAV."""
    with whole_file(target) as part, wave.open(str(part), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
