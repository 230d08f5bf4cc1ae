"""What kind of word a Polish word is, by morfeusz2's dictionary: the only file that knows that library.

Where it is not installed (it has no wheel for Linux on ARM) every word is unknown, and the style's own lists of
words decide alone.
"""

import logging
import re
from functools import lru_cache
from typing import Any, Literal

log = logging.getLogger(__name__)

Kind = Literal["preposition", "conjunction", "verb", "adjective", "noun", "first name", "surname", "other"]
_VERB: Kind = "verb"
_BY_TAG: dict[str, Kind] = {
    **dict.fromkeys(("fin", "praet", "impt", "inf", "imps", "bedzie", "aglt", "pred", "winien"), _VERB),
    "prep": "preposition",
    "conj": "conjunction",
    "comp": "conjunction",
    "adj": "adjective",
    "pact": "adjective",
    "ppas": "adjective",
    "subst": "noun",
    "depr": "noun",
    "ger": "noun",
}
_NAMES: dict[str, Kind] = {"imię": "first name", "nazwisko": "surname"}
_LATIN = re.compile(r"[A-Za-zÀ-ž-]{1,60}")  # of anything else the library complains on standard error
_NONE: frozenset[Kind] = frozenset()


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    """The analyser; None where it cannot be had. Loading takes a tenth of a second."""
    try:
        import morfeusz2

        return morfeusz2.Morfeusz(expand_tags=False)
    except (ImportError, OSError, RuntimeError) as error:
        log.info("no dictionary of Polish: %s", error)
        return None


@lru_cache(maxsize=50_000)
def kinds(word: str) -> frozenset[Kind]:
    """All that `word`, without its punctuation, may be; empty for a word that the dictionary does not know."""
    dictionary = _dictionary()
    if dictionary is None or not _LATIN.fullmatch(word):
        return _NONE
    found = set[Kind]()
    for _, _, (_, _, tag, names, _) in dictionary.analyse(word):
        head = tag.partition(":")[0]
        if head == "ign":
            continue
        found.add(_BY_TAG.get(head, "other"))
        found.update(_NAMES[name] for name in names if name in _NAMES)
    return frozenset(found)


def agree(adjective: str, noun: str) -> bool:
    """Whether the two can be an adjective before its noun, in one case, number and gender (a śpiewny głos)."""
    if "adjective" not in kinds(adjective) or "noun" not in kinds(noun):
        return False
    return not _forms(adjective, ("adj", "ppas", "pact")).isdisjoint(_forms(noun, ("subst", "ger")))


@lru_cache(maxsize=20_000)
def _forms(word: str, heads: tuple[str, ...]) -> frozenset[tuple[str, str, str]]:
    """Number, case and gender of a word's readings of these kinds."""
    forms = set()
    for _, _, (_, _, tag, _, _) in _dictionary().analyse(word):
        parts = tag.split(":")
        if parts[0] in heads and len(parts) >= 4:
            forms |= {
                (number, case, gender)
                for number in parts[1].split(".")
                for case in parts[2].split(".")
                for gender in parts[3].split(".")
            }
    return frozenset(forms)


@lru_cache(maxsize=50_000)
def lemmas(word: str) -> frozenset[str]:
    """The dictionary's base forms of `word`, in small letters (żółwiami: żółw); empty for one that it lacks.

    Of a verb with its endings (poszedłem: pójść and być) only the verb's own.
    """
    dictionary = _dictionary()
    if dictionary is None or not word.isalpha() or max(word) > "ž" or len(word) > 60:
        return frozenset()
    return frozenset(
        (lemma.partition(":")[0] or lemma).lower()
        for _, _, (_, lemma, tag, _, _) in dictionary.analyse(word)
        if tag.partition(":")[0] not in ("ign", "aglt") and lemma not in ("by:T", "by")
    )
