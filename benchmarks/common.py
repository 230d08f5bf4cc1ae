"""What the benchmarks share: the machine in words, tables, a family of processes measured and ended by pid."""

import os
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil


def machine() -> str:
    """Cores, memory, load and the day, in words; nothing that names the machine."""
    cores, memory = len(os.sched_getaffinity(0)), psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[0]
    return f"{cores} cores, {memory:.0f} GB, no GPU used; load {load:.1f} before; {datetime.now(UTC):%Y-%m-%d}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; floats with two digits, None as a dash."""
    lines = [head, ["---"] * len(head), *([cell(value) for value in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def spread(values: Sequence[float]) -> str:
    """The median, and from where to where."""
    if not values:
        return "–"
    middle = statistics.median(values)
    return f"{middle:.2f} ({min(values):.2f}–{max(values):.2f})" if len(values) > 1 else f"{middle:.2f}"


@dataclass(frozen=True)
class Used:
    """Processor seconds and resident bytes by pid, at one moment."""

    seconds: dict[int, float]
    resident: dict[int, int]

    @property
    def total_s(self) -> float:
        return sum(self.seconds.values())

    @property
    def total_mb(self) -> float:
        return sum(self.resident.values()) / 1e6


def used(pid: int) -> Used:
    """By a process and its children; those that have gone count nothing."""
    seconds, resident = dict[int, float](), dict[int, int]()
    try:
        head = psutil.Process(pid)
        family = [head, *head.children(recursive=True)]
    except psutil.NoSuchProcess:
        return Used({}, {})
    for one in family:
        try:
            with one.oneshot():
                seconds[one.pid] = sum(one.cpu_times()[:2])
                resident[one.pid] = one.memory_info().rss
        except psutil.Error:
            continue
    return Used(seconds, resident)
