"""Everything that one broadcast works with, put together once; phases take it as their only argument."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.clock import Clock
from pipeline.live import air as on_air
from pipeline.live.air import Air
from pipeline.live.hub_link import HubLink
from pipeline.live.legs import Legs
from pipeline.live.memory import Memory, recall
from pipeline.live.plan import BroadcastPlan
from pipeline.live.platforms import Platforms
from pipeline.live.ports import Page, Studio
from pipeline.model.studio import StudioPlan
from pipeline.store.journal import Journal


@dataclass(frozen=True, slots=True)
class Gear:
    """`hurry` is set when the end is to be at once: nothing waits for viewers any more."""

    air: Air
    plan: BroadcastPlan
    studio_plan: StudioPlan
    studio: Studio
    clock: Clock
    journal: Journal
    memory: Memory
    hub: HubLink
    legs: Legs
    platforms: Platforms
    pages: Mapping[str, Page] = field(default_factory=dict)
    hurry: threading.Event = field(default_factory=threading.Event)


def assemble(
    air: Air,
    plan: BroadcastPlan,
    studio_plan: StudioPlan,
    studio: Studio,
    pages: Mapping[str, Page],
    clock: Clock,
) -> Gear:
    """The gear of a broadcast, new or taken over: what it remembered is read from its folder."""
    journal = Journal(air.journal, "broadcast", clock)
    memory = recall(air.state, plan.planned_end)
    hub = HubLink(on_air.hub(air), clock)
    platforms = Platforms(
        {} if plan.rehearse else pages,
        memory,
        journal,
        clock,
        title=plan.title,
        description=plan.description,
        private=plan.private,
        feeding=hub.leg_up,
        renew=plan.klass.when_ended == "renew",
    )
    legs = Legs(plan, memory, hub.client, clock)
    return Gear(
        air, plan, studio_plan, studio, clock, journal, memory, hub, legs, platforms, {} if plan.rehearse else pages
    )
