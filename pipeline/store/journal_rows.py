"""Rows that came from the journal: its lines and its markers."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from pipeline.clock import parse_utc
from pipeline.model.journal import JournalLine
from pipeline.store.database import Database
from pipeline.store.tables import journal_line, marker


def lines(db: Database, ident: str, *, what: str | None = None) -> list[JournalLine]:
    """The absorbed lines of a recording's journal in order; of one word where it is given."""
    query = sa.select(journal_line).where(journal_line.c.recording == ident).order_by(journal_line.c.n)
    if what is not None:
        query = query.where(journal_line.c.what == what)
    with db.read() as connection:
        return [_line(row) for row in connection.execute(query).mappings()]


def markers(db: Database, ident: str) -> list[tuple[int | None, str]]:
    """A recording's markers in order: hub time in microseconds (None before the hub had one) and text."""
    query = sa.select(marker.c.hub_us, marker.c.text).where(marker.c.recording == ident).order_by(marker.c.n)
    with db.read() as connection:
        return [(row.hub_us, row.text) for row in connection.execute(query)]


def _line(row: Mapping[Any, Any]) -> JournalLine:
    return JournalLine(row["n"], parse_utc(row["utc"]), row["hub_us"], row["who"], row["what"], row["fields"])
