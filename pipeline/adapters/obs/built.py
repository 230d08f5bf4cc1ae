"""Remembers what was read back after building, so that what differs later is known to be a person's doing.

A key is one property of one thing (`item:SCENE:SOURCE:transform`). Values are kept as digests only: a source's
address may hold a password.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from pipeline.store.files import write_whole

NAME = "obs/built.json"


class Built:
    """What we built in one scene collection, kept in `work/obs/built.json` beside the other collections'."""

    def __init__(self, work: Path, collection: str) -> None:
        self._path = work / NAME
        self._collection = collection
        self._all = self._read()
        entry = self._all.get(collection, {})
        self._values: dict[str, list[str]] = dict(entry.get("values", {}))
        self._torn = not entry.get("complete", True)  # a building was broken off: what is unknown is ours
        self._complete = not self._torn
        self._dirty = False
        self.kept: set[str] = set()

    def forget_all(self) -> None:
        """The collection is gone, or was never there: everything is to be built."""
        self._values.clear()
        self._torn = True
        self._dirty = True

    def begin(self) -> None:
        """Note that something is about to be made: after a crash in the middle, what is unknown counts as ours."""
        if self._complete:
            self._complete = False
            self.save()

    def knows(self, key: str) -> bool:
        return key in self._values

    def may_write(self, key: str, wanted: Any, current: Any) -> bool:
        """Whether `wanted` is to be set where OBS now has `current`.

        No where it is so already, where a person changed it since (the key is then in `kept`) as long as the plan
        stays what it was, and where the thing stood there before we had ever built it.
        """
        known = self._values.get(key)
        if known is None:
            if self._torn:
                return True
            self.record(key, wanted, current)
            return False
        wanted_then, read_then = known
        if read_then != _digest(current):
            if wanted_then != _digest(wanted) and key.endswith(":text"):
                return True  # another event's words
            self.kept.add(key)
            return False
        return wanted_then != _digest(wanted)

    def record(self, key: str, wanted: Any, read_back: Any) -> None:
        """Keep what was asked for and what OBS made of it."""
        entry = [_digest(wanted), _digest(read_back)]
        if self._values.get(key) != entry:
            self._values[key] = entry
            self._dirty = True

    def finish(self) -> None:
        """Everything stands and OBS has it on the disk."""
        if not self._complete or self._dirty:
            self._complete, self._torn = True, False
            self.save()

    def save(self) -> None:
        self._all[self._collection] = {"complete": self._complete, "values": self._values}
        write_whole(self._path, json.dumps(self._all, indent=1, sort_keys=True), private=True)
        self._dirty = False

    def _read(self) -> dict[str, Any]:
        try:
            held = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return held if isinstance(held, dict) else {}


def _digest(value: Any) -> str:
    text = json.dumps(_rounded(value), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _rounded(value: Any) -> Any:
    """Numbers to two decimals: OBS keeps single precision."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return round(float(value), 2) + 0.0
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value
