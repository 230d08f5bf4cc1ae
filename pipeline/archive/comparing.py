"""The archive compared with a second one: what is new, the same, a later version, or not what it should be."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.archive import events, versions
from pipeline.archive.bagit_reader import read_bag
from pipeline.errors import Fatal

FEW = 3  # so many changes at once are never a mass change
SHARE = 0.1  # of the packages that the copy holds


class Standing(StrEnum):
    """How a package of the archive stands to the copy's package of the same name."""

    NEW = "new"
    SAME = "same"
    LATER = "later"  # the archive's package keeps the evidence of the copy's
    TORN = "torn"  # the copy's package is the same, but files are missing there or of another size
    STRANGE = "strange"  # another package, which does not follow from the copy's: it may be damage
    DAMAGED = "damaged"  # the archive's own package is none
    GONE = "gone"  # only the copy has it


CHANGES = frozenset({Standing.LATER, Standing.STRANGE, Standing.DAMAGED, Standing.GONE})


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every package's standing, by its name."""

    packages: Mapping[str, Standing]

    def of(self, *standings: Standing) -> list[str]:
        """The names with one of these standings, sorted."""
        return sorted(name for name, standing in self.packages.items() if standing in standings)

    @property
    def held(self) -> int:
        """How many packages the copy holds."""
        return sum(standing is not Standing.NEW for standing in self.packages.values())

    @property
    def mass_change(self) -> bool:
        """Whether so much differs at once that a fault, a wrong disk or a hostile program is likelier than work."""
        return len(self.of(*CHANGES)) > max(FEW, self.held * SHARE)


def compare(archive: Path, copy: Path) -> Comparison:
    """Compare by manifests, names and sizes. No payload is read: copying does that, and `verify`."""
    here, there = _names(archive), _names(copy)
    packages = {name: _standing(archive / name, copy / name, name in there) for name in here}
    return Comparison(packages | dict.fromkeys(there - here, Standing.GONE))


def _names(folder: Path) -> set[str]:
    if not folder.is_dir():
        return set()
    return {
        one.name
        for one in folder.iterdir()
        if not one.name.startswith(".") and one.is_dir() and not one.is_symlink() and (one / "bagit.txt").exists()
    }


def _standing(ours: Path, theirs: Path, held: bool) -> Standing:
    try:
        says = read_bag(ours)
    except Fatal:
        return Standing.DAMAGED
    if not says.tags:
        return Standing.DAMAGED  # without a tag manifest nothing says which version this is
    if not held:
        return Standing.NEW
    about = events.identity(theirs)
    if events.identity(ours) == about:
        names = [*says.payload, *says.tags]
        return Standing.SAME if all(_alike(ours / one, theirs / one) for one in names) else Standing.TORN
    return Standing.LATER if about in _versions_before(ours) else Standing.STRANGE


def _versions_before(package: Path) -> set[str]:
    """The identities of the versions that the package keeps evidence of."""
    folder = package / "data" / versions.EVIDENCE
    kept = folder.glob("*/tagmanifest-sha512.txt")
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in kept if path.is_file()}


def _alike(ours: Path, theirs: Path) -> bool:
    try:
        return ours.stat().st_size == theirs.stat().st_size
    except OSError:
        return False
