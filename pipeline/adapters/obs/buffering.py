"""How far OBS delays its sound: only its log tells, and only a restart of OBS takes it back."""

import re
from collections.abc import Callable
from pathlib import Path

_TOLD = re.compile(rb"total audio buffering is now (\d+) milliseconds(?: \(source: ([^)\r\n]*)\))?")
_ONE_READ = 1024 * 1024
_ROOTS_EVERY = 20  # looks: OBS may have been started anew, and keeps a log for each run


class Buffering:
    """Follows the newest log of OBS. `look` reads what was added since the last time; it never raises."""

    def __init__(self, roots: Callable[[], list[Path]]) -> None:
        self._roots = roots
        self._file: Path | None = None
        self._at = self._looks = 0
        self.ms: int | None = None
        self.source = ""

    def look(self) -> None:
        try:
            if self._looks % _ROOTS_EVERY == 0:
                self._newest()
            self._looks += 1
            if self._file is not None:
                self._read(self._file)
        except OSError:
            self._file, self._looks = None, 0

    def _newest(self) -> None:
        logs = [path for root in self._roots() for path in root.glob("logs/*.txt")]
        newest = max(logs, key=lambda path: path.stat().st_mtime, default=None)
        if newest != self._file:
            self._file, self._at = newest, 0
            self.ms, self.source = (None if newest is None else 0), ""

    def _read(self, path: Path) -> None:
        with path.open("rb") as file:
            if file.seek(0, 2) - self._at > _ONE_READ:
                self._at = file.tell() - _ONE_READ
            file.seek(self._at)
            text = file.read(_ONE_READ)
        whole = text.rfind(b"\n") + 1
        self._at += whole
        for found in _TOLD.finditer(text[:whole]):
            self.ms, self.source = int(found[1]), (found[2] or b"").decode("utf-8", "replace")
