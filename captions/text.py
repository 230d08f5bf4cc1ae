"""Clean text: what may stand in a caption at all, in any format. Layout and timing are other files' work."""

import re
import unicodedata
from collections.abc import Iterable

_KEPT_FORMAT = frozenset("\u200c\u200d\u200e\u200f")  # joiners of emoji and of Persian, marks of direction
_ELLIPSIS = re.compile(r"[.…]*(?:\.{3}|…)[.…]*")
_MARKS_IN_A_ROW = 4
_PLAIN = re.compile(
    r"(?:[ A-Za-z0-9ąćęłńóśźżĄĆĘŁŃÓŚŹŻ,;:?!„”()–-]|(?<!\.)\.(?![.…])|(?<!\.)…(?![.…]))*"
)  # most of all words
_NARROW = re.compile(r"[\u0020-\u02ff\u2010-\u2027„”–…]*")
_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,5}")
_ZWJ = "\u200d"
_OPENING = re.compile(r'(?<![^\s(\[„«‚/–—-])["“](?=\S)')


def clean(text: str, language: str = "pl") -> str:
    """`text` in NFC on one line: no control, no bidirectional override, single spaces, `…` for three dots.

    In Polish, straight and English quotes become „ and ”. May return an empty text.
    """
    if _PLAIN.fullmatch(text):
        return " ".join(text.split())
    kept = "".join(_visible(char) for char in text)
    kept = _ELLIPSIS.sub("…", " ".join(unicodedata.normalize("NFC", kept).split()))
    if language == "pl":
        kept = _OPENING.sub("„", kept)
        kept = kept.replace('"', "”").replace("“", "”")
    return unicodedata.normalize("NFC", _calmed(kept))


def language_tag(given: str | None, default: str) -> str:
    """The language that a file names, where it is a tag such as `pl` or `pt-BR`; else `default`."""
    return given if given and _TAG.fullmatch(given) else default


def safe_lines(lines: Iterable[str]) -> list[str]:
    """Lines as a writer may take them whoever made the track: each on one line without controls, none empty."""
    return [line for line in (clean(line, "") for line in lines) if line]


def has_sight(text: str) -> bool:
    """Whether anything of `text` can be seen: more than marks, joiners and spaces."""
    return any(unicodedata.category(char)[0] not in "CMZ" or unicodedata.category(char) == "Cn" for char in text)


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cf":
        return char if char in _KEPT_FORMAT else ""
    if category in ("Cs", "Co"):
        return ""
    if category == "Cn" and (ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF):
        return ""
    return char


def _calmed(text: str) -> str:
    """`text` with at most four marks or joiners on one letter: heaps of them paint over the picture."""
    out, run = [], 0
    for char in text:
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 0
        if run <= _MARKS_IN_A_ROW:
            out.append(char)
    return "".join(out)


def width(text: str) -> int:
    """How many columns `text` takes: Chinese and emoji two, marks and joiners none, everything else one.

    A sign joined of more than four is counted on: a chain of joiners must not hide a line without end.
    """
    if _NARROW.fullmatch(text):
        return len(text)
    columns, joins = 0, 0
    for at, char in enumerate(text):
        if char == _ZWJ or unicodedata.category(char) in ("Mn", "Me", "Cf"):
            continue
        joins = joins + 1 if at and text[at - 1] == _ZWJ else 0
        if 0 < joins < _MARKS_IN_A_ROW or (at and "\U0001f3fb" <= char <= "\U0001f3ff"):
            continue
        columns += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return columns


def pieces(word: str, columns: int, mark: str = "-") -> list[str]:
    """`word` in pieces of at most `columns`, each but the last with `mark` at its end.

    Cut between whole signs (a letter with its marks, a joined emoji), unless one sign alone is wider.
    """
    out = []
    while width(word) > columns:
        at = _fitting(word, columns - len(mark))
        whole = at
        while whole > 0 and _joined(word, whole):
            whole -= 1
        at = whole or at
        out.append(word[:at] + mark)
        word = word[at:]
    return [*out, word]


def _fitting(word: str, columns: int) -> int:
    """How many characters of `word`, one at least, fit in `columns`."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if width(word[:middle]) <= columns:
            low = middle
        else:
            high = middle - 1
    return low


def _joined(word: str, at: int) -> bool:
    """Whether the characters on both sides of `at` make one sign."""
    before, after = word[at - 1], word[at]
    return (
        unicodedata.category(after)[0] == "M"
        or "\u200d" in (before, after)
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or ("\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff")
    )


def plain_words(text: str) -> list[str]:
    """The words of `text` alone, folded, for comparing: no punctuation, no capitals."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return re.sub(r"[^\w\s]|_", "", folded).split()
