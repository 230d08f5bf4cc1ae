"""Beginning a broadcast, for the commands: light, for whoever waits for the first picture waits for this too."""

from pathlib import Path

from pipeline.clock import SYSTEM
from pipeline.errors import Refused
from pipeline.live import interrupted, start
from pipeline.live.air import Air
from pipeline.live.interrupted import Interrupted
from pipeline.live.start import Wishes
from pipeline.model.load import LoadedStation


def begin(station: LoadedStation, klass: str, wishes: Wishes) -> Air:
    """Begin a broadcast in processes of its own; returns before anything is on air."""
    found = cut_off(station.settings.folders.work)
    if found is not None:
        raise Refused("live.interrupted", title=found.plan.title)
    return start.begin(station, klass, wishes, SYSTEM)


def cut_off(work: Path) -> Interrupted | None:
    """The broadcast of this station (its work folder) that the power took away, if nobody has closed it yet."""
    return interrupted.find(work)


def go_on(station: LoadedStation) -> Air:
    """Put that one back on air. Refused `live.nothing-to-resume` where there is none."""
    return interrupted.resume(station.settings.folders.work, SYSTEM)
