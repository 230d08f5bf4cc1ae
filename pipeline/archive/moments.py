"""Where in a recording the words of a query are: the moment, and a piece of the text with the words marked."""

import sqlite3
from bisect import bisect_right
from dataclasses import dataclass

from pipeline.archive.query import Wanted
from pipeline.archive.searchable import FIELDS
from pipeline.archive.terms import folded, words

_LENGTH = 160  # characters of a snippet, about two lines of a terminal
_BEFORE = 60  # of these before the first mark


@dataclass(frozen=True, slots=True)
class Hit:
    """A piece of a field's text; `marks` are the stretches of `text` that answer the query (start, end)."""

    field: str
    start_ms: int | None
    text: str
    marks: tuple[tuple[int, int], ...]

    @property
    def at(self) -> str | None:
        """The moment in the recording, H:MM:SS; None where the text is not spoken."""
        if self.start_ms is None:
            return None
        minutes, seconds = divmod(self.start_ms // 1000, 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def hits(connection: sqlite3.Connection, package: int, wanted: Wanted, most: int) -> tuple[int, tuple[Hit, ...]]:
    """How many places there are, and the `most` best of them (most of the query's words), in their order."""
    if not wanted.words and not wanted.phrases:
        return 0, ()
    columns = connection.execute(f"SELECT {', '.join(FIELDS)} FROM document WHERE rowid = ?", (package,)).fetchone()
    places: list[tuple[int, str, int, set[int]]] = []
    for field, column in zip(FIELDS, columns, strict=True):
        marked = _marked(column.split(" "), wanted)
        places += _places(connection, package, field, marked) if marked else []
    best = sorted(range(len(places)), key=lambda one: (-places[one][0], one))[:most]
    return len(places), tuple(_hit(connection, package, *places[one][1:]) for one in sorted(best))


def _marked(tokens: list[str], wanted: Wanted) -> dict[int, int]:
    """The places of the words that answer: word's number → which part of the query it answers."""
    parts = {word: number for number, group in enumerate(wanted.words) for word in group}
    marked = {at: parts[token] for at, token in enumerate(tokens) if token in parts} if parts else {}
    if wanted.phrases:
        plain = [folded(token) for token in tokens]
        for number, phrase in enumerate(wanted.phrases, len(wanted.words)):
            for at, token in enumerate(plain):
                if token == phrase[0] and tuple(plain[at : at + len(phrase)]) == phrase:
                    marked.update(dict.fromkeys(range(at, at + len(phrase)), number))
    return marked


def _places(
    connection: sqlite3.Connection, package: int, field: str, marked: dict[int, int]
) -> list[tuple[int, str, int, set[int]]]:
    """The marked words by passage: how many parts of the query, the field, the passage's first word, the words.

    A phrase that goes on in the next passage stays with the one where it begins.
    """
    rows = connection.execute(
        "SELECT first_word FROM passage WHERE package = ? AND field = ? ORDER BY first_word", (package, field)
    )
    firsts = [row[0] for row in rows]
    groups: dict[int, set[int]] = {}
    last, last_at, last_part = -1, -2, -1
    for at in sorted(marked):
        first = firsts[max(0, bisect_right(firsts, at) - 1)]
        if at == last_at + 1 and marked[at] == last_part:
            first = last
        groups.setdefault(first, set()).add(at)
        last, last_at, last_part = first, at, marked[at]
    return [(len({marked[at] for at in group}), field, first, group) for first, group in groups.items()]


def _hit(connection: sqlite3.Connection, package: int, field: str, first: int, marked: set[int]) -> Hit:
    rows = connection.execute(
        "SELECT start_ms, text FROM passage WHERE package = ? AND field = ? AND first_word BETWEEN ? AND ?"
        " ORDER BY first_word",
        (package, field, first, max(marked)),
    ).fetchall()
    text = " ".join(row[1] for row in rows)
    marks = [(word.start, word.end) for at, word in enumerate(words(text), first) if at in marked]
    return Hit(field, rows[0][0], *_shortened(text, _joined(text, marks)))


def _joined(text: str, marks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbours with only a space between them as one stretch."""
    out: list[tuple[int, int]] = []
    for start, end in marks:
        if out and text[out[-1][1] : start] == " ":
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _shortened(text: str, marks: list[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A piece around the first mark, cut between words where there are any."""
    if len(text) <= _LENGTH or not marks:
        return text, tuple(marks)
    begin = max(0, marks[0][0] - _BEFORE)
    end = min(len(text), begin + _LENGTH)
    if begin and (space := text.find(" ", begin, marks[0][0])) >= 0:
        begin = space + 1
    if end < len(text) and (space := text.rfind(" ", marks[0][1], end)) >= 0:
        end = space
    head, tail = "…" if begin else "", "…" if end < len(text) else ""
    shift = len(head) - begin
    kept = tuple((start + shift, min(stop, end) + shift) for start, stop in marks if begin <= start < end)
    return f"{head}{text[begin:end]}{tail}", kept
