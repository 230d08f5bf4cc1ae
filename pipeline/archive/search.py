"""Searching the archive: recordings by words and filters, each with the moments where the words are."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from pipeline.archive.moments import Hit, hits
from pipeline.archive.query import Query, parsed, wanted
from pipeline.archive.terms import folded
from pipeline.clock import parse_utc, utc_text
from pipeline.errors import Refused


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search; None lets everything pass. `since` is in, `until` is out.

    `section` and `klass` are compared whole, `licence` is a part; all without case, diacritics and punctuation.
    `person` is words, found among the people in every inflection. `captions` is approved, automatic or none.
    """

    klass: str | None = None
    section: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    person: str | None = None
    licence: str | None = None
    captions: str | None = None

    @property
    def any(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Found:
    """One recording that answers the query; `moments` is the number of all places, `hits` holds the best."""

    identifier: str
    folder: str
    title: str
    klass: str
    section: str
    started: datetime
    licence: str
    captions: str
    moments: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The recordings, the best first (the newest first where only filters were given); `total` of all."""

    total: int
    found: tuple[Found, ...]


_NOTHING = Answer(0, ())


def search(
    connection: sqlite3.Connection, text: str, filters: Filters = Filters(), *, limit: int = 20, moments: int = 3
) -> Answer:
    """Search an index that is up to date. Refused `archive.no-words`, `archive.query-long`."""
    query = parsed(text)
    if not query.words and not query.phrases and (text.strip() or not filters.any):
        raise Refused("archive.no-words")
    words = wanted(connection, query)
    people = wanted(connection, _person(filters.person))
    if words is None or people is None:
        return _NOTHING
    match = " AND ".join(part for part in (words.match(), people.match("people")) if part)
    where, values = _where(filters)
    source, order = "package", "started DESC, package.id"
    if match:
        source = "document JOIN package ON package.id = document.rowid"
        where, values = ["document MATCH ?", *where], [match, *values]
        order = f"rank, {order}"
    condition = " AND ".join(where)
    total = connection.execute(f"SELECT count(*) FROM {source} WHERE {condition}", values).fetchone()[0]
    rows = connection.execute(
        "SELECT package.id, identifier, folder, package.title, klass, package.section, started, licence, captions"
        f" FROM {source} WHERE {condition} ORDER BY {order} LIMIT ?",
        [*values, limit],
    ).fetchall()
    found = []
    for number, identifier, folder, title, klass, section, started, licence, captions in rows:
        count, best = hits(connection, number, words, moments)
        when = parse_utc(started)
        found.append(Found(identifier, folder, title, klass, section, when, licence, captions, count, best))
    return Answer(total, tuple(found))


def _person(text: str | None) -> Query:
    """A person's words, without phrases: names are written in either order."""
    query = parsed((text or "").replace('"', " "))
    if text is not None and not query.words:
        raise Refused("archive.no-words")
    return Query(query.words)


def _where(filters: Filters) -> tuple[list[str], list[object]]:
    """Conditions and values; nothing that was typed stands in the text of a condition."""
    pairs: list[tuple[str, object]] = [("readable = ?", 1)]
    for name, value in (("klass_key", filters.klass), ("section_key", filters.section)):
        if value is not None:
            pairs.append((f"{name} = ?", folded(value)))
    if filters.licence is not None:
        pairs.append(("instr(licence_key, ?) > 0", folded(filters.licence)))
    if filters.captions is not None:
        pairs.append(("captions = ?", filters.captions))
    if filters.since is not None:
        pairs.append(("started >= ?", utc_text(filters.since)))
    if filters.until is not None:
        pairs.append(("started < ?", utc_text(filters.until)))
    return [condition for condition, _ in pairs], [value for _, value in pairs]
