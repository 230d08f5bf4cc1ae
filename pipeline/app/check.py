"""The pre-flight, wired: what stands behind each part, in the order in which people read it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from captions.engines.models import weights
from captions.errors import CaptionError
from pipeline import surroundings
from pipeline.app import outside
from pipeline.clock import SYSTEM
from pipeline.errors import Refused
from pipeline.live import air as on_air
from pipeline.live import plan, scenery, start
from pipeline.live.preflight import event, machine
from pipeline.live.preflight.check import WARNING, Check, Outcome, Part, ok, tried, warning
from pipeline.live.preflight.exam import Exam
from pipeline.live.preflight.kept import Kept
from pipeline.live.start import Wishes
from pipeline.media.cards import draw_cards
from pipeline.model.config import Settings
from pipeline.model.load import LoadedStation
from pipeline.model.presets import ClassPreset
from pipeline.store.database import open_database


def kept(station: LoadedStation) -> Kept:
    """The results that this station keeps."""
    return Kept(station.settings.folders.work, SYSTEM)


def parts(station: LoadedStation, klass: str | None, *, beginning: bool = False) -> list[Part]:
    """Every part of a station's pre-flight, or of one class's. Nothing is sent out; with a class, its scenes are
    built in OBS, watched for some seconds, and OBS gets back what it had. `beginning`: a broadcast of ours has
    just taken OBS and the hub's port.
    """
    klasses = {name: station.klass(name) for name in ([klass] if klass else station.classes())}
    busy = beginning or _on_air(station)
    made = [Part("computer", lambda: _computer(station, klasses, busy=busy))]
    made.append(Part("station", lambda: _station(station), "asked", "station"))
    if busy and not beginning:
        made.append(Part("studio", lambda: [Check("studio", "obs", warning("check.on-air"))]))
    elif klass:
        made.append(Part("studio", lambda: _exam(station, klass).run(), "slow", _key(station, klass)))
    else:
        made.append(
            Part("obs", lambda: [Check("studio", "obs", tried(lambda: _studio(station.settings)))], "asked", "obs")
        )
    return [*made, *_event(station, klass, klasses)]


def _event(station: LoadedStation, klass: str | None, klasses: Mapping[str, ClassPreset]) -> Iterator[Part]:
    destinations = station.settings.destinations
    names = sorted({name for one in klasses.values() for name in one.destinations})
    pages = outside.pages({name: destinations[name] for name in names})
    yield Part("rules", lambda: event.rule_checks(station, klasses))
    yield Part(
        "destinations", lambda: event.door_checks(station, names, pages), "asked", "doors " + " ".join(names)
    )
    if klass:
        yield Part("class", lambda: event.class_checks(klass, klasses[klass]))


def _computer(station: LoadedStation, klasses: Mapping[str, ClassPreset], *, busy: bool) -> Iterable[Check]:
    folders, theme = station.settings.folders, station.card_theme()
    longest = max(klasses.values(), key=event.length)
    heaviest = max(
        klasses.values(), key=lambda one: start.needed_bytes(station.encoder(one.encoder), event.length(one))
    )
    host, port = start.listen_address(station.settings.hub.listen)

    def line(name: str, outcome: Outcome) -> Check:
        return Check("computer", name, outcome)

    yield line("folders", tried(lambda: _folders(station)))
    room = tried(
        lambda: machine.disk(folders.recordings, station.encoder(heaviest.encoder), event.length(heaviest))
    )
    yield line("disk", room)
    yield line("memory", machine.memory())
    yield line("power", machine.power(surroundings.power()))
    yield line("sleep", machine.sleep(surroundings.sleep_settings(), event.length(longest)))
    yield line("clock", machine.clock(surroundings.clock_state(), station.settings.station.timezone))
    yield line("fonts", tried(lambda: machine.fonts(theme.font, theme.font_bold)))
    yield line("files", tried(lambda: event.files(station)))
    if not busy:
        yield line("hub", tried(lambda: _port(host, port)))


def _station(station: LoadedStation) -> Iterable[Check]:
    """What needs other programs: ffmpeg, the database, the speech model."""
    settings = station.settings
    yield Check("computer", "ffmpeg", tried(machine.tools))
    yield Check("computer", "database", tried(lambda: _database(settings)))
    # The broadcast itself needs no model.
    yield Check("computer", "captions", tried(lambda: _model(settings), bad=WARNING))


def _folders(station: LoadedStation) -> Outcome:
    start.refuse_folders(station.settings.folders)
    return ok("check.folder", folder=str(station.folder))


def _port(host: str, port: int) -> Outcome:
    start.refuse_taken(host, port)
    return ok("check.port", address=f"{host}:{port}")


def _database(settings: Settings) -> Outcome:
    open_database(settings, migrate=True).close()
    return ok("check.sqlite" if settings.database is None else "check.postgresql")


def _studio(settings: Settings) -> Outcome:
    one = outside.studio(settings)
    try:
        one.attach()
        return ok("check.version", version=one.state().version)
    finally:
        one.close()


def _exam(station: LoadedStation, klass: str) -> Exam:
    frozen = start.make_plan(station, klass, Wishes(rehearse=True), SYSTEM)
    settings = station.settings
    cards = draw_cards(settings, frozen.cards, frozen.klass, frozen.title, frozen.begun, frozen.encoder)
    wanted = scenery.studio_plan(frozen, cards)
    return Exam(
        plan=wanted,
        names=outside.studio_names(wanted),
        studio=outside.studio(settings),
        inspector=outside.inspector(settings),
        meters=outside.meters(settings),
        scratch=settings.folders.work / "check",
        clock=SYSTEM,
    )


def _model(settings: Settings) -> Outcome:
    try:
        found = weights(settings.captions.model, settings.folders.work / "models")
    except CaptionError as error:
        raise Refused(error.code, **error.fields) from error
    return ok("check.model", model=Path(found).name)


def _on_air(station: LoadedStation) -> bool:
    """Whether a broadcast of this station runs: then neither OBS nor the hub's port is anybody else's business."""
    lock = on_air.lock(station.settings.folders.work)
    free = lock.acquire()
    lock.release()
    return not free


def _key(station: LoadedStation, klass: str) -> str:
    """Changes with whatever the look at the studio depends on; secrets go into the digest alone."""
    settings, preset = station.settings, station.klass(klass)
    held = [plan.revealed(one) for one in (settings.obs, settings.sources, preset, station.encoder(preset.encoder))]
    return f"studio {klass} " + hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:16]
