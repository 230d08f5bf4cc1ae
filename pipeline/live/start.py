"""Begins a broadcast: everything that can be refused is refused before the first file is written."""

import errno
import json
import secrets
import shutil
import socket
import sys
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline import platform
from pipeline.clock import Clock
from pipeline.errors import Refused
from pipeline.hub import spec as hub_spec
from pipeline.live import air as on_air
from pipeline.live import plan as plans
from pipeline.live import schedule
from pipeline.live.air import Air
from pipeline.live.destinations import needs_live_video
from pipeline.live.memory import Memory
from pipeline.live.nowhere import settings_away
from pipeline.live.plan import BroadcastPlan
from pipeline.live.schedule import Announced
from pipeline.media import ffmpeg
from pipeline.model.config import CableDestination, Folders
from pipeline.model.load import LoadedStation
from pipeline.model.presets import EncoderPreset, seconds
from pipeline.model.rules import participants_allowed, public_allowed
from pipeline.store.files import recording_id, write_whole
from pipeline.store.journal import Journal

APP = "live"
SLATE_S = 30.0  # as long as a broadcast that has ended may have OBS record its slate
REHEARSALS = "rehearsals"  # in the work folder: a rehearsal leaves no recording
RESERVE = 4 / 3  # room for the planned length plus a third


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line adds to the class: None where nothing was said."""

    title: str | None = None
    description: str | None = None
    length: timedelta | None = None
    until: datetime | None = None
    rehearse: bool = False
    private: bool = False
    consents: str | None = None


def begin(loaded: LoadedStation, klass_name: str, wishes: Wishes, clock: Clock) -> Air:
    """Check, write the broadcast's folder, and start its guard; returns at once, before anything is on air.

    Refused: unknown class, a broadcast runs already, port taken, too little disk, a folder that cannot be
    written to, ffmpeg missing or too old.
    """
    plan = make_plan(loaded, klass_name, wishes, clock)
    work = loaded.settings.folders.work
    refuse_folders(loaded.settings.folders)
    if plan.cable:
        ffmpeg.tools()
    guard = on_air.lock(work)
    if not _acquired(guard, work, clock):
        running = on_air.pointed(work)
        raise Refused("live.already", folder=str(running.folder) if running else "")
    try:
        host, port = listen_address(loaded.settings.hub.listen)
        refuse_taken(host, port)
        refuse_full(loaded.settings.folders.recordings, plan)
        hidden = plan.private or plan.rehearse
        announced = None if hidden else schedule.near(work, klass_name, plan.begun)
        air = _write(plan, host, port, wishes.consents, announced, clock)
        on_air.point(work, air, plan.id)
    finally:
        guard.release()  # the broadcast process takes it over and holds it for life
    platform.spawn_detached(
        [sys.executable, "-P", "-m", "pipeline.hub.guard", str(air.guard)], log=air.private / "guard.log"
    )
    return air


def make_plan(loaded: LoadedStation, klass_name: str, wishes: Wishes, clock: Clock) -> BroadcastPlan:
    """The frozen plan of the broadcast, without any side effect."""
    klass, settings, begun = loaded.klass(klass_name), loaded.settings, clock.utc()
    encoder = loaded.encoder(klass.encoder)
    title = (wishes.title or klass.title).strip()
    local = begun.astimezone(ZoneInfo(settings.station.timezone))
    identity = recording_id(klass_name, title, local)
    public = public_allowed(klass, wishes.consents)
    names = klass.destinations if public or wishes.rehearse else ()
    if wishes.private:  # only a page can keep a live video to itself
        names = tuple(name for name in names if needs_live_video(settings.destinations[name]))
    home = settings.folders.recordings
    if wishes.rehearse:
        settings, home = settings_away(settings), settings.folders.work / REHEARSALS
    end = wishes.until or begun + (wishes.length or timedelta(seconds=seconds(klass.length)))
    if end <= begun:
        raise Refused("live.end-passed", until=end.isoformat())
    destinations = settings.destinations
    cable = {
        name: loaded.cable(destination.preset)
        for name, destination in destinations.items()
        if isinstance(destination, CableDestination)
    }
    return BroadcastPlan(
        id=identity.short,
        station=loaded.folder,
        folder=home / identity.folder,
        klass_name=klass_name,
        klass=klass,
        encoder=encoder,
        cable=cable,
        cards=loaded.card_theme(),
        settings=settings,
        title=title,
        description=wishes.description or klass.description,
        begun=begun,
        planned_end=end,
        destinations=names,
        participants=participants_allowed(klass) and not public and not wishes.rehearse,
        rehearse=wishes.rehearse,
        private=wishes.private,
        hub_key=secrets.token_urlsafe(18),
    )


def _acquired(lock: platform.FileLock, work: Path, clock: Clock) -> bool:
    """Take the station's lock; the broadcast before may still hold it for its slate, off the air already."""
    deadline, never = clock.monotonic_us() + int(SLATE_S * 1e6), threading.Event()
    while not lock.acquire():
        if on_air.pointed(work) is not None or clock.monotonic_us() > deadline:
            return False
        clock.wait(never, 0.2)
    return True


def listen_address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def refuse_taken(host: str, port: int) -> None:
    """Refused when somebody listens where the hub is to listen."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            code = "live.address-foreign" if error.errno == errno.EADDRNOTAVAIL else "live.port-taken"
            raise Refused(code, address=f"{host}:{port}") from error


def needed_bytes(encoder: EncoderPreset, length: timedelta) -> int:
    """Room for both masters of the planned length and a third more."""
    kbps = encoder.video_kbps + 2 * encoder.audio_kbps
    return int(2 * kbps * 125 * length.total_seconds() * RESERVE)


def refuse_folders(folders: Folders) -> None:
    """Refused when a folder of the station cannot be written to, or `work` lies on a network share."""
    for folder in (folders.recordings, folders.archive, folders.work):
        probe = folder / f".write-test-{secrets.token_hex(4)}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise Refused("live.not-writable", folder=str(folder), why=error.strerror or "") from error
    if platform.on_network_folder(folders.work):
        raise Refused("store.network-folder", folder=str(folders.work))


def refuse_full(folder: Path, plan: BroadcastPlan) -> None:
    """Refused when the disk does not hold what the planned length needs."""
    folder.mkdir(parents=True, exist_ok=True)
    needed = needed_bytes(plan.encoder, plan.planned_end - plan.begun)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refused("live.disk", needed_mb=needed // 1024**2, free_mb=free // 1024**2, folder=str(folder))


def _write(
    plan: BroadcastPlan, host: str, port: int, consents: str | None, announced: Announced | None, clock: Clock
) -> Air:
    air = Air(plan.folder)
    air.make()
    plans.save(plan, air.plan)
    if announced is not None:
        memory = Memory(air.state, plan.planned_end)
        memory.live.update({name: video for name, video in announced.live.items() if name in plan.destinations})
        memory.save()
        schedule.take(announced)
    journal = Journal(air.journal, "broadcast", clock)
    about: dict[str, object] = {
        "id": plan.id,
        "class": plan.klass_name,
        "title": plan.title,
        "station": plan.settings.station.name,
        "plan": {
            "class": plan.klass_name,
            "section": plan.klass.section,
            "description": plan.description,
            "audience": plan.klass.audience,
            "minors": plan.klass.minors,
            "caption_style": plan.klass.caption_style or plan.settings.captions.style,
            "glossary": list(plan.klass.glossary),
            "publish": plan.klass.publish,
            "destinations": list(plan.destinations),
            "participants": plan.participants,
            "rehearse": plan.rehearse,
            "private": plan.private,
        },
    }
    journal.append("begin", hub_us=None, who=None, **about)
    if consents:
        journal.append("consents", who="technician", name=consents)
    if plan.klass.audience == "public" and not public_allowed(plan.klass, consents):
        journal.append("finding", code="live.consents", level="warning", about={"klass": plan.klass_name})
    spec = hub_spec.HubSpec(
        host=host,
        port=port,
        app=APP,
        key=plan.hub_key,
        journal=str(air.journal),
        record=str(air.masters / "feed.mkv"),
        control=str(air.hub_control),
        slate_after_ms=plan.settings.hub.slate_after_ms,
        uplink_kbps=plan.settings.hub.uplink_kbps,
        uplink_share=plan.settings.hub.uplink_share,
    )
    hub_spec.save(spec, air.hub)
    python = [sys.executable, "-P", "-m"]
    processes = {
        "hub": [*python, "pipeline.hub", str(air.hub)],
        "broadcast": [*python, "pipeline", "broadcast", str(air.folder)],
    }
    guard = {
        "journal": str(air.journal),
        "processes": processes,
        "log_folder": str(air.private),
        "controls": {"hub": str(air.hub_control), "broadcast": str(air.control)},
    }
    write_whole(air.guard, json.dumps(guard), private=True)
    return air
