"""Verification: every byte of a package is read again and compared; nothing is skipped in silence."""

import os
import threading
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.archive.bagit_reader import BagSays, read_bag
from pipeline.archive.digests import digest_file, known_algorithm
from pipeline.archive.resume import Reading
from pipeline.errors import Fatal

Progress = Callable[[int, int], None]  # bytes done, bytes in all


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was read and what is wrong, by POSIX paths relative to the package.

    `problems` are faults of the package as a whole (`no-bag: …`, `oxum: …`). `unlisted` names files beside the
    payload that no manifest covers: allowed by BagIt, so no fault, but nothing is proved of them. `warnings` are
    unusual, not wrong (`same-name: …`). `resumed`: bytes that an earlier, paused part of this check had read.
    """

    path: str
    files: int
    bytes: int
    damaged: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    resumed: int = 0

    @property
    def ok(self) -> bool:
        return not (self.damaged or self.missing or self.extra or self.problems)

    def as_dict(self) -> dict[str, object]:
        return {**asdict(self), "ok": self.ok}


def verify(
    package: Path,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    reading: Reading | None = None,
) -> VerifyReport:
    """Read the whole package and report. `Temporary archive.stopped` when `stop` is set meanwhile.

    With `reading` what was read is noted there file by file, and what a paused check had read is not read again.
    """
    try:
        says = read_bag(package)
    except Fatal as error:
        return VerifyReport(str(package), 0, 0, problems=(f"no-bag: {error.fields.get('detail', '')}",))
    return _Check(package, says, progress, stop, reading).run()


class _Check:
    """One pass over one package."""

    def __init__(
        self,
        package: Path,
        says: BagSays,
        progress: Progress | None,
        stop: threading.Event | None,
        reading: Reading | None,
    ) -> None:
        self.package = package
        self.says = says
        self.progress = progress
        self.stop = stop
        self.reading = reading
        self.damaged: set[str] = set()
        self.missing: set[str] = set()
        self.problems = list(says.problems)
        self.warnings = list(says.warnings)
        self.sizes: dict[str, int] = {}
        self.done = 0
        self.resumed = 0

    def run(self) -> VerifyReport:
        found = self._walk()
        entries = {**self.says.tags, **self.says.payload}
        held = self._matched(entries, found)
        payload = {name for name in found if name.startswith("data/")}
        read = 0
        for name, digests in sorted(entries.items()):
            if name in held:
                read += self._compare(name, held[name], digests)
            else:
                self.missing.add(name)
        self._oxum(payload)
        manifests = {name for name in found if name.startswith("tagmanifest-") and name.endswith(".txt")}
        beside = found - payload - set(held.values()) - manifests
        return VerifyReport(
            path=str(self.package),
            files=read,
            bytes=self.done,
            damaged=tuple(sorted(self.damaged)),
            missing=tuple(sorted(self.missing)),
            extra=tuple(sorted(payload - set(held.values()))),
            unlisted=tuple(sorted(beside)),
            problems=tuple(self.problems),
            warnings=tuple(self.warnings),
            resumed=self.resumed,
        )

    def _walk(self) -> set[str]:
        """Every file of the package; a link or a folder that cannot be read is a problem of its own."""
        found: set[str] = set()

        def failed(error: OSError) -> None:
            self.problems.append(f"unreadable: {error.filename}")

        for folder, folders, files in os.walk(self.package, onerror=failed):
            for name in [*files, *folders]:
                path = Path(folder) / name
                relative = path.relative_to(self.package).as_posix()
                if path.is_symlink():
                    self.problems.append(f"link: {relative}")
                elif name in files:
                    found.add(relative)
                    self.sizes[relative] = path.stat().st_size
        return found

    def _matched(self, entries: Iterable[str], found: set[str]) -> dict[str, str]:
        """Entry → file. Names that only Unicode's form tells apart match when that is unambiguous."""
        folded: dict[str, list[str]] = {}
        for name in found:
            folded.setdefault(unicodedata.normalize("NFC", name), []).append(name)
        held = {}
        for entry in entries:
            alike = folded.get(unicodedata.normalize("NFC", entry), [])
            if entry in found:
                held[entry] = entry
            elif len(alike) == 1:
                held[entry] = alike[0]
                self.warnings.append(f"other-form: {entry}")
        return held

    def _compare(self, entry: str, name: str, digests: Mapping[str, str]) -> int:
        """Read one file; the number of files read (0 where it cannot be)."""
        known = {one: digest.lower() for one, digest in digests.items() if known_algorithm(one)}
        payload = entry.startswith("data/")
        if payload and set(self.says.payload_algorithms) - set(digests) and self.says.version >= (1, 0):
            self.problems.append(f"not-in-every-manifest: {entry}")
        if not known:
            self.problems.append(f"unknown-digest: {entry}")
            return 0
        try:
            got = self._digests(name, known)
        except OSError:
            self.damaged.add(name)
            return 0
        wrong = {one for one, digest in known.items() if got.get(one) != digest}
        if wrong == set(known):
            self.damaged.add(name)
        elif wrong:
            # Another digest proves the file: it is the manifest that is wrong.
            kind = "manifest" if payload else "tagmanifest"
            self.damaged.update(f"{kind}-{one}.txt" for one in wrong)
        return 1

    def _digests(self, name: str, algorithms: Iterable[str]) -> Mapping[str, str]:
        """The file's digests, from the disk or from the part of this check that was done before a pause."""
        path = self.package / name
        noted = self.reading.noted(name, path, algorithms) if self.reading is not None else None
        if noted is not None:
            self.resumed += self.sizes[name]
            self._tell(self.sizes[name])
            return noted
        got = digest_file(path, algorithms, progress=self._tell, stop=self.stop)
        if self.reading is not None:
            self.reading.note(name, path, got.digests)
        return got.digests

    def _tell(self, count: int) -> None:
        self.done += count
        if self.progress is not None:
            self.progress(self.done, max(self.done, sum(self.sizes.values())))

    def _oxum(self, payload: set[str]) -> None:
        if self.says.oxum is None:
            return
        real = (sum(self.sizes[name] for name in payload), len(payload))
        if real != self.says.oxum:
            said = ".".join(map(str, self.says.oxum))
            self.problems.append(f"oxum: {said} ≠ {real[0]}.{real[1]}")
