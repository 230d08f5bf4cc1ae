"""Times of words and cues: forward, spread, within the media."""

from itertools import pairwise

import pytest

from captions.model import Word
from captions.style import DEFAULT_STYLE
from captions.tidy import tidy
from captions.timing import Wanted, cramped, placed


def test_one_wrong_time_does_not_move_the_others() -> None:
    words = [Word(at * 1000, at * 1000 + 500, f"słowo{at}") for at in range(5)]
    words[2] = Word(90_000, 90_500, "słowo2")
    assert [word.start_ms for word in tidy(words, DEFAULT_STYLE)] == [0, 1000, 2000, 3000, 4000]


def test_words_piled_on_one_moment_are_spread() -> None:
    words = tidy([Word(1000, 1000, "abc")] * 4, DEFAULT_STYLE)
    assert [word.start_ms for word in words] == [1000, 1100, 1200, 1300]


def test_words_past_the_end_are_drawn_into_the_media() -> None:
    words = tidy([Word(5000, 5500, "jeden"), Word(6000, 6500, "dwa")], DEFAULT_STYLE, duration_ms=4000)
    assert [word.text for word in words] == ["jeden", "dwa"]
    assert all(word.end_ms <= 4000 for word in words)


def test_a_word_with_spaces_is_several_words() -> None:
    words = tidy([Word(0, 1000, "do domu")], DEFAULT_STYLE)
    assert [(word.text, word.start_ms) for word in words] == [("do", 0), ("domu", 375)]


def test_gaps_are_closed_or_clear() -> None:
    wanted = [Wanted(0, 1000, 10), Wanted(1700, 2500, 10), Wanted(4000, 5000, 10)]
    assert placed(wanted, DEFAULT_STYLE, None) == [(0, 1620), (1700, 2980), (4000, 5480)]


def test_a_gap_that_closing_would_make_too_long_is_widened() -> None:
    wanted = [Wanted(0, 6500, 10), Wanted(7200, 8000, 10)]
    assert placed(wanted, DEFAULT_STYLE, None)[0] == (0, 6720)


@pytest.mark.parametrize(("count", "duration_ms", "tight"), [(1, 840, False), (1, 839, True), (2, 1760, False)])
def test_cramped(count: int, duration_ms: int, tight: bool) -> None:
    assert cramped(count, DEFAULT_STYLE, duration_ms) is tight


def test_cues_in_a_media_too_short_share_it() -> None:
    times = placed([Wanted(0, 100, 5)] * 3, DEFAULT_STYLE, 1000)
    assert times[0][0] >= 0
    assert times[-1][1] <= 1000
    assert all(one[1] < two[0] for one, two in pairwise(times))
