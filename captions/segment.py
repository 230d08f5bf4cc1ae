"""Words → cues. Dynamic programming over the places where a cue may end: the cheapest whole track wins.

The hard rules (text, form, timing; see `captions.quality`) hold for any stream of words; reading speed, pauses,
sentences, grammar, shot changes and balance are costs (`captions.costs`). Time and memory grow with the number of
words alone, for no cue holds more than its lines do.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from captions.costs import Atom, rows
from captions.linebreak import CLAUSE_END, atoms, break_cost, ends_sentence, lay_out
from captions.model import Cue, Track, Word
from captions.style import DEFAULT_STYLE, Style
from captions.text import width
from captions.tidy import tidy
from captions.timing import Wanted, placed

_PAUSE_FREE_MS = 400
_FAIR = 10.0  # an end of cue in a pause costs no more than this, whatever the words
_INSIDE_A_CLAUSE = 30.0  # a cue's end without punctuation, on top of what a line's end costs there
_A_SENTENCE = 12.0  # a cue that runs over a sentence's end
_A_SHOT = 15.0  # a cue that runs over a change of picture between two words


def segment(
    words: Iterable[Word],
    style: Style = DEFAULT_STYLE,
    *,
    language: str = "pl",
    duration_ms: int | None = None,
    shots: Iterable[int] = (),
    engine: str = "",
    model: str = "",
) -> Track:
    """The track of `words`, in their order. `duration_ms` is the media's length: no cue passes it. `shots` are
    the moments at which the picture changes, in milliseconds: cues had rather end there."""
    cuts = sorted(set(shots))
    made = _atoms(tidy(words, style, language, duration_ms), style, language, cuts)
    groups = [made[first:after] for first, after in _best_cuts(made, style, duration_ms)]
    lines = [lay_out([atom.text for atom in group], style, language) for group in groups]
    wanted = [
        Wanted(group[0].start_ms, group[-1].end_ms, len(" ".join(texts)))
        for group, texts in zip(groups, lines, strict=True)
    ]
    times = placed(wanted, style, duration_ms, cuts)
    cues = tuple(Cue(start, end, texts) for (start, end), texts in zip(times, lines, strict=True))
    return Track(cues, language, "automatic", engine, model)


def _atoms(words: list[Word], style: Style, language: str, shots: Sequence[int]) -> list[Atom]:
    made = []
    for first, after in atoms([word.text for word in words], style):
        text = " ".join(word.text for word in words[first:after])
        start, end = words[first].start_ms, words[after - 1].end_ms
        line = cue = inside = 0.0
        if after < len(words):
            last, following = words[after - 1].text, words[after]
            pause = following.start_ms - end
            line = cue = float(break_cost(last, following.text, style, language))
            if line > CLAUSE_END:
                cue += _INSIDE_A_CLAUSE
            if pause > _PAUSE_FREE_MS:
                cue = min(cue, _FAIR)
                inside = 0.08 * (pause - _PAUSE_FREE_MS) + (150.0 if pause > 3 * _PAUSE_FREE_MS else 0.0)
            inside += _A_SENTENCE if ends_sentence(last, style) else 0.0
            if _changes(shots, end - style.gap_ms, following.start_ms + style.gap_ms):
                cue = max(0.0, cue - _A_SHOT)
                inside += _A_SHOT
        made.append(Atom(text, start, end, width(text), line, cue, inside))
    return made


def _changes(shots: Sequence[int], start_ms: int, end_ms: int) -> bool:
    """Whether the picture changes in that time."""
    at = bisect_left(shots, start_ms)
    return at < len(shots) and shots[at] <= end_ms


def _best_cuts(made: list[Atom], style: Style, duration_ms: int | None) -> list[tuple[int, int]]:
    """(first, after the last) of every cue, by the least cost of the whole."""
    best = [0.0] + [float("inf")] * len(made)
    came = [0] * (len(made) + 1)
    never = float("inf")
    for first, costs in enumerate(rows(made, style, duration_ms)):
        so_far = best[first]
        for after, cost in enumerate(costs, first + 1):
            if cost == never:
                break
            if so_far + cost < best[after]:
                best[after], came[after] = so_far + cost, first
    cuts, after = [], len(made)
    while after:
        cuts.append((came[after], after))
        after = came[after]
    return cuts[::-1]
