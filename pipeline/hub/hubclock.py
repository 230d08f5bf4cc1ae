"""Hub time: microseconds since the broadcast began, never backwards, going on when a killed hub is restarted."""

from datetime import datetime
from pathlib import Path

from pipeline.clock import Clock
from pipeline.model.journal import JournalLine
from pipeline.store.journal import read

_BOOT = Path("/proc/sys/kernel/random/boot_id")


class HubClock:
    """Hub time within one process: begins at `start_us` and follows the monotonic clock."""

    def __init__(self, clock: Clock, start_us: int) -> None:
        self._clock = clock
        self._base = clock.monotonic_us() - start_us

    def now_us(self) -> int:
        return self._clock.monotonic_us() - self._base


def boot_name() -> str:
    """What names this run of the machine, or "" where the system does not say: within one run the monotonic
    clocks of two processes agree, so a wall clock that was set meanwhile does no harm.
    """
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def resumed_us(journal: Path, clock: Clock, boot: str) -> int:
    """Where hub time stands now, told by the journal: 0 for an empty one, else since its first line."""
    lines = list(read(journal))
    if not lines:
        return 0
    floor = max((line.hub_us for line in lines if line.hub_us is not None), default=-1) + 1
    return max(_by_monotonic(lines, clock, boot) or _by_wall(lines, clock.utc()), floor, 0)


def _by_monotonic(lines: list[JournalLine], clock: Clock, boot: str) -> int | None:
    now = clock.monotonic_us()
    for line in reversed(lines):
        then = line.fields.get("monotonic_us")
        if line.what == "process" and boot and line.fields.get("boot") == boot and line.hub_us is not None:
            return line.hub_us + now - then if isinstance(then, int) and then <= now else None
    return None


def _by_wall(lines: list[JournalLine], now: datetime) -> int:
    for line in reversed(lines):
        if line.hub_us is not None and line.what != "master":  # that one tells of its first frame, afterwards
            return line.hub_us + _us(now, line.utc)
    return _us(now, lines[0].utc)


def _us(later: datetime, earlier: datetime) -> int:
    return round((later - earlier).total_seconds() * 1_000_000)
