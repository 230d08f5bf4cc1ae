"""A still picture out of a film: the sharpest of several places, none of them black, white or in a fade."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import Fatal
from pipeline.media import ffmpeg, process
from pipeline.media.probe import Probe

_WIDTH, _HEIGHT = 192, 108
_APART_S = 0.4  # two looks at a place: in a fade the brightness differs between them
_TIMEOUT_S = 120.0
_MOVES = 0.5  # mean difference of two looks, in steps of 255: a still picture's noise stays below
_STILL_WORTH = 0.25

Grey = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place in seconds and how good its picture is; 0 or less: not to be shown."""

    at: float
    worth: float


def best_place(found: Probe, length_us: int, *, places: int = 12) -> float:
    """Seconds into the film of the picture to show; the middle where no place is any good."""
    length = length_us / 1_000_000
    looks = [length * (n + 0.5) / places for n in range(places)]
    candidates = [Candidate(at, worth(*_two_frames(found, at, length))) for at in looks]
    best = max(candidates, key=lambda candidate: candidate.worth)
    return best.at if best.worth > 0 else length / 2


def worth(first: Grey | None, second: Grey | None) -> float:
    """Sharpness (variance of the Laplacian) of a picture with contrast that does not change in brightness.

    Where nothing moves there stands a card or a slide: its letters are sharp, but it shows nobody.
    """
    if first is None:
        return 0.0
    bright = float(first.mean())
    if not 16 <= bright <= 240 or float(first.std()) < 6:
        return 0.0
    fading = abs(bright - float(second.mean())) if second is not None else 0.0
    edges = first[:-2, 1:-1] + first[2:, 1:-1] + first[1:-1, :-2] + first[1:-1, 2:] - 4 * first[1:-1, 1:-1]
    moving = second is None or float(np.abs(first - second).mean()) >= _MOVES
    return float(edges.var()) / (1 + fading * fading) * (1.0 if moving else _STILL_WORTH)


def save_jpeg(found: Probe, target: Path, at: float) -> list[str]:
    """The command that writes the picture at `at` seconds in full size."""
    picture = ffmpeg.picked(ffmpeg.source(found.path, ss=f"{at:.3f}"), "v:0")
    picture = ffmpeg.filtered(picture, "scale", "trunc(iw*sar/2+0.5)*2", "trunc(ih/2)*2")
    options: dict[str, object] = {"f": "image2", "c:v": "mjpeg", "frames:v": 1, "update": 1, "q:v": 2}
    return ffmpeg.argv(ffmpeg.saved(target, picture, pix_fmt="yuvj420p", strict="unofficial", **options))


def _two_frames(found: Probe, at: float, length: float) -> tuple[Grey | None, Grey | None]:
    return grey(found, at), grey(found, min(at + _APART_S, max(0.0, length - 0.1)))


def grey(found: Probe, at: float) -> Grey | None:
    """The picture at `at` seconds, small and grey, rows of 0…255; None where none is decoded."""
    command = [
        ffmpeg.tools().ffmpeg,
        *("-nostdin", "-v", "fatal"),
        *("-ss", f"{at:.3f}", "-i", ffmpeg.url(found.path)),
        *("-map", "0:v:0", "-frames:v", "1"),
        *("-vf", f"scale={_WIDTH}:{_HEIGHT},format=gray"),
        *("-f", "rawvideo", "-"),
    ]
    try:
        raw = process.run(command, timeout_s=_TIMEOUT_S)
    except Fatal:
        return None  # a place that does not decode is no place for a poster
    if len(raw) != _WIDTH * _HEIGHT:
        return None
    return np.frombuffer(raw, np.uint8).reshape(_HEIGHT, _WIDTH).astype(np.float32)
