"""How well a checkpoint hears voices that it never heard, by the real `whisper.transcribe`.

Three ways: cut at the pauses (as the project does it), in one pass, and in one pass with the earlier text
before each window (the library's default). And how far its times are from where the sentences were spoken.
"""

import random
import re
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import inf
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import whisper

from miniature.speech import HELD_OUT_VOICES, RATE, Sound, speak

PAUSE_FRAME = RATE // 50
SHORTEST_PAUSE = 15  # frames of 20 ms
MARGIN_S = 0.1


@dataclass(frozen=True)
class Spoken:
    """A recording made for the test: its sound, and each sentence with its start and end in seconds."""

    sound: Sound
    sentences: list[tuple[str, float, float]]


@dataclass(frozen=True)
class Result:
    """Word error rates (0 to 1) of the three ways, and median time errors in seconds."""

    cut_at_pauses: float
    one_pass: float
    with_earlier_text: float
    segment_start_s: float
    word_start_s: float


def recording(sentences: Sequence[str], chance: random.Random, count: int) -> Spoken:
    """`count` sentences by one held-out voice, with pauses of 0.5 to 1.5 s and a little noise."""
    voice = chance.choice(HELD_OUT_VOICES)
    pieces: list[Sound] = []
    spoken, place = [], 0
    for text in chance.sample(list(sentences), count):
        pause = np.zeros(int(chance.uniform(0.5, 1.5) * RATE), np.float32)
        speed, pitch = chance.choice([132, 148, 163, 177, 188]), chance.randint(30, 70)
        sound = (speak(text, voice, speed=speed, pitch=pitch) * (0.6 / 32_768)).astype(np.float32)
        place += len(pause)
        spoken.append((text, place / RATE, (place + len(sound)) / RATE))
        place += len(sound)
        pieces += [pause, sound]
    whole = np.concatenate([*pieces, np.zeros(RATE, np.float32)])
    noise = np.random.default_rng(chance.randrange(1 << 30)).standard_normal(len(whole)) * 0.001
    return Spoken((whole + noise).astype(np.float32), spoken)


def stretches(sound: Sound) -> list[tuple[float, float]]:
    """Where someone speaks: stretches between pauses of at least 0.3 s, with a margin, in seconds."""
    frames = sound[: len(sound) // PAUSE_FRAME * PAUSE_FRAME].reshape(-1, PAUSE_FRAME)
    loud = np.flatnonzero(np.sqrt((frames**2).mean(1)) > 0.006)
    if not len(loud):
        return []
    groups = np.split(loud, np.flatnonzero(np.diff(loud) > SHORTEST_PAUSE) + 1)
    return [(max(0.0, group[0] / 50 - MARGIN_S), (group[-1] + 1) / 50 + MARGIN_S) for group in groups]


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def written(model: Any, sound: Sound, **options: Any) -> dict[str, Any]:
    result: dict[str, Any] = model.transcribe(
        sound, language="pl", temperature=0.0, fp16=False, without_timestamps=False, **options
    )
    return result


def evaluate(checkpoint: Path, sentences: Sequence[str], *, recordings: int, count: int = 14) -> Result:
    """Measure a full checkpoint (not the compact form) on `recordings` of `count` sentences each."""
    model, chance = whisper.load_model(str(checkpoint), device="cpu"), random.Random(777)
    truth: list[str] = []
    guesses: dict[str, list[str]] = {"cut": [], "pass": [], "text": []}
    starts: list[float] = []
    words: list[float] = []
    for _ in range(recordings):
        spoken = recording(sentences, chance, min(count, len(sentences)))
        truth.append(plain(" ".join(text for text, _, _ in spoken.sentences)))
        pieces = []
        for start, end in stretches(spoken.sound):
            piece = spoken.sound[int(start * RATE) : int(end * RATE)]
            got = written(model, piece, condition_on_previous_text=False, word_timestamps=True)
            pieces.append(got["text"])
            found = [start + word["start"] for part in got["segments"] for word in part.get("words", [])]
            words += [_nearest(place, found) for _, place, _ in spoken.sentences if start <= place < end and found]
        guesses["cut"].append(plain(" ".join(pieces)))
        whole = written(model, spoken.sound, condition_on_previous_text=False)
        guesses["pass"].append(plain(whole["text"]))
        found = [float(part["start"]) for part in whole["segments"]]
        starts += [_nearest(place, found) for _, place, _ in spoken.sentences if found]
        guesses["text"].append(plain(written(model, spoken.sound, condition_on_previous_text=True)["text"]))
    if not recordings:
        return Result(inf, inf, inf, inf, inf)
    rates = {way: round(float(jiwer.wer(truth, guess)), 4) for way, guess in guesses.items()}
    return Result(rates["cut"], rates["pass"], rates["text"], _median(starts), _median(words))


def _nearest(place: float, found: Sequence[float]) -> float:
    return min(abs(place - other) for other in found)


def _median(values: Sequence[float]) -> float:
    return round(statistics.median(values), 3) if values else inf


def shown(result: Result) -> str:
    return "\n".join(f"{name:20} {value}" for name, value in asdict(result).items())
