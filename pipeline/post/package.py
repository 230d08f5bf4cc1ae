"""Seventh step: the archive package, made by the archive's own room."""

from typing import Any

from pipeline.model.recording import RecordedFile, Role
from pipeline.post.work import Facts, Work
from pipeline.store import file_rows

_TAGS = ("tagmanifest-sha512.txt", "tagmanifest-sha256.txt")


def make_package(work: Work, facts: Facts) -> dict[str, Any]:
    """Facts: `package` (its folder's name in the archive; absent where no archive is set up)."""
    if work.package is None:
        return {}
    held = sum(path.stat().st_size for path in work.folder.rglob("*") if path.is_file())
    work.archive.mkdir(parents=True, exist_ok=True)
    work.need_room(held, work.archive)
    made = work.package(work.folder, work.archive / work.recording.id, recording=work.recording, facts=dict(facts))
    tags = next((made / name for name in _TAGS if (made / name).is_file()), None)
    entry = RecordedFile(
        recording=work.recording.id,
        role=Role.OUTPUT,
        kind="package",
        root="archive",
        path=made.relative_to(work.archive).as_posix(),
        size=sum(path.stat().st_size for path in made.rglob("*") if path.is_file()),
        sha256=file_rows.sha256(tags) if tags else "",
    )
    file_rows.put(work.db, entry)
    return {"package": entry.path}
