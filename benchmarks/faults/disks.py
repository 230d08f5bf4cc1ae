"""The recording's disk full, read-only, gone: the legs go on, and the recording goes on where it can."""

import contextlib
import shutil

from benchmarks.faults.fault import Fault
from benchmarks.faults.rig import RECORDING, Rig
from benchmarks.faults.surroundings import bind_read_only, fail_disk, lift, mount_memory

HURT = frozenset({RECORDING})


def full(rig: Rig) -> None:
    """The disk (12 MB) is filled to its last byte, and has room again eight seconds later."""
    filler = rig.masters / "filler"
    rig.broken()
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(65536)):
            pass
    rig.until(lambda: rig.status()["record"].get("error"), 15, "the hub says that it cannot record")
    rig.play(5)
    filler.unlink()
    rig.mended()


def read_only(rig: Rig) -> None:
    """The disk's file system finds itself broken and turns read-only; another disk takes its place."""
    rig.broken()
    fail_disk(rig.masters)
    rig.until(lambda: rig.status()["record"].get("error"), 20, "the hub says that it cannot record")
    rig.play(3)
    mount_memory(rig.masters, 12)
    rig.mended()


def folder_removed(rig: Rig) -> None:
    rig.broken()
    shutil.rmtree(rig.masters)
    rig.mended()
    rig.until(rig.masters.exists, 10, "the hub records into a new folder")


def file_removed(rig: Rig) -> None:
    rig.broken()
    for part in rig.masters.glob("*.part"):
        part.unlink()
    rig.mended()
    rig.until(lambda: any(rig.masters.iterdir()), 10, "the hub records into a new file")


def journal_read_only(rig: Rig) -> None:
    """The journal cannot be written while the source goes and comes."""
    bind_read_only(rig.journal)
    rig.broken()
    rig.publisher.away()
    rig.play(3)
    rig.publisher.back()
    rig.until(rig.healthy, 15, "on air without a journal")
    lift(rig.journal)
    rig.mended()


MOUNTS = frozenset({"mounts"})
FAULTS = (
    Fault("disk-full", "recording's disk full for some seconds", full, HURT, needs=MOUNTS, around="small-disk"),
    Fault("disk-read-only", "recording's disk turns read-only", read_only, HURT, needs=MOUNTS, around="ext4"),
    Fault("folder-removed", "recording folder removed", folder_removed, HURT),
    Fault("file-removed", "growing recording removed", file_removed, HURT),
    Fault("journal-read-only", "journal read-only, source goes and comes", journal_read_only, needs=MOUNTS),
)
