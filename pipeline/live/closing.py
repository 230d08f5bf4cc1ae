"""How a broadcast ends: legs, live videos, recordings, each checked; one failure never keeps the next back."""

import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.live.air import Air
from pipeline.live.gear import Gear
from pipeline.media.probe import probe
from pipeline.store import journal
from pipeline.store.files import relative_posix
from pipeline.store.journal import Journal

log = logging.getLogger(__name__)

FINISH_S = 30.0
CLOSING_CARD_S = 5.0


def close(gear: Gear) -> None:
    """End everything in the order that viewers see it, then check each master and write the last line."""
    if not gear.hurry.is_set():
        _tried(gear, "closing-card", lambda: _closing_card(gear))
    _tried(gear, "hub", lambda: gear.hub.finish(FINISH_S))
    _tried(gear, "platforms", gear.platforms.end)
    _end_studio(gear)
    whole = adopt_masters(gear.air, gear.journal)
    gear.journal.append("closed", masters=whole)


def abandon(gear: Gear) -> None:
    """Take down what an opening that failed has begun; what it recorded, if anything, stays.

    The studio may never have been there: that it cannot be stopped is no news then.
    """
    _tried(gear, "hub", lambda: gear.hub.finish(FINISH_S))
    _tried(gear, "platforms", gear.platforms.end)
    for stop in (gear.studio.stop_stream, gear.studio.stop_record):
        with contextlib.suppress(PipelineError):
            stop()
    gear.studio.close()


def adopt_masters(air: Air, note: Journal) -> int:
    """Name the studio's files obs.mkv, obs-2.mkv … in the order they were begun; count the whole ones.

    The hub has journalled its own pieces; a row of the studio's says where on hub time it was begun, to a fraction
    of a second. Every piece is probed, and one that cannot be read is told.
    """
    folder, lines = air.masters, list(journal.read(air.journal))
    told = {line.fields.get("path") for line in lines if line.what == "master"}
    begun = {line.fields.get("piece"): line.hub_us for line in lines if line.what == "obs"}
    for path in sorted(folder.glob("*.mkv"), key=lambda item: item.stat().st_mtime):
        if relative_posix(air.folder, path) in told or path.name.startswith("feed"):
            continue
        target = path if path.name.startswith("obs") else _free_name(folder)
        path.rename(target)
        place, was = relative_posix(air.folder, target), path.name
        note.append("master", hub_us=begun.get(was), role="obs", path=place, was=was)
    return sum(_whole(note, path) for path in sorted(folder.glob("*.mkv")))


def _free_name(folder: Path) -> Path:
    number, path = 1, folder / "obs.mkv"
    while path.exists():
        number += 1
        path = folder / f"obs-{number}.mkv"
    return path


def _whole(note: Journal, path: Path) -> bool:
    try:
        probe(path)
    except PipelineError as error:
        about = {"file": path.name, "why": error.code}
        note.append("finding", code="live.master-damaged", level="alarm", about=about)
        return False
    return True


def _end_studio(gear: Gear) -> None:
    _tried(gear, "stream", gear.studio.stop_stream)
    _tried(gear, "record", gear.studio.stop_record)
    if gear.studio_plan.virtual_camera:
        _tried(gear, "virtual-camera", lambda: gear.studio.virtual_camera(False))
    gear.studio.close()
    gear.journal.append("obs", state="stopped")


def _closing_card(gear: Gear) -> None:
    for name, scene in gear.plan.klass.scenes.items():
        if scene.card == "closing":
            gear.studio.show(name)
            gear.journal.append("scene", name=name, hub_us=gear.hub.us())
            gear.clock.wait(gear.hurry, CLOSING_CARD_S)
            return


def _tried(gear: Gear, what: str, act: Callable[[], object]) -> None:
    try:
        act()
    except PipelineError as error:
        log.warning("%s: %s", what, error)
        about = {**error.fields, "while": what}
        gear.journal.append("finding", code=error.code, level="alarm", about=about)
