"""The sentences spoken by espeak-ng: many voices, speeds and pitches, as 16 kHz clips without silence around.

Some voices are kept back: the model never hears them while it learns, and it is measured on them.
"""

import random
import struct
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
HEADER_BYTES = 44
TRAINING_VOICES = (
    "pl", "pl+f1", "pl+f2", "pl+f4", "pl+m1", "pl+m3", "pl+m4", "pl+m5", "pl+m7",
    "pl+klatt2", "pl+Alex", "pl+Andrea", "pl+steph", "pl+max", "pl+linda",
)  # fmt: skip
HELD_OUT_VOICES = ("pl+f3", "pl+f5", "pl+m2", "pl+m6", "pl+anika")

Sound = NDArray[np.float32]


class SpeechError(RuntimeError):
    """espeak-ng is missing, or it gave no sound."""


@dataclass(frozen=True)
class Clip:
    """One sentence, spoken once. `samples`: mono, 16 kHz, peak at most 1."""

    sentence: int
    voice: str
    samples: NDArray[np.int16]

    def sound(self) -> Sound:
        return (self.samples / 32_768).astype(np.float32)


def read_sentences(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]


def speak(text: str, voice: str, *, speed: int, pitch: int) -> NDArray[np.int16]:
    """The text as 16 kHz samples. `speed` in words a minute, `pitch` 0 to 99."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", "--", text]
    try:
        done = subprocess.run(command, capture_output=True, timeout=30, check=True)
    except FileNotFoundError as error:
        raise SpeechError("espeak-ng is not installed") from error
    except subprocess.SubprocessError as error:
        raise SpeechError(f"espeak-ng could not speak with the voice {voice}") from error
    if len(done.stdout) <= HEADER_BYTES:
        raise SpeechError(f"espeak-ng gave no sound with the voice {voice}")
    # The lengths in a header that was written to a pipe are wrong; the rate is right.
    (rate,) = struct.unpack_from("<I", done.stdout, 24)
    raw = np.frombuffer(done.stdout[HEADER_BYTES:], dtype="<i2").astype(np.float64)
    sound = resampled(raw, rate)
    loud = np.flatnonzero(np.abs(sound) > 0.01 * np.abs(sound).max())
    trimmed = sound[max(0, loud[0] - 80) : loud[-1] + 160]
    return np.clip(trimmed, -32_767, 32_767).astype(np.int16)


def resampled(sound: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """The sound at 16 kHz: its spectrum cut off (or filled up) at 8 kHz."""
    length = round(len(sound) * RATE / rate)
    spectrum = np.fft.rfft(sound)
    wanted = np.zeros(length // 2 + 1, complex)
    shared = min(len(wanted), len(spectrum))
    wanted[:shared] = spectrum[:shared]
    return np.fft.irfft(wanted, length) * (length / len(sound))


def speak_all(
    sentences: Sequence[str], voices: Sequence[str], *, times: int, seed: int, workers: int = 2
) -> list[Clip]:
    """Every sentence `times` times, each time with the next voice and a speed and pitch drawn by chance."""
    chance = random.Random(seed)
    jobs = [
        (index, voices[(index + turn) % len(voices)], chance.randint(125, 195), chance.randint(30, 70))
        for index in range(len(sentences))
        for turn in range(times)
    ]

    def one(job: tuple[int, str, int, int]) -> Clip:
        index, voice, speed, pitch = job
        return Clip(index, voice, speak(sentences[index], voice, speed=speed, pitch=pitch))

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(one, jobs))


def save_clips(clips: Sequence[Clip], path: Path) -> None:
    np.savez(
        path,
        samples=np.concatenate([clip.samples for clip in clips]),
        ends=np.cumsum([len(clip.samples) for clip in clips]),
        sentence=np.array([clip.sentence for clip in clips]),
        voice=np.array([clip.voice for clip in clips]),
    )


def load_clips(path: Path) -> list[Clip]:
    with np.load(path) as held:
        pieces = np.split(held["samples"], held["ends"][:-1])
        return [
            Clip(int(sentence), str(voice), samples)
            for sentence, voice, samples in zip(held["sentence"], held["voice"], pieces, strict=True)
        ]
