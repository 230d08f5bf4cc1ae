"""The cable's encoder killed and frozen on air: the headend sees one unbroken stream."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from pipeline.hub.spec import LegSpec
from pipeline.standins.headend import Headend
from tests.support.cable_air import OPTIONS, RunningLeg, leg_of, nut_command

ENCODED = OPTIONS | {"video_codec": "h264", "x264_preset": "ultrafast", "gop": 25, "video_kbps": 500}


def until(true: Callable[[], bool], leg: RunningLeg) -> None:
    deadline = time.monotonic() + 40
    while not true():
        assert time.monotonic() < deadline, leg.lines
        assert leg.process.poll() is None, leg.lines
        time.sleep(0.05)


def encoder_of(leg: RunningLeg) -> psutil.Process:
    (encoder,) = psutil.Process(leg.process.pid).children(recursive=True)
    return encoder


def taken_over(leg: RunningLeg, number: int) -> bool:
    """Whether the encoder begun for the nth time has brought new pictures."""
    seen = [report for report in leg.reports if report["encoders"] == number]
    return len(seen) > 3 and seen[-1]["frames"] > seen[0]["frames"] + 25


def teletext_of(path: Path) -> str:
    """What libzvbi reads on page 777."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-txt_format", "text", "-txt_page", "777"]
    command += ["-i", str(path), "-map", "0:s:0", "-f", "srt", "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.air
@pytest.mark.timeout(150)
def test_an_encoder_killed_and_one_frozen(tmp_path: Path) -> None:
    with Headend("udp://127.0.0.1:0", tmp_path, watch=False) as headend:
        cues = tmp_path / "cues.jsonl"
        cues.write_text('{"start_us": 500000, "end_us": 4000000, "text": "Zażółć gęślą jaźń"}', encoding="utf-8")
        spec = LegSpec("cable", "cable", headend.url, options=ENCODED | {"teletext": str(cues)})
        with leg_of(spec) as leg:
            source = subprocess.Popen(nut_command(60), stdout=leg.process.stdin)
            assert leg.process.stdin is not None
            leg.process.stdin.close()
            until(lambda: len(leg.reports) >= 4, leg)
            before = leg.reports[-1]["gain_db"]
            encoder_of(leg).send_signal(signal.SIGKILL)
            until(lambda: taken_over(leg, 1), leg)
            # The level goes on from where it stood: it moves by a seventh of a decibel a second, or three at first.
            first = next(report for report in leg.reports if report["encoders"] == 1)
            assert first["gain_db"] == pytest.approx(before, abs=3.1)
            encoder_of(leg).send_signal(signal.SIGSTOP)
            until(lambda: taken_over(leg, 2), leg)
            source.kill()
            source.wait()
            assert leg.wait(30) == 0, leg.lines
        report = headend.stop()
    stream = report["stream"]
    # No more than the pictures and sounds that nobody made while the encoder was frozen.
    assert not set(stream["errors"]) - {"PTS_error", "PID_error"}
    assert report["continuity_errors"] == 0
    assert stream["constant"]
    assert stream["pcr_accuracy_ns"] < 500
    assert stream["intervals_ms"]["PCR"] <= 40
    assert stream["intervals_ms"]["PAT"] <= 110
    assert stream["intervals_ms"]["PMT"] <= 110
    assert stream["streams"] == {257: "h264", 258: "mp2", 259: "private"}
    assert "Zażółć gęślą jaźń" in teletext_of(tmp_path / "stream.ts")
    assert stream["decode_margin_ms"] > -40  # a picture's time, which decoders bear
