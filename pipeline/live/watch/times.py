"""Times: the planned end, and a wall clock that jumps."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pipeline.live.watch.finding import Finding
from pipeline.live.watch.seen import Seen

NEAR = timedelta(minutes=5)
JUMP_S = 2.0
TOLD_S = 60.0


def end(seen: Seen) -> Iterator[Finding]:
    """The planned end is near, or has passed."""
    left = seen.planned_end - seen.now
    if left <= timedelta(0):
        yield Finding("watch.end-passed", "warning", "end", {"minutes": int(-left.total_seconds() // 60)})
    elif left <= NEAR and seen.planned_end - seen.begun > 3 * NEAR:
        yield Finding("watch.end-near", "notice", "end", {"minutes": -int(-left.total_seconds() // 60)})


class WallClock:
    """Compares the wall clock with the monotonic one; a jump is told for a minute.

    Broadcast and recording do not mind it, but signatures, tokens and times of day may.
    """

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None
        self._jump: tuple[float, float] | None = None

    def look(self, seen: Seen) -> Iterator[Finding]:
        last, self._last = self._last, (seen.utc, seen.now_s)
        if last is not None:
            jumped = (seen.utc - last[0]).total_seconds() - (seen.now_s - last[1])
            if abs(jumped) > JUMP_S:
                self._jump = (jumped, seen.now_s)
        if self._jump is not None and seen.now_s - self._jump[1] < TOLD_S:
            yield Finding("watch.clock-jumped", "warning", "clock", {"seconds": f"{self._jump[0]:+.0f}"})
