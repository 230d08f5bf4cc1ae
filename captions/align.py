"""Puts an utterance's words in time by the voice found in the sound: engines' own times drift."""

from collections.abc import Sequence
from dataclasses import replace

from captions.engines.base import Utterance
from captions.model import Span, Word

_SNAP_MS = 500  # a phrase that begins or ends this near the voice's beginning or end is moved to it


def snapped(utterance: Utterance, speech: Sequence[Span]) -> Utterance:
    """The utterance (in the same time as `speech`) from the nearest beginning of a voice to the nearest end."""
    start = _nearest(utterance.start_ms, [span.start_ms for span in speech])
    end = _nearest(utterance.end_ms, [span.end_ms for span in speech if span.end_ms > start])
    return replace(utterance, start_ms=start, end_ms=max(start, end))


def timed_words(utterance: Utterance, speech: Sequence[Span]) -> list[Word]:
    """The utterance's words: the engine's own times where it has them, else shared out by length over the
    voice inside the phrase (its pauses left out)."""
    if utterance.words:
        return list(utterance.words)
    spans = [
        Span(max(span.start_ms, utterance.start_ms), min(span.end_ms, utterance.end_ms))
        for span in speech
        if span.overlap_ms(utterance.start_ms, utterance.end_ms)
    ] or [Span(utterance.start_ms, utterance.end_ms)]
    voiced = sum(span.end_ms - span.start_ms for span in spans)
    texts = utterance.text.split()
    whole = sum(len(text) + 1 for text in texts)
    words, done = [], 0
    for text in texts:
        start = _at(spans, voiced * done // whole, late=True)
        done += len(text) + 1
        words.append(Word(start, _at(spans, voiced * done // whole, late=False), text, utterance.probability))
    return words


def _at(spans: Sequence[Span], voiced_ms: int, late: bool) -> int:
    """The moment at which `voiced_ms` of voice are over; at a pause, its end (`late`) or its beginning."""
    for span in spans:
        length = span.end_ms - span.start_ms
        if voiced_ms < length or (voiced_ms == length and not late):
            return span.start_ms + voiced_ms
        voiced_ms -= length
    return spans[-1].end_ms


def _nearest(ms: int, edges: Sequence[int]) -> int:
    best = min(edges, key=lambda edge: abs(edge - ms), default=ms)
    return best if abs(best - ms) <= _SNAP_MS else ms
