"""What of a recording's folder goes into its package, and under which names."""

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Fatal

# Folder of the recording → folder of the package, under data/. `air/` (control tokens, stream keys) is not here.
_FOLDERS = {
    "masters": "objects/masters",
    "outputs": "objects/outputs",
    "captions": "objects/captions",
    "pictures": "objects/pictures",
}
_LOGS = {"journal.jsonl": "logs/journal.jsonl", "report.json": "logs/report.json"}
# Categories of characters that split or disguise a line of a manifest somewhere: controls, line and paragraph
# separators, half surrogates (a name that is no valid text), formatting marks that nobody sees.
_UNSAFE = frozenset({"Cc", "Zl", "Zp", "Cs", "Cf"})


@dataclass(frozen=True, slots=True)
class Selection:
    """The archive's policy: masters always; the rest as chosen."""

    outputs: bool = True
    captions: bool = True
    pictures: bool = True


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class Item:
    """One file to be packaged: `inside` is its POSIX path under data/; `original` its name where that differs."""

    source: Path
    inside: str
    size: int
    original: str | None = None


def chosen(recording: Path, selection: Selection = EVERYTHING) -> list[Item]:
    """The files, in the order of their paths.

    Fatal `archive.no-master` without any master, `archive.unfinished` while one is still being written,
    `archive.link` for a symbolic link: a package holds bytes, not promises.
    """
    items: list[Item] = []
    taken: set[str] = set()
    for folder, inside in _FOLDERS.items():
        if folder != "masters" and not getattr(selection, folder):
            continue
        for path in _files(recording / folder):
            if path.name.endswith(".part"):
                if folder == "masters":
                    raise Fatal("archive.unfinished", path=str(path))
                continue
            items.append(_item(path, inside, path.relative_to(recording / folder), taken))
    if not any(item.inside.startswith("objects/masters/") for item in items):
        raise Fatal("archive.no-master", folder=str(recording))
    for name, inside in _LOGS.items():
        if (recording / name).is_file():
            items.append(Item(recording / name, inside, (recording / name).stat().st_size))
    return sorted(items, key=lambda item: item.inside)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith("."):
            continue
        if path.is_symlink():
            raise Fatal("archive.link", path=str(path))
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path


def _item(path: Path, folder: str, relative: Path, taken: set[str]) -> Item:
    original = "/".join(relative.parts)
    inside = "/".join([folder, *(_safe(part) for part in relative.parts)])
    # Names that differ only in case or in Unicode's forms are one name on other systems.
    stem, suffix = os.path.splitext(inside)  # noqa: PTH122 - text, not a path of this system
    number = 1
    while _folded(inside) in taken:
        number += 1
        inside = f"{stem}-{number}{suffix}"
    taken.add(_folded(inside))
    changed = inside != f"{folder}/{original}"
    shown = original.encode("utf-8", "backslashreplace").decode() if changed else None
    return Item(path, inside, path.stat().st_size, shown)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _safe(part: str) -> str:
    """One part of a path without what manifests, `sha512sum` and other systems trip over; letters stay."""
    kept = "".join("_" if unicodedata.category(one) in _UNSAFE or one in "%\\" else one for one in part)
    tidy = kept.strip().lstrip("*~") if kept.strip() != kept or kept[:1] in "*~" else kept
    return tidy or "_"
