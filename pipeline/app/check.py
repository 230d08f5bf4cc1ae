"""The pre-flight, wired: what stands behind each probe."""

from collections.abc import Iterator

from captions.engines.models import weights
from captions.errors import CaptionError
from pipeline.app import outside
from pipeline.errors import Refused
from pipeline.live import preflight
from pipeline.live.preflight import Check
from pipeline.model.config import Settings
from pipeline.model.load import LoadedStation
from pipeline.store.database import open_database


def checks(station: LoadedStation, klass: str | None) -> Iterator[Check]:
    """Every check of a station, or of one class; nothing is sent out and nothing is changed."""
    settings = station.settings
    return preflight.checks(
        station,
        klass,
        studio=lambda: _studio(settings),
        database=lambda: open_database(settings, migrate=True).close(),
        model=lambda: _model(settings),
        pages=outside.pages(settings.destinations),
    )


def _studio(settings: Settings) -> None:
    one = outside.studio(settings)
    try:
        one.attach()
    finally:
        one.close()


def _model(settings: Settings) -> None:
    try:
        weights(settings.captions.model, settings.folders.work / "models")
    except CaptionError as error:
        raise Refused(error.code, **error.fields) from error
