"""First step: every master probed, decoded and digested; the one chosen that everything else is made from."""

import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline import platform
from pipeline.errors import Fatal, Refused
from pipeline.media import ffmpeg, inspect, render
from pipeline.media.probe import Probe, probe
from pipeline.model.recording import RecordedFile, Role
from pipeline.post import masters
from pipeline.post.masters import Master
from pipeline.post.work import Facts, Work, finding
from pipeline.store import file_rows, journal_rows
from pipeline.store.files import whole_file

log = logging.getLogger(__name__)


def verify(work: Work, facts: Facts) -> dict[str, Any]:
    """Facts: `length_us`, `picture` and `sound` (whether there is any), `source` (unless joined), findings.

    Raises Fatal `post.no-master` where no file of the recording can be read.
    """
    findings = list[dict[str, Any]]()
    found = _readable(work, findings)
    if not found:
        raise Fatal("post.no-master", folder=str(work.folder / "masters"))
    _enter_all(work, found)
    used = masters.chosen(found)
    for master in found:
        _decode(work, master, findings, keys_only=master not in used)
    if any(f["code"] == "post.master-damaged" for f in findings) and used[0].role == "obs":
        sound_feed = [m for m in found if m.role == "feed" and not _damaged(m, findings)]
        used = sorted(sound_feed, key=lambda m: m.number) or used
    told: dict[str, Any] = {
        "length_us": sum(master.length_us for master in used),
        "picture": all(bool(master.probe.video) for master in used),
        "sound": all(bool(master.probe.audio) for master in used),
        "role": used[0].role,
        "master_bytes": sum(master.probe.size for master in used),
        "digests": [work.digest_of(master.path) for master in used],
    }
    if len(used) == 1:
        told["source"] = work.relative(used[0].path)
    else:
        join(work, used)
        findings.append(finding("post.joined", "notice", pieces=len(used)))
    if not told["sound"]:
        findings.append(finding("post.no-sound", "warning"))
    if not told["picture"]:
        findings.append(finding("post.no-picture", "warning"))
    return {**told, "findings": findings}


def join(work: Work, pieces: list[Master]) -> None:
    """One file of several pieces in the scratch folder."""
    target = work.scratch / "joined.mkv"
    listing = work.scratch / "pieces.txt"
    probes = [piece.probe for piece in pieces]
    work.need_room(sum(piece.size for piece in probes), work.scratch)
    listing.write_text(render.piece_list(probes), encoding="utf-8")
    with whole_file(target) as part:
        ffmpeg.run(render.joined(probes, part, listing), watch=replace(work.watch, progress=None))


def _readable(work: Work, findings: list[dict[str, Any]]) -> list[Master]:
    found = []
    for path in masters.candidates(work.folder / "masters"):
        try:
            seen = probe(path)
        except Refused as error:
            level = "notice" if path.suffix == ".part" else "alarm"
            findings.append(finding("post.master-unreadable", level, file=path.name, reason=error.code))
            continue
        if path.suffix == ".part":
            findings.append(finding("post.master-torn", "warning", file=path.name))
            seen = replace(seen, path=_finish(path))
        role, number = masters.role_of(seen.path)
        watch = replace(work.watch, progress=None)
        found.append(Master(role, number, seen, inspect.true_length_us(seen, watch)))
    return [master for master in found if master.length_us > 0 or master.probe.duration_us > 0]


def _finish(path: Path) -> Path:
    """A torn file whose writer is dead gets its final name; not one byte of it changes."""
    target = masters.final_name(path)
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    path.rename(target)
    platform.sync_folder(target.parent)
    return target


def _enter_all(work: Work, found: list[Master]) -> None:
    lines = journal_rows.lines(work.db, work.recording.id, what="master")
    offsets = {str(line.fields.get("path")): line.hub_us for line in lines}
    held = {entry.path: entry for entry in file_rows.of_recording(work.db, work.recording.id, role=Role.MASTER)}
    for master in found:
        place = work.relative(master.path)
        short = master.path.relative_to(work.folder).as_posix()
        digest = file_rows.sha256(master.path)
        before = held.get(place)
        if before is not None and (before.size, before.sha256) != (master.probe.size, digest):
            raise Fatal("post.master-changed", file=master.path.name)
        entry = RecordedFile(
            recording=work.recording.id,
            role=Role.MASTER,
            kind=master.role,
            root="recordings",
            path=place,
            size=master.probe.size,
            sha256=digest,
            offset_us=offsets.get(short),
        )
        file_rows.put(work.db, entry)


def _decode(work: Work, master: Master, findings: list[dict[str, Any]], *, keys_only: bool) -> None:
    watch = replace(work.watch, progress=None) if keys_only else work.watch
    decoded = inspect.decode(_with_length(master), keys_only=keys_only, watch=watch)
    if decoded.complaints:
        log.warning("%s: %s: %s", work.recording.id, master.path.name, decoded.complaints[-1])
        fields = {"file": master.path.name, "detail": decoded.complaints[-1][:200]}
        findings.append(finding("post.master-damaged", "warning", **fields))


def _damaged(master: Master, findings: list[dict[str, Any]]) -> bool:
    damaged = (f for f in findings if f["code"] == "post.master-damaged")
    return any(f["file"] == master.path.name for f in damaged)


def _with_length(master: Master) -> Probe:
    return replace(master.probe, duration_us=master.length_us)
