"""Where a recording lies in a known sound, by cross-correlation: what was spoken when, in the recording's time."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import Fatal
from pipeline.media import ffmpeg, process
from pipeline.standins.lesson import Lesson, Spoken

RATE = 8000
_APART = RATE // 10  # within this of the best place a match counts as the same one
_SURE = 3.0  # how much higher the best place must be than any other
_SLACK = RATE // 16  # a player may slip by a packet of sound
_PARTS = 3  # of a sentence, each looked at by itself
_THERE, _ABSENT = 0.6, 0.3  # likeness of a part of a sentence

Sound = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Placed:
    """What of the class a recording holds, in the recording's own time (milliseconds).

    `offset_ms`: the place in the class at which the recording begins; `sureness`: the best match over the next
    best. `spoken` are the sentences that are heard whole, `torn` those of which only a part is: cut at an end,
    or by a scene without the microphone.
    """

    offset_ms: int
    length_ms: int
    sureness: float
    spoken: tuple[Spoken, ...]
    torn: tuple[Spoken, ...]


def placed(lesson: Lesson, recording: Path, *, audio: int = 0) -> Placed:
    """Find `recording`'s sound (its stream `audio`) in the class, which comes round without a seam.

    Fatal `standin.not-placed` where no place stands out: then another sound was recorded.
    """
    known, heard = sound_of(lesson.sound), sound_of(recording, audio)
    offset, sureness = shift(known, heard)
    if sureness < _SURE:
        raise Fatal("standin.not-placed", file=recording.name, sureness=round(sureness, 2))
    offset_ms, length_ms = offset * 1000 // RATE, len(heard) * 1000 // RATE
    whole, torn = list[Spoken](), list[Spoken]()
    for one in sentences(lesson, offset_ms, length_ms):
        parts = _likeness(known, heard, offset, one)
        if min(parts) >= _THERE:
            whole.append(one)
        elif max(parts) > _ABSENT:
            torn.append(one)
    return Placed(offset_ms, length_ms, sureness, tuple(whole), tuple(torn))


def sentences(lesson: Lesson, offset_ms: int, length_ms: int) -> Iterator[Spoken]:
    """Every sentence of which something lies in `length_ms` of the class from `offset_ms` on."""
    for turn in range((offset_ms + length_ms) // lesson.length_ms + 1):
        for one in lesson.spoken:
            start = one.start_ms + turn * lesson.length_ms - offset_ms
            end = one.end_ms + turn * lesson.length_ms - offset_ms
            if end > 0 and start < length_ms:
                yield Spoken(start, end, one.text)


def shift(known: Sound, heard: Sound) -> tuple[int, float]:
    """The sample of `known` (which comes round) at which `heard` begins, and how sure that is.

    The spectra are made white, or music that repeats itself would match at many places.
    """
    size = len(known)
    folded = np.zeros(size, np.float64)
    for start in range(0, len(heard), size):
        piece = heard[start : start + size]
        folded[: len(piece)] += piece
    likeness = np.fft.irfft(_white(np.fft.rfft(known) * np.conj(np.fft.rfft(folded))), size)
    best = int(np.argmax(likeness))
    others = np.roll(likeness, -best)[_APART : size - _APART]
    next_best = float(others.max()) if len(others) else 0.0
    return best, float(likeness[best]) / max(next_best, 1e-12)


def sound_of(path: Path, audio: int = 0) -> Sound:
    """A file's sound, mono at 8 kHz, from the file's time zero on."""
    command = [ffmpeg.tools().ffmpeg, "-nostdin", "-v", "error"]
    command += ["-i", ffmpeg.url(path)]
    command += ["-map", f"0:a:{audio}"]
    command += ["-af", f"aresample={RATE}:async=1:first_pts=0"]
    command += ["-ac", "1"]
    command += ["-f", "s16le", "-"]
    raw = process.run(command, timeout_s=120)
    return np.frombuffer(raw, "<i2").astype(np.float32) / np.float32(32768)


def _white(spectrum: npt.NDArray[Any]) -> npt.NDArray[Any]:
    size = np.abs(spectrum)
    return np.asarray(spectrum / (size + 1e-4 * size.max() + 1e-30))


def _likeness(known: Sound, heard: Sound, offset: int, one: Spoken) -> list[float]:
    """How like the known sound each part of the sentence in the recording is, 0 to 1."""
    edges = np.linspace(one.start_ms * RATE // 1000, one.end_ms * RATE // 1000, _PARTS + 1).astype(int)
    return [_alike(known, heard, offset, int(start), int(end)) for start, end in pairwise(edges)]


def _alike(known: Sound, heard: Sound, offset: int, start: int, end: int) -> float:
    if start < 0 or end > len(heard):
        return 0.0
    got = heard[start:end]
    places = np.arange(offset + start - _SLACK, offset + end + _SLACK) % len(known)
    wide = known[places]
    product = np.correlate(wide, got, "valid")
    best = int(np.argmax(product))
    norm = float(np.linalg.norm(got) * np.linalg.norm(wide[best : best + len(got)]))
    return float(product[best]) / norm if norm > 1e-6 else 0.0
