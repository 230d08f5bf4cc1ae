"""What keeps a class from going on air: a plain message in both languages, and nothing half-written."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.standins.lesson import Lesson
from pipeline.standins.screenless_obs import free_port
from pipeline.standins.stage import KLASS, Stage
from pipeline.standins.technician import Technician, Told
from tests.support.until import until

pytestmark = [pytest.mark.air, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def stage(lesson: Lesson, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A station whose OBS runs: the first check has launched it."""
    with Stage(tmp_path_factory.mktemp("stage") / "dom", lesson) as one:
        checked = Technician(one.station, "pl").tries("check", KLASS)
        assert checked.code in (0, 3), checked.text  # 3: the computer is not in the station's time zone
        yield one


@pytest.fixture
def config(stage: Stage) -> Iterator[Path]:
    """config.yaml, put back afterwards."""
    path = stage.station / "config.yaml"
    kept = path.read_text(encoding="utf-8")
    yield path
    path.write_text(kept, encoding="utf-8")


def refused(stage: Stage, code: str, status: int, polish: str, english: str, klass: str = KLASS) -> None:
    """`live` in both languages: exit code, error code, sentence; nothing on air and no recording begun."""
    before = recordings(stage)
    for language, words in (("pl", polish), ("en", english)):
        told = Technician(stage.station, language).tries("live", klass, "--detach", "--json", timeout_s=100)
        error = json.loads(told.errors)["error"]
        assert (error["code"], told.code) == (code, status), told.errors
        assert words in error["message"]
        assert told.text == ""
    assert recordings(stage) == before
    until(lambda: not (stage.station / "work" / "on-air.json").exists(), what="nothing on air")
    assert status_of(stage).code == 2


def recordings(stage: Stage) -> list[str]:
    """Folders of recordings with media in them."""
    return sorted(path.name for path in (stage.station / "recordings").glob("*/masters/*"))


def status_of(stage: Stage) -> Told:
    return Technician(stage.station, "pl").tries("status", "--json")


def changed(config: Path, old: str, new: str) -> None:
    text = config.read_text(encoding="utf-8")
    assert old in text
    config.write_text(text.replace(old, new), encoding="utf-8")


def test_unknown_class(stage: Stage) -> None:
    told = Technician(stage.station, "pl").tries("live", "pokas", "--json")
    assert told.code == 2
    assert "pokaz" in told.errors, "the nearest one is named"
    assert not recordings(stage)


def test_port_of_the_hub_taken(stage: Stage, config: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = next(line for line in config.read_text(encoding="utf-8").splitlines() if "listen:" in line)
        changed(config, listen, f'  listen: "127.0.0.1:{other.getsockname()[1]}"')
        refused(stage, "live.port-taken", 2, "zajmuje inny program", "Another program listens")


def test_wrong_password_of_obs(stage: Stage, config: Path) -> None:
    changed(config, "password: ${OBS_PASSWORD}", 'password: "wrong"')
    refused(stage, "obs.wrong-password", 2, "hasł", "password")


def test_nobody_at_the_port_of_obs(stage: Stage, config: Path) -> None:
    changed(config, f"port: {stage.obs.port}", f"port: {free_port()}")
    launch = next(line for line in config.read_text(encoding="utf-8").splitlines() if line.startswith("  launch:"))
    changed(config, launch, "  launch: null")
    told = Technician(stage.station, "pl").tries("live", KLASS, "--detach", "--json", timeout_s=100)
    # Another OBS may run on this machine: then its port is named instead.
    assert json.loads(told.errors)["error"]["code"] in ("obs.not-running", "obs.other-port", "obs.no-websocket")
    assert told.code == 2
    assert not recordings(stage)


def test_a_rehearsal_reaches_nobody_and_leaves_nothing(stage: Stage) -> None:
    technician, before = Technician(stage.station, "pl"), posts(stage)
    told = technician.tries("live", KLASS, "--rehearse", "--for", "8s", "--json", timeout_s=160)
    rows = {(one["name"], one["subject"]): one for one in told.data}
    assert {("would-get", "facebook"), ("would-get", "cable"), ("microphone", "microphone")} <= set(rows), (
        told.errors
    )
    assert rows["recording", "feed.mkv"]["state"] == "ok"
    assert received(stage) == 0
    assert stage.facebook.ingest.sessions() == []
    assert stage.headend.report()["wire"]["bytes"] == 0
    assert posts(stage) == before
    assert list((stage.station / "work" / "rehearsals").iterdir()) == []
    assert not recordings(stage)
    assert technician.asks("jobs").data == []


def posts(stage: Stage) -> list[object]:
    report = stage.facebook.graph.report()["requests"]
    assert isinstance(report, list)
    return [one for one in report if one["method"] == "POST"]


def test_a_database_that_does_not_answer_keeps_nobody_off_the_air(stage: Stage, config: Path) -> None:
    """The last of this file: it leaves a recording behind, and the database finds it once it answers."""
    changed(config, "database: null", f'database: "postgresql+psycopg://x:y@127.0.0.1:{free_port()}/z"')
    technician = Technician(stage.station, "pl")
    begun = technician.tries("live", KLASS, "--detach", "--json", timeout_s=100)
    assert begun.code == 0, begun.errors
    until(lambda: received(stage) > 75, seconds=20, what="three seconds of picture at Facebook")
    assert technician.tries("marker", "bez bazy", "--json").code == 0
    ended = technician.tries("stop", "--json", timeout_s=100)
    assert ended.code in (0, 3), ended.errors
    assert sorted(ended.data["masters"]) == ["feed.mkv", "obs.mkv"]
    changed(
        config,
        next(line for line in config.read_text().splitlines() if line.startswith("database:")),
        "database: null",
    )
    [job] = technician.asks("jobs").data
    assert job["title"] == "Rytmika dla dorosłych"


def received(stage: Stage) -> int:
    return sum(one.meter.video.frames for one in stage.facebook.ingest.sessions())
