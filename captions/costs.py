"""What a cue of these atoms would cost: the table over which `captions.segment` finds the cheapest track.

All costs are in one currency, that of `linebreak.break_cost` (0 after a sentence, 32 inside a clause, 60 inside a
name). A cue of the atoms i..j costs

    A_CUE                       so that a sentence stays whole rather than in pieces
    + end(j)                    how badly the text is cut after j; a pause or a shot change makes any cut fair
    + inside(k), i ≤ k < j      pauses, sentences and shot changes that the cue runs over
    + lines                     most of how badly its lines break, a little of how they differ in width
    + time                      reading speed over what is aimed at, and less time than the shortest cue has

and cannot be where it is too wide for the style's lines or longer than its longest time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from captions.style import Style

A_CUE = 24.0
_CROWDED = 2000.0  # less than the shortest time until the next cue
_OVER_AIM, _OVER_MOST = 3.0, 60.0  # for every character a second
_UPPER_LONGER = 3.0
_LINE_END, _UNEVEN = 0.7, 0.15  # a line's end disturbs reading less than a cue's, a ragged shape least
_BLOCK = 4096

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Atom:
    """Words that stay on one line. `width` is in columns, the costs are those of what follows the atom."""

    text: str
    start_ms: int
    end_ms: int
    width: int
    line_cost: float
    cue_cost: float
    inside_cost: float


def rows(atoms: Sequence[Atom], style: Style, duration_ms: int | None) -> Iterator[list[float]]:
    """For each atom the costs of a cue that begins with it and has 1, 2, 3 … atoms; infinite where it cannot be.

    Made in blocks: memory does not grow with the track's length.
    """
    for first in range(0, len(atoms), _BLOCK):
        yield from _block(atoms, first, min(first + _BLOCK, len(atoms)), style, duration_ms)


def _block(
    atoms: Sequence[Atom], first: int, after: int, style: Style, duration_ms: int | None
) -> list[list[float]]:
    reach = _reach(atoms, first, after, style)
    part = atoms[first : min(after + reach, len(atoms))]
    table = _Table(part, style, _following(atoms, first + len(part), style, duration_ms))
    count = after - first
    out = np.full((count, reach), np.inf)
    for length in range(1, reach + 1):
        fits = min(count, len(part) - length + 1)
        if fits > 0:
            out[:fits, length - 1] = table.costs(length)[:fits]
    costs: list[list[float]] = out.tolist()
    return costs


def _reach(atoms: Sequence[Atom], first: int, after: int, style: Style) -> int:
    """The most atoms that any cue which begins in the block can have."""
    most, width, end = 1, 0, first
    room = style.lines * (style.chars_per_line + 1)
    for start in range(first, after):
        while end < len(atoms) and width + atoms[end].width + 1 <= room:
            width += atoms[end].width + 1
            end += 1
        most = max(most, end - start)
        if end > start:
            width -= atoms[start].width + 1
        else:
            end = start + 1
    return most


def _following(atoms: Sequence[Atom], at: int, style: Style, duration_ms: int | None) -> float:
    """Until when the last cue of a block may stay: the next atom less the gap, or the media's end."""
    if at < len(atoms):
        return float(atoms[at].start_ms - style.gap_ms)
    return np.inf if duration_ms is None else float(duration_ms)


class _Table:
    """The atoms of a block as columns of numbers."""

    def __init__(self, part: Sequence[Atom], style: Style, until: float) -> None:
        self._style = style
        self._count = len(part)
        self._start = _column(atom.start_ms for atom in part)
        self._end = _column(atom.end_ms for atom in part)
        self._widths = _sums(_column(atom.width + 1 for atom in part))
        self._letters = _sums(_column(len(atom.text) + 1 for atom in part))
        self._inside = _sums(_column(atom.inside_cost for atom in part))
        self._line = _column(atom.line_cost for atom in part)
        self._cue = _column(atom.cue_cost for atom in part)
        self._until = np.append(self._start[1:] - style.gap_ms, until)
        self._two: dict[int, Floats] = {}

    def costs(self, length: int) -> Floats:
        """Of every cue of `length` atoms, by its first atom."""
        last = slice(length - 1, self._count)
        first = slice(0, self._count - length + 1)
        cost = A_CUE + self._cue[last] + (self._inside[:-1][last] - self._inside[:-1][first])
        cost = cost + self._lines(length) + self._time(length, first, last)
        if length > 1:
            cost[self._end[last] - self._start[first] > self._style.longest_ms] = np.inf
        return cost

    def _time(self, length: int, first: slice, last: slice) -> Floats:
        style = self._style
        letters = self._letters[length:] - self._letters[: self._count - length + 1] - 1
        free = np.minimum(self._until[last] - self._start[first], style.longest_ms)
        cps = letters * 1000 / np.maximum(free, style.floor_ms)
        cost = np.where(free < style.floor_ms, _CROWDED + style.floor_ms - free, 0.0)
        cost += _OVER_MOST * np.maximum(cps - style.cps_max, 0) + _OVER_AIM * np.maximum(cps - style.cps_aim, 0)
        return np.asarray(cost)

    def _lines(self, length: int) -> Floats:
        """The best lines' cost: nothing for one line; infinite where the text does not fit."""
        cost = np.where(self._width(length) <= self._style.chars_per_line, 0.0, np.inf)
        if self._style.lines > 1:
            two = self._two[length] = self._best(length, self._single)
            cost = np.where(np.isinf(cost), two, cost)
        if self._style.lines > 2:
            cost = np.where(np.isinf(cost), self._best(length, self._two.__getitem__), cost)
        return cost

    def _best(self, length: int, rest: Any) -> Floats:
        """The least cost of a first line and `rest(length)` for what comes after it."""
        count = self._count - length + 1
        best = np.full(count, np.inf)
        for upper in range(1, length):
            first = self._width(upper)[:count]
            if first.min(initial=np.inf) > self._style.chars_per_line:
                break
            last = self._width(length - upper)[upper : upper + count]
            uneven = np.abs(first - last) + np.where(first > last, _UPPER_LONGER, 0.0)
            cost = _LINE_END * self._line[upper - 1 : upper - 1 + count] + _UNEVEN * uneven
            cost += rest(length - upper)[upper : upper + count]
            cost[first > self._style.chars_per_line] = np.inf
            best = np.minimum(best, cost)
        return best

    def _single(self, length: int) -> Floats:
        return np.where(self._width(length) <= self._style.chars_per_line, 0.0, np.inf)

    def _width(self, length: int) -> Floats:
        """Of every run of `length` atoms on one line."""
        return self._widths[length:] - self._widths[: self._count - length + 1] - 1


def _column(values: Any) -> Floats:
    return np.fromiter(values, dtype=np.float64)


def _sums(values: Floats) -> Floats:
    """The sums before each value, and that of all of them."""
    return np.concatenate(([0.0], np.cumsum(values)))
