"""Live videos through the real SDK and HTTPS, judged by what the stand-in saw."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import facebook
import pytest

from pipeline.adapters.facebook import FacebookPage
from pipeline.errors import Fatal, PipelineError, Refused, Temporary
from pipeline.model.config import FacebookDestination
from pipeline.standins.graph import GraphStandIn
from pipeline.standins.graph_world import World
from tests.support.graph_clock import StepClock


def test_check_passes_for_the_pages_own_token(page: FacebookPage, graph: GraphStandIn) -> None:
    page.check()
    requests = graph.report()["requests"]
    assert isinstance(requests, list)
    assert [entry["status"] for entry in requests] == [200, 200, 200]


def test_a_live_video_is_made_read_and_ended(page: FacebookPage, world: World, clock: StepClock) -> None:
    made = page.create("Zajęcia: „muzyka”", "Opis z ąęłżźćńó & = znakami", private=False)
    live = world.live(made.id)
    assert (live.title, live.description) == ("Zajęcia: „muzyka”", "Opis z ąęłżźćńó & = znakami")
    assert made.ingest == world.ingest
    assert made.key.get_secret_value() == live.streams[0].key
    assert made.permalink == f"https://www.facebook.com/{world.page_id}/videos/{live.video_id}/"
    assert made.video_id == live.video_id
    assert page.state(made.id).status == "UNPUBLISHED"

    stream = world.admit(made.key.get_secret_value())
    assert stream is not None
    world.media(stream, {"video_bitrate": 3000, "video_framerate": 25.0})
    state = page.state(made.id)
    assert (state.status, state.viewers) == ("LIVE", world.viewers)
    assert state.health == "video_bitrate=3000, video_framerate=25.0"
    assert state.seconds_left == 8 * 3600

    assert page.end(made.id).status in ("LIVE_STOPPED", "PROCESSING")
    clock.step(timedelta(seconds=10))
    assert page.end(made.id).status == "VOD", "ending again only reads"


def test_a_private_live_video_waits_to_be_shown(page: FacebookPage, world: World) -> None:
    made = page.create("Próba", "", private=True)
    stream = world.admit(made.key.get_secret_value())
    assert stream is not None
    world.media(stream, {})
    assert page.state(made.id).status == "UNPUBLISHED"
    assert page.go_live(made.id).status == "LIVE"


def test_a_scheduled_one_goes_live_when_told(page: FacebookPage, world: World, clock: StepClock) -> None:
    start = clock.utc() + timedelta(days=2)
    made = page.create("Koncert", "", scheduled=start)
    assert world.live(made.id).planned_start == int(start.timestamp())
    assert page.state(made.id).status == "SCHEDULED_LIVE"
    page.go_live(made.id)
    stream = world.admit(made.key.get_secret_value())
    assert stream is not None
    world.media(stream, {})
    assert page.state(made.id).status == "LIVE"


@pytest.mark.parametrize(
    ("ahead", "code"),
    [
        (timedelta(days=7, seconds=5), "facebook.schedule-too-far"),
        (timedelta(seconds=-1), "facebook.schedule-past"),
    ],
)
def test_a_start_out_of_reach_is_refused_here(
    page: FacebookPage, graph: GraphStandIn, clock: StepClock, ahead: timedelta, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        page.create("Koncert", "", scheduled=clock.utc() + ahead)
    assert caught.value.code == code
    assert graph.report()["requests"] == []


def test_a_backup_ingest_is_asked_for_and_kept(
    destination: FacebookDestination, world: World, clock: StepClock
) -> None:
    page = FacebookPage(destination.model_copy(update={"backup_ingest": True}), clock=clock)
    made = page.create("Koncert", "")
    assert made.backup_key is not None
    assert made.backup_key.get_secret_value() == world.live(made.id).streams[1].key
    assert made.backup_key != made.key


def test_a_live_video_made_is_not_lost_when_it_cannot_be_read(
    page: FacebookPage, graph: GraphStandIn, world: World
) -> None:
    graph.fail_next("*", "html-502", method="GET")
    made = page.create("Koncert", "")
    assert made.id in world.lives
    assert made.permalink is None


def test_a_grace_that_ran_out_ends_the_live_video(page: FacebookPage, world: World, clock: StepClock) -> None:
    made = page.create("Koncert", "")
    key = made.key.get_secret_value()
    stream = world.admit(key)
    assert stream is not None
    world.media(stream, {})
    world.gone(stream)
    clock.step(timedelta(seconds=1))
    assert world.admit(key) == stream, "back in time"
    world.media(stream, {})
    world.gone(stream)
    clock.step(timedelta(seconds=2.5))
    assert page.state(made.id).status == "PROCESSING"
    assert world.admit(key) is None


def test_why_the_platform_took_it_down(page: FacebookPage, world: World, clock: StepClock) -> None:
    made = page.create("Koncert", "")
    assert page.troubles(made.id) == []
    live = world.live(made.id)
    live.take_down(clock.monotonic_us(), "COPYRIGHT__LIVE_COPYRIGHT_VIOLATION", "It may contain a song.")
    assert page.troubles(made.id) == ["COPYRIGHT__LIVE_COPYRIGHT_VIOLATION: It may contain a song."]
    assert page.state(made.id).status == "LIVE_STOPPED"


def test_a_proxy_of_the_environment_is_not_asked_for_loopback(
    page: FacebookPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    page.check()


@pytest.mark.heavy
def test_the_sdk_is_imported_without_its_warnings(tmp_path: Path) -> None:
    argv = [sys.executable, "-X", f"pycache_prefix={tmp_path}", "-W", "error:invalid escape"]
    code = "import pipeline.adapters.facebook"
    done = subprocess.run([*argv, "-c", code], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-500:]


def test_a_live_video_that_is_gone(page: FacebookPage) -> None:
    for act in (page.state, page.end):
        with pytest.raises(Fatal) as caught:
            act("999999999999999")
        assert caught.value.code == "facebook.live-gone"


def test_only_ids_become_paths(page: FacebookPage, graph: GraphStandIn) -> None:
    for bad in ("", "me/feed", "../x", "1?fields=a"):
        with pytest.raises(Refused, match=r"facebook\.not-an-id"):
            page.state(bad)
    assert graph.report()["requests"] == []


def test_wrong_page_and_few_followers(destination: FacebookDestination, page: FacebookPage, world: World) -> None:
    other = FacebookPage(destination.model_copy(update={"page_id": "77"}))
    with pytest.raises(Fatal, match=r"facebook\.not-this-page"):
        other.check()
    world.followers = 99
    with pytest.raises(Fatal, match=r"facebook\.too-few-followers"):
        page.check()


def test_the_modules_own_address_is_left_alone(page: FacebookPage) -> None:
    page.check()
    assert facebook.FACEBOOK_GRAPH_URL == "https://graph.facebook.com/"


def test_settings_that_would_give_the_token_away_are_refused(destination: FacebookDestination) -> None:
    def code(**update: object) -> str:
        with pytest.raises(PipelineError) as caught:
            FacebookPage(destination.model_copy(update=update))
        return caught.value.code

    assert code(graph_url="http://graph.facebook.com") == "facebook.address-not-private"
    assert code(token=None) == "facebook.no-token"
    assert destination.tls_ca is not None
    assert code(tls_ca=destination.tls_ca.with_name("none.pem")) == "facebook.tls-ca-missing"


def test_an_authority_that_nobody_trusts(destination: FacebookDestination, graph: GraphStandIn) -> None:
    page = FacebookPage(destination.model_copy(update={"tls_ca": None}))
    with pytest.raises(Fatal, match=r"facebook\.tls-untrusted"):
        page.check()
    assert graph.report()["requests"] == []


def test_nobody_there(destination: FacebookDestination) -> None:
    def reason(url: str) -> object:
        page = FacebookPage(destination.model_copy(update={"graph_url": url}), timeout_s=(1.0, 1.0))
        with pytest.raises(Temporary) as caught:
            page.check()
        assert caught.value.code == "facebook.unreachable"
        return caught.value.fields["reason"]

    assert reason("https://127.0.0.1:1") == "connection"
    assert reason("https://graph.facebook.invalid") == "name"


def test_a_naive_start_is_a_defect_of_the_caller(page: FacebookPage) -> None:
    with pytest.raises(ValueError, match="time zone"):
        page.create("x", "", scheduled=datetime(2026, 12, 1, tzinfo=UTC).replace(tzinfo=None))
