"""A package is copied to a second archive: proved while it is read, and again where it was written."""

import contextlib
import logging
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from pipeline.archive import events, versions
from pipeline.archive.bagit_reader import BagSays, read_bag
from pipeline.archive.copies import Place
from pipeline.archive.digests import copy_file
from pipeline.archive.verify import verify
from pipeline.clock import SYSTEM, Clock
from pipeline.errors import Fatal, Temporary
from pipeline.platform import FileLock, sync_folder

log = logging.getLogger(__name__)

MARGIN = 64 << 20  # bytes that stay free on the copy's disk
Progress = Callable[[int], None]  # bytes of each block copied


def replicate(
    package: Path,
    place: Place,
    *,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    clock: Clock = SYSTEM,
) -> None:
    """Copy `package` to `place`, or bring the copy there up to date; the caller has compared the two.

    What the copy holds stays until the new one beside it has been read again whole; unchanged files are taken from
    it. Both archives keep the event.

    Fatal `archive.damaged-here` when the archive's own bytes are not what its manifests say (the copy stays as it
    is), `archive.no-space`, `archive.unproved`. Temporary `archive.busy`, `archive.copy-paused`.
    """
    with contextlib.ExitStack() as locks:
        for folder in (package.parent, place.folder):
            lock = FileLock(folder / f".{package.name}.lock")
            if not lock.acquire():
                raise Temporary("archive.busy", package=package.name)
            locks.callback(lock.release)
        _Copying(package, place, progress, stop, clock).run()


class _Copying:
    """One package on its way."""

    def __init__(
        self,
        package: Path,
        place: Place,
        progress: Progress | None,
        stop: threading.Event | None,
        clock: Clock,
    ) -> None:
        self.package = package
        self.place = place
        self.final = place.folder / package.name
        self.part = place.folder / f".{package.name}.part"
        self.previous = place.folder / f".{package.name}.previous"
        self.progress = progress
        self.stop = stop
        self.clock = clock
        self.says: BagSays = read_bag(package)
        self.about = events.identity(package)

    def run(self) -> None:
        recover(self.place.folder, self.package.name)
        self._space()
        try:
            self._write(reusing=True)
            if self._unproved():
                # A file that the copy held may have been damaged there: all of them anew.
                shutil.rmtree(self.part)
                self._write(reusing=False)
                if named := self._unproved():
                    raise Fatal("archive.unproved", package=str(self.part), files=", ".join(named))
        except Temporary as error:
            if error.code != "archive.stopped":
                raise
            raise Temporary("archive.copy-paused", package=self.package.name, label=self.place.label) from error
        except Fatal as error:
            self._tell(False, error.code)
            raise
        if self.final.exists():
            self.final.rename(self.previous)
        self.part.rename(self.final)
        sync_folder(self.place.folder)
        self._tell(True, "")
        if self.previous.exists():
            shutil.rmtree(self.previous)
        log.info("package %s: copied to %s", self.package.name, self.place.label)

    def _space(self) -> None:
        need = sum(path.stat().st_size for path in self.package.rglob("*") if path.is_file()) + MARGIN
        free = shutil.disk_usage(self.place.folder).free
        if free < need:
            folder = str(self.place.folder)
            raise Fatal("archive.no-space", folder=folder, need_mb=-(-need // 1_000_000), free_mb=free // 1_000_000)

    def _write(self, *, reusing: bool) -> None:
        held = versions.digests_of(self.final) if reusing and self.final.exists() else {}
        damaged = []
        for name, digests in sorted({**self.says.payload, **self.says.tags}.items()):
            same = digests.get("sha512") is not None and held.get(name, {}).get("sha512") == digests["sha512"]
            if same and versions.reuse(self.final / name, self.part / name):
                continue
            if not self._copied(name, digests):
                damaged.append(name)
        if damaged:
            shutil.rmtree(self.part)
            raise Fatal("archive.damaged-here", package=str(self.package), files=", ".join(damaged))
        for path in sorted(self.package.glob("tagmanifest-*.txt")):
            copy_file(path, self.part / path.name)
        for folder in sorted((path for path in self.part.rglob("*") if path.is_dir()), reverse=True):
            sync_folder(folder)
        sync_folder(self.part)

    def _copied(self, name: str, digests: dict[str, str]) -> bool:
        """Whether the file is there and its bytes are those that the manifests promise."""
        source = self.package / name
        if source.is_symlink() or not source.is_file():
            return False
        made = copy_file(source, self.part / name, progress=self.progress, stop=self.stop)
        wanted = {one: digest.lower() for one, digest in digests.items() if one in made.digests}
        return bool(wanted) and all(made.digests[one] == digest for one, digest in wanted.items())

    def _unproved(self) -> list[str]:
        """What is wrong with what was written, read again from the disk."""
        report = verify(self.part, stop=self.stop)
        named = [] if report.ok else [*report.damaged, *report.missing, *report.extra, *report.problems]
        return named if events.identity(self.part) == self.about else [*named, "tagmanifest-sha512.txt"]

    def _tell(self, ok: bool, detail: str) -> None:
        outcome = {"label": self.place.label, **({"code": detail} if detail else {})}
        text = "copied, every byte read again and compared" if ok else "not copied"
        event = events.Event(events.REPLICATION, self.clock.utc(), ok, self.about, text, outcome)
        for archive in (self.package.parent, self.place.folder):
            events.add(archive, self.package.name, event)


def recover(folder: Path, name: str) -> None:
    """Finish what a killed run began: half a copy goes, an old one that lost its name gets it back."""
    final, part, previous = folder / name, folder / f".{name}.part", folder / f".{name}.previous"
    if previous.exists():
        if final.exists():
            shutil.rmtree(previous)
        else:
            previous.rename(final)
    if part.exists():
        shutil.rmtree(part)
