"""How far the after-work of a recording is: a small file in the work folder, and an honest guess of the rest.

A guess starts from what each step cost on this machine before (seconds of work a second of media, remembered
in rates.json) and leans on the running step's own pace as that becomes known.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.clock import Clock
from pipeline.store.files import write_whole

FILE = "progress.json"
RATES = "rates.json"
# Seconds of work a second of media, and seconds whatever the length: two cores, before anything was measured.
_DEFAULT: Mapping[str, tuple[float, float]] = {
    "verify": (0.05, 1),
    "transcribe": (0.5, 8),
    "captions": (0.002, 1),
    "web-video": (0.04, 1),
    "open-video": (0.3, 1),
    "poster": (0.002, 4),
    "package": (0.01, 1),
    "publish": (0.0, 2),
    "report": (0.0, 1),
}
_WRITE_EVERY_US = 500_000


@dataclass(frozen=True, slots=True)
class Progress:
    """`per_cent` of the whole after-work, `seconds_left` for all of it (None: not known yet)."""

    step: str
    per_cent: int
    seconds_left: int | None
    waiting: bool = False


class Rates:
    """What each step costs here; remembered across recordings."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._rates = _read_rates(path)

    def seconds(self, step: str, length_us: int) -> float:
        """The expected work of a step in seconds."""
        rate, fixed = self._rates.get(step) or _DEFAULT.get(step, (0.0, 1))
        return fixed + rate * length_us / 1_000_000

    def learn(self, step: str, length_us: int, seconds: float) -> None:
        """Take in what a step did cost. Short media say little about the rate and are left out."""
        if length_us < 60_000_000:
            return
        _, fixed = _DEFAULT.get(step, (0.0, 1))
        new = max(0.0, seconds - fixed) / (length_us / 1_000_000)
        with self._lock:
            held = self._rates.get(step)
            self._rates[step] = (new if held is None else (held[0] + new) / 2, fixed)
            write_whole(self._path, json.dumps(self._rates))


class Reporter:
    """Writes one recording's progress as its steps go on; `at` may be called as often as one likes."""

    def __init__(
        self,
        path: Path,
        *,
        steps: Sequence[str],
        step: str,
        length_us: int,
        rates: Rates,
        clock: Clock,
    ) -> None:
        self._path = path
        self._rates = rates
        self._clock = clock
        self._step = step
        self._length_us = length_us
        self._began_us = clock.monotonic_us()
        self._written_us = 0
        costs = [rates.seconds(name, length_us) for name in steps]
        place = list(steps).index(step) if step in steps else 0
        self._before, self._own, self._after = sum(costs[:place]), costs[place], sum(costs[place + 1 :])

    def at(self, share: float, *, waiting: bool = False) -> None:
        """The running step is at `share` of 0…1; `waiting` while something on air has the machine."""
        now = self._clock.monotonic_us()
        if self._written_us and now - self._written_us < _WRITE_EVERY_US:
            return
        self._written_us = now
        write_progress(self._path, self.guess(share, (now - self._began_us) / 1_000_000, waiting=waiting))

    def done(self) -> None:
        """The step has ended: remember what it cost."""
        spent = (self._clock.monotonic_us() - self._began_us) / 1_000_000
        self._rates.learn(self._step, self._length_us, spent)

    def guess(self, share: float, spent: float, *, waiting: bool = False) -> Progress:
        """The whole by the step's share and the seconds that it has taken so far."""
        share = min(1.0, max(0.0, share))
        known = self._own * (1 - share)
        if share > 0:
            own_pace = spent * (1 - share) / share
            trust = min(1.0, share / 0.1)  # after the first tenth the step's own pace is the better witness
            known = trust * own_pace + (1 - trust) * known
        total = self._before + self._own + self._after
        per_cent = int(100 * (self._before + self._own * share) / total) if total else 0
        return Progress(self._step, min(99, per_cent), round(known + self._after), waiting)


def write_progress(path: Path, progress: Progress) -> None:
    """Replace the file; no fsync, for nothing is lost with it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(json.dumps(asdict(progress)), encoding="utf-8")
    beside.replace(path)


def read_progress(path: Path) -> Progress | None:
    """What was written last; None where nothing (readable) was."""
    try:
        return Progress(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _read_rates(path: Path) -> dict[str, tuple[float, float]]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return {str(step): (float(rate), float(fixed)) for step, (rate, fixed) in raw.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
