"""Words of a text, and the terms under which they are found: Polish inflection and diacritics."""

import re
import unicodedata
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from captions.polish import lemmas

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 60  # characters of a word; what is longer is cut: nobody types it
_PLAIN = str.maketrans("łŁøØđĐ", "lLoOdD")  # letters that Unicode does not take apart
_STEERING = dict.fromkeys([*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], " ")
_LETTERS = {"a": "aą", "c": "cć", "e": "eę", "l": "lł", "n": "nń", "o": "oó", "s": "sś", "z": "zźż"}
_CANDIDATES = 400  # dictionary look-ups that one word may cost: some 9 ms
# Endings of nouns, names and adjectives, the longest first, for words that no dictionary knows.
_ENDINGS = (
    *("iego", "iemu", "iami", "iach", "iowi", "owie"),
    *("iej", "imi", "ich", "ego", "emu", "ymi", "ych", "iom", "ami", "ach", "owi", "iem"),
    *("ej", "im", "ym", "om", "ów", "em", "ie", "ią", "ię", "iu", "ia"),
    *("y", "i", "a", "u", "e", "ę", "ą", "o"),
)
_STEM = 4  # letters that a stem must keep: shorter ones are alike by chance


class Word(NamedTuple):
    """One word of a text: in small letters and composed form; where it stands in the text."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words: letters and digits of any script, without punctuation."""
    return [Word(_small(found.group()), found.start(), found.end()) for found in _WORD.finditer(composed(text))]


def composed(text: str) -> str:
    """`text` in NFC, without half surrogates, which no database takes, and with spaces for what would steer a
    terminal: positions are counted in this form."""
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode()).translate(_STEERING)


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """`text` in small letters without diacritics: żółw and ŻÓŁW are zolw."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(one for one in apart if one.isalnum()) or text


def key(term: str) -> str:
    """What a term is looked up by: without diacritics, and a stem never taken for a word."""
    return term if term.startswith("~") else folded(term)


def is_plain(word: str) -> bool:
    """Whether `word` bears no diacritics: then it stands for words with them as well."""
    return folded(word) == word


def known(word: str) -> bool:
    """Whether the dictionary knows the word."""
    return bool(lemmas(word))


def terms(word: str) -> frozenset[str]:
    """All that a word is found under: itself and its base forms; a stem where the dictionary does not know it."""
    found = lemmas(word)
    return found | {word} if found else frozenset({word, *_stems(word)})


def restored(word: str) -> frozenset[str]:
    """The base forms of what `word`, typed without diacritics, may stand for (zolwiami: żółw)."""
    if not is_plain(word) or known(word):
        return frozenset()
    choices = [_LETTERS.get(letter, letter) for letter in word]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > _CANDIDATES:
        return frozenset()
    return frozenset(lemma for letters in product(*choices) for lemma in lemmas("".join(letters)))


def _stems(word: str) -> list[str]:
    """`~` and the word without its ending: of an unknown name's cases most have it in common."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return [f"~{folded(word.removesuffix(ending))}"]
    return [f"~{folded(word)}"] if len(word) >= _STEM and word.isalpha() else []


def _small(word: str) -> str:
    return unicodedata.normalize("NFC", word.lower())[:_LONGEST]
