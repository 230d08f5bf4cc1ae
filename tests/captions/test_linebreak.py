"""Where lines end: the Polish rules one by one."""

import pytest

from captions.linebreak import atoms, bound, ends_sentence, lay_out, torn
from captions.style import DEFAULT_STYLE


@pytest.mark.parametrize(
    ("word", "following"),
    [
        ("w", "domu"),
        ("I", "potem"),
        ("„A", "teraz"),
        ("dr", "Nowak"),
        ("prof.", "Nowak"),
        ("ul.", "Długa"),
        ("25", "osób"),
        ("12,50", "zł."),
        ("10", "000"),
        ("5", "maja"),
        ("śnieg", "–"),
    ],
)
def test_these_stay_together(word: str, following: str) -> None:
    assert bound(word, following, DEFAULT_STYLE)


@pytest.mark.parametrize(("word", "following"), [("dom", "w"), ("a,", "potem"), ("25.", "Osób"), ("to", "jest")])
def test_these_may_part(word: str, following: str) -> None:
    assert not bound(word, following, DEFAULT_STYLE)


def _lines(text: str) -> tuple[str, ...]:
    words = text.split()
    units = [" ".join(words[first:after]) for first, after in atoms(words, DEFAULT_STYLE)]
    return lay_out(units, DEFAULT_STYLE)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Tańczymy w parach.", ("Tańczymy w parach.",)),
        (
            "Skrzypce grają melodię, a kontrabas podtrzymuje rytm.",
            ("Skrzypce grają melodię,", "a kontrabas podtrzymuje rytm."),
        ),
        (
            "Zapraszamy na kawę i ciasto do foyer na parterze.",
            ("Zapraszamy na kawę i ciasto", "do foyer na parterze."),
        ),
        (
            "Gościem tego wieczoru będzie dr Stanisław Wróbel z Łodzi.",
            ("Gościem tego wieczoru będzie", "dr Stanisław Wróbel z Łodzi."),
        ),
    ],
)
def test_lines_break_where_they_read_best(text: str, lines: tuple[str, ...]) -> None:
    assert _lines(text) == lines


def test_a_run_of_bound_words_wider_than_a_line_is_cut_when_the_line_is_full() -> None:
    words = ["w"] * 50
    runs = atoms(words, DEFAULT_STYLE)
    assert [after - first for first, after in runs] == [21, 21, 8]
    assert not torn(words, 21, DEFAULT_STYLE)


def test_torn_sees_the_whole_run() -> None:
    words = ["siedział", "i", "w", "domu"]
    assert torn(words, 3, DEFAULT_STYLE)
    assert torn(words, 2, DEFAULT_STYLE)
    assert not torn(words, 1, DEFAULT_STYLE)


def test_a_titles_dot_ends_no_sentence() -> None:
    assert not ends_sentence("prof.", DEFAULT_STYLE)
    assert ends_sentence("rytm.”", DEFAULT_STYLE)
