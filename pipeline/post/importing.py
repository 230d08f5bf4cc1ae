"""A recording brought from elsewhere: looked at first, then copied; the original is never moved nor touched."""

import logging
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.clock import SYSTEM, Clock, utc_text
from pipeline.errors import Fatal, Refused
from pipeline.media.probe import Probe, probe
from pipeline.model.config import Settings
from pipeline.store import file_rows, journal
from pipeline.store.files import plain_name, recording_id, whole_file
from pipeline.store.journal import Journal

log = logging.getLogger(__name__)
_SPARE = 200 << 20
_BLOCK = 8 << 20


def import_file(
    settings: Settings,
    path: Path,
    klass: str,
    title: str | None = None,
    *,
    clock: Clock = SYSTEM,
    progress: Callable[[float], None] | None = None,
) -> str:
    """Make a recording of a file and return its id; the worker finds it by its journal.

    Nothing is written before the file has proved to be media. Raises Refused `media.missing`, `media.empty`,
    `media.not-media`, `store.folder-not-writable`; Fatal `post.no-room`, `post.copy-differs`.
    """
    found = probe(path)
    title = readable((title or "").strip() or path.stem)
    started = _started(found, path)
    ident = recording_id(klass, title, started.astimezone(ZoneInfo(settings.station.timezone)))
    folder = settings.folders.recordings / ident.folder
    try:
        settings.folders.recordings.mkdir(parents=True, exist_ok=True)
        _need_room(settings.folders.recordings, found.size)
        for name in ("masters", "outputs", "captions", "pictures"):
            (folder / name).mkdir(parents=True)
        target = folder / "masters" / f"{plain_name(readable(path.stem))}{readable(path.suffix).lower()}"
        digest = _copy(path, target, found.size, progress)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        detail = error.strerror or type(error).__name__
        raise Refused("store.folder-not-writable", folder=str(folder), detail=detail) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    note = Journal(folder / journal.NAME, "import", clock)
    begin: dict[str, object] = {
        "id": ident.short,
        "class": klass,
        "title": title,
        "station": settings.station.name,
        "plan": {},
        "recorded": utc_text(started),
    }
    note.append("begin", **begin)  # type: ignore[arg-type]  # none of its words is a parameter
    place = target.relative_to(folder).as_posix()
    note.append("master", role="import", path=place, was=readable(path.name), bytes=found.size, sha256=digest)
    note.append("end", why="command", recorded=utc_text(started + timedelta(microseconds=found.duration_us)))
    note.append("closed", masters=1)
    log.info("%s: imported", ident.short)
    return ident.short


def readable(name: str) -> str:
    """A name as text that can be kept: bytes of it that are no UTF-8 (old cards, old archives) become �."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _copy(source: Path, target: Path, size: int, progress: Callable[[float], None] | None) -> str:
    """A copy whose bytes have been read back and compared; shared blocks where the file system can."""
    with whole_file(target) as part:
        with source.open("rb") as origin, part.open("wb") as copy:
            _copy_bytes(origin.fileno(), copy.fileno(), size, progress)
        digest = file_rows.sha256(source)
        if part.stat().st_size != size or file_rows.sha256(part) != digest:
            raise Fatal("post.copy-differs", file=source.name)
    return digest


def _copy_bytes(origin: int, copy: int, size: int, progress: Callable[[float], None] | None) -> None:
    kernel = getattr(os, "copy_file_range", None)  # Linux: shares the blocks on file systems that can
    done = 0
    while True:
        count = 0
        if kernel is not None:
            try:
                count = kernel(origin, copy, _BLOCK)
            except OSError:
                kernel = None  # not between these two file systems
        if kernel is None:
            block = os.read(origin, _BLOCK)
            count = len(block)
            while block:
                block = block[os.write(copy, block) :]
        if count == 0:
            return
        done += count
        if progress is not None:
            progress(min(1.0, done / size) if size else 1.0)


def _started(found: Probe, path: Path) -> datetime:
    """When it was begun: what the camera wrote into the file, else its length before it was last written."""
    if found.created is not None and found.created.year >= 2000:
        return found.created
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return written - timedelta(microseconds=found.duration_us)


def _need_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size + _SPARE:
        raise Fatal("post.no-room", folder=str(folder), missing_gb=round((size + _SPARE - free) / 1e9 + 0.05, 1))
