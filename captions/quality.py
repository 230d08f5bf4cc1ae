"""Checks a finished track against a style: what is wrong, in which cue, and whether it is a hard rule.

A hard rule may not be broken by any track of ours. Where a rule cannot be kept (more cues than the media has
room for, speech faster than reading), the finding is soft.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from captions.linebreak import better_together, torn
from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, GRID_MS, Style
from captions.text import clean, width
from captions.timing import cramped

_REPEATS = 4


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: `code` is `captions.check-…`, `cue` counts from 1, `fields` hold the figures."""

    code: str
    cue: int
    hard: bool
    fields: dict[str, object] = field(default_factory=dict)


def check(track: Track, style: Style = DEFAULT_STYLE, duration_ms: int | None = None) -> list[Violation]:
    """Every broken rule of the track, in the order of its cues; `duration_ms` is the media's length."""
    found: list[Violation] = []
    tight = cramped(len(track.cues), style, duration_ms)
    words = [word for cue in track.cues for line in cue.lines for word in line.split()]
    at_word = 0
    for number, cue in enumerate(track.cues, 1):
        following = track.cues[number] if number < len(track.cues) else None
        found += _text(number, cue, track.language)
        found += _form(number, cue, style)
        for line in cue.lines:
            at_word += len(line.split())
            found += _line_end(number, words, at_word, style, track.language)
        found += _timing(number, cue, following, style, duration_ms, tight)
        found += _speed(number, cue, following, style, duration_ms, tight)
    return found + list(_loops(track))


def hard(violations: list[Violation]) -> list[Violation]:
    """Those of a hard rule."""
    return [violation for violation in violations if violation.hard]


def summary(violations: list[Violation]) -> dict[str, int]:
    """How often each code was found."""
    return dict(Counter(violation.code for violation in violations))


def _text(number: int, cue: Cue, language: str) -> Iterator[Violation]:
    if not cue.lines or any(not line.strip() for line in cue.lines):
        yield Violation("captions.check-empty", number, True)
    for line in cue.lines:
        if not unicodedata.is_normalized("NFC", line):
            yield Violation("captions.check-not-nfc", number, True)
        if clean(line, language) != line:
            yield Violation("captions.check-unclean", number, True, {"line": line[:80]})


def _form(number: int, cue: Cue, style: Style) -> Iterator[Violation]:
    if len(cue.lines) > style.lines:
        yield Violation("captions.check-lines", number, True, {"lines": len(cue.lines), "most": style.lines})
    for line in cue.lines:
        if width(line) > style.chars_per_line:
            yield Violation(
                "captions.check-width", number, True, {"width": width(line), "most": style.chars_per_line}
            )
    dialogue = [line.startswith("- ") for line in cue.lines]
    if any(dialogue) and (not all(dialogue) or len(dialogue) < 2):
        yield Violation("captions.check-dialogue", number, True)
    widths = [width(line) for line in cue.lines]
    if len(widths) == 2 and not any(dialogue) and max(widths) > 3 * min(widths):
        yield Violation("captions.check-balance", number, False, {"widths": widths})


def _line_end(number: int, words: list[str], at: int, style: Style, language: str) -> Iterator[Violation]:
    if torn(words, at, style):
        yield Violation("captions.check-torn", number, True, {"word": words[at - 1]})
    elif 0 < at < len(words) and better_together(words[at - 1], words[at], language):
        yield Violation("captions.check-name-split", number, False, {"word": words[at - 1]})


def _timing(
    number: int, cue: Cue, following: Cue | None, style: Style, duration_ms: int | None, tight: bool
) -> Iterator[Violation]:
    must = not tight
    if cue.start_ms < 0 or cue.end_ms <= cue.start_ms:
        yield Violation("captions.check-order", number, True)
    if cue.duration_ms < style.shortest_ms:
        yield Violation("captions.check-short", number, must, {"ms": cue.duration_ms, "least": style.shortest_ms})
    if cue.duration_ms > style.longest_ms:
        yield Violation("captions.check-long", number, True, {"ms": cue.duration_ms, "most": style.longest_ms})
    if duration_ms is not None and cue.end_ms > duration_ms:
        yield Violation("captions.check-past-end", number, must, {"end": cue.end_ms, "length": duration_ms})
    if following is None:
        return
    gap = following.start_ms - cue.end_ms
    if gap < 0:
        yield Violation("captions.check-overlap", number, True, {"ms": -gap})
    elif gap < style.gap_ms:
        yield Violation("captions.check-gap", number, must, {"ms": gap, "least": style.gap_ms})
    elif style.gap_ms < gap < style.close_ms:
        yield Violation("captions.check-flicker", number, must, {"ms": gap})


def _speed(
    number: int, cue: Cue, following: Cue | None, style: Style, duration_ms: int | None, tight: bool
) -> Iterator[Violation]:
    """Reading speed is hard as long as the cue could stay longer; else the speech itself is faster."""
    if cue.duration_ms <= 0:
        return
    cps = cue.characters * 1000 / cue.duration_ms
    if cps <= style.cps_max:
        return
    room = style.longest_ms - style.close_ms - cue.duration_ms
    if following is not None:
        room = min(room, following.start_ms - style.gap_ms - cue.end_ms)
    if duration_ms is not None:
        room = min(room, duration_ms - cue.end_ms)
    lazy = room >= GRID_MS and not tight
    code = "captions.check-speed" if lazy or cps > style.cps_fast else "captions.check-brisk"
    yield Violation(code, number, lazy, {"cps": round(cps, 1), "most": style.cps_max})


def _loops(track: Track) -> Iterator[Violation]:
    run = 1
    for number in range(2, len(track.cues) + 1):
        same = track.cues[number - 1].text == track.cues[number - 2].text
        run = run + 1 if same else 1
        if run == _REPEATS:
            yield Violation("captions.check-loop", number, False, {"text": track.cues[number - 1].text[:80]})
