"""An announced event: made on the platform, kept privately, taken by its broadcast, shown once it is fed."""

import stat
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from pipeline.adapters.facebook import FacebookPage
from pipeline.clock import SYSTEM
from pipeline.live import schedule, start
from pipeline.live.memory import Memory, recall
from pipeline.live.platforms import Platforms
from pipeline.live.start import Wishes
from pipeline.model.config import FacebookDestination
from pipeline.model.load import LoadedStation
from pipeline.standins.graph import GraphStandIn
from pipeline.standins.graph_world import World
from pipeline.store.journal import Journal


class Far:
    """The Graph stand-in and a page on it."""

    def __init__(self, graph: GraphStandIn, world: World) -> None:
        self.world = world
        self.page = FacebookPage(
            FacebookDestination(
                kind="facebook", page_id=world.page_id, token=SecretStr(world.token), graph_url=graph.url
            )
        )


@pytest.fixture
def far() -> object:
    world = World()
    with GraphStandIn(world) as graph:
        yield Far(graph, world)


def until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    never, left = threading.Event(), seconds
    while not true() and left > 0:
        never.wait(0.05)
        left -= 0.05
    return true()


def test_announced_taken_and_shown(station: LoadedStation, far: Far, tmp_path: Path) -> None:
    work, soon = station.settings.folders.work, SYSTEM.utc() + timedelta(minutes=30)
    made = schedule.announce(work, "koncert", soon, "Kolędy", "Opis", {"facebook": far.page})
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert far.world.live(made.live["facebook"].id).state == "SCHEDULED_LIVE"
    assert schedule.near(work, "muzyka", SYSTEM.utc()) is None
    assert schedule.near(work, "koncert", soon - timedelta(hours=4)) is None
    found = schedule.near(work, "koncert", SYSTEM.utc())
    assert found is not None
    assert found.live["facebook"] == made.live["facebook"]

    memory = Memory(tmp_path / "state.json", soon)
    memory.live.update(found.live)
    fed = threading.Event()
    platforms = Platforms(
        {"facebook": far.page},
        memory,
        Journal(tmp_path / "journal.jsonl", "broadcast"),
        SYSTEM,
        title="Kolędy",
        description="",
        private=False,
        feeding=lambda name: fed.is_set(),
    )
    fed.set()
    platforms.start()
    live = far.world.live(made.live["facebook"].id)
    try:
        assert until(lambda: not live.state.startswith("SCHEDULED")), live.state
    finally:
        platforms.end()
    assert len(far.world.lives) == 1


def test_not_shown_before_it_is_fed(far: Far, tmp_path: Path) -> None:
    soon = SYSTEM.utc() + timedelta(minutes=30)
    video = far.page.create("Kolędy", "", scheduled=soon)
    memory = Memory(tmp_path / "state.json", soon)
    memory.live["facebook"] = video
    platforms = Platforms(
        {"facebook": far.page},
        memory,
        Journal(tmp_path / "journal.jsonl", "broadcast"),
        SYSTEM,
        title="Kolędy",
        description="",
        private=False,
        feeding=lambda name: False,
    )
    platforms.start()
    try:
        assert until(lambda: platforms.states()["facebook"]["status"] != "created")
        assert far.world.live(video.id).state == "SCHEDULED_LIVE"
    finally:
        platforms.end()


def test_the_broadcast_near_its_time_takes_it(
    station: LoadedStation, far: Far, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.live.start.platform.spawn_detached", lambda *_args, **_named: 1)
    work, soon = station.settings.folders.work, SYSTEM.utc() + timedelta(minutes=30)
    made = schedule.announce(work, "muzyka", soon, "Rytmika", "", {"facebook": far.page})
    air = start.begin(station, "muzyka", Wishes(), SYSTEM)
    assert recall(air.state, soon).live["facebook"] == made.live["facebook"]
    assert schedule.listed(work) == []


def test_a_rehearsal_leaves_it(station: LoadedStation, far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.live.start.platform.spawn_detached", lambda *_args, **_named: 1)
    work, soon = station.settings.folders.work, SYSTEM.utc() + timedelta(minutes=30)
    schedule.announce(work, "muzyka", soon, "Rytmika", "", {"facebook": far.page})
    start.begin(station, "muzyka", Wishes(rehearse=True), SYSTEM)
    assert len(schedule.listed(work)) == 1
