"""Letters of a teletext page (EN 300 706): what each is at level 1 in the Polish subset, and what packet X/26 adds.

The Polish subset of G0 lacks Ą Ć Ę Ń Ó Ź and a true Ż; they are their plain letters at level 1 and become whole by
an enhancement. Every letter with a mark gets one, so that a receiver set to another region shows it rightly too.
"""

import textwrap
import unicodedata
from typing import NamedTuple

_POLISH = {
    **{"#": 0x23, "ń": 0x24, "ą": 0x40, "Ż": 0x5B, "Ś": 0x5C, "Ł": 0x5D, "ć": 0x5E, "ó": 0x5F, "ę": 0x60},
    **{"ż": 0x7B, "ś": 0x7C, "ł": 0x7D, "ź": 0x7E},
}
_DISPLACED = frozenset("$@[\\]^_`{|}~")
# The diacritical marks of G2, column 4.
_MARKS = {
    **{"\u0300": 1, "\u0301": 2, "\u0302": 3, "\u0303": 4, "\u0304": 5, "\u0306": 6, "\u0307": 7, "\u0308": 8},
    **{"\u030a": 10, "\u0327": 11, "\u030b": 13, "\u0328": 14, "\u030c": 15},
}
_WHOLE_G2 = 0x0F  # X/26 mode: a character of G2 by itself
_WITH_MARK = 0x10  # X/26 mode: a letter of G0 with the mark that is added to this
# Characters of G2, and what stands for them at level 1 (a Polish letter where there is one).
_G2 = {
    **{"Ł": (0x68, "Ł"), "ł": (0x78, "ł"), "–": (0x50, "-"), "—": (0x50, "-"), "§": (0x27, "#"), "°": (0x30, "o")},
    **{"±": (0x31, "+"), "×": (0x34, "x"), "÷": (0x38, ":"), "½": (0x3D, "/"), "♪": (0x55, "#"), "ß": (0x7B, "s")},
    **{"«": (0x2B, '"'), "»": (0x3B, '"'), "$": (0x24, "S"), "ø": (0x79, "o"), "Ø": (0x69, "O"), "æ": (0x71, "a")},
}
_INSTEAD = str.maketrans(
    {
        **{"„": '"', "”": '"', "“": '"', "‚": "'", "‘": "'", "’": "'", "…": "...", "€": "EUR", "♫": "♪", "♬": "♪"},
        **{"[": "(", "]": ")", "{": "(", "}": ")", "\\": "/", "|": "/", "_": "-", "`": "'", "^": " ", "~": "-"},
        **{"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-", "\u2010": "-", "\u2212": "-", "\t": " "},
        **{"\u00ad": None, "\u200b": None, "\ufeff": None, "@": "(at)"},
    }
)
WIDTH = 35  # of forty cells; five are taken by the attributes
MOST_ROWS = 6


class Cell(NamedTuple):
    """One cell: its seven bits at level 1, and mode and data of the enhancement, if any."""

    code: int
    enhancement: tuple[int, int] | None = None


def cells(text: str) -> list[Cell]:
    """A row of text as cells; what teletext cannot show is a question mark."""
    return [_cell(letter) for letter in plain(text)]


def plain(text: str) -> str:
    """The text in the letters that a page has: quotation marks straight, brackets round, no line breaks."""
    kept = unicodedata.normalize("NFC", text).translate(_INSTEAD)
    return "".join(letter if letter.isprintable() else " " for letter in kept)


def rows(text: str) -> list[str]:
    """A cue's text as rows of at most 35 letters: its own breaks where they fit, else as few rows as it needs."""
    lines = [" ".join(plain(line).split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    if any(len(line) > WIDTH for line in lines):
        lines = textwrap.wrap(" ".join(lines), WIDTH)
    return lines[:MOST_ROWS]


def _cell(letter: str) -> Cell:
    if letter in _G2:
        code, instead = _G2[letter]
        return Cell(_POLISH.get(instead, ord(instead)), (_WHOLE_G2, code))
    if letter in _POLISH and letter.isascii():
        return Cell(_POLISH[letter])
    if " " <= letter < "\x7f" and letter not in _DISPLACED:
        return Cell(ord(letter))
    parts = unicodedata.normalize("NFD", letter)
    if len(parts) == 2 and parts[1] in _MARKS and parts[0].isascii() and parts[0].isalpha():
        return Cell(_POLISH.get(letter, ord(parts[0])), (_WITH_MARK + _MARKS[parts[1]], ord(parts[0])))
    return Cell(ord("?"))
