"""The outside world of a station: the only file that names adapters."""

from collections.abc import Mapping

from pipeline.adapters.facebook import FacebookPage
from pipeline.adapters.obs.studio import ObsStudio
from pipeline.model.config import Destination, FacebookDestination, Settings


def pages(destinations: Mapping[str, Destination]) -> dict[str, FacebookPage]:
    """A page for each destination whose live video a platform has to make."""
    return {
        name: FacebookPage(destination)
        for name, destination in destinations.items()
        if isinstance(destination, FacebookDestination) and destination.token is not None
    }


def studio(settings: Settings) -> ObsStudio:
    """The station's OBS."""
    return ObsStudio(settings.obs, settings.folders.work)
