"""Rows of recordings: which there are, and where each stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pipeline.clock import parse_utc, utc_text
from pipeline.errors import PipelineError, Refused
from pipeline.model.recording import Recording, State
from pipeline.store.database import Database
from pipeline.store.tables import recording as table


def get(db: Database, ident: str) -> Recording:
    """The recording with this id, or with this folder's name; Refused `store.no-recording`."""
    query = sa.select(table).where(sa.or_(table.c.id == ident, table.c.folder == ident))
    with db.read() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise Refused("store.no-recording", id=ident)
    return _recording(row)


def newest(db: Database, *, states: Sequence[State] | None = None, limit: int | None = None) -> list[Recording]:
    """Recordings, the newest first; of some states only where `states` is given."""
    query = sa.select(table).order_by(table.c.started.desc(), table.c.id).limit(limit)
    if states is not None:
        query = query.where(table.c.state.in_([state.value for state in states]))
    with db.read() as connection:
        return [_recording(row) for row in connection.execute(query).mappings()]


def move(
    db: Database,
    ident: str,
    *,
    to: State,
    expected: Sequence[State],
    revision: int | None = None,
    next_revision: bool = False,
    error: Mapping[str, Any] | None = None,
    findings: Sequence[Mapping[str, Any]] | None = None,
) -> bool:
    """Change a recording's state where it is in one of the `expected` (and at `revision`); whether it was.

    The error is replaced (cleared where none is given); findings are kept unless given.
    """
    values: dict[str, Any] = {"state": to.value, "error": dict(error) if error is not None else None}
    if findings is not None:
        values["findings"] = [dict(finding) for finding in findings]
    if next_revision:
        values["revision"] = table.c.revision + 1
    change = (
        sa.update(table)
        .where(table.c.id == ident, table.c.state.in_([state.value for state in expected]))
        .values(values)
    )
    if revision is not None:
        change = change.where(table.c.revision == revision)
    with db.write() as connection:
        return connection.execute(change).rowcount == 1


def findings(db: Database, ident: str) -> list[dict[str, Any]]:
    """What the after-work found worth telling, in order."""
    with db.read() as connection:
        found = connection.execute(sa.select(table.c.findings).where(table.c.id == ident)).scalar()
    return list(found or [])


def error_record(error: PipelineError) -> dict[str, Any]:
    """An error as rows and reports keep it: JSON, without anything that is no JSON value."""
    plain = {key: value if isinstance(value, int | float) else str(value) for key, value in error.fields.items()}
    return {"kind": type(error).__name__, "code": error.code, "fields": plain}


def error_of(db: Database, ident: str) -> dict[str, Any] | None:
    """The last failure: {"kind", "code", "fields"}, or None."""
    with db.read() as connection:
        error = connection.execute(sa.select(table.c.error).where(table.c.id == ident)).scalar()
    return dict(error) if error else None


def insert_values(
    *, ident: str, folder: str, klass: str, title: str, started: datetime, state: State
) -> dict[str, Any]:
    """A new row, at revision 1."""
    return {
        "id": ident,
        "folder": folder,
        "klass": klass,
        "title": title,
        "started": utc_text(started),
        "ended": None,
        "state": state.value,
        "revision": 1,
    }


def _recording(row: Mapping[Any, Any]) -> Recording:
    return Recording(
        id=row["id"],
        folder=row["folder"],
        klass=row["klass"],
        title=row["title"],
        started=parse_utc(row["started"]),
        ended=parse_utc(row["ended"]) if row["ended"] else None,
        state=State(row["state"]),
        revision=row["revision"],
        error=row["error"]["code"] if row["error"] else None,
    )
