"""A real ffmpeg streams by RTMPS to the ingest, with keys from the real adapter; the stand-in tells what came."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters.facebook import FacebookPage
from pipeline.model.platform_live import LiveVideo
from pipeline.standins.facebook import FacebookStandIn
from pipeline.standins.graph_live import Limits
from tests.support import rtmps
from tests.support.until import until

pytestmark = pytest.mark.air


@pytest.fixture
def far(tmp_path: Path) -> Iterator[FacebookStandIn]:
    with FacebookStandIn(tmp_path / "far", limits=Limits(grace_s=2, processing_s=0.2)) as stand_in:
        yield stand_in


def address(made: LiveVideo) -> str:
    return made.ingest + made.key.get_secret_value()


def sessions(far: FacebookStandIn) -> list[dict[str, Any]]:
    report = far.report()["ingest"]
    assert isinstance(report, dict)
    return list(report["sessions"])


def received(far: FacebookStandIn, made: LiveVideo, **changes: str | None) -> dict[str, Any]:
    """Publish for a while; how the stand-in judged it."""
    assert rtmps.publish(address(made), seconds=9, ca=far.certificates.ca, **changes) == 0
    until(lambda: far.ingest.sessions()[-1].read_out, what="the recording is read to its end")
    return sessions(far)[-1]


def test_a_good_stream_is_live_measured_and_found_good(far: FacebookStandIn, tmp_path: Path) -> None:
    page = FacebookPage(far.destination())
    made = page.create("Zajęcia", "")
    command = rtmps.argv(address(made), seconds=9, ca=far.certificates.ca)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as publisher:
        until(lambda: page.state(made.id).status == "LIVE", what="LIVE once media arrives")
        until(lambda: "video_width=640" in str(page.state(made.id).health), what="health from the ingest")
        assert page.state(made.id).viewers == far.world.viewers
        assert publisher.wait(40) == 0
    until(lambda: far.ingest.sessions()[-1].read_out, what="read out")
    until(lambda: page.end(made.id).status == "VOD", what="a finished video")

    (session,) = sessions(far)
    video, audio = session["video"], session["audio"]
    assert session["faults"] == []
    assert session["warnings"] == []
    assert (video["codec"], video["width"], video["height"], video["progressive"]) == ("h264", 640, 360, True)
    assert video["frames"] == pytest.approx(225, abs=2)
    assert video["fps"] == pytest.approx(25, abs=0.1)
    assert video["keyframe_ms"] == {"shortest": 2000, "longest": 2000}
    assert video["duration_ms"] == pytest.approx(9000, abs=100)
    assert video["kbps"] == pytest.approx(700, rel=0.2)
    assert (audio["codec"], audio["rate"], audio["channels"]) == ("aac", 48000, 2)
    assert session["seconds_to_picture"] < 5

    assert far.snapshot(tmp_path / "last.png")
    assert (tmp_path / "last.png").read_bytes()[:4] == b"\x89PNG"
    far.write_report(tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_text())["graph"]["faults"] == []
    secrets = [secret.encode() for secret in far.world.secrets()]
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes() + path.name.encode()
            assert not any(secret in content for secret in secrets), path


def test_bad_streams_are_called_bad(far: FacebookStandIn) -> None:
    page = FacebookPage(far.destination())
    silent = received(far, page.create("bez dźwięku", ""), audio=None)
    assert silent["faults"] == ["no audio"]
    rare = received(far, page.create("rzadkie klatki kluczowe", ""), gop="250")
    assert len(rare["faults"]) == 1
    assert "without a keyframe" in rare["faults"][0]
    mono = received(far, page.create("mono i za dużo", ""), channels="1", kbps="2500")
    assert [fault.split(",")[0].split(" at ")[0] for fault in mono["faults"]] == [
        "video",
        "audio with 1 channels",
    ]


def test_nobody_gets_in_with_a_wrong_key_or_without_tls(far: FacebookStandIn) -> None:
    page = FacebookPage(far.destination())
    made = page.create("Koncert", "")
    good = address(made)
    assert rtmps.publish(good[:-1] + ("A" if good[-1] != "A" else "B"), seconds=3, ca=far.certificates.ca) != 0
    assert rtmps.publish(good.replace("rtmps:", "rtmp:"), seconds=3, ca=None) != 0
    refusals = far.ingest.refusals()
    assert any("stream key" in why for why in refusals)
    assert any("plain RTMP" in why for why in refusals)
    assert far.ingest.sessions() == []
    assert page.state(made.id).status == "UNPUBLISHED"


def test_a_publisher_that_comes_back_in_time_stays_live_and_a_late_one_does_not(far: FacebookStandIn) -> None:
    page = FacebookPage(far.destination())
    made = page.create("Koncert", "")
    ca = far.certificates.ca
    command = rtmps.argv(address(made), seconds=60, ca=ca)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as publisher:
        until(lambda: page.state(made.id).status == "LIVE")
        far.ingest.cut()
        assert publisher.wait(10) != 0
    until(lambda: far.ingest.sessions()[0].ended is not None)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as publisher:
        until(lambda: len(far.ingest.sessions()) == 2)
        until(lambda: far.ingest.sessions()[1].meter.video.frames > 25)
        assert page.state(made.id).status == "LIVE"
        page.end(made.id)
        assert publisher.wait(15) != 0, "the platform drops a stream whose live video has ended"
    until(lambda: page.state(made.id).status == "VOD")
    assert rtmps.publish(address(made), seconds=2, ca=ca) != 0
    assert far.world.live(made.id).history == ["UNPUBLISHED", "LIVE", "LIVE_STOPPED", "PROCESSING", "VOD"]


def test_a_frozen_network_ends_the_stream_and_then_the_live_video(tmp_path: Path) -> None:
    limits = Limits(grace_s=1, processing_s=0.2)
    with FacebookStandIn(tmp_path / "far", limits=limits, idle_s=2) as far:
        page = FacebookPage(far.destination())
        made = page.create("Koncert", "")
        command = rtmps.argv(address(made), seconds=60, ca=far.certificates.ca)
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as publisher:
            until(lambda: page.state(made.id).status == "LIVE")
            far.ingest.freeze(True)
            until(lambda: page.state(made.id).status == "VOD", what="idle, then past the grace")
            far.ingest.freeze(False)
            assert publisher.wait(15) != 0


def test_an_ingest_that_is_down_turns_everybody_away_until_it_is_up(far: FacebookStandIn) -> None:
    made = FacebookPage(far.destination()).create("Koncert", "")
    far.ingest.shut(True)
    assert rtmps.publish(address(made), seconds=1, ca=far.certificates.ca) != 0
    far.ingest.shut(False)
    assert rtmps.publish(address(made), seconds=1, ca=far.certificates.ca) == 0


def test_a_recording_stops_at_its_cap_and_the_stream_goes_on(tmp_path: Path) -> None:
    with FacebookStandIn(tmp_path / "far", cap_bytes=256 << 10) as far:
        page = FacebookPage(far.destination())
        made = page.create("Koncert", "")
        command = rtmps.argv(address(made), seconds=6, ca=far.certificates.ca)
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as publisher:
            until(lambda: sessions(far) and sessions(far)[0]["truncated"])
            assert publisher.wait(30) == 0
        assert page.state(made.id).status == "LIVE", "within the grace"
        assert far.ingest.sessions()[0].path.stat().st_size <= 256 << 10


def test_a_pasted_key_streams_as_well(far: FacebookStandIn) -> None:
    pasted = far.pasted()
    assert pasted.stream_key is not None
    url = pasted.ingest_url + pasted.stream_key.get_secret_value()
    assert rtmps.publish(url, seconds=3, ca=far.certificates.ca) == 0
    until(lambda: far.ingest.sessions()[-1].read_out)
    assert sessions(far)[-1]["faults"] == []
