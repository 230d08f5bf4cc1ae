"""From journal to rows: idempotent by line number, so that it may be done at any time and as often as one likes."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.clock import parse_utc, utc_text
from pipeline.model.journal import JournalLine
from pipeline.model.recording import Recording, State
from pipeline.store import journal, recordings
from pipeline.store.database import Database
from pipeline.store.publications import CaptionState
from pipeline.store.tables import journal_line, marker, publication, recording

log = logging.getLogger(__name__)


def absorb(db: Database, folder: Path) -> Recording | None:
    """Bring what a recording's journal says into the rows; None where the folder has no begun journal.

    A journal that is closed moves its recording from on air to waiting (for the after-work), once.
    """
    lines = list(journal.read(folder / journal.NAME))
    begin = next((line for line in lines if line.what == "begin"), None)
    if begin is None or not begin.fields.get("id") or _came_to_nothing(lines):
        return None
    ident = str(begin.fields["id"])
    with db.write() as connection:
        if not _known(connection, ident, folder.name, begin):
            return None
        known = connection.execute(
            sa.select(sa.func.coalesce(sa.func.max(journal_line.c.n), 0)).where(journal_line.c.recording == ident)
        ).scalar_one()
        for line in lines:
            if line.n > known:
                _take(connection, ident, line)
    return recordings.get(db, ident)


def _came_to_nothing(lines: list[JournalLine]) -> bool:
    """Whether a broadcast failed to begin and recorded nothing: no recording, then."""
    failed = any(line.what == "end" and line.fields.get("why") == "failed" for line in lines)
    return failed and not any(line.what == "master" for line in lines)


class Scanner:
    """Absorbs every journal of the recordings' folder that has changed since it last looked."""

    def __init__(self, db: Database, root: Path) -> None:
        self._db = db
        self._root = root
        self._seen: dict[Path, tuple[int, int]] = {}

    def scan(self) -> list[Recording]:
        """What was absorbed now."""
        absorbed = []
        for path in sorted(self._root.glob(f"*/{journal.NAME}")):
            told = path.stat()
            mark = (told.st_mtime_ns, told.st_size)
            if self._seen.get(path) == mark:
                continue
            found = absorb(self._db, path.parent)
            self._seen[path] = mark
            if found is not None:
                absorbed.append(found)
        return absorbed


def _known(connection: Connection, ident: str, folder: str, begin: JournalLine) -> bool:
    held = connection.execute(sa.select(recording.c.folder).where(recording.c.id == ident)).scalar()
    if held is None:
        row = recordings.insert_values(
            ident=ident,
            folder=folder,
            klass=str(begin.fields.get("class", "")),
            title=str(begin.fields.get("title", "")),
            started=_recorded(begin),
            state=State.ON_AIR,
        )
        connection.execute(sa.insert(recording).values(row))
    elif held != folder:
        log.warning("folder %s repeats the recording %s of %s: left alone", folder, ident, held)
        return False
    return True


def _recorded(line: JournalLine) -> datetime:
    """When it began or ended: an imported file's journal says so, a broadcast's is written meanwhile."""
    try:
        return parse_utc(str(line.fields["recorded"]))
    except (KeyError, ValueError):
        return line.utc


def _take(connection: Connection, ident: str, line: JournalLine) -> None:
    connection.execute(
        sa.insert(journal_line).values(
            recording=ident,
            n=line.n,
            utc=utc_text(line.utc),
            hub_us=line.hub_us,
            who=line.who,
            what=line.what,
            fields=dict(line.fields),
        )
    )
    if line.what == "marker":
        connection.execute(
            sa.insert(marker).values(
                recording=ident,
                n=line.n,
                utc=utc_text(line.utc),
                hub_us=line.hub_us,
                text=str(line.fields.get("text", "")),
            )
        )
    elif line.what == "platform":
        _publish(connection, ident, line)
    elif line.what in {"end", "closed"}:
        _end(connection, ident, line)


def _publish(connection: Connection, ident: str, line: JournalLine) -> None:
    """A destination's last word on each field; of the viewers, the most."""
    destination = str(line.fields.get("destination", ""))
    same = (publication.c.recording == ident, publication.c.destination == destination)
    held = connection.execute(sa.select(publication).where(*same)).mappings().first()
    values: dict[str, Any] = {
        name: str(line.fields[name])
        for name in ("kind", "live_id", "video_id", "permalink")
        if line.fields.get(name) is not None
    }
    viewers = line.fields.get("viewers")
    if isinstance(viewers, int):
        values["viewers"] = max(viewers, (held["viewers"] if held else None) or 0)
    if held is None:
        new = {"kind": "", "caption_state": CaptionState.NONE.value, **values}
        connection.execute(sa.insert(publication).values(recording=ident, destination=destination, **new))
    elif values:
        connection.execute(sa.update(publication).where(*same).values(values))


def _end(connection: Connection, ident: str, line: JournalLine) -> None:
    same = recording.c.id == ident
    if line.what == "end":
        connection.execute(sa.update(recording).where(same).values(ended=utc_text(_recorded(line))))
        return
    connection.execute(
        sa.update(recording).where(same, recording.c.ended.is_(None)).values(ended=utc_text(line.utc))
    )
    connection.execute(
        sa.update(recording).where(same, recording.c.state == State.ON_AIR.value).values(state=State.WAITING.value)
    )
