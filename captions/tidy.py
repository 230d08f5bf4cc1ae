"""Makes any stream of words usable: clean text, words that fit a line, times that go forward.

Text goes before time: the order of the stream is kept, and times that contradict it are replaced. The result
has non-decreasing, non-overlapping words that nobody speaks faster than 40 characters a second.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from captions.linebreak import bound
from captions.model import Word
from captions.style import Style
from captions.text import clean, has_sight, pieces, width

_MS_PER_CHAR = 25  # the fastest speech that is believed; denser words are spread out
_LONGEST_WORD_MS = 3000  # an engine that stretches a word over a pause is not believed
_BOUND_PAUSE_MS = 1500  # a bound word further than this from its noun is moved to it


def tidy(words: Iterable[Word], style: Style, language: str = "pl", duration_ms: int | None = None) -> list[Word]:
    """The words cleaned, split to at most a line each, and in time. No text is lost except what cannot be
    seen or must not be shown (controls). With `duration_ms`, all of them begin before it."""
    plain = [piece for word in words for piece in _parts(word, style, language)]
    timed = _spread(_forward(plain), duration_ms)
    return _drawn_together(timed, style)


def _parts(word: Word, style: Style, language: str) -> list[Word]:
    """One word as given → words without spaces, at most a line wide, sharing its time by length."""
    end = max(word.start_ms, word.end_ms)
    given = clean(word.text, language)
    if given.isalpha() and len(given) <= style.chars_per_line and width(given) == len(given):
        return [Word(word.start_ms, end, given, word.probability)]
    texts = [piece for part in given.split() if has_sight(part) for piece in pieces(part, style.chars_per_line)]
    texts = ["–" if text in ("-", "--") else text for text in texts]  # a lone hyphen would read as a dialogue
    return share(Word(word.start_ms, end, word.text, word.probability), texts)


def share(word: Word, texts: Sequence[str]) -> list[Word]:
    """`word`'s time divided among `texts` by their length."""
    whole = sum(len(text) + 1 for text in texts)
    out, done = [], 0
    for text in texts:
        start = word.start_ms + (word.end_ms - word.start_ms) * done // whole
        done += len(text) + 1
        end = word.start_ms + (word.end_ms - word.start_ms) * done // whole
        out.append(Word(start, end, text, word.probability))
    return out


def _forward(words: list[Word]) -> list[Word]:
    """The words with starts that never go back: the longest chain of starts in order is believed, the others
    get a time between their neighbours."""
    starts = [max(0, word.start_ms) for word in words]
    trusted = _longest_chain(starts)
    for left, right in zip([-1, *trusted], [*trusted, len(starts)], strict=True):
        low = starts[left] if left >= 0 else 0
        high = starts[right] if right < len(starts) else low
        for step, at in enumerate(range(left + 1, right), 1):
            starts[at] = max(low, high) - (max(low, high) - low) * (right - left - step) // (right - left)
    out = []
    for at, word in enumerate(words):
        following = starts[at + 1] if at + 1 < len(words) else None
        length = min(max(0, word.end_ms - max(0, word.start_ms)), _LONGEST_WORD_MS)
        end = starts[at] + length if following is None else min(starts[at] + length, following)
        out.append(Word(starts[at], max(starts[at], end), word.text, word.probability))
    return out


def _longest_chain(values: Sequence[int]) -> list[int]:
    """Indexes of a longest non-decreasing subsequence."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, value in enumerate(values):
        place = bisect_right(tails, value)
        before.append(ends[place - 1] if place else -1)
        if place == len(tails):
            tails.append(value)
            ends.append(at)
        else:
            tails[place], ends[place] = value, at
    chain = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(at)
        at = before[at]
    return chain[::-1]


def _spread(words: list[Word], duration_ms: int | None) -> list[Word]:
    """Words piled on one moment are spread forward, and drawn back from the media's end where they pass it."""
    needs = [_MS_PER_CHAR * (len(word.text) + 1) for word in words]
    if duration_ms is not None and sum(needs) > duration_ms:
        whole = sum(needs)
        needs = [need * duration_ms // whole for need in needs]
    starts, free = [], 0
    for word, need in zip(words, needs, strict=True):
        starts.append(max(word.start_ms, free))
        free = starts[-1] + need
    if duration_ms is not None:
        limit = duration_ms
        for at in range(len(words) - 1, -1, -1):
            limit -= needs[at]
            starts[at] = max(0, min(starts[at], limit))
    out = []
    for at, word in enumerate(words):
        end = max(starts[at] + needs[at], min(word.end_ms, starts[at + 1] if at + 1 < len(words) else word.end_ms))
        end = end if duration_ms is None else min(end, max(duration_ms, starts[at]))
        out.append(Word(starts[at], end, word.text, word.probability))
    return out


def _drawn_together(words: list[Word], style: Style) -> list[Word]:
    """A bound word (a one-letter word, a title, a number) that a pause parts from its noun goes to it: engines
    often leave such a word at the end of the stretch before."""
    out = list(words)
    for at in range(len(out) - 2, -1, -1):
        word, following = out[at], out[at + 1]
        if following.start_ms - word.end_ms > _BOUND_PAUSE_MS and bound(word.text, following.text, style):
            length = min(word.end_ms - word.start_ms, _MS_PER_CHAR * (len(word.text) + 1) * 2)
            out[at] = replace(word, start_ms=following.start_ms - length, end_ms=following.start_ms)
    return out
