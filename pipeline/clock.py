"""Time, as a parameter: wall time for people (aware UTC), monotonic time for durations."""

import threading
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the parts that wait or stamp take as a parameter, so that tests can step time."""

    def utc(self) -> datetime:
        """The wall clock: aware, UTC."""

    def monotonic_us(self) -> int:
        """Microseconds of a clock that never goes backwards; its zero means nothing."""

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Wait until `stop` is set (True) or `seconds` have passed (False)."""


class SystemClock:
    """The machine's own clocks."""

    def utc(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_us(self) -> int:
        return time.monotonic_ns() // 1000

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        return stop.wait(max(0.0, seconds))


SYSTEM = SystemClock()


def utc_text(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`, as journals and reports hold it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_utc(text: str) -> datetime:
    """The inverse of `utc_text`; ValueError where it is no time or has no zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no time zone: {text!r}")
    return moment.astimezone(UTC)
