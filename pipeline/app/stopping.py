"""`stop --now`: ends every leg even with broadcast, OBS and database dead, and leaves a recording behind."""

import contextlib
import json
import logging
import socket

from pipeline import platform
from pipeline.app import outside
from pipeline.app.background import start_worker
from pipeline.clock import SYSTEM
from pipeline.errors import PipelineError
from pipeline.hub import record
from pipeline.hub.control import ControlClient
from pipeline.live import air as on_air
from pipeline.live import plan
from pipeline.live.air import Air
from pipeline.live.closing import adopt_masters
from pipeline.live.hub_link import HubLink
from pipeline.live.memory import recall
from pipeline.model.load import LoadedStation
from pipeline.store.journal import Journal

log = logging.getLogger(__name__)

HUB_S = 10.0


def stop_now(station: LoadedStation, air: Air) -> None:
    """Guard first, so that nothing is started again; then broadcast, legs, OBS's outputs; then the last lines."""
    note = Journal(air.journal, "technician", SYSTEM)
    note.append("end", why="command", now=True)
    _end_guard(air)
    _end(air, "broadcast")
    end_hub(air)
    _end(air, "hub")
    _stop_studio(station, air)
    _end_live_videos(station, air, note)
    work = station.settings.folders.work
    if not air.closed():
        record.recover(air.masters / "feed.mkv", Journal(air.journal, "hub", SYSTEM))
        note.append("closed", masters=adopt_masters(air, note))
    on_air.unpoint(work)
    air.clear()
    start_worker(station.folder, station.settings)


def end_hub(air: Air) -> None:
    """Let the hub end its legs and close its recording; one that does not answer is left to be killed."""
    try:
        HubLink(ControlClient(air.hub_control), SYSTEM).finish(HUB_S)
    except PipelineError:
        log.warning("the hub does not answer")


def _end_guard(air: Air) -> None:
    lock = platform.FileLock(air.private / "guard.lock")
    if lock.acquire():  # nobody holds it: there is no guard
        lock.release()
        return
    pid = lock.owner()
    if pid is not None:
        platform.end_process(pid)


def _end(air: Air, name: str) -> None:
    """End a process that the guard wrote down, if it is still the one that was written down."""
    try:
        mark = json.loads((air.private / f"guard-{name}.json").read_text(encoding="ascii"))
        pid, birth = int(mark["pid"]), float(mark["born"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    born = platform.born(pid)
    if born is not None and abs(born - birth) < 1.0:
        platform.go_on(pid)  # a frozen one does not see that it is to end
        platform.end_process(pid)


def _end_live_videos(station: LoadedStation, air: Air, note: Journal) -> None:
    """One attempt each: a platform that does not answer ends them by itself, and is named."""
    memory = recall(air.state, SYSTEM.utc())
    pages = outside.pages(station.settings.destinations)
    for name, video in memory.live.items():
        if name in memory.ended or name not in pages:
            continue
        try:
            state = pages[name].end(video.id)
            note.append("platform", destination=name, live_id=video.id, video_id=state.video_id, state="ended")
        except PipelineError as error:
            log.warning("%s: %s", name, error)
            note.append("finding", code="platform.not-ended", level="alarm", destination=name)


def _stop_studio(station: LoadedStation, air: Air) -> None:
    frozen = None
    with contextlib.suppress(OSError, ValueError, KeyError):
        frozen = plan.load(air.plan)
    studio = outside.studio(frozen.settings if frozen else station.settings)
    try:
        if not studio_runs(station):
            return
        studio.attach()
        for act in (studio.stop_stream, studio.stop_record):
            with contextlib.suppress(PipelineError):
                act()
    except PipelineError as error:
        log.warning("OBS was not stopped: %s", error)
    finally:
        studio.close()


def studio_runs(station: LoadedStation) -> bool:
    """Whether anything listens where OBS should: one that is dead must not be launched only to be stopped."""
    address = (station.settings.obs.host, station.settings.obs.port)
    try:
        socket.create_connection(address, timeout=1.0).close()
    except OSError:
        return False
    return True
