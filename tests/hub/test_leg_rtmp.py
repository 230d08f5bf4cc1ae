"""The RTMP leg's process alone: fed NUT at once, with B-frames or large first pictures, nothing is lost."""

import json
import subprocess
import sys
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import av
import pytest

from pipeline.hub import leg_rtmp
from pipeline.hub.leg_pipe import LegPipe
from pipeline.hub.output import Output
from pipeline.hub.packet import Packet
from pipeline.hub.spec import LegSpec
from tests.support.far_end import FarEnd, pictures
from tests.support.packets import film, film_packets


def nut(packets: list[Packet], path: Path) -> bytes:
    with path.open("wb", buffering=0) as file:
        out = Output(LegPipe(file), "nut", packets[0].format, {"flush_packets": "1"})
        for packet in packets:
            out.write(packet)
        out.close()
    return path.read_bytes()


def run(spec: LegSpec, data: bytes) -> tuple[int, list[dict[str, object]], str]:
    """Exit status, reports and the last line on stderr."""
    argv = [sys.executable, "-P", "-m", "pipeline.hub.leg_rtmp"]
    ended = subprocess.run(
        argv, input=json.dumps(asdict(spec)).encode() + b"\n" + data, capture_output=True, timeout=60
    )
    reports = [json.loads(line) for line in ended.stdout.splitlines()]
    return ended.returncode, reports, ended.stderr.decode().strip()


@pytest.mark.parametrize(("bframes", "size"), [(0, "160x90"), (2, "160x90"), (0, "1280x720")])
def test_every_picture_arrives_with_its_times(tmp_path: Path, bframes: int, size: str) -> None:
    made = film_packets(film(tmp_path / "a.flv", seconds=3, bframes=bframes, size=size))
    first = next(n for n, packet in enumerate(made) if packet.starts)
    sent = [packet.moved(3_000_000) for packet in made[first:]]
    with FarEnd() as far:
        status, reports, said = run(LegSpec("leg", "rtmp", far.url, far.key), nut(sent, tmp_path / "a.nut"))
    assert (status, said) == (0, "")
    video = [packet for packet in sent if packet.kind == "video"]
    assert pictures(far.sessions[0]) == pictures(sent)
    assert reports[-1]["frames"] == len(video)
    zero = far.frames[0].pts_us - video[0].pts_us
    assert [p.pts_us - zero for p in far.frames] == pytest.approx([p.pts_us for p in video], abs=1000)
    assert [p.dts_us - zero for p in far.frames] == pytest.approx([p.dts_us for p in video], abs=1000)


def test_a_refusal_is_the_last_word_and_holds_no_key(tmp_path: Path) -> None:
    made = film_packets(film(tmp_path / "a.flv", seconds=4))
    with FarEnd() as far:
        status, reports, said = run(LegSpec("leg", "rtmp", far.url, "geheim"), nut(made, tmp_path / "a.nut"))
    assert status != 0
    assert reports == []
    assert json.loads(said.splitlines()[-1])["code"] == "leg.refused"
    assert "geheim" not in said


def test_an_input_that_never_comes_is_no_failure() -> None:
    argv = [sys.executable, "-P", "-m", "pipeline.hub.leg_rtmp"]
    assert subprocess.run(argv, input=b"", capture_output=True, timeout=60).returncode == 0


def test_undated_pictures_are_counted_back_from_the_first_dated_one() -> None:
    dater = leg_rtmp.Dater(Fraction(1, 25))
    packets = []
    for dts in (None, None, 200):
        packet = av.Packet(b"x")
        packet.time_base, packet.dts = Fraction(1, 1000), dts
        packets.append(packet)
    assert dater.take(packets[0]) == dater.take(packets[1]) == []
    assert [packet.dts for packet in dater.take(packets[2])] == [120, 160, 200]


def test_options_are_quoted_for_the_inner_muxer(tmp_path: Path) -> None:
    options = leg_rtmp.output_options("rtmps://h/app", {"tls_ca": "C:\\own ca:1.pem"})
    assert "ca_file=C\\:\\\\own ca\\:1.pem" in options["format_opts"].replace("\\\\:", "\\:")
    assert "tls_verify=1" in options["format_opts"]
    assert "tls_verify" not in leg_rtmp.output_options("rtmp://h/app", {})["format_opts"]
