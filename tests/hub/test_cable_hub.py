"""The whole way of the cable feed: publisher, hub, leg, headend; and a publisher that goes and comes back."""

import time
from pathlib import Path

import pytest

from pipeline.hub.spec import LegSpec
from pipeline.standins.headend import Headend
from tests.support.cable_air import OPTIONS
from tests.support.feed import publishing
from tests.support.hubs import KEY, HubProcess, hub_process

ENCODED = OPTIONS | {"video_codec": "h264", "x264_preset": "ultrafast", "gop": 25, "video_kbps": 500}


def on_air(hub: HubProcess, headend: Headend, seconds: float) -> None:
    """Wait until so much of the stream has arrived."""
    deadline = time.monotonic() + 40
    while headend.report()["wire"]["seconds"] < seconds:
        assert time.monotonic() < deadline, (hub.status(), hub.log.read_text(encoding="utf-8"))
        time.sleep(0.1)


@pytest.mark.air
@pytest.mark.parametrize("options", [OPTIONS, ENCODED], ids=["copy", "encoded"])
def test_from_the_publisher_to_the_headend(options: dict[str, object], tmp_path: Path) -> None:
    with Headend("udp://127.0.0.1:0", tmp_path / "headend", picture_s=2) as headend:
        leg = LegSpec("cable", "cable", headend.url, options=options)
        with hub_process(tmp_path, [leg]) as hub, publishing(hub.port, KEY):
            on_air(hub, headend, 6)
            health = hub.leg("cable")
            assert hub.finish() == 0
        report = headend.stop()
    assert report["priority_1_and_2"] == {}
    assert report["stream"]["constant"]
    assert report["stream"]["streams"] == {257: "h264", 258: "mp2"}
    assert report["watch"]["pictures"]
    assert report["watch"]["decode_errors"] == 0
    assert health["state"] == "up"
    assert health["error"] is None
    check = health["check"]  # what the leg finds in what it sends is what the headend finds
    assert (check["priority_1"], check["priority_2"], check["faults"]) == (0, 0, {})
    assert check["margin_ms"] > 0
    assert 0 < check["buffer_bytes"] < 1_000_000
    ended = [
        line for line in (tmp_path / "journal.jsonl").read_text(encoding="utf-8").splitlines() if "ended" in line
    ]
    assert any('"check"' in line for line in ended)


@pytest.mark.air
def test_a_publisher_that_goes_and_comes_back(tmp_path: Path) -> None:
    """The wire goes on through the gap, and afterwards nothing lags."""
    with Headend("udp://127.0.0.1:0", tmp_path / "headend", watch=False) as headend:
        leg = LegSpec("cable", "cable", headend.url, options=OPTIONS)
        with hub_process(tmp_path, [leg]) as hub:
            with publishing(hub.port, KEY):
                on_air(hub, headend, 4)
            on_air(hub, headend, 9)
            with publishing(hub.port, KEY):
                on_air(hub, headend, 16)
            hub.finish()
        report = headend.stop()
    assert {name for name in report["priority_1_and_2"] if name not in ("PTS_error", "PID_error")} == set()
    assert report["stream"]["constant"]
    assert report["stream"]["intervals_ms"]["PCR"] <= 40
    assert report["wire"]["longest_gap_ms"] < 400
    # What the encoder still held when the publisher went comes late; nothing after it does.
    assert report["stream"]["errors"].get("Buffer_error", {"count": 0})["count"] < 80
