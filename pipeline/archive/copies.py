"""Second archives: folders or disks known by the label that is written on them, not by where they are mounted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.archive.bagit_reader import read_bag
from pipeline.archive.digests import digest_file, known_algorithm
from pipeline.errors import Fatal, Refused
from pipeline.store.files import write_whole

LABEL = "ekultura-archive.txt"  # at the top of a second archive; its first line is the label
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Place:
    """A second archive of the settings: its label, and the folder where it is when it is there."""

    label: str
    folder: Path

    @property
    def present(self) -> bool:
        """Whether this very archive is there: another disk at the same place is not it."""
        return label_of(self.folder) == self.label


def label_of(folder: Path) -> str | None:
    """The label written on a second archive; None where there is none."""
    try:
        with (folder / LABEL).open(encoding="utf-8") as file:
            line = file.readline(_LONGEST + 2).strip()
    except (OSError, ValueError):
        return None
    return line or None


def write_label(place: Place) -> None:
    """Make an existing folder the second archive of this label.

    Refused `archive.no-folder` where there is no folder (a disk that is not mounted must not become a folder on
    the system's disk), `archive.other-label` where it already is another.
    """
    if not place.folder.is_dir():
        raise Refused("archive.no-folder", folder=str(place.folder), label=place.label)
    there = label_of(place.folder)
    if there not in (None, place.label):
        raise Refused("archive.other-label", folder=str(place.folder), label=place.label, there=there)
    if there is None:
        write_whole(place.folder / LABEL, f"{place.label}\n")


def offers(package: Path, damaged: Iterable[str], places: Iterable[Place]) -> Mapping[str, Path]:
    """For each damaged or missing file a copy that was read just now and has the digest that the package wants.

    A damaged manifest or declaration is offered from a copy whose own tag manifest proves it.
    """
    present = [place.folder / package.name for place in places if place.present]
    found: dict[str, Path] = {}
    for name in damaged:
        for path in _proved(package, name, present):
            found[name] = path
            break
    return found


def _proved(package: Path, name: str, copies: Iterable[Path]) -> Iterator[Path]:
    for copy in copies:
        wanted = _wanted(package, name) or _wanted(copy, name)
        known = {algorithm: digest for algorithm, digest in wanted.items() if known_algorithm(algorithm)}
        path = copy / name
        try:
            if known and not path.is_symlink() and path.is_file():
                got = digest_file(path, known).digests
                if all(got[algorithm] == digest.lower() for algorithm, digest in known.items()):
                    yield path
        except OSError:
            continue


def _wanted(package: Path, name: str) -> Mapping[str, str]:
    try:
        says = read_bag(package)
    except Fatal:
        return {}
    return (says.payload if name.startswith("data/") else says.tags).get(name, {})
