"""Caption files on disk: the only place that opens them. Written whole or not at all."""

import os
import tempfile
from pathlib import Path

from captions.errors import CaptionError
from captions.formats import FORMATS, Format
from captions.model import Track
from captions.style import DEFAULT_STYLE, Style


def format_of(path: Path) -> str:
    """The format's name by the file's ending. Raises CaptionError `captions.unknown-format`."""
    name = path.suffix.lower().lstrip(".")
    format_named(name)
    return name


def format_named(name: str) -> Format:
    """The format of that name. Raises CaptionError `captions.unknown-format` (format, known)."""
    if name not in FORMATS:
        raise CaptionError("captions.unknown-format", format=name, known=", ".join(FORMATS))
    return FORMATS[name]


def read_track(path: Path, language: str = "pl") -> Track:
    """The track of a caption file: UTF-8 with or without its mark, else Windows-1250 as old Polish files are.

    Raises CaptionError `captions.unknown-format`, `captions.no-file`, `captions.unreadable-format`,
    `captions.bad-file`.
    """
    name = format_of(path)
    reader = FORMATS[name].read
    if reader is None:
        raise CaptionError("captions.unreadable-format", format=name, path=str(path))
    if not path.is_file():  # a named pipe would be waited for without end
        raise CaptionError("captions.no-file", path=str(path))
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CaptionError("captions.no-file", path=str(path)) from error
    return reader(_decoded(raw), language=language)


def write_track(
    track: Track, path: Path, *, format_name: str | None = None, style: Style = DEFAULT_STYLE, title: str = ""
) -> Path:
    """Write `path` in UTF-8 beside its place, sync, and rename it there. Raises CaptionError
    `captions.unknown-format`, `captions.cannot-write` (path, detail)."""
    text = format_named(format_name or format_of(path)).write(track, style=style, title=title)
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem[:40]}.", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).chmod(0o644)
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CaptionError("captions.cannot-write", path=str(path), detail=error.strerror or str(error)) from error
    return path


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1250"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")
