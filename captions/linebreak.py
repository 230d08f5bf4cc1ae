"""Where a line may end, and where it had best end: the rules for Polish, with the style's lists of words.

What must not be torn apart is first put together into atoms (a one-letter word with the next, a title with its
name, a number with what it counts); lines are then made of whole atoms. Times are not known here.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, pairwise

from captions import polish
from captions.style import Style
from captions.text import width

_NUMBER = re.compile(r"[+−-]?\d+(?:[.,:/–-]\d+)*")
_OPENERS = "„«([‚–—-"
_CLOSERS = "”»)]’'"
_SENTENCE_END = re.compile(r"[.?!…][”»)\]’]*$")
_CLAUSE_END = re.compile(r"[,;:–—][”»)\]’]*$")
CLAUSE_END = 8  # what the end of a line costs after a comma, colon or dash
_DASHES = ("–", "—")


def bound(word: str, following: str, style: Style) -> bool:
    """Whether a line must not end between the two (hard): one-letter word, title, number, or dash after it."""
    if following in _DASHES:
        return True
    leading, titles, units = _lists(style)
    bare = word.lstrip(_OPENERS)
    if bare.casefold() in leading or bare.casefold() in titles:
        return True
    if not _NUMBER.fullmatch(bare):
        return False
    unit = following.rstrip(".,;:?!…" + _CLOSERS).casefold()
    return unit in units or _NUMBER.fullmatch(unit) is not None


@lru_cache(maxsize=8)
def _lists(style: Style) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The style's one-letter words, titles and units, folded; units without their dots."""
    return (
        frozenset(word.casefold() for word in style.one_letter_words),
        frozenset(word.casefold() for word in style.titles),
        frozenset(word.casefold().rstrip(".") for word in style.units),
    )


def better_together(word: str, following: str, language: str = "pl") -> bool:
    """Whether a line had better not end between the two (soft): two names, pan and pani, `nie` and its verb, a
    number and what it counts."""
    bare = _bare(word)
    folded, after = bare.casefold(), following.rstrip(".,;:?!…" + _CLOSERS)
    if folded == "nie" and language == "pl":
        known = polish.kinds(after.casefold())
        return not known or "verb" in known
    if folded in ("pan", "pani", "państwo", "panu", "panem", "panią") or _NUMBER.fullmatch(bare):
        return True
    names = bare[:1].isupper() and following[:1].isupper() and bare[-1:].isalpha() and len(bare) > 1
    if not names or language != "pl":
        return names
    known = polish.kinds(bare)
    return not known or not known.isdisjoint(("first name", "surname"))


def atoms(words: Sequence[str], style: Style) -> list[tuple[int, int]]:
    """Runs of words that belong on one line, as (first, after the last).

    A run too wide for a line is cut where the line is full: then nothing better is possible.
    """
    runs, first = [], 0
    columns = width(words[0]) if words else 0
    for at in range(1, len(words)):
        own = width(words[at])
        if bound(words[at - 1], words[at], style) and columns + 1 + own <= style.chars_per_line:
            columns += 1 + own
            continue
        runs.append((first, at))
        first, columns = at, own
    if words:
        runs.append((first, len(words)))
    return runs


def torn(words: Sequence[str], at: int, style: Style) -> bool:
    """Whether an end of line before `words[at]` breaks a hard rule that could have been kept."""
    if not 0 < at < len(words) or not bound(words[at - 1], words[at], style):
        return False
    first, last = at - 1, at
    columns = width(words[first]) + 1 + width(words[last])
    while first > 0 and columns <= style.chars_per_line and bound(words[first - 1], words[first], style):
        first -= 1
        columns += 1 + width(words[first])
    while last + 1 < len(words) and columns <= style.chars_per_line and bound(words[last], words[last + 1], style):
        last += 1
        columns += 1 + width(words[last])
    return columns <= style.chars_per_line


def ends_sentence(word: str, style: Style) -> bool:
    """Whether a sentence ends with this word (a title's dot does not end one)."""
    return _SENTENCE_END.search(word) is not None and word.lstrip(_OPENERS).casefold() not in _lists(style)[1]


def break_cost(word: str, following: str, style: Style, language: str = "pl") -> int:
    """How bad an end of line (or cue) between the two reads: 0 after a sentence, up to 60 inside a name.

    8 after a clause's punctuation; 14 before a conjunction or preposition, 20 before one that only the dictionary
    knows; 32 elsewhere; 44 between an adjective and its noun; 50 after a preposition or conjunction.
    """
    if ends_sentence(word, style):
        return 0
    if _CLAUSE_END.search(word):
        return CLAUSE_END
    if better_together(word, following, language):
        return 60
    openers = _openers(style)
    bare, after = _bare(word).casefold(), following.lstrip(_OPENERS).rstrip(".,;:?!…" + _CLOSERS).casefold()
    if bare in openers:
        return 50
    if after in openers:
        return 14
    return _grammar_cost(bare, after) if language == "pl" else 32


def _grammar_cost(word: str, following: str) -> int:
    """What the dictionary says where the style's lists are silent; 32 where it is silent too."""
    links = {"preposition", "conjunction"}
    own, next_ = polish.kinds(word) - {"other"}, polish.kinds(following) - {"other"}
    if own and own <= links:
        return 50
    if next_ and next_ <= links:
        return 20
    return 44 if polish.agree(word, following) else 32


@lru_cache(maxsize=8)
def _openers(style: Style) -> frozenset[str]:
    return frozenset(word.casefold() for word in style.break_before)


def _bare(word: str) -> str:
    return word.lstrip(_OPENERS)


def lay_out(units: Sequence[str], style: Style, language: str = "pl") -> tuple[str, ...]:
    """The atoms' texts on lines: one line where they fit, else the best readable break, the lower line longer.

    The caller has made sure (`captions.costs`) that they fit on the style's lines.
    """
    whole = " ".join(units)
    if width(whole) <= style.chars_per_line:
        return (whole,)
    for count in range(2, style.lines + 1):
        best: tuple[float, tuple[str, ...]] | None = None
        for ends in combinations(range(1, len(units)), count - 1):
            edges = (0, *ends, len(units))
            rows = tuple(" ".join(units[a:b]) for a, b in pairwise(edges))
            widths = [width(row) for row in rows]
            if max(widths) > style.chars_per_line:
                continue
            cost = sum(break_cost(_last(units[end - 1]), _first(units[end]), style, language) for end in ends)
            total = cost + max(widths) - min(widths) + (3 if widths[0] > widths[-1] else 0)
            if best is None or total < best[0]:
                best = (total, rows)
        if best:
            return best[1]
    raise ValueError("more text than the style's lines hold")


def _first(unit: str) -> str:
    return unit.split(" ", 1)[0]


def _last(unit: str) -> str:
    return unit.rsplit(" ", 1)[-1]
