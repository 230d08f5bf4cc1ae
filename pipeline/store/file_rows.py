"""Rows of files: what each recording has, with sizes and digests, and whether a file still is what its row says."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.model.recording import RecordedFile, Role
from pipeline.store.database import Database
from pipeline.store.tables import file as table

_BLOCK = 1 << 20


def put(db: Database, entry: RecordedFile, *, made_from: str | None = None) -> None:
    """Add the row, or replace the one of the same place. `made_from`: digest of what an output depends on."""
    values = {
        "recording": entry.recording,
        "role": entry.role.value,
        "kind": entry.kind,
        "root": entry.root,
        "path": entry.path,
        "size": entry.size,
        "sha256": entry.sha256,
        "sha512": entry.sha512,
        "offset_us": entry.offset_us,
        "note": entry.note,
        "made_from": made_from,
    }
    with db.write() as connection:
        connection.execute(sa.delete(table).where(table.c.root == entry.root, table.c.path == entry.path))
        connection.execute(sa.insert(table).values(values))


def of_recording(db: Database, ident: str, *, role: Role | None = None) -> list[RecordedFile]:
    """A recording's files in the order of their places; of one role where it is given."""
    query = sa.select(table).where(table.c.recording == ident).order_by(table.c.root, table.c.path)
    if role is not None:
        query = query.where(table.c.role == role.value)
    with db.read() as connection:
        return [_file(row) for row in connection.execute(query).mappings()]


def forget(db: Database, root: str, path: str) -> None:
    """Remove a row whose file is gone on purpose; nothing when there is none."""
    with db.write() as connection:
        connection.execute(sa.delete(table).where(table.c.root == root, table.c.path == path))


def still_good(db: Database, root: str, path: str, real: Path, made_from: str) -> bool:
    """Whether `real` is there, whole, as its row says, and made from the same things: then it need not be made."""
    query = sa.select(table.c.size, table.c.sha256).where(
        table.c.root == root, table.c.path == path, table.c.made_from == made_from
    )
    with db.read() as connection:
        row = connection.execute(query).first()
    if row is None or not real.is_file() or real.stat().st_size != row.size:
        return False
    return bool(sha256(real) == row.sha256)


def sha256(path: Path, seen: Callable[[int], None] | None = None) -> str:
    """The file's SHA-256 as 64 hexadecimal digits; `seen` gets the number of bytes of each block."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            if seen is not None:
                seen(len(block))
    return digest.hexdigest()


def _file(row: Mapping[Any, Any]) -> RecordedFile:
    return RecordedFile(
        recording=row["recording"],
        role=Role(row["role"]),
        kind=row["kind"],
        root=row["root"],
        path=row["path"],
        size=row["size"],
        sha256=row["sha256"],
        sha512=row["sha512"],
        offset_us=row["offset_us"],
        note=row["note"],
    )
