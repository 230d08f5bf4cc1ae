"""Keeps the hub's legs as the broadcast wants them, also after the hub or the broadcast came back."""

import logging
from collections.abc import Mapping

from pipeline.clock import SYSTEM, Clock
from pipeline.errors import PipelineError
from pipeline.hub.control import ControlClient
from pipeline.hub.spec import LegSpec
from pipeline.live import destinations
from pipeline.live.memory import Memory
from pipeline.live.plan import BroadcastPlan
from pipeline.live.platforms import Platforms
from pipeline.model.config import Destination

log = logging.getLogger(__name__)

ASK_S = 5.0
KNOCK_S = 8.0


class Legs:
    """The wanted destinations against those that the hub runs; `settle` closes the difference.

    A destination whose live video is not there yet is left out until it is.
    """

    def __init__(self, plan: BroadcastPlan, memory: Memory, hub: ControlClient, clock: Clock = SYSTEM) -> None:
        self._plan, self._memory, self._hub, self._clock = plan, memory, hub, clock
        self._stopped_us: dict[str, int] = {}
        self._destinations: dict[str, Destination] = dict(plan.settings.destinations)
        self._cable = dict(plan.cable)

    def wanted(self) -> list[str]:
        names = [*self._plan.destinations, *self._memory.added]
        return [name for name in dict.fromkeys(names) if name not in self._memory.dropped]

    def settle(self, running: Mapping[str, object]) -> None:
        """Ask the hub to add what is missing, and to drop what is not wanted any more or has another live video."""
        wanted = {spec.name: spec for name in self.wanted() if self._ready(name) for spec in self._specs(name)}
        for name, row in running.items():
            spec = wanted.get(name)
            if spec is None:
                self._ask("leg_drop", name=name)
            elif isinstance(row, dict) and row.get("tag", spec.tag) != spec.tag:
                self._renew(spec)
        for name, spec in wanted.items():
            if name not in running:
                self._ask("leg_add", leg=_plain(spec))

    def again(self, name: str, running: Mapping[str, object]) -> None:
        """A person asks: now, and with the key that the settings hold now."""
        row = running.get(name)
        if not isinstance(row, dict) or not self._ready(name):
            return
        if row.get("state") == "stopped":
            for spec in self._specs(name):
                if spec.name in running:
                    self._renew(spec)
        else:
            self._hub.ask("leg_retry", name=name)

    def mind(self, running: Mapping[str, object], platforms: Platforms) -> None:
        """A leg that its platform refuses has stopped: the platform says whether its live video is over. While it
        does not, the leg knocks again after `KNOCK_S`.
        """
        now = self._clock.monotonic_us()
        for name, row in running.items():
            if not isinstance(row, dict) or row.get("state") != "stopped" or name not in self._memory.live:
                self._stopped_us.pop(name, None)
                continue
            if name not in self._stopped_us:
                self._stopped_us[name] = now
                platforms.look_again(name)
            elif now - self._stopped_us[name] >= KNOCK_S * 1e6:
                self._stopped_us.pop(name)
                self._ask("leg_retry", name=name)

    def refresh(self, settings: Mapping[str, Destination], cable: Mapping[str, object]) -> None:
        """Take destinations from settings read anew (the only part of them that may change on air)."""
        self._destinations.update(settings)
        self._cable.update(cable)  # type: ignore[arg-type]

    def known(self, name: str) -> bool:
        return name in self._destinations

    def _ready(self, name: str) -> bool:
        destination = self._destinations[name]
        return not destinations.needs_live_video(destination) or name in self._memory.live

    def _specs(self, name: str) -> list[LegSpec]:
        destination, live = self._destinations[name], self._memory.live.get(name)
        backup = destinations.backup(name, destination, live) if self._room_for_a_backup() else None
        first = destinations.leg(name, destination, live=live, cable=self._cable.get(name), spare=backup is None)
        return [first, backup] if backup else [first]

    def _room_for_a_backup(self) -> bool:
        """Whether the up-link is known to bear every external leg and one more."""
        hub, encoder = self._plan.settings.hub, self._plan.encoder
        if hub.uplink_kbps is None:
            return False
        external = sum(destinations.through_the_uplink(self._destinations[name]) for name in self.wanted())
        needed = (external + 1) * (encoder.video_kbps + encoder.audio_kbps)
        return needed <= hub.uplink_kbps * hub.uplink_share

    def _renew(self, spec: LegSpec) -> None:
        self._ask("leg_drop", name=spec.name)
        self._ask("leg_add", leg=_plain(spec))

    def _ask(self, do: str, **fields: object) -> None:
        try:
            self._hub.ask(do, timeout_s=ASK_S, **fields)
        except PipelineError as error:
            log.warning("hub refused %s: %s", do, error.code)


def _plain(spec: LegSpec) -> dict[str, object]:
    return {part: getattr(spec, part) for part in type(spec).__slots__}
