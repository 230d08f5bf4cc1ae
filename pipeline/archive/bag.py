"""Packaging: a recording becomes a BagIt 1.0 package (RFC 8493), proved before it has its name."""

import logging
import shutil
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.archive import events, versions
from pipeline.archive.bagit_reader import read_bag
from pipeline.archive.describe import Description, as_json, dublin_core
from pipeline.archive.digests import ALGORITHMS, Digested, copy_file, digest_bytes, digest_file
from pipeline.archive.selection import EVERYTHING, Item, Selection, chosen
from pipeline.archive.tagfiles import file_list, write_tags
from pipeline.archive.verify import verify
from pipeline.clock import SYSTEM, Clock
from pipeline.errors import Fatal, Temporary
from pipeline.platform import FileLock, sync_folder

log = logging.getLogger(__name__)

MARGIN = 64 << 20  # bytes that stay free on the archive's disk
Progress = Callable[[int, int], None]  # bytes done, bytes in all (copying and reading again)


def package(
    recording: Path,
    target: Path,
    description: Description,
    selection: Selection = EVERYTHING,
    *,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    clock: Clock = SYSTEM,
) -> Path:
    """Make `target`/IDENTIFIER from the recording's folder and return it.

    Written beside under a `.part` name, every byte read again and compared with what the source gave, then
    renamed: what has the package's name is whole. Repeated, it finds the proved package and does nothing. A
    changed recording makes a new version: it keeps the evidence of the one before, takes unchanged files from it
    without copying them, and has its place only once it is proved itself.

    Fatal: `archive.no-master`, `archive.unfinished`, `archive.link`, `archive.no-space`, `archive.would-lose`,
    `archive.unproved`. Temporary: `archive.busy`, `archive.changed`, `archive.stopped`.
    """
    target.mkdir(parents=True, exist_ok=True)
    name = description.identifier
    if not name or name != Path(name).name or name.startswith("."):
        raise ValueError(name)
    lock = FileLock(target / f".{name}.lock")
    if not lock.acquire():
        raise Temporary("archive.busy", package=name)
    try:
        return _Packaging(recording, target, description, selection, progress, stop, clock).run()
    finally:
        lock.release()


class _Packaging:
    """One package being made, under its lock."""

    def __init__(
        self,
        recording: Path,
        target: Path,
        description: Description,
        selection: Selection,
        progress: Progress | None,
        stop: threading.Event | None,
        clock: Clock,
    ) -> None:
        self.items = chosen(recording, selection)
        self.final = target / description.identifier
        self.part = target / f".{description.identifier}.part"
        self.previous = target / f".{description.identifier}.previous"
        self.description = description
        self.documents = self._documents()
        self.stop = stop
        self.clock = clock
        self._progress = progress
        self._total = 2 * sum(item.size for item in self.items)
        self._done = 0
        self._digests: dict[str, Digested] = {}  # of sources, as far as they were read
        self.reused: set[str] = set()  # files of the payload that came from the version before
        self.version = 1

    def run(self) -> Path:
        self._recover()
        if self.final.exists():
            if self._is_this():
                return self.final
            self._would_lose()
            self._plan_version()
        self._space()
        made = self._write()
        self._prove(made)
        self._rename()
        self._tell_event(len(made))
        log.info("package %s: %d files", self.final.name, len(made))
        return self.final

    def _documents(self) -> dict[str, bytes]:
        names = tuple(item.inside for item in self.items)
        return {
            "metadata/description.json": as_json(self.description),
            "metadata/dublin-core.xml": dublin_core(self.description, names),
            "metadata/files.json": file_list(self.items),
        }

    def _recover(self) -> None:
        """Finish what a killed run began: half a package goes, an old one that lost its name gets it back."""
        if self.previous.exists():
            if self.final.exists():
                shutil.rmtree(self.previous)
            else:
                self.previous.rename(self.final)
        if self.part.exists():
            shutil.rmtree(self.part)

    def _is_this(self) -> bool:
        """Whether the package that stands there is proved and holds just what would be packaged now."""
        try:
            payload = read_bag(self.final).payload
        except Fatal:
            return False
        expected = {f"data/{item.inside}": item for item in self.items}
        documents = {f"data/{name}": digest_bytes(data) for name, data in self.documents.items()}
        kept = {name for name in payload if name.startswith(f"data/{versions.EVIDENCE}/")}
        if set(payload) - kept != {*expected, *documents}:
            return False
        if any(payload[name].get("sha512") != one.digests["sha512"] for name, one in documents.items()):
            return False
        if any(not _same_size(self.final / name, item.size) for name, item in expected.items()):
            return False
        for name, item in expected.items():
            if payload[name].get("sha512") != self._digest(item).digests["sha512"]:
                return False
        return verify(self.final, self._reading(), self.stop).ok

    def _would_lose(self) -> None:
        """A recording that has been thinned out must not replace the package that still holds its masters."""
        kept = {item.inside for item in self.items}
        masters = self.final / "data" / "objects" / "masters"
        lost = [
            path.name
            for path in sorted(masters.rglob("*"))
            if path.is_file() and path.relative_to(self.final / "data").as_posix() not in kept
        ]
        if lost:
            raise Fatal("archive.would-lose", package=str(self.final), files=", ".join(lost))

    def _plan_version(self) -> None:
        """What is taken over from the version that stands there; its bytes are proved with all others."""
        self.version = versions.version_of(self.final) + 1
        held = versions.digests_of(self.final)
        for item in self.items:
            name = f"data/{item.inside}"
            if name not in held or not _same_size(self.final / name, item.size):
                continue
            if held[name].get("sha512", "").lower() == self._digest(item).digests["sha512"]:
                self.reused.add(name)
        self.documents |= versions.evidence(self.final.parent, self.final)

    def _space(self) -> None:
        need = sum(item.size for item in self.items if f"data/{item.inside}" not in self.reused) + MARGIN
        free = shutil.disk_usage(self.final.parent).free
        if free < need:
            raise Fatal(
                "archive.no-space",
                folder=str(self.final.parent),
                need_mb=-(-need // 1_000_000),
                free_mb=free // 1_000_000,
            )

    def _write(self) -> dict[str, Digested]:
        """Payload, then tag files; returns what the sources gave, by path from the package."""
        made: dict[str, Digested] = {}
        for item in self.items:
            name = f"data/{item.inside}"
            if name in self.reused and versions.reuse(self.final / name, self.part / name):
                made[name] = self._digests[item.inside]
                continue
            self.reused.discard(name)
            made[name] = copy_file(item.source, self.part / name, progress=self._tell, stop=self.stop)
        for inside, data in self.documents.items():
            path = self.part / "data" / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            made[f"data/{inside}"] = digest_bytes(data)
        write_tags(self.part, self.description, made, self.clock.utc())
        for folder in sorted((path for path in self.part.rglob("*") if path.is_dir()), reverse=True):
            sync_folder(folder)
        sync_folder(self.part)
        return made

    def _prove(self, made: Mapping[str, Digested]) -> None:
        """The manifests hold the sources' digests: the full reading compares the copy with the source."""
        says = read_bag(self.part)
        expected = {name: {one: digested.digests[one] for one in ALGORITHMS} for name, digested in made.items()}
        report = verify(self.part, self._reading(), self.stop)
        if self._mended(report.damaged, made):
            report = verify(self.part, self._reading(), self.stop)
        if not report.ok or report.unlisted or expected != {name: dict(one) for name, one in says.payload.items()}:
            named = [*report.damaged, *report.missing, *report.extra, *report.unlisted, *report.problems]
            raise Fatal("archive.unproved", package=str(self.part), files=", ".join(named) or "manifest")

    def _mended(self, damaged: tuple[str, ...], made: Mapping[str, Digested]) -> bool:
        """Whether files that were damaged in the version before were taken from the recording after all."""
        spoilt = self.reused & set(damaged)
        for item in self.items:
            name = f"data/{item.inside}"
            if name in spoilt:
                (self.part / name).unlink()
                again = copy_file(item.source, self.part / name, progress=self._tell, stop=self.stop)
                if again != made[name]:
                    raise Temporary("archive.changed", path=str(item.source))
                sync_folder((self.part / name).parent)
        self.reused -= spoilt
        return bool(spoilt)

    def _tell_event(self, files: int) -> None:
        outcome = {"version": self.version, "files": files, "reused": len(self.reused)}
        detail = "packaged, every byte read again and compared"
        done = events.Event(events.INGESTION, self.clock.utc(), True, events.identity(self.final), detail, outcome)
        events.add(self.final.parent, self.final.name, done)

    def _rename(self) -> None:
        if self.final.exists():
            self.final.rename(self.previous)
        self.part.rename(self.final)
        sync_folder(self.final.parent)
        if self.previous.exists():
            shutil.rmtree(self.previous)

    def _digest(self, item: Item) -> Digested:
        if item.inside not in self._digests:
            self._digests[item.inside] = digest_file(item.source, progress=self._tell, stop=self.stop)
        return self._digests[item.inside]

    def _reading(self) -> Progress:
        """Verification's progress as the second half of ours."""
        begun = self._done

        def tell(done: int, _total: int) -> None:
            self._done = begun + done
            self._tell(0)

        return tell

    def _tell(self, count: int) -> None:
        self._done += count
        if self._progress is not None:
            self._progress(min(self._done, self._total), self._total)


def _same_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False
