"""Finds the voice in a sound and cuts the sound at pauses. Memory stays at half a minute of sound, however long
the file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from captions.audio import RATE, Samples
from captions.fasterwhisper import voice
from captions.model import Span

_LEAST_S, _MOST_S = 15, 29  # a chunk is cut at its longest pause between these
_WINDOW_S = 30
_LONG_PAUSE_MS = 4000  # here a chunk ends at once: engines invent text over silence
_PAD_MS = 200  # sound kept before the first and after the last voice
_CARRY_MS = 1000  # silence looked at again, in case a voice begins at its very end
_SHORTEST_MS = 100  # the shortest voice
_SILENCE_MS = 120  # the shortest pause


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of sound with a voice in it. `speech` is in media time; `done_ms` says up to where the sound
    is dealt with once this chunk is (work can be resumed there)."""

    start_ms: int
    samples: Samples
    speech: tuple[Span, ...]
    done_ms: int

    @property
    def end_ms(self) -> int:
        return self.start_ms + _ms(len(self.samples))


def speech_spans(samples: Samples, offset_ms: int = 0) -> list[Span]:
    """The stretches with a voice in at most a minute of sound, later by `offset_ms`."""
    found = voice(samples, shortest_ms=_SHORTEST_MS, pause_ms=_SILENCE_MS)
    return [Span(offset_ms + _ms(start), offset_ms + _ms(end)) for start, end in found]


def chunks(blocks: Iterable[Samples], start_ms: int = 0) -> Iterator[Chunk]:
    """Cut a stream of sound that begins at `start_ms` into chunks of at most 29 s at its pauses. Sound without
    a voice is left out; the last chunk has empty `samples`, and its `done_ms` is the end of the sound."""
    source = iter(blocks)
    held: Samples = np.zeros(0, np.float32)
    taken = 0  # samples before `held`
    ended = False
    while True:
        while not ended and len(held) < _WINDOW_S * RATE:
            block = next(source, None)
            ended = block is None
            held = held if block is None else np.concatenate((held, block))
        window = held[: _WINDOW_S * RATE]
        spans = speech_spans(window) if len(window) else []
        drop, chunk = _step(window, spans, last=ended and len(held) == len(window))
        if chunk is not None:
            begin, end = chunk
            at = start_ms + _ms(taken)
            voices = tuple(
                Span(at + span.start_ms, at + span.end_ms) for span in spans if span.start_ms < _ms(drop)
            )
            done = start_ms + _ms(taken + drop)
            yield Chunk(at + _ms(begin), window[begin:end].copy(), _clipped(voices, done), done)
        if ended and drop >= len(held):
            end_ms = start_ms + _ms(taken + len(held))
            yield Chunk(end_ms, np.zeros(0, np.float32), (), end_ms)
            return
        held = held[drop:]
        taken += drop


def _step(window: Samples, spans: list[Span], last: bool) -> tuple[int, tuple[int, int] | None]:
    """How many samples to leave behind, and which of them (begin, end) make a chunk, if any do."""
    if not spans:
        return (len(window) if last else max(0, len(window) - _samples(_CARRY_MS))), None
    begin = max(0, spans[0].start_ms - _PAD_MS)
    if begin > _CARRY_MS and not last:
        return _samples(begin), None  # silence first: leave it, and look again with the window full
    cut = _cut(spans, begin, _ms(len(window)), last)
    end = min(cut, max(span.end_ms for span in spans if span.start_ms < cut) + _PAD_MS)
    drop = len(window) if last and cut >= _ms(len(window)) else min(len(window), _samples(cut))
    return drop, (_samples(begin), min(len(window), _samples(end)))


def _cut(spans: list[Span], begin: int, length: int, last: bool) -> int:
    """Where the chunk that begins at `begin` ends (ms in the window): the first long pause, else the longest
    between 15 and 29 s, else 29 s; the end of the sound where that comes first."""
    pauses = [(one.end_ms, two.start_ms) for one, two in pairwise(spans)]
    if not last or spans[-1].end_ms < length:
        pauses.append((spans[-1].end_ms, length))
    for start, end in pauses:
        if end - start >= _LONG_PAUSE_MS and start - begin <= _MOST_S * 1000:
            return min(start + (end - start) // 2, begin + _MOST_S * 1000)
    if last and length - begin <= _MOST_S * 1000:
        return length
    fitting = [
        (end - start, (start + end) // 2)
        for start, end in pauses
        if _LEAST_S * 1000 <= (start + end) // 2 - begin <= _MOST_S * 1000
    ]
    return max(fitting)[1] if fitting else begin + _MOST_S * 1000


def _clipped(spans: tuple[Span, ...], end_ms: int) -> tuple[Span, ...]:
    return tuple(Span(span.start_ms, min(span.end_ms, end_ms)) for span in spans if span.start_ms < end_ms)


def _ms(samples: int) -> int:
    return samples * 1000 // RATE


def _samples(ms: int) -> int:
    return ms * RATE // 1000
