"""The after-work, wired: what a worker is given of the other rooms."""

import logging
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline import platform
from pipeline.app import handover, outside
from pipeline.archive import bag
from pipeline.archive.from_recording import describe
from pipeline.errors import Refused, Temporary
from pipeline.model.load import LoadedStation, load_station
from pipeline.model.presets import ClassPreset
from pipeline.model.recording import Recording
from pipeline.post import worker
from pipeline.post.runner import WorkerDeps


def run_worker(folder: Path, *, until_idle: bool) -> int:
    """The worker process: the after-work of a station, at a low priority."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    station = load_station(folder)
    platform.be_nice()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.run_worker(dependencies(station), until_idle=until_idle, stop=stop)
    return 0


def dependencies(station: LoadedStation) -> WorkerDeps:
    """The archive's packaging and the platform's captions, as the worker's ports."""
    settings = station.settings

    def class_of(name: str) -> ClassPreset | None:
        return station.library.classes.get(name)

    def package(folder: Path, target: Path, *, recording: Recording, facts: Mapping[str, Any]) -> Path:
        described = describe(folder, recording, facts, settings, class_of(recording.klass))
        return bag.package(folder, target.parent, described)

    def publish(*, destination: str, live_id: str, video_id: str | None, srt: Path) -> str:
        page = outside.pages(settings.destinations).get(destination)
        if page is None:
            raise Refused("live.unknown-destination", destination=destination)
        number = video_id or page.state(live_id).video_id
        if number is None:
            raise Temporary("facebook.video-not-ready", destination=destination)
        page.upload_captions(number, srt)
        return number

    return WorkerDeps(
        settings=settings,
        class_of=class_of,
        style_path=station.caption_style_path,
        package=package,
        publish=publish,
        hand_over=handover.complete,
    )
