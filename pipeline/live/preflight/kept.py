"""Results of slow checks, kept in the work folder: a microphone is not listened to again every time."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.clock import Clock, parse_utc, utc_text
from pipeline.live.preflight.check import OK, Check, Part
from pipeline.store.files import write_whole

NAME = "checks.json"
GOOD_FOR = timedelta(minutes=15)  # `check` itself: within this nobody has unplugged anything, most likely
TOLD_FOR = timedelta(hours=24)  # `live`: better an old word, with its age, than none


class Kept:
    """The results that are kept for one station. A file that cannot be read counts as empty."""

    def __init__(self, work: Path, clock: Clock) -> None:
        self._path = work / NAME
        self._clock = clock

    def find(self, key: str, age: timedelta) -> list[Check] | None:
        """The checks kept under `key`, none older than `age`, each with its moment; None where there are none."""
        try:
            entry = self._read()[key]
            at = parse_utc(str(entry["at"]))
            checks = [replace(Check.from_plain(one), at=at) for one in entry["checks"]]
        except (KeyError, ValueError, TypeError):
            return None
        passed = self._clock.utc() - at
        return checks if timedelta(0) <= passed <= age else None

    def keep(self, key: str, checks: Iterable[Check]) -> None:
        """Keep these, and forget what is too old to be told."""
        now = self._clock.utc()
        held = {name: entry for name, entry in self._read().items() if _young(entry, now)}
        held[key] = {"at": utc_text(now), "checks": [one.as_plain() for one in checks]}
        write_whole(self._path, json.dumps(held, ensure_ascii=False, indent=1), private=True)

    def _read(self) -> dict[str, Any]:
        try:
            held = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return held if isinstance(held, dict) else {}


def run(
    parts: Iterable[Part], kept: Kept, *, again: bool = False, began: Callable[[Part], None] | None = None
) -> Iterator[Check]:
    """Every check of every part, as soon as it is known. What is good and young is taken from `kept`, unless
    `again`; what was not good is looked at again, for somebody has just mended it. `began` hears of long parts.
    """
    for part in parts:
        known = kept.find(part.key, GOOD_FOR) if part.pace == "slow" and not again else None
        if known is not None and all(one.state == OK for one in known):
            yield from known
            continue
        if part.pace != "quick" and began is not None:
            began(part)
        found = []
        for one in part.run():
            found.append(one)
            yield one
        if part.pace != "quick" and found:
            kept.keep(part.key, found)


def told(parts: Iterable[Part], kept: Kept) -> Iterator[Check]:
    """What is known without waiting: the quick parts anew, the others as they were last found."""
    for part in parts:
        if part.pace == "quick":
            yield from part.run()
        else:
            yield from kept.find(part.key, TOLD_FOR) or ()


def _young(entry: Any, now: datetime) -> bool:
    try:
        return now - parse_utc(str(entry["at"])) <= TOLD_FOR
    except (KeyError, ValueError, TypeError):
        return False
