"""A package's next version: what it keeps of the one before, and how unchanged gigabytes are not copied."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from pipeline import platform
from pipeline.archive import events
from pipeline.archive.bagit_reader import read_bag
from pipeline.errors import Fatal

EVIDENCE = "metadata/evidence"  # under data/: a folder for each version that was, and the events
_LARGEST = 1 << 28  # bytes of one piece of evidence


def digests_of(package: Path) -> Mapping[str, Mapping[str, str]]:
    """What a package says of its payload, by path; nothing where it cannot be read."""
    try:
        return read_bag(package).payload
    except Fatal:
        return {}


def evidence(archive: Path, package: Path) -> dict[str, bytes]:
    """What the next version keeps of `package`, by path under data/.

    The tag files as they lie there, which prove what that version held, its description and list of files, all that
    it had kept itself, and every event until now (`events.jsonl`).
    """
    kept: dict[str, bytes] = {}
    inside = package / "data"
    for path in sorted((inside / EVIDENCE).rglob("*")):
        if path.is_file() and not path.is_symlink():
            kept[path.relative_to(inside).as_posix()] = path.read_bytes()
    folder = f"{EVIDENCE}/{version_of(package)}"
    for path in [*sorted(package.glob("*.txt")), *sorted((inside / "metadata").glob("*"))]:
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= _LARGEST:
            kept[f"{folder}/{path.name}"] = path.read_bytes()
    with contextlib.suppress(OSError):
        kept[f"{EVIDENCE}/events.jsonl"] = events.events_file(archive, package.name).read_bytes()
    return kept


def version_of(package: Path) -> int:
    """Which version of itself the package is: 1 and one more for each that it keeps evidence of."""
    folder = package / "data" / EVIDENCE
    numbers = [int(one.name) for one in folder.iterdir() if one.name.isdecimal()] if folder.is_dir() else []
    return max(numbers, default=0) + 1


def reuse(old: Path, new: Path) -> bool:
    """Give `new` the bytes of a file of the old version without copying them; False where that cannot be.

    A clone (reflink) where the file system makes them, else a hard link: the old version's name goes as soon as the
    new one is proved, so that one name is left. Never a link into recordings/: whoever edits the recording would
    edit the archive with it, and no checksum could bring the bytes back.
    """
    if old.is_symlink() or not old.is_file():
        return False
    new.parent.mkdir(parents=True, exist_ok=True)
    if platform.clone_file(old, new):
        return True
    try:
        os.link(old, new, follow_symlinks=False)
    except (OSError, NotImplementedError):
        return False
    return True
