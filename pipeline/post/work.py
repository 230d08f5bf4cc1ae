"""One step's surroundings: the recording, where its files are, and how an output is made once and no more."""

import hashlib
import json
import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.clock import Clock
from pipeline.errors import Temporary
from pipeline.media import ffmpeg
from pipeline.media.probe import Probe, probe
from pipeline.model.recording import RecordedFile, Recording, Role
from pipeline.post.plan import Plan
from pipeline.post.ports import HandOver, Package, PublishCaptions, StylePath
from pipeline.store import file_rows
from pipeline.store.database import Database
from pipeline.store.files import relative_posix, whole_file

log = logging.getLogger(__name__)
Facts = Mapping[str, Any]  # what the steps so far found out: small JSON, kept by the engine
AFTER = "after"  # the folder in the work folder where after-work keeps its scratch
_SPARE = 200 << 20


@dataclass(slots=True)
class Work:
    """Everything a step may use. `scratch` is the recording's own folder on the local disk, swept at the end;
    `models` the station's folder of speech models."""

    db: Database
    recording: Recording
    plan: Plan
    recordings: Path
    archive: Path
    scratch: Path
    models: Path
    clock: Clock
    style_path: StylePath
    package: Package | None = None
    publish: PublishCaptions | None = None
    hand_over: HandOver | None = None
    watch: ffmpeg.Watcher = field(default_factory=ffmpeg.Watcher)

    @property
    def folder(self) -> Path:
        return self.recordings / self.recording.folder

    def path(self, relative: str) -> Path:
        """A path of a row or of facts (relative to the recordings' root)."""
        return self.recordings / relative

    def relative(self, path: Path) -> str:
        return relative_posix(self.recordings, path)

    def output(self, place: str, ending: str) -> Path:
        """Where an output belongs: `outputs`, `.web.mp4` → outputs/FOLDERNAME.web.mp4."""
        return self.folder / place / f"{self.recording.folder}{ending}"

    def need_room(self, bytes_needed: int, *folders: Path) -> None:
        """Temporary `post.disk-full` where one of the folders' disks has less than that (and a reserve)."""
        for folder in folders or (self.folder, self.scratch):
            folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(folder).free
            if free < bytes_needed + _SPARE:
                missing = (bytes_needed + _SPARE - free) / 1e9
                raise Temporary("post.disk-full", folder=str(folder), missing_gb=round(missing + 0.05, 1))

    def produce(
        self,
        target: Path,
        *,
        role: Role,
        kind: str,
        made_from: object,
        make: Callable[[Path], None],
        note: str | None = None,
    ) -> bool:
        """Make `target` unless it is there already, whole and from the same things; whether it was made.

        `make` writes the path that it is given; what it leaves becomes `target`, synced, and gets its row.
        """
        place, recipe = self.relative(target), recipe_digest(made_from)
        if file_rows.still_good(self.db, "recordings", place, target, recipe):
            log.info("%s: %s is there already", self.recording.id, kind)
            return False
        with whole_file(target) as part:
            make(part)
        self.enter(target, role=role, kind=kind, made_from=recipe, note=note)
        return True

    def enter(
        self, path: Path, *, role: Role, kind: str, made_from: str | None = None, note: str | None = None
    ) -> RecordedFile:
        """The row of a finished file, with its size and digest."""
        digest = file_rows.sha256(path)
        entry = RecordedFile(
            recording=self.recording.id,
            role=role,
            kind=kind,
            root="recordings",
            path=self.relative(path),
            size=path.stat().st_size,
            sha256=digest,
            note=note,
        )
        file_rows.put(self.db, entry, made_from=made_from)
        return entry

    def digest_of(self, path: Path) -> str:
        """The digest in the row of a file that an earlier step made; of the file itself where there is none."""
        place = self.relative(path)
        for entry in file_rows.of_recording(self.db, self.recording.id):
            if entry.path == place:
                return entry.sha256
        return file_rows.sha256(path)

    def source(self, facts: Facts) -> Probe:
        """What the outputs are made from: the chosen master, or its pieces joined."""
        return probe(self.path(facts["source"]) if "source" in facts else self.scratch / "joined.mkv")


def recipe_digest(made_from: object) -> str:
    """A digest of anything JSON can hold."""
    text = json.dumps(made_from, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def finding(code: str, level: str, **fields: object) -> dict[str, Any]:
    """Something worth telling a person: `notice`, `warning` or `alarm`."""
    return {"code": code, "level": level, **fields}
