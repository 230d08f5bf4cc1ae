"""Words → cues. Dynamic programming over the places where a cue may end: the cheapest whole track wins.

The hard rules (text, form, timing; see `captions.quality`) hold for any stream of words; reading speed,
pauses, sentences and balance are costs.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from captions.linebreak import atoms, break_cost, ends_sentence, fewest_lines, lay_out
from captions.model import Cue, Track, Word
from captions.style import DEFAULT_STYLE, Style
from captions.tidy import tidy
from captions.timing import Wanted, placed

_A_CUE = 30.0  # what every further cue costs: a tear inside a clause (32) is hardly ever worth one
_CROWDED = 2000.0  # less than the shortest time until the next cue
_PAUSE_FREE_MS = 400


@dataclass(frozen=True, slots=True)
class _Atom:
    """Words that stay on one line, and what it costs to end a cue after them."""

    text: str
    start_ms: int
    end_ms: int
    end_cost: float
    inside_cost: float


def segment(
    words: Iterable[Word],
    style: Style = DEFAULT_STYLE,
    *,
    language: str = "pl",
    duration_ms: int | None = None,
    engine: str = "",
    model: str = "",
) -> Track:
    """The track of `words`, in their order. `duration_ms` is the media's length: no cue passes it."""
    made = _atoms(tidy(words, style, language, duration_ms), style)
    cuts = _best_cuts(made, style, duration_ms)
    groups = [made[first:after] for first, after in cuts]
    rows = [lay_out([atom.text for atom in group], style) for group in groups]
    wanted = [
        Wanted(group[0].start_ms, group[-1].end_ms, len(" ".join(lines)))
        for group, lines in zip(groups, rows, strict=True)
    ]
    cues = tuple(
        Cue(start, end, lines) for (start, end), lines in zip(placed(wanted, style, duration_ms), rows, strict=True)
    )
    return Track(cues, language, "automatic", engine, model)


def _atoms(words: list[Word], style: Style) -> list[_Atom]:
    made = []
    for first, after in atoms([word.text for word in words], style):
        group = words[first:after]
        end_cost = inside = 0.0
        if after < len(words):
            pause = words[after].start_ms - group[-1].end_ms
            end_cost = break_cost(group[-1].text, words[after].text, style)
            if pause > _PAUSE_FREE_MS:
                end_cost = min(end_cost, 10.0)
                inside = 0.08 * (pause - _PAUSE_FREE_MS) + (150.0 if pause > 3 * _PAUSE_FREE_MS else 0.0)
            inside += 12.0 if ends_sentence(group[-1].text, style) else 0.0
        text = " ".join(word.text for word in group)
        made.append(_Atom(text, group[0].start_ms, group[-1].end_ms, end_cost, inside))
    return made


def _best_cuts(made: list[_Atom], style: Style, duration_ms: int | None) -> list[tuple[int, int]]:
    """(first, after the last) of every cue, by the least cost of the whole."""
    best = [0.0] + [float("inf")] * len(made)
    came = [0] * (len(made) + 1)
    for first in range(len(made)):
        widths: list[int] = []
        inside = 0.0
        for after in range(first + 1, len(made) + 1):
            widths.append(len(made[after - 1].text))
            if after > first + 1:
                inside += made[after - 2].inside_cost
                too_long = made[after - 1].end_ms - made[first].start_ms > style.longest_ms
                if too_long or fewest_lines(widths, style) > style.lines:
                    break
            cost = best[first] + _A_CUE + inside + made[after - 1].end_cost
            cost += _time_cost(made, first, after, sum(widths) + len(widths) - 1, style, duration_ms)
            if cost < best[after]:
                best[after], came[after] = cost, first
    cuts, after = [], len(made)
    while after:
        cuts.append((came[after], after))
        after = came[after]
    return cuts[::-1]


def _time_cost(
    made: list[_Atom], first: int, after: int, characters: int, style: Style, duration_ms: int | None
) -> float:
    """What it costs that these atoms have only the time until the next cue (or the media's end)."""
    start = made[first].start_ms
    free = style.longest_ms
    if after < len(made):
        free = min(free, made[after].start_ms - style.gap_ms - start)
    elif duration_ms is not None:
        free = min(free, duration_ms - start)
    cost = _CROWDED + (style.floor_ms - free) if free < style.floor_ms else 0.0
    cps = characters * 1000 / max(free, style.floor_ms)
    if cps > style.cps_max:
        cost += 60.0 * (cps - style.cps_max)
    if cps > style.cps_aim:
        cost += 3.0 * (cps - style.cps_aim)
    return cost
