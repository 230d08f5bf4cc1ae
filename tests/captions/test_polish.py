"""Grammar decides where a line may end: with the dictionary, and without it."""

import sys
from collections.abc import Iterator

import pytest

from captions import polish
from captions.linebreak import better_together, break_cost
from captions.style import DEFAULT_STYLE

pytest.importorskip("morfeusz2")


@pytest.fixture
def _no_dictionary(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "morfeusz2", None)
    for kept in (polish._dictionary, polish.kinds, polish._forms):
        kept.cache_clear()
    yield
    for kept in (polish._dictionary, polish.kinds, polish._forms):
        kept.cache_clear()


def test_kinds_of_words() -> None:
    assert "verb" in polish.kinds("zatańczymy")
    assert polish.kinds("wśród") == {"preposition"}
    assert {"surname", "adjective"} <= polish.kinds("Kowalskiego")
    assert "first name" in polish.kinds("Annie")
    assert polish.kinds("xqzw") == frozenset()
    assert polish.kinds("") == frozenset()


def test_what_is_no_latin_word_is_not_asked(capfd: pytest.CaptureFixture[str]) -> None:
    assert polish.kinds("\ud800") == polish.kinds("👍") == polish.kinds("\ufffd\u0378") == frozenset()
    assert capfd.readouterr() == ("", "")


def test_an_adjective_agrees_with_its_noun() -> None:
    assert polish.agree("spokojny", "oddech")
    assert not polish.agree("spokojny", "oddechami")
    assert not polish.agree("oddech", "spokojny")


@pytest.mark.parametrize(
    ("word", "following", "better"),
    [
        ("nie", "tańczy", True),
        ("nie", "tylko", False),
        ("Jana", "Kowalskiego", True),
        ("Dzisiaj", "Anna", False),
        ("Qwx", "Zyk", True),
        ("pan", "burmistrz", True),
    ],
)
def test_what_stays_together(word: str, following: str, better: bool) -> None:
    assert better_together(word, following) is better


def test_costs_follow_the_grammar() -> None:
    def cost(word: str, following: str) -> int:
        return break_cost(word, following, DEFAULT_STYLE)

    after_comma, before_link = cost("raz,", "dwa"), cost("tańczymy", "wobec")
    plain, phrase, after_link = cost("tańczymy", "walca"), cost("spokojny", "oddech"), cost("wobec", "pieśni")
    assert 0 == cost("raz.", "Dwa") < after_comma < before_link < plain < phrase < after_link
    assert after_link < cost("Jana", "Kowalskiego")


@pytest.mark.usefixtures("_no_dictionary")
def test_without_the_dictionary_the_lists_decide() -> None:
    assert polish.kinds("dom") == frozenset()
    assert not polish.agree("spokojny", "oddech")
    assert better_together("nie", "tylko")
    assert better_together("Jana", "Kowalskiego")
    assert break_cost("tańczymy", "dla", DEFAULT_STYLE) == 14
    assert break_cost("dla", "pieśni", DEFAULT_STYLE) == 50
    assert break_cost("spokojny", "oddech", DEFAULT_STYLE) == 32
