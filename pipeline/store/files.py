"""Whole files or none: temporary name, fsync, rename; and the names of recordings' folders."""

import contextlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pipeline import platform
from pipeline.model.recording import RecordingId

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_PLAIN = str.maketrans("łŁøØđĐßæÆœŒ", "lLoOdDsaAoO")


@contextlib.contextmanager
def whole_file(target: Path, *, private: bool = False) -> Iterator[Path]:
    """Give a temporary path beside `target`; on leaving without an error it becomes `target`, synced.

    After an error, or a kill, `target` is what it was before; the temporary name ends in `.part`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(3)}.part")
    try:
        if private:
            platform.open_private(part, "wb").close()
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
        platform.sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


def write_whole(target: Path, data: bytes | str, *, private: bool = False) -> None:
    """Write `data` (text as UTF-8) so that `target` is whole or as before, even across a power cut."""
    with whole_file(target, private=private) as part:
        part.write_bytes(data.encode() if isinstance(data, str) else data)


def plain_name(text: str, *, limit: int = 40) -> str:
    """`text` folded to plain letters, digits and hyphens, for a file name on any system; never empty."""
    folded = unicodedata.normalize("NFKD", text.translate(_PLAIN)).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", folded.lower()).strip("-")
    return words[:limit].strip("-") or "bez-tytulu"


def new_id() -> str:
    """Eight random letters of Crockford's base 32 (40 bits)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


def recording_id(klass: str, title: str, start: datetime, short: str | None = None) -> RecordingId:
    """The id and folder name of a recording that starts at `start` (aware, in the station's time zone)."""
    short = short or new_id()
    name = f"{start:%Y-%m-%d_%H%M}_{plain_name(klass)}_{plain_name(title)}_{short}"
    return RecordingId(short=short, folder=name)


def relative_posix(root: Path, path: Path) -> str:
    """`path` as rows hold it: POSIX, relative to `root`; ValueError when it lies elsewhere."""
    return path.resolve().relative_to(root.resolve()).as_posix()
