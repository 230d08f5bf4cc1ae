"""When cues come and go: order, gaps, shortest and longest, and time to read. Text is not touched here."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from captions.style import GRID_MS, Style


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one cue asks for: the time in which it is spoken, and how much there is to read."""

    start_ms: int
    end_ms: int
    characters: int


def cramped(count: int, style: Style, duration_ms: int | None) -> bool:
    """Whether `count` cues of the shortest duration cannot stand in the media at all."""
    return duration_ms is not None and count * style.floor_ms + (count - 1) * style.gap_ms > _down(duration_ms)


def placed(
    wanted: Sequence[Wanted], style: Style, duration_ms: int | None, shots: Sequence[int] = ()
) -> list[tuple[int, int]]:
    """Start and end of every cue, on the grid of 10 ms.

    A cue starts with its first word, later only where the one before still needs its shortest time. It stays
    until its last word plus the style's linger, longer where reading takes longer; never into the next.
    Where the media is too short for the cues (`cramped`), the shortest duration and the gap give way; cues in a
    media of less than 20 ms a cue run past its end. With `shots` (sorted), a cue begins with the change of
    picture that lies within the gap of its first word, and does not linger over one.
    """
    count = len(wanted)
    floor, gap, end = style.floor_ms, style.gap_ms, None if duration_ms is None else _down(duration_ms)
    if end is not None and cramped(count, style, end):
        if count * 2 * GRID_MS > end:
            end = None
        else:
            gap = min(gap, _down(end // count // 2))
            floor = _down((end - (count - 1) * gap) // count)
    starts = _starts([_with_shot(one.start_ms, shots, gap) for one in wanted], floor, gap, end)
    out = []
    for at, one in enumerate(wanted):
        start = starts[at]
        limit = start + style.longest_ms
        if at + 1 < count:
            limit = min(limit, starts[at + 1] - gap)
        if end is not None:
            limit = min(limit, end)
        stay = max(
            one.end_ms + style.linger_ms,
            start + style.reading_ms(one.characters, style.cps_aim),
            start + floor,
        )
        until = min(_up(stay), limit)
        until = _before_shot(until, max(one.end_ms, start + _least(one, style, floor)), shots, gap)
        if at + 1 < count:
            until = _gap_closed(start, until, starts[at + 1], gap, style)
        out.append((start, until))
    return out


def _with_shot(start_ms: int, shots: Sequence[int], gap: int) -> int:
    """The change of picture nearest to a first word, where it lies within the gap of two frames."""
    at = bisect_left(shots, start_ms)
    near = [shot for shot in shots[max(0, at - 1) : at + 1] if abs(shot - start_ms) <= gap]
    return min(near, key=lambda shot: abs(shot - start_ms), default=start_ms)


def _before_shot(until: int, least: int, shots: Sequence[int], gap: int) -> int:
    """The end of a cue whose words are over and read: two frames before the picture changes beneath it."""
    at = bisect_left(shots, least + gap)
    return min(until, _down(shots[at] - gap)) if at < len(shots) else until


def _least(one: Wanted, style: Style, floor: int) -> int:
    """The time that a cue needs in any case."""
    return max(floor, style.reading_ms(one.characters, style.cps_max))


def _starts(spoken: Sequence[int], floor: int, gap: int, end: int | None) -> list[int]:
    starts, free = [], 0
    for start_ms in spoken:
        starts.append(max(_down(start_ms), free))
        free = starts[-1] + floor + gap
    if end is not None:
        latest = end - floor
        for at in range(len(starts) - 1, -1, -1):
            starts[at] = min(starts[at], latest)
            latest -= floor + gap
    return starts


def _gap_closed(start: int, until: int, following: int, gap: int, style: Style) -> int:
    """`until` such that the gap to the next cue is either the least one or clearly seen."""
    if gap < following - until < style.close_ms:
        if following - gap - start <= style.longest_ms:
            return following - gap
        return following - style.close_ms
    return until


def _down(ms: int) -> int:
    return ms // GRID_MS * GRID_MS


def _up(ms: int) -> int:
    return -(-ms // GRID_MS) * GRID_MS
