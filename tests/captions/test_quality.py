"""Every hard rule is seen when a track breaks it."""

import pytest

from captions.model import Cue, Track
from captions.quality import check, hard, summary


def _codes(*cues: Cue, duration_ms: int | None = None) -> set[str]:
    found = hard(check(Track(cues), duration_ms=duration_ms))
    return {violation.code.removeprefix("captions.check-") for violation in found}


@pytest.mark.parametrize(
    ("cue", "code"),
    [
        (Cue(0, 2000, ("",)), "empty"),
        (Cue(0, 2000, ()), "empty"),
        (Cue(0, 2000, ("e\u0301",)), "not-nfc"),
        (Cue(0, 2000, ("koniec...",)), "unclean"),
        (Cue(0, 2000, ('"cytat"',)), "unclean"),
        (Cue(0, 3000, ("a",) * 3), "lines"),
        (Cue(0, 7000, ("x" * 43,)), "width"),
        (Cue(0, 2000, ("- Tak.", "Nie.")), "dialogue"),
        (Cue(0, 2000, ("Poszli w", "góry.")), "torn"),
        (Cue(0, 2000, ("Dał mi 20", "zł.")), "torn"),
        (Cue(0, 800, ("Tak.",)), "short"),
        (Cue(0, 7010, ("Tak.",)), "long"),
        (Cue(500, 500, ("Tak.",)), "order"),
        (Cue(0, 1000, ("Siedemnaście znaków tu.",)), "speed"),
    ],
)
def test_a_bad_cue_is_seen(cue: Cue, code: str) -> None:
    assert code in _codes(cue)


@pytest.mark.parametrize(("start_ms", "code"), [(1900, "overlap"), (2040, "gap"), (2200, "flicker")])
def test_a_bad_gap_is_seen(start_ms: int, code: str) -> None:
    assert _codes(Cue(0, 2000, ("Tak.",)), Cue(start_ms, 4000, ("Nie.",))) == {code}


def test_a_cue_past_the_end_is_seen() -> None:
    assert _codes(Cue(0, 2000, ("Tak.",)), duration_ms=1990) == {"past-end"}


def test_speech_faster_than_reading_is_told_and_soft() -> None:
    cues = (Cue(0, 1000, ("Dwadzieścia znaków.",)), Cue(1080, 4000, ("Dalej.",)))
    assert summary(check(Track(cues))) == {"captions.check-brisk": 1}


def test_a_one_letter_word_across_two_cues_is_seen() -> None:
    assert _codes(Cue(0, 2000, ("Poszli w",)), Cue(2080, 4000, ("góry.",))) == {"torn"}


def test_a_good_dialogue_is_good() -> None:
    assert check(Track((Cue(0, 2000, ("- Idziesz?", "- Nie.")),))) == []


def test_a_loop_is_told_once() -> None:
    cues = tuple(Cue(at * 3000, at * 3000 + 2000, ("Raz dwa.",)) for at in range(6))
    assert summary(check(Track(cues))) == {"captions.check-loop": 1}
