"""Pre-flight: what must be right before an event, one check a line, each with its remedy."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from pipeline.errors import PipelineError
from pipeline.live.ports import Page
from pipeline.live.start import listen_address, needed_bytes, refuse_folders, refuse_taken
from pipeline.media import ffmpeg
from pipeline.model.load import LoadedStation
from pipeline.model.presets import ClassPreset, seconds
from pipeline.model.rules import public_allowed

OK, WARNING, FAILED = "ok", "warning", "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, how it came out, and the code and fields of what is wrong."""

    name: str
    state: str
    code: str = ""
    fields: dict[str, object] = field(default_factory=dict)


Probe = Callable[[], object]


def checks(
    station: LoadedStation,
    klass_name: str | None,
    *,
    studio: Probe,
    database: Probe,
    model: Probe,
    pages: Mapping[str, Page],
) -> Iterator[Check]:
    """Run every check and yield it as soon as it is done; nothing is changed and nothing is sent out.

    `studio`, `database` and `model` raise what is wrong with OBS, the database and the speech model.
    """
    klasses = [station.klass(klass_name)] if klass_name else [station.klass(name) for name in station.classes()]
    folders = station.settings.folders
    yield _tried("ffmpeg", ffmpeg.tools)
    yield _tried("folders", lambda: refuse_folders(folders))
    yield _tried("database", database)
    yield _disk(station, klasses)
    host, port = listen_address(station.settings.hub.listen)
    yield _tried("hub", lambda: refuse_taken(host, port))
    yield _tried("obs", studio)
    yield _tried("captions", model, bad=WARNING)  # the broadcast itself needs none
    for name, page in pages.items():
        yield _tried(name, page.check)
    if klass_name:
        yield from _class(klass_name, klasses[0])


def _tried(name: str, probe: Probe, *, bad: str = FAILED) -> Check:
    try:
        probe()
    except PipelineError as error:
        return Check(name, bad, error.code, dict(error.fields))
    return Check(name, OK)


def _disk(station: LoadedStation, klasses: list[ClassPreset]) -> Check:
    folder = station.settings.folders.recordings
    free = shutil.disk_usage(folder if folder.exists() else station.folder).free
    needed = max(
        needed_bytes(station.encoder(one.encoder), timedelta(seconds=seconds(one.length))) for one in klasses
    )
    fields: dict[str, object] = {"needed_mb": needed // 1024**2, "free_mb": free // 1024**2, "folder": str(folder)}
    return Check("disk", OK, "", fields) if free >= needed else Check("disk", FAILED, "live.disk", fields)


def _class(name: str, klass: ClassPreset) -> Iterator[Check]:
    if klass.minors and not public_allowed(klass, None):
        yield Check(name, WARNING, "live.consents", {"klass": name})
    if not klass.destinations:
        yield Check(name, WARNING, "live.no-destinations", {"klass": name})
    if not klass.microphones:
        yield Check(name, WARNING, "live.no-microphone", {"klass": name})
