"""Cutting at pauses, on voices that the test makes up: every voice is in a chunk once, at its true time."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from captions import voice
from captions.audio import RATE, Samples
from captions.model import Span
from captions.voice import Chunk, chunks


@pytest.fixture(autouse=True)
def _loud_is_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is not zero counts as voice; pauses under 120 ms do not count."""

    def found(samples: Samples, offset_ms: int = 0) -> list[Span]:
        edges = np.flatnonzero(np.diff(np.concatenate(([0], (samples != 0).astype(int), [0]))))
        spans: list[Span] = []
        for begin, end in zip(edges[::2] * 1000 // RATE, edges[1::2] * 1000 // RATE, strict=True):
            if spans and begin - spans[-1].end_ms < 120:
                spans[-1] = Span(spans[-1].start_ms, int(end) + offset_ms)
            else:
                spans.append(Span(int(begin) + offset_ms, int(end) + offset_ms))
        return spans

    monkeypatch.setattr(voice, "speech_spans", found)


def _sound(length_s: float, *voices: tuple[float, float]) -> Samples:
    sound = np.zeros(round(length_s * RATE), np.float32)
    for start, end in voices:
        sound[round(start * RATE) : round(end * RATE)] = 1
    return sound


def _in_blocks(sound: Samples, seconds: float = 0.7) -> Iterator[Samples]:
    size = round(seconds * RATE)
    for at in range(0, len(sound), size):
        yield sound[at : at + size]


def _cut(sound: Samples, start_ms: int = 0) -> list[Chunk]:
    made = list(chunks(_in_blocks(sound), start_ms))
    assert len(made[-1].samples) == 0
    assert made[-1].done_ms == start_ms + len(sound) * 1000 // RATE
    assert all(len(chunk.samples) <= 30 * RATE for chunk in made)
    assert all(one.done_ms <= two.done_ms for one, two in pairwise(made))
    return made[:-1]


def test_silence_gives_no_chunk() -> None:
    assert _cut(_sound(95)) == []
    assert _cut(_sound(0)) == []


def test_a_short_voice_is_one_chunk_with_a_little_silence_around() -> None:
    (chunk,) = _cut(_sound(60, (40, 43)))
    assert (chunk.start_ms, chunk.end_ms) == (39_800, 43_200)
    assert chunk.speech == (Span(40_000, 43_000),)


def test_a_long_speech_is_cut_at_its_longest_pause() -> None:
    made = _cut(_sound(50, (0, 10), (10.3, 18), (19, 26), (26.4, 45)))
    assert made[0].done_ms == 18_500
    assert made[0].speech == (Span(0, 10_000), Span(10_300, 18_000))
    assert made[1].start_ms == 18_800


def test_a_long_pause_ends_a_chunk_at_once() -> None:
    made = _cut(_sound(40, (1, 3), (12, 14), (20, 22)))
    assert [chunk.speech[0].start_ms for chunk in made] == [1000, 12_000, 20_000]


def test_unbroken_speech_is_cut_at_29_seconds() -> None:
    made = _cut(_sound(70, (0, 70)))
    assert [chunk.done_ms for chunk in made] == [29_000, 58_000, 70_000]


@pytest.mark.parametrize("seed", range(12))
def test_every_voice_is_heard_once_at_its_time(seed: int) -> None:
    dice = np.random.default_rng(seed)
    at, spans = float(dice.uniform(0, 8)), []
    while at < 200:
        end = at + float(dice.uniform(0.2, 9))
        spans.append((at, end))
        at = end + float(dice.choice([0.2, 0.5, 1.0, 3.0, 12.0])) * float(dice.uniform(0.7, 1.3))
    sound = _sound(210, *spans)
    back = np.zeros_like(sound)
    for chunk in _cut(sound):
        first = chunk.start_ms * RATE // 1000
        place = back[first : first + len(chunk.samples)]
        assert np.array_equal(chunk.samples, sound[first : first + len(chunk.samples)])
        assert not np.any(place[chunk.samples != 0]), "heard twice"
        place[:] = np.maximum(place, chunk.samples)
        for span in chunk.speech:
            assert chunk.start_ms <= span.start_ms <= span.end_ms <= chunk.end_ms
    assert np.array_equal(back, sound), "voice left out"


def test_it_can_be_resumed_where_a_chunk_was_done() -> None:
    sound = _sound(100, *[(at, at + 4) for at in range(1, 95, 5)])
    whole = _cut(sound)
    kept = whole[1].done_ms
    rest = _cut(sound[kept * RATE // 1000 :], kept)
    assert [chunk.speech for chunk in rest] == [chunk.speech for chunk in whole[2:]]
