"""What may stand in a caption, and how a word too long for a line is cut."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.text import clean, has_sight, pieces, width


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("  dwa \t słowa\n", "dwa słowa"),
        ("koniec....", "koniec…"),
        ("…...", "…"),
        ('powiedział "tak" i “nie”', "powiedział „tak” i ”nie”".replace("”nie", "„nie")),
        ("e\u0301", "é"),
        ("a\x00b\x1b[31mc", "a b [31mc"),
        ("\u202eodwrócone\u202c", "odwrócone"),
        ("\ud800x", "x"),
        ("z\u200bero", "zero"),
        ("👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_cleaned(given_text: str, cleaned: str) -> None:
    assert clean(given_text) == cleaned


def test_quotes_of_other_languages_stay() -> None:
    assert clean('say "yes"', "en") == 'say "yes"'


@given(st.text())
def test_clean_text_is_clean_whatever_it_was(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert len(once.splitlines()) <= 1


def test_what_cannot_be_seen() -> None:
    assert not has_sight("\u200d\u0301 ")
    assert has_sight("…")


@given(st.text(min_size=1), st.integers(3, 50))
def test_pieces_fit_and_make_up_the_word(word: str, columns: int) -> None:
    cut = pieces(word, columns)
    assert all(width(piece) <= columns for piece in cut)
    assert "".join(piece[:-1] for piece in cut[:-1]) + cut[-1] == word


def test_a_joined_emoji_is_not_cut() -> None:
    family = "👩\u200d👩\u200d👧"
    assert pieces(family * 3, 5) == [family * 2 + "-", family]
