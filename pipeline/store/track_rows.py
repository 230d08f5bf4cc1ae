"""Rows of caption tracks: which languages a recording has, and whether a person has approved them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from pipeline.clock import parse_utc, utc_text
from pipeline.model.recording import TrackState
from pipeline.store.database import Database
from pipeline.store.tables import track as table


@dataclass(frozen=True, slots=True)
class TrackRow:
    """A caption track; `path` is its SubRip file, relative to the recordings' root."""

    recording: str
    language: str
    state: TrackState
    path: str
    cues: int
    engine: str
    model: str
    updated: datetime


def put(db: Database, row: TrackRow) -> bool:
    """Add or replace a track; an approved one is never replaced by an automatic one (False then)."""
    same = (table.c.recording == row.recording, table.c.language == row.language)
    values = {
        "recording": row.recording,
        "language": row.language,
        "state": row.state.value,
        "path": row.path,
        "cues": row.cues,
        "engine": row.engine,
        "model": row.model,
        "updated": utc_text(row.updated),
    }
    with db.write() as connection:
        held = connection.execute(sa.select(table.c.state).where(*same)).scalar()
        if held == TrackState.APPROVED.value and row.state is TrackState.AUTOMATIC:
            return False
        connection.execute(sa.delete(table).where(*same))
        connection.execute(sa.insert(table).values(values))
    return True


def of_recording(db: Database, ident: str) -> list[TrackRow]:
    """A recording's tracks, by language."""
    query = sa.select(table).where(table.c.recording == ident).order_by(table.c.language)
    with db.read() as connection:
        return [
            TrackRow(
                recording=row["recording"],
                language=row["language"],
                state=TrackState(row["state"]),
                path=row["path"],
                cues=row["cues"],
                engine=row["engine"],
                model=row["model"],
                updated=parse_utc(row["updated"]),
            )
            for row in connection.execute(query).mappings()
        ]
