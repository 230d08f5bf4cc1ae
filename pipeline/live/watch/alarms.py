"""Says each finding once when it begins, once when it is over, and now and then while it lasts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.live.watch.finding import Finding

REMINDERS_S = (120.0, 300.0, 900.0, 1800.0)  # after its beginning; later every last one of these
FLICKER_S = 120.0  # a finding that is back sooner than this is slower to be over the next time
CALMEST_S = 60.0
CARRIED_S = 8.0  # a fault needs as long to be seen again by a broadcast that was killed


@dataclass(frozen=True, slots=True)
class News:
    """What is to be said now: a finding begins (or grows graver), is over, or still lasts after `for_s`."""

    finding: Finding
    state: Literal["begins", "over", "lasts"]
    for_s: float = 0.0


@dataclass(slots=True)
class _Standing:
    finding: Finding
    since_s: float
    seen_s: float
    reminded: int = 0


@dataclass(slots=True)
class _Past:
    over_s: float
    clear_s: float


@dataclass(slots=True)
class Alarms:
    """Feed it with all that is wrong at each look (`now_s`: monotonic seconds); it tells what is news.

    `carried` are the findings that stood when an earlier run of this broadcast was killed.
    """

    carried: Mapping[str, Finding] = field(default_factory=dict)
    _standing: dict[str, _Standing] = field(default_factory=dict)
    _coming: dict[str, float] = field(default_factory=dict)
    _past: dict[str, _Past] = field(default_factory=dict)
    _born_s: float | None = None

    def take(self, now_s: float, found: Iterable[Finding]) -> list[News]:
        """The news of this moment; of two findings with one key the graver counts."""
        if self._born_s is None:
            self._born_s = now_s
            for key, finding in self.carried.items():
                self._standing[key] = _Standing(finding, now_s, now_s)
        current: dict[str, Finding] = {}
        for finding in found:
            if finding.key not in current or finding.gravity > current[finding.key].gravity:
                current[finding.key] = finding
        news = [one for finding in current.values() for one in self._seen(now_s, finding)]
        self._coming = {key: since for key, since in self._coming.items() if key in current}
        for key in [key for key in self._standing if key not in current]:
            news += self._missed(now_s, key)
        return sorted(news, key=lambda one: -one.finding.gravity)

    def standing(self) -> dict[str, Finding]:
        """What stands now, the gravest first, then the oldest."""
        order = sorted(self._standing.values(), key=lambda one: (-one.finding.gravity, one.since_s))
        return {one.finding.key: one.finding for one in order}

    def _seen(self, now_s: float, finding: Finding) -> list[News]:
        held = self._standing.get(finding.key)
        if held is None:
            if now_s - self._coming.setdefault(finding.key, now_s) < finding.after_s:
                return []
            self._standing[finding.key] = _Standing(finding, now_s, now_s)
            return [News(finding, "begins")]
        graver, held.seen_s = finding.gravity > held.finding.gravity, now_s
        held.finding = finding
        if graver:
            held.reminded = 0
            return [News(finding, "begins")]
        lasted = now_s - held.since_s
        if lasted < _reminder_s(held.reminded):
            return []
        while lasted >= _reminder_s(held.reminded):
            held.reminded += 1
        return [News(finding, "lasts", lasted)]

    def _missed(self, now_s: float, key: str) -> list[News]:
        held = self._standing[key]
        if key in self.carried and now_s - (self._born_s or 0.0) < CARRIED_S:
            return []
        past = self._past.get(key)
        clear_s = held.finding.clear_s
        if past is not None and held.since_s - past.over_s < FLICKER_S:
            clear_s = min(CALMEST_S, 2 * past.clear_s)
        if now_s - held.seen_s < clear_s:
            return []
        del self._standing[key]
        self._past[key] = _Past(now_s, max(clear_s, 1.0))
        return [News(held.finding, "over", now_s - held.since_s)]


def _reminder_s(number: int) -> float:
    """When the n-th reminder (from 0) is due, after the beginning."""
    beyond = number - len(REMINDERS_S) + 1
    return REMINDERS_S[number] if beyond <= 0 else REMINDERS_S[-1] * (beyond + 1)
