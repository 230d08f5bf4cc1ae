"""The recordings' disk: how long it lasts at the rate at which it is being filled."""

from collections import deque
from collections.abc import Iterator

from pipeline.live.watch.finding import Finding
from pipeline.live.watch.seen import Seen

FLOOR = 1024**3  # below this the system itself begins to fail
SPAN_S = 60.0
KNOWN_AFTER_S = 20.0
SOON_S = 15 * 60.0
SPARE_S = 10 * 60.0  # an event that ends as planned must leave so much


class Disk:
    """An alarm when a quarter of an hour is left, a warning when it will not do until the planned end.

    The rate is what the free space itself lost during the last minute: whoever fills the disk counts.
    """

    def __init__(self) -> None:
        self._free: deque[tuple[float, int]] = deque()

    def look(self, seen: Seen) -> Iterator[Finding]:
        if seen.free is None:
            return
        left_s = self._left_s(seen.now_s, seen.free)
        about: dict[str, object] = {"free_mb": seen.free // 1024**2}
        if seen.free < FLOOR:
            yield Finding("watch.disk", "alarm", "disk", about, clear_s=10.0)
        elif left_s is not None and left_s < SOON_S:
            about["minutes"] = int(left_s // 60)
            yield Finding("watch.disk-soon", "alarm", "disk", about, after_s=2.0, clear_s=10.0)
        elif left_s is not None:
            needed_s = (seen.planned_end - seen.now).total_seconds()
            if needed_s > 0 and left_s < needed_s + SPARE_S:
                about |= {"minutes": int(left_s // 60), "needed": int(needed_s // 60)}
                yield Finding("watch.disk-short", "warning", "disk", about, after_s=5.0, clear_s=30.0)

    def _left_s(self, now_s: float, free: int) -> float | None:
        self._free.append((now_s, free))
        while now_s - self._free[0][0] > SPAN_S:
            self._free.popleft()
        before, span = self._free[0][1], now_s - self._free[0][0]
        if span < KNOWN_AFTER_S or free >= before:
            return None
        return free * span / (before - free)
