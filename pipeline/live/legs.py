"""Keeps the hub's legs as the broadcast wants them, also after the hub or the broadcast came back."""

import logging
from collections.abc import Mapping

from pipeline.errors import PipelineError
from pipeline.hub.control import ControlClient
from pipeline.live import destinations
from pipeline.live.memory import Memory
from pipeline.live.plan import BroadcastPlan
from pipeline.model.config import Destination

log = logging.getLogger(__name__)

ASK_S = 5.0


class Legs:
    """The wanted destinations against those that the hub runs; `settle` closes the difference.

    A destination whose live video is not there yet is left out until it is.
    """

    def __init__(self, plan: BroadcastPlan, memory: Memory, hub: ControlClient) -> None:
        self._plan, self._memory, self._hub = plan, memory, hub
        self._destinations: dict[str, Destination] = dict(plan.settings.destinations)
        self._cable = dict(plan.cable)

    def wanted(self) -> list[str]:
        names = [*self._plan.destinations, *self._memory.added]
        return [name for name in dict.fromkeys(names) if name not in self._memory.dropped]

    def settle(self, running: Mapping[str, object]) -> None:
        """Ask the hub to add what is missing and to drop what is not wanted any more."""
        wanted = self.wanted()
        for name in wanted:
            if name not in running and self._ready(name):
                self._ask("leg_add", leg=self._spec(name))
        for name in running:
            if name not in wanted:
                self._ask("leg_drop", name=name)

    def refresh(self, settings: Mapping[str, Destination], cable: Mapping[str, object]) -> None:
        """Take destinations from settings read anew (the only part of them that may change on air)."""
        self._destinations.update(settings)
        self._cable.update(cable)  # type: ignore[arg-type]

    def known(self, name: str) -> bool:
        return name in self._destinations

    def _ready(self, name: str) -> bool:
        destination = self._destinations[name]
        return not destinations.needs_live_video(destination) or name in self._memory.live

    def _spec(self, name: str) -> dict[str, object]:
        spec = destinations.leg(
            name,
            self._destinations[name],
            live=self._memory.live.get(name),
            cable=self._cable.get(name),
        )
        return {part: getattr(spec, part) for part in type(spec).__slots__}

    def _ask(self, do: str, **fields: object) -> None:
        try:
            self._hub.ask(do, timeout_s=ASK_S, **fields)
        except PipelineError as error:
            log.warning("hub refused %s: %s", do, error.code)
