"""A check of a package with all that belongs to it: it can be paused, and it leaves an event."""

import hashlib
import threading
from pathlib import Path

from pipeline.archive import events
from pipeline.archive.copies import label_of
from pipeline.archive.resume import Reading
from pipeline.archive.verify import Progress, VerifyReport, verify
from pipeline.clock import SYSTEM, Clock
from pipeline.errors import Temporary

READINGS = "verify"  # folder of the work folder: what paused checks have read


def check(
    package: Path,
    work: Path,
    archive: Path,
    *,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    clock: Clock = SYSTEM,
) -> VerifyReport:
    """Read the whole package, or the rest of it where an earlier check was paused, and keep the event.

    The event lies beside the package where that is our `archive` or one of its copies; in a stranger's folder
    nothing is written. `Temporary archive.paused` when `stop` is set meanwhile: the next call goes on.
    """
    package = package.resolve()
    work.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(str(package).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    reading = Reading(work / READINGS / f"{name}.json", package, clock)
    seen = [0, 0]

    def tell(done: int, total: int) -> None:
        seen[:] = done, total
        if progress is not None:
            progress(done, total)

    try:
        report = verify(package, tell, stop, reading)
    except Temporary as error:
        if error.code != "archive.stopped":
            raise
        reading.save()
        done, total = (value // 1_000_000 for value in seen)
        raise Temporary("archive.paused", package=package.name, done_mb=done, total_mb=total) from error
    except KeyboardInterrupt:
        reading.save()
        raise
    reading.finish()
    beside = package.parent
    if beside == archive.resolve() or label_of(beside) is not None:
        events.add(beside, package.name, events.fixity_check(package, report, clock.utc()))
    return report
