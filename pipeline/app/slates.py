"""The slate of a broadcast, wired: handed to its hub while it begins, recorded by OBS when nobody waits."""

import contextlib
import logging
import threading
from dataclasses import replace
from pathlib import Path

from pipeline.app import outside
from pipeline.clock import SYSTEM
from pipeline.errors import PipelineError
from pipeline.hub import spec as hub_spec
from pipeline.live import scenery, slate
from pipeline.live.gear import Gear
from pipeline.live.plan import BroadcastPlan
from pipeline.media.cards import draw_cards

log = logging.getLogger(__name__)

AGAIN_S = 0.2
HUB_S = 20.0


def hand_over(plan: BroadcastPlan, gear: Gear, stop: threading.Event) -> None:
    """Give the hub its slate, now and for its next life; where there is none a finding says so, and no more."""
    try:
        path = slate.ready(slate.of(plan.settings, plan.cards, plan.encoder))
        hub_spec.save(replace(hub_spec.load(gear.air.hub), slate=str(path)), gear.air.hub)
        _tell(gear, path, stop)
    except (PipelineError, OSError, ValueError) as error:
        log.warning("no slate: %s", error)
        code = error.code if isinstance(error, PipelineError) else type(error).__name__
        gear.journal.append("finding", code="live.no-slate", level="warning", about={"why": code})


def _tell(gear: Gear, path: Path, stop: threading.Event) -> None:
    """A hub that begins just now reads its file, or is asked; either does."""
    deadline = SYSTEM.monotonic_us() + int(HUB_S * 1e6)
    while True:
        try:
            gear.hub.client.ask("slate_file", path=str(path))
            return
        except PipelineError as error:
            gone = error.code.startswith("control.") and error.code != "control.unknown"
            if not gone or SYSTEM.monotonic_us() > deadline or SYSTEM.wait(stop, AGAIN_S):
                raise


def keep(plan: BroadcastPlan) -> None:
    """After a broadcast: have OBS record the slate for the next one, unless it has. Only logged where it fails."""
    try:
        one = slate.of(plan.settings, plan.cards, plan.encoder)
        if one.recorded.is_file():
            return
        cards = draw_cards(plan.settings, plan.cards, plan.klass, plan.title, plan.begun, plan.encoder)
        studio = outside.studio(plan.settings)
        with contextlib.closing(studio):
            slate.tried(one, studio, scenery.studio_plan(plan, cards))
    except OSError as error:
        log.warning("no slate: %s", type(error).__name__)
