"""What every rig has: marks of when it was hurt and mended, samples of its health, waiting for conditions."""

import abc
import contextlib
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

_SAMPLE_S = 0.1


@dataclass
class Sample:
    """One moment; `sizes` are the bytes that lie at the far ends."""

    at: float
    healthy: bool
    sizes: dict[str, int] = field(default_factory=dict)


class Watched(abc.ABC):
    """`broken` and `mended` mark when the fault begins and when its cause is gone; `watch` begins the samples."""

    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self.broken_at: float | None = None
        self.mended_at: float | None = None
        self._stop = threading.Event()

    @abc.abstractmethod
    def healthy(self) -> bool:
        """Whether every part does its work at this moment."""

    @abc.abstractmethod
    def received(self) -> dict[str, list[Path]]:
        """The growing files at the far ends, by place."""

    def watch(self) -> None:
        threading.Thread(target=self._sample, name="samples", daemon=True).start()

    def broken(self) -> None:
        self.broken_at = self.broken_at or time.monotonic()

    def mended(self) -> None:
        self.mended_at = time.monotonic()

    def play(self, seconds: float) -> None:
        """Let the broadcast go on for so long."""
        self._stop.wait(seconds)

    def until(self, condition: Callable[[], object], seconds: float, what: str) -> None:
        """Wait for it; AssertionError after `seconds`."""
        limit, pause = time.monotonic() + seconds, threading.Event()
        while not condition():
            if time.monotonic() > limit:
                raise AssertionError(f"not within {seconds:.0f} s: {what}")
            pause.wait(0.05)

    def steady(self, seconds: float = 2.0) -> bool:
        """Whether everything has been healthy for so long since the cause was gone: a fault is not seen at once."""
        now = time.monotonic()
        late = [sample.healthy for sample in self.samples if sample.at > now - seconds]
        return bool(late) and all(late) and now - (self.mended_at or self.broken_at or now) > seconds

    def _sample(self) -> None:
        while not self._stop.wait(_SAMPLE_S):
            sizes = {place: size_of(paths) for place, paths in self.received().items()}
            self.samples.append(Sample(time.monotonic(), self.healthy(), sizes))

    def health_s(self) -> float | None:
        """From the moment that the cause was gone until everything was healthy for good; None: it never was."""
        since = self.mended_at or self.broken_at or 0.0
        ill = [sample.at for sample in self.samples if not sample.healthy and sample.at >= (self.broken_at or 0.0)]
        if not self.samples or not self.samples[-1].healthy:
            return None
        return max(0.0, ill[-1] - since) if ill else 0.0

    def silence_s(self, name: str) -> float:
        """The longest time in which nothing arrived at a far end, seen ten times a second."""
        longest, size, since = 0.0, -1, None
        for sample in self.samples:
            if self.broken_at is None or sample.at < self.broken_at - 0.5 or name not in sample.sizes:
                continue
            if since is None or sample.sizes[name] != size:
                size, since = sample.sizes[name], sample.at
            longest = max(longest, sample.at - since)
        return longest


def size_of(paths: Iterable[Path]) -> int:
    total = 0
    for path in paths:
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    return total
