"""What was done to a package and what came of it: PREMIS 3 events, a line each, only ever added to.

They lie beside the packages (`.events/ID.jsonl`), because a proved package is not written into; its next version
takes them into its metadata.
"""

import contextlib
import hashlib
import json
import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import platform
from pipeline.archive.tagfiles import agent
from pipeline.archive.verify import VerifyReport
from pipeline.clock import parse_utc, utc_text

FOLDER = ".events"
# The terms are those of the Library of Congress's vocabulary of PREMIS event types.
FIXITY_CHECK = "fixity check"
INGESTION = "ingestion"
REPLICATION = "replication"
DELETION = "deletion"


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `about` is the package as it was then: the SHA-256 of its tag manifest, "" where it had none."""

    kind: str
    when: datetime
    ok: bool
    about: str
    detail: str = ""
    outcome: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self, package: str) -> dict[str, object]:
        """The event under PREMIS 3's own names."""
        return {
            "eventIdentifier": str(uuid.uuid4()),
            "eventType": self.kind,
            "eventDateTime": utc_text(self.when),
            "eventDetail": self.detail,
            "eventOutcome": "success" if self.ok else "failure",
            "eventOutcomeDetail": dict(self.outcome),
            "linkingAgentIdentifier": agent(),
            "linkingObjectIdentifier": package,
            "linkingObjectDigest": self.about,
        }


def fixity_check(package: Path, report: VerifyReport, when: datetime) -> Event:
    """A whole reading of `package` as an event."""
    outcome = {key: value for key, value in report.as_dict().items() if value and key not in ("path", "ok")}
    return Event(FIXITY_CHECK, when, report.ok, identity(package), "every byte read again", outcome)


def identity(package: Path) -> str:
    """Which version of a package this is: its tag manifest's SHA-256, which covers every manifest."""
    for name in ("tagmanifest-sha512.txt", "tagmanifest-sha256.txt", "manifest-sha512.txt"):
        with contextlib.suppress(OSError):
            return hashlib.sha256((package / name).read_bytes()).hexdigest()
    return ""


def events_file(archive: Path, package: str) -> Path:
    """Where the events of a package of `archive` lie."""
    return archive / FOLDER / f"{package}.jsonl"


def add(archive: Path, package: str, event: Event) -> None:
    """Add the event, synced; a line that a power cut tore is closed first."""
    file = events_file(archive, package)
    file.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(event.as_dict(package), ensure_ascii=False).encode() + b"\n"
    with file.open("a+b") as target, platform.locked(target):
        size = target.seek(0, os.SEEK_END)
        if size:
            target.seek(size - 1)
            line = line if target.read(1) == b"\n" else b"\n" + line
        target.write(line)
        target.flush()
        os.fsync(target.fileno())


def read(archive: Path, package: str) -> Iterator[Event]:
    """The package's events, the oldest first; a line that makes no sense is left out."""
    with contextlib.suppress(OSError):
        for line in events_file(archive, package).read_bytes().splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
                row = json.loads(line)
                yield Event(
                    kind=str(row["eventType"]),
                    when=parse_utc(row["eventDateTime"]),
                    ok=row["eventOutcome"] == "success",
                    about=str(row["linkingObjectDigest"]),
                    detail=str(row["eventDetail"]),
                    outcome=dict(row["eventOutcomeDetail"]),
                )
