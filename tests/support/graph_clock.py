"""A clock that moves only when told to."""

import threading
from datetime import UTC, datetime, timedelta


class StepClock:
    """Both of its times move together by `step`; `wait` steps and never sleeps."""

    def __init__(self) -> None:
        self._start = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
        self._passed = timedelta(hours=1)

    def utc(self) -> datetime:
        return self._start + self._passed

    def monotonic_us(self) -> int:
        return self._passed // timedelta(microseconds=1)

    def step(self, by: timedelta) -> None:
        self._passed += by

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        self.step(timedelta(seconds=seconds))
        return stop.is_set()
