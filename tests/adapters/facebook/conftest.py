"""A Page of the stand-in platform behind HTTPS, and our adapter that talks to it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.adapters.facebook import FacebookPage
from pipeline.model.config import FacebookDestination
from pipeline.standins.certificates import Certificates, make_certificates
from pipeline.standins.graph import GraphStandIn
from pipeline.standins.graph_live import Limits, Live
from pipeline.standins.graph_world import World
from tests.support.graph_clock import StepClock


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
def world(clock: StepClock) -> World:
    return World(clock=clock, limits=Limits(grace_s=2, processing_s=3))


@pytest.fixture
def graph(world: World, certificates: Certificates) -> Iterator[GraphStandIn]:
    with GraphStandIn(world, certificates) as server:
        yield server


@pytest.fixture
def destination(world: World, graph: GraphStandIn, certificates: Certificates) -> FacebookDestination:
    return FacebookDestination(
        kind="facebook", page_id=world.page_id, token=world.token, graph_url=graph.url, tls_ca=certificates.ca
    )


@pytest.fixture
def page(destination: FacebookDestination, clock: StepClock) -> FacebookPage:
    return FacebookPage(destination, clock=clock, timeout_s=(3.0, 3.0))


@pytest.fixture
def finished(world: World, clock: StepClock) -> Live:
    """A live video that was streamed, ended and has become a finished video."""
    live = world.create({"status": "LIVE_NOW", "title": "Koncert"})
    stream = world.admit(live.streams[0].key)
    assert stream is not None
    world.media(stream, {"video_bitrate": 3000})
    world.update(live.id, {"end_live_video": True})
    clock.step(timedelta(seconds=10))
    assert world.live(live.id).state == "VOD"
    return live


@pytest.fixture
def srt(tmp_path: Path) -> Path:
    path = tmp_path / "Zajęcia z muzyki.srt"
    path.write_text(
        "1\n00:00:01,000 --> 00:00:03,000\nDzień dobry państwu.\n\n"
        "2\n00:00:03,100 --> 00:00:05,000\n– Zaczynamy.\n– Już?\n",
        encoding="utf-8",
    )
    return path
