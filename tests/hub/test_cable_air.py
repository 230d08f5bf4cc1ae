"""The cable leg on air, judged by the headend: what arrived counts, not what the leg says."""

import contextlib
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from pipeline.hub.spec import LegSpec
from pipeline.standins.headend import Headend
from tests.support.cable_air import OPTIONS, leg_of, nut_command, play


def spec_of(url: str, *, secret: str = "", **options: object) -> LegSpec:
    return LegSpec("cable", "cable", url, secret, OPTIONS | options)


def check_clean(report: dict[str, Any], rate: int) -> None:
    """What an operator asks of every feed."""
    stream = report["stream"]
    assert report["priority_1_and_2"] == {}
    assert stream["bitrate"] == rate
    assert stream["constant"]
    assert stream["intervals_ms"]["PAT"] <= 100
    assert stream["intervals_ms"]["PMT"] <= 100
    assert stream["intervals_ms"]["PCR"] <= 40
    assert stream["intervals_ms"]["SDT"] <= 1100
    assert stream["decode_margin_ms"] > 0
    assert report["service"] == {
        "name": OPTIONS["service_name"],
        "provider": OPTIONS["service_provider"],
        "id": 101,
    }
    assert (stream["pmt_pid"], stream["pcr_pid"]) == (256, 257)
    assert report["wire"]["bitrate"] == pytest.approx(rate, rel=0.05)


@pytest.mark.air
@pytest.mark.parametrize("scheme", ["udp", "rtp", "srt"])
def test_a_feed_is_clean(scheme: str, tmp_path: Path) -> None:
    with Headend(f"{scheme}://127.0.0.1:0", tmp_path, picture_s=2) as headend, leg_of(spec_of(headend.url)) as leg:
        assert play(leg, 7) == 0, leg.lines
        report = headend.stop()
    check_clean(report, 1_300_000)
    assert report["stream"]["streams"] == {257: "h264", 258: "mp2"}
    assert report["stream"]["duration_s"] == pytest.approx(7, abs=1.0)
    assert report["wire"]["jitter_p95_ms"] is not None  # how much it is, the benchmark tells
    assert report["wire"]["wrong_sizes"] == 0
    assert report["wire"]["rtp_lost"] == report["wire"]["rtp_errors"] == 0
    assert report["watch"]["pictures"]
    assert leg.reports[-1]["bytes"] == pytest.approx(report["wire"]["bytes"], rel=0.05)
    assert leg.reports[-1]["frames"] == pytest.approx(175, abs=10)


@pytest.mark.air
def test_multicast_leaves_by_its_interface(tmp_path: Path) -> None:
    with Headend("udp://239.10.10.11:0", tmp_path, interface="127.0.0.1", watch=False) as headend:
        with leg_of(spec_of(headend.url, interface="127.0.0.1", ttl=0)) as leg:
            assert play(leg, 4) == 0, leg.lines
        report = headend.stop()
    check_clean(report, 1_300_000)


@pytest.mark.air
def test_srt_with_a_passphrase_that_no_process_list_shows(tmp_path: Path) -> None:
    phrase = "dwanaście-liter"
    with Headend("srt://127.0.0.1:0", tmp_path, passphrase=phrase, watch=False) as headend:
        with leg_of(spec_of(headend.url, secret=phrase)) as leg:
            source = subprocess.Popen(nut_command(5), stdout=leg.process.stdin)
            assert leg.process.stdin is not None
            leg.process.stdin.close()
            deadline = time.monotonic() + 20
            while not leg.reports and time.monotonic() < deadline:
                leg.process.poll()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    leg.process.wait(0.2)
            children = psutil.Process(leg.process.pid).children(recursive=True)
            assert len(children) == 2
            assert not any(phrase in word for child in children for word in child.cmdline())
            assert leg.wait(30) == 0
            source.wait(5)
        report = headend.stop()
    assert report["priority_1_and_2"] == {}
    assert not any(phrase in line for line in leg.lines)


@pytest.mark.air
@pytest.mark.heavy
@pytest.mark.timeout(180)
def test_standard_definition_with_levelled_sound(tmp_path: Path) -> None:
    """576i25 over 40 s: MPEG-2, upper field first, anamorphic, from a sound that is far too quiet."""
    options = {
        "width": 720,
        "height": 576,
        "video_codec": "mpeg2video",
        "video_kbps": 4500,
        "interlaced": True,
        "audio_kbps": 192,
        "mux_kbps": 5300,
    }
    with Headend("udp://127.0.0.1:0", tmp_path) as headend, leg_of(spec_of(headend.url, **options)) as leg:
        assert play(leg, 40) == 0, leg.lines
        report = headend.stop()
    check_clean(report, 5_300_000)
    assert report["watch"]["loudness_lufs"] == pytest.approx(-23.0, abs=1.0)
    assert report["watch"]["true_peak_dbtp"] <= -1.0
    probe = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-of", "csv=p=0"]
    probe += ["-show_entries", "stream=codec_name,width,height,display_aspect_ratio,field_order"]
    shown = subprocess.run([*probe, str(tmp_path / "stream.ts")], capture_output=True, text=True, timeout=60)
    assert shown.stdout.split()[0].strip(",") == "mpeg2video,720,576,16:9,tt"


@pytest.mark.air
def test_loud_sound_never_passes_the_peak(tmp_path: Path) -> None:
    """A quiet passage, then a blow at full scale: the gain is still up, and the limiter holds."""
    blow = "aevalsrc='(0.05+0.95*gte(t,5))*sin(2*PI*997*t)|(0.05+0.95*gte(t,5))*sin(2*PI*997*t)':s=48000"
    with Headend("udp://127.0.0.1:0", tmp_path) as headend, leg_of(spec_of(headend.url)) as leg:
        assert play(leg, 8, blow) == 0, leg.lines
        report = headend.stop()
    assert report["watch"]["true_peak_dbtp"] <= -1.0
    assert report["watch"]["true_peak_dbtp"] > -6.0  # it was loud


@pytest.mark.air
def test_a_feed_that_stalls_leaves_the_wire_unbroken(tmp_path: Path) -> None:
    with Headend("udp://127.0.0.1:0", tmp_path, watch=False) as headend, leg_of(spec_of(headend.url)) as leg:
        assert leg.process.stdin is not None
        source = subprocess.Popen(nut_command(12), stdout=leg.process.stdin)
        leg.process.stdin.close()
        _until(lambda: len(leg.reports) >= 3)
        source.send_signal(signal.SIGSTOP)
        _until(lambda: bool(leg.reports[-1]["filled"] > 500))
        source.send_signal(signal.SIGCONT)
        assert leg.wait(40) == 0
        source.wait(5)
        report = headend.stop()
    assert leg.reports[-1]["underruns"] >= 1
    found = {name for name in report["priority_1_and_2"] if name != "PTS_error"}
    assert found == set()
    assert report["stream"]["constant"]
    assert report["wire"]["longest_gap_ms"] < 400


@pytest.mark.air
def test_killing_the_leg_leaves_no_child() -> None:
    with leg_of(spec_of("udp://127.0.0.1:9")) as leg:
        source = subprocess.Popen(nut_command(20), stdout=leg.process.stdin)
        assert leg.process.stdin is not None
        leg.process.stdin.close()
        _until(lambda: bool(leg.reports))
        children = psutil.Process(leg.process.pid).children(recursive=True)
        assert children
        leg.process.kill()
        leg.process.wait()
        _gone, left = psutil.wait_procs(children, timeout=5)
        assert left == []
        source.wait(10)  # nobody reads any more


@pytest.mark.air
def test_an_srt_address_where_nobody_listens() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        url = f"srt://127.0.0.1:{deaf.getsockname()[1]}?connect_timeout=2500&streamid=hidden"
        with leg_of(spec_of(url)) as leg:
            assert play(leg, 15) == 1
    assert leg.error["code"] == "leg.srt-unreachable"
    assert leg.reports == []  # nothing is "on air" that nobody received
    assert leg.error["fields"] == {"leg": "cable"}
    assert not any("hidden" in line for line in leg.lines)


@pytest.mark.air
def test_an_srt_far_end_that_goes_away(tmp_path: Path) -> None:
    with Headend("srt://127.0.0.1:0", tmp_path, watch=False) as headend, leg_of(spec_of(headend.url)) as leg:
        source = subprocess.Popen(nut_command(30), stdout=leg.process.stdin)
        assert leg.process.stdin is not None
        leg.process.stdin.close()
        _until(lambda: len(leg.reports) >= 2)
        headend.stop()
        assert leg.wait(25) == 1
        source.kill()
        source.wait()
    assert leg.error["code"] == "leg.srt-lost"


def test_a_wrong_spec_says_so() -> None:
    with leg_of(spec_of("udp://127.0.0.1:9", colour=1)) as leg:
        assert leg.wait(20) == 1
    assert leg.error == {"code": "leg.bad-options", "fields": {"leg": "cable", "key": "colour"}}


def test_an_unknown_interface_is_named() -> None:
    with leg_of(spec_of("udp://239.1.1.1:5000", interface="nie-ma")) as leg:
        assert leg.wait(20) == 1
    assert leg.error["code"] == "leg.no-interface"
    assert leg.error["fields"]["interface"] == "nie-ma"


@pytest.mark.heavy
def test_an_input_that_is_no_media_fails_the_encoder() -> None:
    with leg_of(spec_of("udp://127.0.0.1:9")) as leg:
        assert leg.process.stdin is not None
        leg.process.stdin.write(b"this is not NUT\n" * 1000)
        leg.process.stdin.close()
        assert leg.wait(30) == 1
    assert leg.error["code"] == "leg.encoder-failed"
    assert leg.error["fields"]["detail"]


def _until(true: Any, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
