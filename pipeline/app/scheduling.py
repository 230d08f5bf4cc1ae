"""Announcing an event, wired: the pages of the destinations that the class goes to."""

from datetime import datetime

from pipeline.app import outside
from pipeline.errors import Refused
from pipeline.live import schedule
from pipeline.live.schedule import Announced
from pipeline.model.load import LoadedStation
from pipeline.model.rules import allowed_destinations


def announce(
    station: LoadedStation, klass_name: str, at: datetime, title: str | None, description: str | None
) -> Announced:
    """Announce on every page of the class. Refused `live.no-page` where it has none that can be announced on.

    A class with minors is not announced publicly: consents are checked for an event, not ahead of it.
    """
    klass, settings = station.klass(klass_name), station.settings
    names = allowed_destinations(klass, None)
    pages = outside.pages({name: settings.destinations[name] for name in names})
    if not pages:
        raise Refused("live.no-page", klass=klass_name)
    return schedule.announce(
        settings.folders.work, klass_name, at, title or klass.title, description or klass.description, pages
    )


def listed(station: LoadedStation) -> list[Announced]:
    """What is announced and not yet on air, by its time."""
    return schedule.listed(station.settings.folders.work)
