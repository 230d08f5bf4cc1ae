"""Words shared out over the voice of their phrase."""

from captions.align import snapped, timed_words
from captions.engines.base import Utterance
from captions.model import Span, Word


def test_a_phrase_is_moved_to_the_voice_near_it() -> None:
    speech = [Span(1200, 2000), Span(2300, 3900)]
    moved = snapped(Utterance(1000, 4200, "a b", 1.0), speech)
    assert (moved.start_ms, moved.end_ms) == (1200, 3900)


def test_a_phrase_far_from_any_edge_stays() -> None:
    moved = snapped(Utterance(3000, 4000, "a", 1.0), [Span(1000, 9000)])
    assert (moved.start_ms, moved.end_ms) == (3000, 4000)


def test_words_lie_on_the_voice_not_on_its_pauses() -> None:
    words = timed_words(Utterance(0, 4000, "abc def", 0.5), [Span(0, 1000), Span(3000, 4000)])
    assert words == [Word(0, 1000, "abc", 0.5), Word(3000, 4000, "def", 0.5)]


def test_the_engines_own_word_times_are_kept() -> None:
    own = (Word(10, 20, "a"), Word(30, 40, "b"))
    assert timed_words(Utterance(0, 100, "a b", 1.0, own), [Span(0, 100)]) == list(own)


def test_without_any_voice_the_phrases_own_time_is_shared() -> None:
    words = timed_words(Utterance(0, 800, "abc def", 1.0), [])
    assert [(word.start_ms, word.end_ms) for word in words] == [(0, 400), (400, 800)]
