"""A check that was paused goes on: what was read, on disk, file by file.

A file counts as read only as long as its size, its time and its place on the disk are the same and the check is
young; a whole check forgets everything, so that the next one reads every byte again.
"""

import contextlib
import json
import os
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.clock import SYSTEM, Clock, parse_utc, utc_text
from pipeline.store.files import write_whole

OLDEST = timedelta(days=14)  # a check that began earlier begins anew
_EVERY = 64 << 20  # bytes between two savings
_VERSION = 1


class Reading:
    """One package's running check, kept in `file`. What cannot be read there counts as nothing read."""

    def __init__(self, file: Path, package: Path, clock: Clock = SYSTEM) -> None:
        self.file = file
        self._clock = clock
        self._of = {"version": _VERSION, "package": str(package.resolve()), "is": _identity(package)}
        kept = self._kept()
        self.begun = parse_utc(kept["begun"]) if kept else clock.utc()
        self._files: dict[str, dict[str, Any]] = kept["files"] if kept else {}
        self._unsaved = 0

    @property
    def paused(self) -> bool:
        """Whether an earlier part of this check was found."""
        return bool(self._files)

    def noted(self, name: str, path: Path, algorithms: Iterable[str]) -> Mapping[str, str] | None:
        """The digests of a file that was read before the pause and has not been touched since; else None."""
        row = self._files.get(name)
        if row is None or row["stat"] != _stat(path) or set(algorithms) - set(row["digests"]):
            return None
        digests: Mapping[str, str] = row["digests"]
        return digests

    def note(self, name: str, path: Path, digests: Mapping[str, str]) -> None:
        """Keep what was read, now and then on disk."""
        stat = _stat(path)
        self._files[name] = {"stat": stat, "digests": dict(digests)}
        self._unsaved += stat[0]
        if self._unsaved >= _EVERY:
            self.save()

    def save(self) -> None:
        """Write it down: for a pause."""
        body = {**self._of, "begun": utc_text(self.begun), "files": self._files}
        write_whole(self.file, json.dumps(body, ensure_ascii=False))
        self._unsaved = 0

    def finish(self) -> None:
        """The check is whole: the next one begins at the beginning."""
        self._files = {}
        self.file.unlink(missing_ok=True)

    def _kept(self) -> dict[str, Any] | None:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            kept: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
            begun: datetime = parse_utc(kept["begun"])
            rows = [(row["stat"], row["digests"].items()) for row in kept["files"].values()]
            young = timedelta(0) <= self._clock.utc() - begun <= OLDEST
            if young and rows and all(kept.get(key) == value for key, value in self._of.items()):
                return kept
        return None


def _stat(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ino]


def _identity(package: Path) -> list[list[int]]:
    """Which package this is: its manifests as they lie on the disk."""
    rows = []
    with contextlib.suppress(OSError):
        for name in sorted(os.listdir(package)):  # noqa: PTH208 - names only
            if name.endswith(".txt") and "manifest-" in name:
                rows.append(_stat(package / name))
    return rows
