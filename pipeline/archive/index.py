"""The search index: one SQLite file with FTS5, derived from the packages alone. It can be deleted at any time.

Each package is one document. The words themselves are indexed, not their base forms: `term` maps every base form
to the words of the archive that bear it, so that a query asks the dictionary once for each of its own words.
"""

import importlib.metadata
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.archive.find import package_folders
from pipeline.archive.searchable import FIELDS, Searchable, read_searchable
from pipeline.archive.terms import composed, folded, is_plain, key, known, terms, words
from pipeline.clock import utc_text
from pipeline.errors import Fatal, Temporary

log = logging.getLogger(__name__)

NAME = "search.sqlite"
_VERSION = 1
_BATCH = 50  # packages a transaction: what an interrupted building loses
_WAIT_S = 10.0
Progress = Callable[[int, int], None]  # packages read, packages to be read
_BOUNDARY = "¶"  # between two passages of what is no speech: no word, so no phrase goes over it
_WEIGHTS = {"title": 10.0, "people": 6.0, "place": 4.0, "section": 3.0, "about": 2.0, "speech": 1.0, "folded": 0.0}
_SCHEMA = f"""
CREATE TABLE stamp (text TEXT NOT NULL);
CREATE TABLE package (
    id INTEGER PRIMARY KEY, folder TEXT NOT NULL UNIQUE, signature TEXT NOT NULL, readable INTEGER NOT NULL,
    identifier TEXT, title TEXT, klass TEXT, section TEXT, started TEXT, licence TEXT, captions TEXT,
    klass_key TEXT, section_key TEXT, licence_key TEXT);
CREATE TABLE passage (
    package INTEGER NOT NULL, field TEXT NOT NULL, first_word INTEGER NOT NULL, start_ms INTEGER,
    text TEXT NOT NULL,
    PRIMARY KEY (package, field, first_word)) WITHOUT ROWID;
CREATE TABLE vocabulary (word TEXT PRIMARY KEY, bare INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE term (
    key TEXT NOT NULL, text TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (key, text, word)) WITHOUT ROWID;
CREATE VIRTUAL TABLE document USING fts5({", ".join((*FIELDS, "folded"))}, tokenize = 'ascii');
INSERT INTO document (document, rank) VALUES ('rank', 'bm25({", ".join(str(one) for one in _WEIGHTS.values())})');
"""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What bringing the index up to date did; `unreadable` are the folders without a readable record."""

    packages: int
    renewed: int
    removed: int
    unreadable: tuple[str, ...]


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The index, made anew where it is missing, damaged or of another version.

    Temporary `archive.index-busy` while another process writes for long; Fatal `archive.index` (path, detail).
    """
    connection = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connected(path)
        yield connection
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Temporary("archive.index-busy", path=str(path)) from error
        raise Fatal("archive.index", path=str(path), detail=str(error)) from error
    except sqlite3.DatabaseError as error:
        if connection is not None:
            connection.close()
        _delete(path)  # damaged: the next search makes it anew
        raise Fatal("archive.index", path=str(path), detail=str(error)) from error
    finally:
        if connection is not None:
            connection.close()


def refresh(connection: sqlite3.Connection, archive: Path, progress: Progress | None = None) -> Refreshed:
    """Bring the index up to date with the packages: the changed and new ones are read, the vanished go out.

    A package counts as changed when its list of checksums is another file. Each batch is one transaction. Fatal
    `archive.not-there` where the archive's folder is missing that once was there: its disk may be unplugged.
    """
    stands = _folders(archive)
    held = dict(connection.execute("SELECT folder, signature FROM package"))
    if held and not archive.is_dir():
        raise Fatal("archive.not-there", folder=str(archive))
    gone = [folder for folder in held if folder not in stands]
    changed = [folder for folder, signature in stands.items() if held.get(folder) != signature]
    for at in range(0, len(gone), _BATCH):
        with _writing(connection):
            for folder in gone[at : at + _BATCH]:
                _remove(connection, folder)
    for at in range(0, len(changed), _BATCH):
        batch = [(folder, stands[folder], _read(archive / folder)) for folder in changed[at : at + _BATCH]]
        with _writing(connection):
            for folder, signature, one in batch:
                _remove(connection, folder)
                _put(connection, folder, signature, one)
        if progress is not None:
            progress(min(at + _BATCH, len(changed)), len(changed))
    torn = connection.execute("SELECT folder FROM package WHERE NOT readable ORDER BY folder")
    return Refreshed(len(stands), len(changed), len(gone), tuple(row[0] for row in torn))


def _connected(path: Path) -> sqlite3.Connection:
    try:
        return _ready(path)
    except sqlite3.OperationalError:
        raise  # busy, no room, no right: not the file's fault
    except sqlite3.DatabaseError as error:
        log.warning("the search index was damaged and is made anew: %s", error)
        _delete(path)
        return _ready(path)


def _ready(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if _stamp(connection) != _made_by():
            with _writing(connection):
                if _stamp(connection) != _made_by():  # another process may have been quicker
                    _make(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _stamp(connection: sqlite3.Connection) -> str:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'stamp'").fetchone():
        return ""
    return str((connection.execute("SELECT text FROM stamp").fetchone() or ("",))[0])


def _made_by() -> str:
    """What the index depends on: its own form and the dictionary."""
    try:
        return f"{_VERSION} morfeusz2 {importlib.metadata.version('morfeusz2')}"
    except importlib.metadata.PackageNotFoundError:
        return f"{_VERSION}"


def _make(connection: sqlite3.Connection) -> None:
    for name in ("document", "stamp", "package", "passage", "vocabulary", "term"):
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    for statement in _SCHEMA.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute("INSERT INTO stamp VALUES (?)", (_made_by(),))


@contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _delete(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _folders(archive: Path) -> dict[str, str]:
    """Every package's folder, and what tells that it has changed."""
    return {one.name.encode("utf-8", "replace").decode(): _signature(one) for one in package_folders(archive)}


def _signature(folder: Path) -> str:
    for name in ("manifest-sha512.txt", "manifest-sha256.txt", "data/metadata/description.json"):
        try:
            seen = (folder / name).stat()
        except OSError:
            continue
        return f"{name} {seen.st_size} {seen.st_mtime_ns} {seen.st_ino}"
    return ""


def _read(folder: Path) -> Searchable | None:
    try:
        return read_searchable(folder)
    except (Fatal, OSError) as error:
        log.warning("not in the index: %s (%s)", folder.name, error)
        return None


def _remove(connection: sqlite3.Connection, folder: str) -> None:
    for (number,) in connection.execute("SELECT id FROM package WHERE folder = ?", (folder,)).fetchall():
        connection.execute("DELETE FROM document WHERE rowid = ?", (number,))
        connection.execute("DELETE FROM passage WHERE package = ?", (number,))
        connection.execute("DELETE FROM package WHERE id = ?", (number,))


def _put(connection: sqlite3.Connection, folder: str, signature: str, one: Searchable | None) -> None:
    if one is None:
        connection.execute(
            "INSERT INTO package (folder, signature, readable) VALUES (?, ?, 0)", (folder, signature)
        )
        return
    texts = (one.package.identifier, one.package.title, one.package.klass, one.section, one.licence)
    facts = (*map(composed, texts), utc_text(one.started), one.captions, *map(folded, texts[2:]))
    row = connection.execute(
        "INSERT INTO package (folder, signature, readable, identifier, title, klass, section, licence, started,"
        " captions, klass_key, section_key, licence_key) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (folder, signature, *facts),
    )
    columns: dict[str, list[str]] = {field: [] for field in FIELDS}
    passages = []
    for passage in one.passages:
        column = columns[passage.field]
        if column and passage.field != "speech":
            column.append(_BOUNDARY)
        passages.append((row.lastrowid, passage.field, len(column), passage.start_ms, composed(passage.text)))
        column += [word.text for word in words(passage.text)]
    connection.executemany("INSERT OR REPLACE INTO passage VALUES (?, ?, ?, ?, ?)", passages)
    found = {word for column in columns.values() for word in column}
    _learn(connection, found - {_BOUNDARY})
    plain = f" {_BOUNDARY} ".join(" ".join(map(folded, columns[field])) for field in FIELDS)
    connection.execute(
        f"INSERT INTO document (rowid, {', '.join(FIELDS)}, folded) VALUES (?{', ?' * (len(FIELDS) + 1)})",
        (row.lastrowid, *(" ".join(columns[field]) for field in FIELDS), plain),
    )


def _learn(connection: sqlite3.Connection, found: set[str]) -> None:
    """The terms of words that the archive did not hold yet."""
    for word in found:
        if connection.execute("SELECT 1 FROM vocabulary WHERE word = ?", (word,)).fetchone():
            continue
        bare = is_plain(word) and not known(word)  # perhaps written without its diacritics
        connection.execute("INSERT INTO vocabulary VALUES (?, ?)", (word, bare))
        rows = [(key(term), term, word) for term in terms(word)]
        connection.executemany("INSERT OR IGNORE INTO term VALUES (?, ?, ?)", rows)
