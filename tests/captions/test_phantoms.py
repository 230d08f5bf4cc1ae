"""Invented text goes; the same words really said stay."""

from captions.engines.base import Utterance
from captions.model import Span, Word
from captions.phantoms import phantom, without_loops

_SPEECH = [Span(0, 2000)]


def _said(text: str, start_ms: int = 0, end_ms: int = 2000) -> Utterance:
    return Utterance(start_ms, end_ms, text, 0.9)


def test_a_known_phrase_goes_only_where_nobody_speaks() -> None:
    assert phantom(_said("Dziękuję za uwagę."), _SPEECH) is None
    assert phantom(_said("Dziękuję za uwagę.", 1900, 4000), _SPEECH) == "known"
    assert phantom(_said("Napisy stworzone przez społeczność Amara.org", 5000, 8000), _SPEECH) == "silence"


def test_any_text_without_a_voice_goes() -> None:
    assert phantom(_said("Zaczynamy.", 3000, 3000), _SPEECH) == "silence"


def test_the_prompt_said_back_goes() -> None:
    names = "Fryderyk Chopin, Olga Boznańska, Joanna Kaczmarek"
    assert phantom(_said("Chopin, Olga Boznańska, Joanna", 1500, 3500), _SPEECH, names) == "echo"
    assert phantom(_said("Gra Olga Boznańska.", 1500, 3500), _SPEECH, names) is None
    assert phantom(_said("Chopin, Olga Boznańska, Joanna"), _SPEECH, names) is None


def _words(text: str) -> list[Word]:
    return [Word(at * 100, at * 100 + 90, word) for at, word in enumerate(text.split())]


def test_a_loop_is_cut_to_two_rounds() -> None:
    kept, cut = without_loops(_words("No to " + "jest tak, " * 9 + "koniec."))
    assert " ".join(word.text for word in kept) == "No to jest tak, jest tak, koniec."
    assert cut == [Span(600, 1990)]


def test_what_people_do_repeat_stays() -> None:
    for text in ("bis bis bis bis bis", "raz dwa trzy raz dwa trzy raz dwa trzy", "… … …"):
        assert without_loops(_words(text)) == (_words(text), [])
