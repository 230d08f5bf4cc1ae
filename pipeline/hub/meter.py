"""Moving rates: kilobits a second over the last few seconds, from any thread."""

import threading
from collections import deque

WINDOW_US = 3_000_000
STALE_US = 3_000_000


class Meter:
    """Bytes by their time; `kbps` looks back three seconds, or as far as there is something."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: deque[tuple[int, int]] = deque()
        self._bytes = 0

    def add(self, now_us: int, count: int) -> None:
        with self._lock:
            self._seen.append((now_us, count))
            self._bytes += count
            self._forget(now_us)

    def kbps(self, now_us: int) -> int:
        with self._lock:
            self._forget(now_us)
            if len(self._seen) < 2:
                return 0
            span = max(now_us - self._seen[0][0], 500_000)
            return round(self._bytes * 8000 / span)

    def _forget(self, now_us: int) -> None:
        while self._seen and self._seen[0][0] < now_us - WINDOW_US:
            self._bytes -= self._seen.popleft()[1]


class Count:
    """A count of bytes that somebody reports now and then; `kbps` is how fast it grows, 0 without news."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: deque[tuple[int, int]] = deque(maxlen=3)

    def report(self, now_us: int, total: int) -> None:
        with self._lock:
            self._seen.append((now_us, total))

    def kbps(self, now_us: int) -> int:
        with self._lock:
            if len(self._seen) < 2 or now_us - self._seen[-1][0] > STALE_US:
                return 0
            (first_us, first), (last_us, last) = self._seen[0], self._seen[-1]
            return max(0, round((last - first) * 8000 / max(1, last_us - first_us)))
