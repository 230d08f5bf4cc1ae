"""An encoder dies and another takes over: the tape, the buffer's cut, and the wire's packets across it."""

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.hub.cable_buffer import PacketBuffer, Splice
from pipeline.hub.cable_nut import BadNut, NutCutter
from pipeline.hub.cable_tape import Tape
from pipeline.hub.elastic import Elastic
from pipeline.media import transport as ts
from pipeline.media.tr101290 import Analyser
from tests.support import transport_streams as streams
from tests.support.cable_air import nut_command

PICTURE, SOUND = 257, 258


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return streams.clean_stream(tmp_path_factory.mktemp("ts") / "clean.ts")


@pytest.fixture(scope="module")
def nut() -> bytes:
    command = [word for word in nut_command(5) if word != "-re"]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=60).stdout


def played(elastic: Elastic, packets: Iterator[bytes]) -> bytes:
    """As the pacer does it: what is overdue goes before the encoder's next packet."""
    wire = bytearray()
    for packet in packets:
        while elastic.overdue():
            wire += elastic.fill()
        wire += elastic.put(packet) or b""
    return bytes(wire)


def times(wire: bytes, pid: int) -> list[tuple[int, int]]:
    """DTS and PTS of each unit of a stream."""
    out = []
    for packet in streams.packets(wire):
        if ts.pid_of(packet) == pid and ts.begins_unit(packet):
            pts, dts = ts.pts_dts_of(packet[ts.payload_start(packet) :])
            if pts is not None and dts is not None:
                out.append((dts, pts))
    return out


def taken_over(clean: bytes, *, at: int, shift_s: float, gap_s: float, copied: bool) -> tuple[bytes, Elastic]:
    """The first encoder dies after `at` packets; after `gap_s` another begins, whose time 0 is `shift_s`."""
    elastic = Elastic(streams.RATE)
    packets = list(streams.packets(clean))
    wire = played(elastic, iter(packets[:at]))
    wire += b"".join(elastic.fill() for _ in range(int(gap_s * streams.RATE / ts.PACKET / 8)))
    elastic.splice(int(shift_s * 90_000), copied=copied)
    return wire + played(elastic, iter(packets)), elastic


@pytest.mark.parametrize("gap_s", [0.0, 0.3, 1.7])
def test_another_encoder_leaves_no_break(clean: bytes, gap_s: float) -> None:
    wire, elastic = taken_over(clean, at=1000, shift_s=2.0, gap_s=gap_s, copied=False)
    analyser = Analyser(rate=streams.RATE)
    analyser.feed(wire)
    found = analyser.finish()
    assert not set(found.errors) - {"PTS_error"}  # no more than the pictures that were never made
    assert found.pcr_accuracy_ns < 500
    assert found.intervals_ms["PCR"] < 40
    assert max(found.intervals_ms["PAT"], found.intervals_ms["PMT"]) < 100
    assert found.decode_margin_ms is not None
    assert found.decode_margin_ms > 0
    for pid in (PICTURE, SOUND):
        stamps = times(wire, pid)
        assert stamps == sorted(stamps)
        assert stamps[-1] == (times(clean, pid)[-1][0] + 180_000, times(clean, pid)[-1][1] + 180_000)
    # By the end it sends as far ahead as a single encoder does: no delay stays.
    assert elastic.debt <= 3


def test_it_begins_with_a_keyframe_after_the_last_picture_sent(clean: bytes) -> None:
    wire, _ = taken_over(clean, at=1000, shift_s=2.0, gap_s=0.0, copied=False)
    before = times(b"".join(list(streams.packets(clean))[:1000]), PICTURE)
    first = times(wire, PICTURE)[len(before)]
    keys = [
        ts.pts_dts_of(packet[ts.payload_start(packet) :])[0]
        for packet in streams.packets(clean)
        if ts.pid_of(packet) == PICTURE and ts.random_access(packet) and ts.begins_unit(packet)
    ]
    assert first[1] - 180_000 in keys
    assert first[1] > max(pts for _, pts in before)


def test_copied_pictures_go_on_with_the_very_next(clean: bytes) -> None:
    """Bit for bit the same units from both: not one is lost or doubled, wherever the first one died."""
    wire, _ = taken_over(clean, at=1100, shift_s=0.0, gap_s=0.1, copied=True)
    assert times(wire, PICTURE) == times(clean, PICTURE)


def test_a_clock_that_jumps_with_the_machine_says_so(clean: bytes) -> None:
    """Half a second in which nothing could be sent: the clock goes on, announced; what is late is left out."""
    elastic = Elastic(streams.RATE)
    packets = list(streams.packets(clean))
    wire = played(elastic, iter(packets[:900]))
    elastic.skip(200)
    wire += played(elastic, iter(packets[900:]))
    analyser = Analyser(rate=streams.RATE)
    analyser.feed(wire)
    assert analyser.finish().of_priority(2) == {}
    jumps = [packet for packet in streams.packets(wire) if ts.discontinuity(packet)]
    assert len(jumps) == 1
    assert ts.pcr_of(jumps[0]) is not None
    assert elastic.debt <= 3  # paid with null packets


def test_the_buffer_leaves_out_what_was_begun(clean: bytes) -> None:
    packets = list(streams.packets(clean))
    end = streams.nth_of(clean, PICTURE, 420) + 1
    buffer = PacketBuffer()
    buffer.add(b"".join(packets[:end]) + packets[end][:100])
    taken = buffer.take(400)
    last = buffer.cut((PICTURE, SOUND))
    rest = b""
    while isinstance(chunk := buffer.take(50), bytes):
        rest += chunk
    assert isinstance(taken, bytes)
    assert len(taken + rest) == end * ts.PACKET
    whole = times(taken + rest, PICTURE)
    assert whole == times(b"".join(packets[:end]), PICTURE)[: len(whole)]
    assert last[PICTURE].pts == max(pts for _, pts in whole)
    assert last[SOUND].size > 0
    # The last unit of each stream that stays is ended: the one after it is what was left out.
    assert len(whole) == len(times(b"".join(packets[:end]), PICTURE)) - 1
    buffer.splice(Splice(0, copied=False))
    buffer.add(packets[0])
    assert buffer.take(7) == Splice(0, copied=False)
    assert buffer.take(7) == packets[0]
    assert buffer.take(7) is None


@pytest.mark.parametrize("step", [997, 65536])
def test_the_tape_begins_anew_at_a_keyframe(nut: bytes, step: int, tmp_path: Path) -> None:
    tape = Tape()
    for at in range(0, len(nut), step):
        tape.feed(nut[at : at + step])
    tape.end()
    place, start_us = tape.start_before(2_500_000)
    assert start_us == pytest.approx(2_000_000, abs=40_000)
    copy = bytearray(tape.header)
    while True:
        data, place = tape.read(place, 0.0)
        if not data:
            break
        copy += data
    (tmp_path / "rest.nut").write_bytes(copy)
    (tmp_path / "all.nut").write_bytes(nut)
    rest, everything = packets_of(tmp_path / "rest.nut"), packets_of(tmp_path / "all.nut")
    assert rest[0].startswith("0,2.0")
    assert rest == everything[-len(rest) :]
    assert len(rest) > 150


def packets_of(path: Path) -> list[str]:
    """Stream, time, size of each packet, as ffprobe reads them."""
    command = ["ffprobe", "-v", "error", "-of", "csv=p=0"]
    command += ["-show_entries", "packet=stream_index,dts_time,pts_time,size", str(path)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return shown.stdout.split()


def test_the_tape_keeps_some_seconds_only(nut: bytes) -> None:
    tape = Tape()
    cutter = NutCutter()
    units = cutter.feed(nut)
    tape.feed(nut)
    second = bytes(tape.header)
    assert second
    for turn in range(1, 12):  # the same five seconds again and again, as a reader's clock sees them
        for unit in units:
            tape._put(unit._replace(time_us=unit.time_us + turn * 5_000_000))
    oldest = tape.start_before(0)[1]
    assert tape.newest_us - 20_000_000 < oldest < tape.newest_us - 10_000_000
    _, place = tape.read(0, 0.0)  # a reader that was left behind goes on at the newest keyframe
    assert tape.skipped == 1
    assert tape.end_place - place < len(units)


@pytest.mark.parametrize("data", [b"this is not NUT\n" * 10, b"nut/multimedia container\0" + b"\x4e" * 64])
def test_what_is_no_nut_says_so(data: bytes) -> None:
    with pytest.raises(BadNut):
        NutCutter().feed(data)


def test_damaged_nut_never_hangs_or_breaks_in_another_way(nut: bytes) -> None:
    short = nut[:60_000]
    for at in range(0, len(short), 4001):
        damaged = short[:at] + b"\xff" * 24 + short[at + 24 :]
        try:
            NutCutter().feed(damaged)
        except BadNut:
            continue


def test_reading_waits_for_what_comes(nut: bytes) -> None:
    tape = Tape()
    threading.Timer(0.2, lambda: (tape.feed(nut), tape.end())).start()
    assert tape.wait_for_start(20.0)
    assert tape.read(0, 20.0)[0]
