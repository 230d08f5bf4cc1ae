"""A broadcast's own process: from its folder to the journal's last line (begun by `beginning`)."""

import json
import logging
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from pipeline import platform
from pipeline.app import handover, notifying, outside, slates
from pipeline.app.background import start_worker
from pipeline.app.notifying import Narrator
from pipeline.app.stopping import end_hub
from pipeline.clock import SYSTEM
from pipeline.errors import Fatal, PipelineError
from pipeline.hub.control import ControlServer
from pipeline.live import air as on_air
from pipeline.live import failure, interrupted, plan, scenery
from pipeline.live.air import Air
from pipeline.live.beside import Beside
from pipeline.live.broadcast import Broadcast
from pipeline.live.desk import Desk
from pipeline.live.gear import assemble
from pipeline.live.lookout import Lookout
from pipeline.live.memory import PREPARING, recall
from pipeline.live.nowhere import away
from pipeline.live.plan import BroadcastPlan
from pipeline.live.watch.senses import RealSenses
from pipeline.media.cards import draw_cards
from pipeline.model.config import CableDestination, Destination, Settings
from pipeline.model.load import load_station
from pipeline.model.presets import CablePreset
from pipeline.store.journal import Journal

log = logging.getLogger(__name__)

LOCK_WAIT_S = 10.0
GUARD_LOOK_S = 3.0


def run_broadcast(folder: Path, narrator: Narrator) -> int:
    """The broadcast process: from its folder to its journal's last line. 0: nothing is left to do."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    air = Air(folder)
    try:
        frozen = plan.load(air.plan)
    except (OSError, ValueError, KeyError, TypeError):
        log.exception("the plan cannot be read")
        return _without_plan(air)
    work = frozen.settings.folders.work
    lock = on_air.lock(work)
    if not _acquired(lock):
        log.error("another broadcast holds this station")
        return 0
    on_air.point(work, air, frozen.id)
    try:
        _run(air, frozen, narrator)
    except Exception as error:
        log.exception("the broadcast failed")
        if recall(air.state, frozen.planned_end).phase != PREPARING:
            raise  # on air: the guard starts us again, and we take the running broadcast over
        known = error if isinstance(error, PipelineError) else Fatal("live.defect", detail=type(error).__name__)
        _give_up(work, air, known)
    on_air.unpoint(work)
    air.clear()
    if not frozen.rehearse:  # it has no row, no work and no recording: whoever asked for it reads and removes it
        _after(frozen.settings, frozen.station, air)
    if air.closed():
        slates.keep(frozen)
    lock.release()
    return 0


def _without_plan(air: Air) -> int:
    """A plan that cannot be read ends a beginning at once; what is on air already goes on with the hub alone."""
    if any(air.masters.iterdir()):
        return 1
    try:
        raw = json.loads(air.plan.read_text(encoding="utf-8"))
        _give_up(Path(raw["settings"]["folders"]["work"]), air, Fatal("live.defect", detail="plan.json"))
    except (OSError, ValueError, KeyError, TypeError):
        end_hub(air)
    return 0


def _give_up(work: Path, air: Air, error: PipelineError) -> None:
    """Nothing went on air: the hub ends too, and whoever asked is told why."""
    end_hub(air)
    Journal(air.journal, "broadcast", SYSTEM).append("end", why="failed")
    failure.leave(work, air, error)


def _run(air: Air, frozen: BroadcastPlan, narrator: Narrator) -> None:
    settings = frozen.settings
    cards = draw_cards(settings, frozen.cards, frozen.klass, frozen.title, frozen.begun, frozen.encoder)
    wanted = {name: settings.destinations[name] for name in frozen.destinations}
    gear = assemble(
        air,
        frozen,
        scenery.studio_plan(frozen, cards),
        outside.studio(settings),
        outside.pages(wanted),
        SYSTEM,
    )
    if gear.memory.phase == PREPARING:
        handover.write(frozen, gear.journal)
    beside = Beside("studio")
    told = notifying.notices(frozen, narrator)
    broadcast = Broadcast(gear, beside, Lookout(gear, RealSenses(gear), told))
    signal.signal(signal.SIGTERM, lambda *_: broadcast.stop("command"))
    stop = threading.Event()
    server = ControlServer(air.control, Desk(broadcast, lambda: _reread(frozen)).handlers(), stop)
    server.start()
    threading.Thread(target=slates.hand_over, args=(frozen, gear, stop), name="slate", daemon=True).start()
    threading.Thread(target=_keep_guarded, args=(air, stop), name="guard-watch", daemon=True).start()
    if told is not None:
        told.start()
    try:
        broadcast.run()
    finally:
        stop.set()
        server.close()
        if told is not None:
            told.stop()


def _keep_guarded(air: Air, stop: threading.Event) -> None:
    """The guard keeps us alive, and we it."""
    while not SYSTEM.wait(stop, GUARD_LOOK_S):
        if air.guard.exists() and not interrupted.guarded(air):
            log.warning("no guard: another one is started")
            interrupted.start_guard(air)


def _after(settings: Settings, station: Path, air: Air) -> None:
    """The rows from the journal, if the database answers; the after-work in any case."""
    from pipeline.store.absorb import absorb  # late: on air nothing waits for a database, not even its import
    from pipeline.store.database import open_database

    try:
        database = open_database(settings, migrate=True)
        try:
            absorb(database, air.folder)
        finally:
            database.close()
    except PipelineError as error:
        log.warning("the database comes later: %s", error)
    start_worker(station, settings)


def _reread(frozen: BroadcastPlan) -> tuple[Mapping[str, Destination], Mapping[str, CablePreset]]:
    station = load_station(frozen.station)
    destinations = station.settings.destinations
    if frozen.rehearse:
        destinations = away(destinations)
    cable = {
        name: station.cable(one.preset) for name, one in destinations.items() if isinstance(one, CableDestination)
    }
    return destinations, cable


def _acquired(lock: platform.FileLock) -> bool:
    """The one who begins holds the lock for a moment longer than it takes to start us."""
    never, waited = threading.Event(), 0.0
    while not lock.acquire():
        if waited > LOCK_WAIT_S:
            return False
        never.wait(0.1)
        waited += 0.1
    return True
