"""Beginning a broadcast, for the commands: light, for whoever waits for the first picture waits for this too."""

from pipeline.clock import SYSTEM
from pipeline.live import start
from pipeline.live.air import Air
from pipeline.live.start import Wishes
from pipeline.model.load import LoadedStation


def begin(station: LoadedStation, klass: str, wishes: Wishes) -> Air:
    """Begin a broadcast in processes of its own; returns before anything is on air."""
    return start.begin(station, klass, wishes, SYSTEM)
