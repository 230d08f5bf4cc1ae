"""The headend stand-in sees what was sent, names what is wrong with it, and stays bounded."""

import json
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.standins.headend import Headend
from pipeline.standins.headend_wire import Jitter, Rtp, WireReport
from tests.support import transport_streams as streams

DATAGRAM = 1316


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return streams.clean_stream(tmp_path_factory.mktemp("ts") / "clean.ts")


def rtp(number: int, payload: bytes, *, kind: int = 33, source: int = 7) -> bytes:
    return struct.pack(">BBHII", 0x80, kind, number & 0xFFFF, 0, source) + payload


def send(url: str, datagrams: list[bytes]) -> None:
    host, port = url.split("://")[1].split(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for datagram in datagrams:
            out.sendto(datagram, (host, int(port)))
            time.sleep(0.0002)  # loopback drops what comes faster than it is read


def cut(data: bytes) -> list[bytes]:
    return [data[at : at + DATAGRAM] for at in range(0, len(data) // DATAGRAM * DATAGRAM, DATAGRAM)]


def until(headend: Headend, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while not true(report := headend.report()):
        assert time.monotonic() < deadline, report
        time.sleep(0.02)
    return report


def test_it_reports_what_came(clean: bytes, tmp_path: Path) -> None:
    with Headend("udp://127.0.0.1:0", tmp_path, watch=False) as headend:
        send(headend.url, cut(clean))
        until(headend, lambda report: report["wire"]["datagrams"] == len(cut(clean)))
        report = headend.stop()
    assert report["priority_1_and_2"] == {}
    assert report["service"] == {"name": streams.NAME, "provider": streams.PROVIDER, "id": 101}
    assert report["stream"]["bitrate"] == pytest.approx(streams.RATE, rel=1e-5)
    assert report["first_picture_after_s"] >= report["first_byte_after_s"] >= 0
    written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert written["wire"]["datagrams"] == report["wire"]["datagrams"]
    assert (tmp_path / "stream.ts").read_bytes() == b"".join(cut(clean))


def test_the_copy_is_bounded(clean: bytes, tmp_path: Path) -> None:
    with Headend("udp://127.0.0.1:0", tmp_path, watch=False, copy_bytes=10 * DATAGRAM) as headend:
        send(headend.url, cut(clean)[:50])
        until(headend, lambda report: report["wire"]["datagrams"] == 50)
        headend.stop()
    assert (tmp_path / "stream.ts").stat().st_size == 10 * DATAGRAM


def test_a_lost_datagram_is_seen_twice_over(clean: bytes, tmp_path: Path) -> None:
    """By the RTP numbers and, where it held payload, by the continuity counters."""
    datagrams = [rtp(60_000 + number, part) for number, part in enumerate(cut(clean))]
    at = next(number for number, part in enumerate(cut(clean)) if number > 100 and b"\x47\x01\x01" in part)
    del datagrams[at]
    with Headend("rtp://127.0.0.1:0", tmp_path, watch=False) as headend:
        send(headend.url, datagrams)
        until(headend, lambda report: report["wire"]["datagrams"] == len(datagrams))
        report = headend.stop()
    assert report["wire"]["rtp_lost"] == 1
    assert report["wire"]["rtp_errors"] == 0
    assert report["continuity_errors"] >= 1


def test_wrong_datagrams_are_counted(clean: bytes, tmp_path: Path) -> None:
    with Headend("udp://127.0.0.1:0", tmp_path, watch=False) as headend:
        send(headend.url, [clean[:188], b"", b"x" * 2000])
        until(headend, lambda report: report["wire"]["datagrams"] == 3)
        report = headend.stop()
    assert report["wire"]["wrong_sizes"] == 3


def test_nothing_came(tmp_path: Path) -> None:
    with Headend("udp://127.0.0.1:0", tmp_path, watch=False) as headend:
        report = headend.stop()
    assert report["first_byte_after_s"] is None
    assert report["service"]["name"] is None
    assert report["wire"]["jitter_p95_ms"] is None


@pytest.mark.heavy
def test_it_watches_and_listens(clean: bytes, tmp_path: Path) -> None:
    with Headend("udp://127.0.0.1:0", tmp_path, picture_s=2) as headend:
        send(headend.url, cut(clean))
        until(headend, lambda report: report["wire"]["datagrams"] == len(cut(clean)))
        report = headend.stop()
    pictures = [tmp_path / name for name in report["watch"]["pictures"]]
    assert 2 <= len(pictures) <= 4
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)
    # A tone at an eighth of full scale (-21.1 dB RMS), shared by two channels; 440 Hz weighs 0.7 dB less.
    assert report["watch"]["loudness_lufs"] == pytest.approx(-21.8, abs=0.3)
    assert report["watch"]["dropped"] == 0


def test_rtp_headers_are_checked() -> None:
    report = WireReport()
    reader = Rtp(report)
    assert reader.payload(rtp(65535, b"a")) == b"a"
    assert reader.payload(rtp(0, b"b")) == b"b"
    assert report.rtp_lost == 0
    assert reader.payload(rtp(3, b"c")) == b"c"
    assert report.rtp_lost == 2
    for wrong in (rtp(4, b"d", kind=96), rtp(4, b"d", source=8), b"\x00" * 20, b"short"):
        assert reader.payload(wrong) == b""
    assert report.rtp_errors == 4


def test_jitter_is_the_distance_from_the_constant_rate() -> None:
    jitter, rate = Jitter(), 1_052_800.0  # a datagram every 10 ms
    for number in range(3000):
        off = 0.004 if number % 10 == 0 else 0.0
        jitter.add(number * 0.01 + off, number * DATAGRAM, rate)
    assert jitter.percentile(0.85) == pytest.approx(0.1, abs=0.11)
    assert jitter.percentile(0.95) == pytest.approx(4.0, abs=0.11)
    assert jitter.longest == pytest.approx(4.0, abs=0.01)
