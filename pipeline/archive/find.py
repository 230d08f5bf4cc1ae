"""The packages of an archive folder: listed and shown from their own records, without a database."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.clock import parse_utc
from pipeline.errors import Fatal, Refused


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file of a package: its path under data/, its role and size; `original` where it was named otherwise."""

    path: str
    role: str
    size: int
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """What a package says of itself. Nothing is verified here."""

    path: Path
    identifier: str
    title: str
    klass: str
    started: datetime
    revision: int
    files: tuple[PackageFile, ...]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


def package_folders(archive: Path) -> list[Path]:
    """The folders that are packages or should be, by name; what begins with a dot is the archive's own."""
    folders = archive.iterdir() if archive.is_dir() else ()
    return sorted(one for one in folders if one.is_dir() and not one.name.startswith("."))


def list_packages(archive: Path) -> Iterator[Package]:
    """All packages, the newest first. A folder whose record cannot be read is left out: see `unreadable`."""
    found = []
    for folder in package_folders(archive):
        with contextlib.suppress(Fatal):
            found.append(read_package(folder))
    yield from sorted(found, key=lambda package: package.started, reverse=True)


def unreadable(archive: Path) -> list[Path]:
    """The folders of the archive that should be packages but whose own record cannot be read."""
    return [one for one in package_folders(archive) if not _has_record(one)]


def _has_record(folder: Path) -> bool:
    try:
        read_package(folder)
    except Fatal:
        return False
    return True


def find_package(archive: Path, identifier: str) -> Package:
    """The package with this id, or with an id that begins so. Refused `archive.unknown`, `archive.ambiguous`."""
    names = [folder.name for folder in archive.iterdir()] if archive.is_dir() else []
    alike = sorted(name for name in names if name.startswith(identifier) and not name.startswith("."))
    if identifier in alike:
        return read_package(archive / identifier)
    if not alike or not identifier:
        raise Refused("archive.unknown", id=identifier, folder=str(archive))
    if len(alike) > 1:
        raise Refused("archive.ambiguous", id=identifier, ids=", ".join(alike))
    return read_package(archive / alike[0])


def read_package(folder: Path) -> Package:
    """One package's record. Fatal `archive.no-record` when it is not there or makes no sense."""
    metadata = folder / "data" / "metadata"
    try:
        record = json.loads((metadata / "description.json").read_text(encoding="utf-8"))
        files = json.loads((metadata / "files.json").read_text(encoding="utf-8"))
        return Package(
            path=folder,
            identifier=str(record["identifier"]),
            title=str(record["title"]),
            klass=str(record["klass"]),
            started=parse_utc(record["started"]),
            revision=int(record["revision"]),
            files=tuple(PackageFile(**one) for one in files),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Fatal("archive.no-record", path=str(folder)) from error
