"""A recording: the masters of one broadcast or an imported file, and what belongs to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where a recording stands. Progress inside `working` is the engine's to tell."""

    ON_AIR = "on-air"
    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class Role(StrEnum):
    """What a file is to its recording."""

    MASTER = "master"
    OUTPUT = "output"
    CAPTION = "caption"
    PICTURE = "picture"
    METADATA = "metadata"


class TrackState(StrEnum):
    """Automatic until a person has approved it, and shown as such everywhere."""

    AUTOMATIC = "automatic"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class RecordingId:
    """`2026-11-27_1700_muzyka_TITLE_ID`: `folder`; ID alone (8 letters of Crockford's base 32): `short`."""

    short: str
    folder: str


@dataclass(frozen=True, slots=True)
class Recording:
    """One row: the revision counts up when something that the after-work depends on has changed."""

    id: str
    folder: str
    klass: str
    title: str
    started: datetime
    ended: datetime | None
    state: State
    revision: int
    error: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """A file of a recording: `root` is `recordings` or `archive`, `path` POSIX and relative to that root."""

    recording: str
    role: Role
    kind: str
    root: str
    path: str
    size: int
    sha256: str
    sha512: str | None = None
    offset_us: int | None = None
    note: str | None = None
