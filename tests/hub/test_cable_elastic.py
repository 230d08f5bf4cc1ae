"""The wire's packets: unbroken counters, exact clocks, tables in time, whatever the encoder does."""

from collections.abc import Iterator

import pytest

from pipeline.hub.elastic import Elastic
from pipeline.media import transport as ts
from pipeline.media.tr101290 import Analyser
from pipeline.media.tr_findings import Findings
from tests.support import transport_streams as streams


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return streams.clean_stream(tmp_path_factory.mktemp("ts") / "clean.ts")


def judged(wire: bytes) -> Findings:
    analyser = Analyser(rate=streams.RATE)
    analyser.feed(wire)
    return analyser.finish()


def put_all(elastic: Elastic, packets: Iterator[bytes]) -> bytes:
    """As the pacer does it: what is overdue goes before the encoder's next packet."""
    wire = bytearray()
    for packet in packets:
        while elastic.overdue():
            wire += elastic.fill()
        wire += elastic.put(packet) or b""
    return bytes(wire)


def fill(elastic: Elastic, seconds: float) -> bytes:
    return b"".join(elastic.fill() for _ in range(int(seconds * streams.RATE / 8 / 188)))


def test_an_encoder_in_time_is_left_alone(clean: bytes) -> None:
    elastic = Elastic(streams.RATE)
    wire = put_all(elastic, streams.packets(clean))
    assert wire == clean
    assert elastic.pictures == pytest.approx(150, abs=1)


@pytest.mark.parametrize("seconds", [0.05, 0.5, 3.0])
def test_an_encoder_that_is_late_leaves_no_error(clean: bytes, seconds: float) -> None:
    """It stalls and then goes on where it was: the wire's clock goes on, and the debt is paid in null packets."""
    elastic = Elastic(streams.RATE)
    packets = streams.packets(clean)
    wire = put_all(elastic, (next(packets) for _ in range(900)))
    wire += fill(elastic, seconds)
    wire += put_all(elastic, packets)
    found = judged(wire)
    assert not {name for name in found.of_priority(2) if name != "PTS_error"}
    assert found.pcr_accuracy_ns < 500
    assert found.intervals_ms["PAT"] < 110
    assert found.intervals_ms["PCR"] < 40
    assert elastic.filled == pytest.approx(seconds * streams.RATE / 8 / 188, abs=20)
    assert elastic.debt == 0 or elastic.debt < elastic.filled * 0.6


@pytest.mark.parametrize("after", [620, 700, 780, 860, 940])
def test_no_table_waits_for_its_own_interval_and_a_stall(clean: bytes, after: int) -> None:
    """The stall ends before the table is due, and the encoder sends it that much later."""
    elastic = Elastic(streams.RATE)
    packets = streams.packets(clean)
    wire = put_all(elastic, (next(packets) for _ in range(after)))
    wire += fill(elastic, 0.35)
    wire += put_all(elastic, packets)
    found = judged(wire)
    assert found.intervals_ms["SDT"] < 1100
    assert found.intervals_ms["PAT"] < 100
    assert found.intervals_ms["PMT"] < 100
    assert not {name for name in found.of_priority(2) if name != "PTS_error"}


def test_a_gap_in_time_leaves_no_delay(clean: bytes) -> None:
    """The encoder's own clock jumps over the gap, which its muxer fills with null packets: they are left out."""
    cut = list(streams.packets(clean))
    gap = cut[900:1700]

    def hollow(packet: bytes) -> bytes:
        """What a muxer makes of a gap: tables and clocks, and nothing else."""
        pcr = ts.pcr_of(packet)
        if ts.pid_of(packet) < 0x101 or ts.pid_of(packet) == ts.NULL_PID:
            return packet
        return ts.NULL_PACKET if pcr is None else ts.pcr_packet(257, pcr, last)

    last = next(ts.counter_of(p) for p in reversed(cut[:900]) if ts.pid_of(p) == 257)
    elastic = Elastic(streams.RATE)
    wire = put_all(elastic, iter(cut[:900]))
    wire += b"".join(elastic.fill() for _ in gap)
    wire += put_all(elastic, (hollow(packet) for packet in gap))
    before = elastic.debt
    assert before < len(gap) // 10
    resumed = len(wire) // 188
    assert resumed < 900 + len(gap) + len(gap) // 10
    found = judged(wire)
    assert not {name for name in found.of_priority(2) if name != "PTS_error"}


def test_filling_keeps_tables_and_clock_going(clean: bytes) -> None:
    elastic = Elastic(streams.RATE)
    wire = put_all(elastic, iter(list(streams.packets(clean))[:800]))
    found = judged(wire + fill(elastic, 30.0))
    assert found.pcr_accuracy_ns < 100  # no error piles up
    assert found.intervals_ms["PAT"] < 100
    assert found.intervals_ms["PMT"] < 100
    assert found.intervals_ms["PCR"] < 40
    assert found.intervals_ms["SDT"] < 1100
    assert found.count("Continuity_count_error") == 0


def test_before_the_first_table_there_are_null_packets() -> None:
    elastic = Elastic(streams.RATE)
    assert fill(elastic, 0.1) == ts.NULL_PACKET * (elastic.slots)


def test_near_the_wrap_of_the_clock(clean: bytes) -> None:
    first = next(pcr for packet in streams.packets(clean) if (pcr := ts.pcr_of(packet)) is not None)

    def late(_number: int, packet: bytes) -> bytes:
        pcr = ts.pcr_of(packet)
        return packet if pcr is None else ts.with_pcr(packet, pcr - first + ts.PCR_WRAP - 2 * ts.PCR_HZ)

    packets = streams.packets(streams.changed(clean, late))
    elastic = Elastic(streams.RATE)
    wire = put_all(elastic, (next(packets) for _ in range(750)))
    wire += fill(elastic, 0.4)
    wire += put_all(elastic, packets)
    assert judged(wire).of_priority(2) == {}
