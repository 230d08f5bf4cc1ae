"""When each package is read again: once in a period, an even share each day."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.archive import events
from pipeline.archive.find import package_folders

QUARTER = timedelta(days=91)


@dataclass(frozen=True, slots=True)
class Standing:
    """A package and its last whole reading: when (None: never) and whether it was found as it should be."""

    package: Path
    size: int
    checked: datetime | None
    ok: bool


def standings(archive: Path) -> list[Standing]:
    """Every package of the archive, by name; a folder without a readable record is one too."""
    return [_standing(archive, one) for one in package_folders(archive)]


def due(archive: Path, now: datetime, period: timedelta = QUARTER) -> list[Path]:
    """The packages to read today, the most urgent first.

    Each may be read from half its period on and is overdue at its end. A day's share is the archive's bytes divided
    by the period's days, twice that while anything is overdue, and always at least one package; what has been read
    today counts. A package that was found damaged is due each day until it is mended.
    """
    all_of_them = standings(archive)
    share = sum(one.size for one in all_of_them) * timedelta(days=1) / period
    today = [one for one in all_of_them if one.checked is not None and one.checked.date() == now.date()]
    ripe = [one for one in all_of_them if one not in today and (not one.ok or _age(one, now) >= period / 2)]
    ripe.sort(key=lambda one: (one.ok, -_age(one, now).total_seconds(), one.package.name))
    if any(_age(one, now) >= period for one in ripe):
        share *= 2
    chosen: list[Path] = []
    spent = sum(one.size for one in today if one.ok)
    for one in ripe:
        if one.ok and spent >= share and (today or chosen):
            break
        chosen.append(one.package)
        spent += one.size
    return chosen


def _standing(archive: Path, package: Path) -> Standing:
    about = events.identity(package)
    checked, ok = None, True
    for event in events.read(archive, package.name):
        # A package is read in whole when it is made, too. Events of an older version say nothing of this one.
        if event.kind in (events.FIXITY_CHECK, events.INGESTION) and (event.about == about or not event.ok):
            checked, ok = event.when, event.ok
    size = 0
    for folder, _folders, files in os.walk(package):
        size += sum(os.lstat(Path(folder) / name).st_size for name in files)
    return Standing(package, size, checked, ok)


def _age(one: Standing, now: datetime) -> timedelta:
    return timedelta(days=36500) if one.checked is None else now - one.checked
