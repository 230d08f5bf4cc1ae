"""The outside world of a station: the only file that names adapters."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.adapters.obs.inputs import aliases
from pipeline.adapters.obs.inspect import Inspector
from pipeline.adapters.obs.levels import LevelMeters
from pipeline.adapters.obs.studio import ObsStudio
from pipeline.model.config import Destination, FacebookDestination, Settings
from pipeline.model.studio import StudioPlan

if TYPE_CHECKING:
    from pipeline.adapters.facebook import FacebookPage


def pages(destinations: Mapping[str, Destination]) -> "dict[str, FacebookPage]":
    """A page for each destination whose live video a platform has to make."""
    made = {}
    for name, destination in destinations.items():
        if isinstance(destination, FacebookDestination) and destination.token is not None:
            from pipeline.adapters.facebook import FacebookPage  # late: a broadcast without it starts sooner

            made[name] = FacebookPage(destination)
    return made


def studio(settings: Settings) -> ObsStudio:
    """The station's OBS."""
    return ObsStudio(settings.obs, settings.folders.work)


def inspector(settings: Settings) -> Inspector:
    """Who looks at the station's sources in OBS."""
    return Inspector(settings.obs)


def meters(settings: Settings) -> LevelMeters:
    """The level meters of the station's OBS."""
    return LevelMeters(settings.obs)


def studio_names(plan: StudioPlan) -> dict[str, str]:
    """Each source's name in OBS: two names of one device or file share one."""
    return aliases(plan.sources)
