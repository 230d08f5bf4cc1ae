"""journal.jsonl: the truth while on air; a line an event, synced to the disk before the next thing happens.

Several processes append (broadcast, hub, guard): a line is one write under a file lock, and its number is its
place in the file. A line that a power cut tore is left where it is and skipped; the next starts on its own.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pipeline import platform
from pipeline.clock import SYSTEM, Clock, parse_utc, utc_text
from pipeline.model.journal import WHAT, JournalLine

NAME = "journal.jsonl"


class Journal:
    """The journal of one recording; safe to use from several threads and processes."""

    def __init__(self, path: Path, who: str, clock: Clock = SYSTEM) -> None:
        self.path = path
        self.who = who
        self._clock = clock

    def append(
        self, what: str, *, hub_us: int | None = None, who: str | None = None, **fields: object
    ) -> JournalLine:
        """Add a line and return it once it is on the disk. ValueError for a word that is not in `WHAT`."""
        if what not in WHAT:
            raise ValueError(what)
        moment, speaker = self._clock.utc(), who or self.who
        record = {"utc": utc_text(moment), "hub_us": hub_us, "who": speaker, "what": what, **fields}
        text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        with self.path.open("ab+") as file, platform.locked(file):
            file.seek(0)
            held = file.read()
            torn = bool(held) and not held.endswith(b"\n")
            number = held.count(b"\n") + torn + 1
            file.write((b"\n" if torn else b"") + text.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return JournalLine(number, moment, hub_us, speaker, what, fields)


def read(path: Path) -> Iterator[JournalLine]:
    """The lines of a journal in order; torn or foreign lines are skipped, a missing file has none."""
    if not path.exists():
        return
    for number, raw in enumerate(path.read_bytes().split(b"\n"), 1):
        line = parse(number, raw)
        if line is not None:
            yield line


def parse(number: int, raw: bytes) -> JournalLine | None:
    """One line, or None where it is empty, torn or none of ours."""
    try:
        record = json.loads(raw)
        moment: datetime = parse_utc(record.pop("utc"))
        hub_us, who, what = record.pop("hub_us"), record.pop("who"), record.pop("what")
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    return JournalLine(number, moment, hub_us, str(who), str(what), record)
