"""Caption files on disk: the only place that opens them. Written whole or not at all."""

import os
import tempfile
from pathlib import Path

from captions.errors import CaptionError
from captions.formats import BINARY, FORMATS, BinaryFormat, Fault, Format, Reading, iso6937
from captions.formats.encoding import decoded
from captions.model import Track
from captions.style import DEFAULT_STYLE, Style

_ALL: dict[str, Format | BinaryFormat] = {**FORMATS, **BINARY}
NAMES = tuple(_ALL)
_EMPTY = "captions.fault-empty"
_LARGEST = 64_000_000  # bytes: days of captions


def format_of(path: Path) -> str:
    """The format's name by the file's ending. Raises CaptionError `captions.unknown-format`."""
    ending = path.suffix.lower().lstrip(".")
    for name, form in _ALL.items():
        if ending in form.endings:
            return name
    raise _unknown(ending)


def ending_of(name: str) -> str:
    """The ending that a file of the format of that name gets, without its dot. Raises CaptionError
    `captions.unknown-format` (format, known)."""
    if name not in _ALL:
        raise _unknown(name)
    return _ALL[name].endings[0]


def signs_lost(track: Track, name: str) -> str:
    """The signs of the track that a format cannot hold, each once; only EBU STL's table lacks any."""
    return iso6937.missing("".join(cue.text for cue in track.cues)) if name == "stl" else ""


def _unknown(name: str) -> CaptionError:
    return CaptionError("captions.unknown-format", format=name, known=", ".join(_ALL))


def read_track(path: Path, language: str = "pl") -> Track:
    """The track of a caption file that is whole. Raises CaptionError `captions.unknown-format`,
    `captions.no-file`, `captions.bad-file` (the file's first fault, with its line)."""
    track, found = recover(path, language)
    faults = [fault for fault in found if fault.code != _EMPTY]
    if faults:
        raise CaptionError(
            "captions.bad-file", format=format_of(path), line=faults[0].line, text=faults[0].text or path.name
        )
    return track


def recover(path: Path, language: str = "pl") -> Reading:
    """The track of a caption file as far as it can be read, and what was wrong in it.

    Text may be UTF-8 with or without its mark, UTF-16, Windows-1250 or ISO 8859-2. Raises CaptionError
    `captions.unknown-format`, `captions.no-file`, `captions.too-large`, `captions.bad-file` (nothing readable).
    """
    name = format_of(path)
    if not path.is_file():  # a named pipe would be waited for without end
        raise CaptionError("captions.no-file", path=str(path))
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as error:
        raise CaptionError("captions.no-file", path=str(path)) from error
    if len(raw) > _LARGEST:
        raise CaptionError("captions.too-large", path=str(path), megabytes=_LARGEST // 1_000_000)
    if name in BINARY:
        return _with_empty(BINARY[name].read(raw, language=language))
    text, broken = decoded(raw)
    track, faults = FORMATS[name].read(text, language=language)
    faults = tuple(sorted((*broken, *faults), key=lambda fault: fault.line))
    return _with_empty(Reading(track, faults))


def _with_empty(reading: Reading) -> Reading:
    """A file without any caption says so: it must not pass for a checked one."""
    if reading.track.cues or reading.faults:
        return reading
    return Reading(reading.track, (Fault(1, _EMPTY),))


def write_track(
    track: Track, path: Path, *, format_name: str | None = None, style: Style = DEFAULT_STYLE, title: str = ""
) -> Path:
    """Write `path` (text in UTF-8) beside its place, sync, and rename it there. Raises CaptionError
    `captions.unknown-format`, `captions.cannot-write` (path, detail)."""
    name = format_name or format_of(path)
    ending_of(name)
    if name in BINARY:
        raw = BINARY[name].write(track, style=style, title=title)
    else:
        raw = FORMATS[name].write(track, style=style, title=title).encode("utf-8", "replace")
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem[:40]}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
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
