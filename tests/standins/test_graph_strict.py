"""The Graph stand-in refuses what the documented API refuses; asked here without our adapter."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pipeline.standins.certificates import make_certificates
from pipeline.standins.graph import GraphStandIn
from pipeline.standins.graph_live import Limits
from pipeline.standins.graph_world import World
from tests.support.graph_clock import StepClock

SRT = b"1\n00:00:01,000 --> 00:00:02,000\nTak.\n"


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
def world(clock: StepClock) -> World:
    return World(clock=clock, limits=Limits(grace_s=2, processing_s=3))


@pytest.fixture
def graph(world: World) -> Iterator[GraphStandIn]:
    with GraphStandIn(world) as server:
        yield server


@pytest.fixture
def client(graph: GraphStandIn, world: World) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {world.token}"}
    with httpx.Client(base_url=f"{graph.url}/v26.0", headers=headers, trust_env=False, timeout=5) as made:
        yield made


def code(response: httpx.Response) -> int:
    return int(response.json()["error"]["code"]) if "error" in response.json() else 0


def create(client: httpx.Client, world: World, **params: str) -> httpx.Response:
    return client.post(f"/{world.page_id}/live_videos", data={"status": "LIVE_NOW"} | params)


def finished(client: httpx.Client, world: World, clock: StepClock) -> str:
    live = world.lives[create(client, world).json()["id"]]
    stream = world.admit(live.streams[0].key)
    assert stream is not None
    world.media(stream, {})
    client.post(f"/{live.id}", data={"end_live_video": "true"})
    clock.step(timedelta(seconds=10))
    return live.video_id


@pytest.mark.parametrize(
    "params",
    [
        {"save_vod": "true"},
        {"planned_start_time": "1790000000"},
        {"status": "ON_AIR"},
        {"title": "x" * 255},
        {"enable_backup_ingest": "yes"},
        {"privacy": "value"},
        {"status": "SCHEDULED_LIVE"},
        {"event_params": json.dumps({"start_time": 1})},
        {"status": "SCHEDULED_LIVE", "event_params": json.dumps({"start_time": "soon"})},
        {"status": "SCHEDULED_LIVE", "event_params": json.dumps({"start_time": 4102444800})},
        {"status": "SCHEDULED_CANCELED"},
    ],
)
def test_parameters_that_the_api_does_not_take(client: httpx.Client, world: World, params: dict[str, str]) -> None:
    assert code(create(client, world, **params)) == 100
    assert not world.lives


def test_only_known_fields_are_read(client: httpx.Client, world: World) -> None:
    live = create(client, world).json()["id"]
    assert code(client.get(f"/{live}", params={"fields": "id,stream_health"})) == 100
    assert code(client.get(f"/{live}", params={"fields": "id,video{ids}"})) == 100
    assert code(client.get(f"/{live}", params={"fields": "id,video{id"})) == 100
    assert code(client.get(f"/{live}", params={"field": "id"})) == 100
    assert client.get(f"/{live}").json() == {"id": live, "status": "UNPUBLISHED"}
    total = client.get(f"/{live}", params={"fields": "total_views"}).json()["total_views"]
    assert total == "0", "a string, as the API gives it"


def test_the_key_is_shown_only_when_asked_for(client: httpx.Client, world: World) -> None:
    live = create(client, world).json()["id"]
    secret = world.lives[live].streams[0].secret
    streams = client.get(f"/{live}/input_streams", params={"fields": "id,is_master,stream_health"}).text
    assert secret not in streams
    assert secret in client.get(f"/{live}/input_streams", params={"fields": "stream_url"}).text


def test_states_follow_each_other(client: httpx.Client, world: World, clock: StepClock) -> None:
    live = create(client, world).json()["id"]
    assert code(client.post(f"/{live}", data={"status": "SCHEDULED_CANCELED"})) == 100
    assert code(client.post(f"/{live}", data={})) == 100
    assert client.post(f"/{live}", data={"end_live_video": "true"}).json()["success"] is True
    assert code(client.post(f"/{live}", data={"end_live_video": "true"})) == 100
    assert code(client.post(f"/{live}", data={"status": "LIVE_NOW"})) == 100
    assert world.live(live).state == "LIVE_STOPPED", "nothing was streamed, so there is no video"


def test_who_may_ask(graph: GraphStandIn, client: httpx.Client, world: World) -> None:
    assert code(httpx.get(f"{graph.url}/v26.0/me", trust_env=False)) == 104
    wrong = httpx.get(f"{graph.url}/v26.0/me", headers={"Authorization": "Bearer x"}, trust_env=False)
    assert code(wrong) == 190
    world.token_fault = "token-expired"
    expired = client.get("/me").json()["error"]
    assert (expired["code"], expired["error_subcode"]) == (190, 463)
    world.token_fault = None
    assert code(httpx.get(f"{graph.url}/v2.8/me", headers=client.headers, trust_env=False)) == 2635
    assert code(client.get("/somebody")) == 803
    assert code(client.get("/123")) == 100
    assert code(client.delete("/me")) == 100


@pytest.mark.parametrize(
    ("name", "body", "number"),
    [
        ("a.srt", SRT, 386),
        ("a.pl.srt", SRT, 386),
        ("a.xx_XX.srt", SRT, 386),
        ("a.pl_PL.vtt", SRT, 386),
        ("a.b.pl_PL.srt", SRT, 386),
        ("a.pl_PL.srt", SRT * 8000, 385),
        ("a.pl_PL.srt", b"WEBVTT\n", 385),
        ("a.pl_PL.srt", SRT, 0),
    ],
)
def test_caption_files(
    client: httpx.Client, world: World, clock: StepClock, name: str, body: bytes, number: int
) -> None:
    video = finished(client, world, clock)
    answer = client.post(f"/{video}/captions", files={"captions_file": (name, body)})
    assert code(answer) == number
    assert list(world.videos[video].captions) == ([] if number else ["pl_PL"])


def test_a_locale_is_taken_once(client: httpx.Client, world: World, clock: StepClock) -> None:
    edge = f"/{finished(client, world, clock)}/captions"
    file: dict[str, Any] = {"captions_file": ("a.pl_PL.srt", SRT)}
    assert code(client.post(edge, files=file)) == 0
    assert code(client.post(edge, files=file)) == 482
    assert code(client.post(edge, data={"locales_to_delete": "pl_PL"})) == 100
    assert code(client.post(edge, data={"locales_to_delete": '["pl_PL"]'})) == 0
    assert client.get(edge).json() == {"data": []}
    assert code(client.post(edge, data={"locales_to_delete": '["pl_PL"]'})) == 100
    assert code(client.post(edge, files={"file": ("a.pl_PL.srt", SRT)})) == 100


def test_a_key_lives_for_a_day_and_opens_once(world: World, clock: StepClock) -> None:
    live = world.create({})
    key = live.streams[0].key
    assert world.admit(key + "x") is None
    stream = world.admit(key)
    assert stream is not None
    assert world.admit(key) is None, "in use"
    world.gone(stream)
    clock.step(timedelta(hours=24, seconds=1))
    assert world.admit(key) is None


def test_a_live_video_lasts_eight_hours(world: World, clock: StepClock) -> None:
    live = world.create({})
    stream = world.admit(live.streams[0].key)
    assert stream is not None
    world.media(stream, {})
    clock.step(timedelta(hours=7, minutes=59))
    assert world.wanted(stream)
    clock.step(timedelta(minutes=1))
    assert not world.wanted(stream)


def test_faults_in_order_are_for_the_path_that_was_named(graph: GraphStandIn, client: httpx.Client) -> None:
    graph.fail_next("*/live_videos", "service", times=2)
    assert client.get("/me").status_code == 200
    page = graph.world.page_id
    assert [client.get(f"/{page}/live_videos").status_code for _ in range(3)] == [503, 503, 200]
    with pytest.raises(ValueError, match="no such fault"):
        graph.fail_next("*", "meteor")


def test_a_certificate_of_ours_is_trusted_by_its_authority_alone(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import ssl

    made = make_certificates(tmp_path_factory.mktemp("tls"))
    assert made.key.stat().st_mode & 0o077 == 0
    with GraphStandIn(world, made) as graph:
        trusting = ssl.create_default_context(cafile=str(made.ca))
        assert httpx.get(f"{graph.url}/v26.0/me", verify=trusting, trust_env=False).status_code == 400
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{graph.url}/v26.0/me", trust_env=False)
