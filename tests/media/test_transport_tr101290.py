"""The analyser: a clean stream is clean, and each kind of damage is found by its TR 101 290 name."""

import pytest

from pipeline.media import psi
from pipeline.media import transport as ts
from pipeline.media.tr101290 import Analyser
from pipeline.media.tr_findings import Findings
from tests.support import transport_streams as streams


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return streams.clean_stream(tmp_path_factory.mktemp("ts") / "clean.ts")


def analysed(data: bytes, *, rate: int | None = None, step: int = 1316) -> Findings:
    analyser = Analyser(rate=rate)
    for at in range(0, len(data), step):
        analyser.feed(data[at : at + step])
    return analyser.finish()


def test_a_clean_stream_is_clean(clean: bytes) -> None:
    found = analysed(clean)
    assert found.errors == {}
    assert found.bitrate == pytest.approx(streams.RATE, rel=1e-5)
    assert found.constant
    assert found.duration_s == pytest.approx(6.0, abs=0.4)
    assert found.intervals_ms["PAT"] < 100
    assert found.intervals_ms["PMT"] < 100
    assert found.intervals_ms["PCR"] < 40
    assert found.intervals_ms["SDT"] < 1100
    assert found.pcr_accuracy_ns < 500
    assert found.decode_margin_ms is not None
    assert found.decode_margin_ms > 0


def test_what_the_stream_says_of_itself(clean: bytes) -> None:
    found = analysed(clean)
    assert (found.service_name, found.service_provider) == (streams.NAME, streams.PROVIDER)
    assert (found.service_id, found.transport_stream_id, found.original_network_id) == (101, 1, 0xFF01)
    assert (found.pmt_pid, found.pcr_pid) == (256, 257)
    assert found.streams == {257: "h264", 258: "mp2"}
    assert found.first_picture_s is not None
    assert found.first_picture_s < 0.5


@pytest.mark.parametrize("step", [1, 187, 188, 1317, 100_000])
def test_bytes_may_come_cut_anywhere(clean: bytes, step: int) -> None:
    short = clean[: 188 * 900]
    assert analysed(short, step=step).packets == 900
    assert analysed(short, step=step).errors == {}


def test_a_lost_packet_is_a_continuity_error(clean: bytes) -> None:
    at = streams.nth_of(clean, 257, 60) * 188
    found = analysed(clean[:at] + clean[at + 188 :])
    assert found.count("Continuity_count_error") == 1
    assert set(found.errors) == {"Continuity_count_error"}


def test_a_packet_may_come_twice_but_not_thrice(clean: bytes) -> None:
    at = streams.nth_of(clean, 258, 20) * 188
    packet = clean[at : at + 188]
    twice = analysed(clean[:at] + packet + clean[at:])
    assert twice.count("Continuity_count_error") == 0
    thrice = analysed(clean[:at] + packet * 2 + clean[at:])
    assert thrice.count("Continuity_count_error") >= 1


def test_a_damaged_table_is_a_crc_error(clean: bytes) -> None:
    at = streams.nth_of(clean, 0, 5) * 188 + 12
    found = analysed(clean[:at] + bytes((clean[at] ^ 1,)) + clean[at + 1 :])
    assert found.count("CRC_error") == 1
    assert found.of_priority(2) == {"CRC_error": 1}


def test_a_pat_that_stays_away(clean: bytes) -> None:
    found = analysed(_without(clean, 0, 1.5, 3.0))
    assert found.count("PAT_error") == 1
    assert "PMT_error" not in found.errors


def test_a_pmt_that_stays_away_at_the_end(clean: bytes) -> None:
    found = analysed(_without(clean, 256, 4.0, 99.0))
    assert found.count("PMT_error") == 1


def test_missing_clocks(clean: bytes) -> None:
    def no_clock(number: int, packet: bytes) -> bytes:
        if 1000 < number < 1100 and ts.pcr_of(packet) is not None:
            if not ts.has_payload(packet):
                return ts.NULL_PACKET
            return packet[:5] + bytes((packet[5] & ~0x10,)) + packet[6:]
        return packet

    found = analysed(streams.changed(clean, no_clock))
    assert found.count("PCR_repetition_error") >= 1
    assert found.count("PCR_discontinuity_indicator_error") >= 1


def test_a_clock_that_is_off(clean: bytes) -> None:
    def shaken(number: int, packet: bytes) -> bytes:
        pcr = ts.pcr_of(packet)
        return packet if pcr is None or number != wrong else ts.with_pcr(packet, pcr + 27)  # 1 µs

    wrong = next(n for n, p in enumerate(streams.packets(clean)) if n > 800 and ts.pcr_of(p) is not None)
    found = analysed(streams.changed(clean, shaken))
    assert found.count("PCR_accuracy_error") == 2  # there and back
    assert found.pcr_accuracy_ns == pytest.approx(1000, abs=100)


def test_a_rate_that_was_not_agreed_on(clean: bytes) -> None:
    found = analysed(clean, rate=streams.RATE + 6000)
    assert not found.constant
    assert found.count("PCR_accuracy_error") > 100


def test_sync_bytes(clean: bytes) -> None:
    one = bytearray(clean)
    one[188 * 500] = 0
    assert analysed(bytes(one)).count("Sync_byte_error") == 1
    assert analysed(bytes(one)).count("TS_sync_loss") == 0
    cut = clean[: 188 * 500 + 90] + clean[188 * 510 :]
    lost = analysed(cut)
    assert lost.count("TS_sync_loss") == 1
    assert lost.packets > len(clean) // 188 - 20  # and it found its way again


def test_a_silent_sound_stream(clean: bytes) -> None:
    found = analysed(_without(clean, 258, 2.0, 3.2))
    assert found.count("PTS_error") == 1
    long = analysed(streams.clean_stream_without_sound(clean))
    assert long.count("PID_error") == 1


def test_transport_errors_and_scrambling(clean: bytes) -> None:
    at = streams.nth_of(clean, 257, 30) * 188
    flagged = clean[: at + 1] + bytes((clean[at + 1] | 0x80,)) + clean[at + 2 :]
    assert analysed(flagged).count("Transport_error") == 1
    scrambled = clean[: at + 3] + bytes((clean[at + 3] | 0xC0,)) + clean[at + 4 :]
    assert analysed(scrambled).count("CAT_error") == 1


def test_late_data_are_named(clean: bytes) -> None:
    """A clock two seconds ahead of the pictures: clean by priority 1 and 2, and useless."""

    def ahead(number: int, packet: bytes) -> bytes:
        pcr = ts.pcr_of(packet)
        return packet if pcr is None else ts.with_pcr(packet, pcr + 2 * ts.PCR_HZ)

    found = analysed(streams.changed(clean, ahead))
    assert found.of_priority(2) == {}
    assert found.count("Buffer_error") > 50


def test_clocks_may_wrap(clean: bytes) -> None:
    first = next(pcr for packet in streams.packets(clean) if (pcr := ts.pcr_of(packet)) is not None)

    def near_the_end(number: int, packet: bytes) -> bytes:
        pcr = ts.pcr_of(packet)
        return packet if pcr is None else ts.with_pcr(packet, pcr - first + ts.PCR_WRAP - 3 * ts.PCR_HZ)

    assert analysed(streams.changed(clean, near_the_end)).of_priority(2) == {}


def test_no_stream_at_all() -> None:
    found = analysed(b"\x00" * 50_000)
    assert found.packets == 0
    found = analysed(ts.NULL_PACKET * 2000)
    assert found.count("PAT_error") == 1


def test_hostile_tables_harm_nothing() -> None:
    bad = bytes.fromhex("02b0ff0065c10000e101ffff")
    packet = bytes((0x47, 0x40, 0x00, 0x10, 0)) + bad + b"\x00" * (183 - len(bad))
    section = bytes.fromhex("00b00d0001c100000065e100")
    pat = section + psi.crc32(section).to_bytes(4, "big")
    good = bytes((0x47, 0x40, 0x00, 0x10, 0)) + pat + b"\xff" * (183 - len(pat))
    found = analysed((good + packet) * 300)
    assert found.pmt_pid == 0x100
    assert found.count("Continuity_count_error") > 0


def _without(data: bytes, pid: int, start_s: float, end_s: float) -> bytes:
    """The stream with a PID's packets made null from one time to another; its counters go on afterwards."""
    held: int | None = None

    def change(number: int, packet: bytes) -> bytes:
        nonlocal held
        if ts.pid_of(packet) != pid:
            return packet
        counter = ts.counter_of(packet)
        if start_s <= number * 188 * 8 / streams.RATE < end_s:
            return ts.NULL_PACKET
        if held is None:
            held = (counter - 1) & 15
        held = held + 1 & 15 if ts.has_payload(packet) else held
        return ts.with_counter(packet, held)

    return streams.changed(data, change)


def test_the_buffer_model_tells_margins_and_fullness(clean: bytes) -> None:
    found = analysed(clean)
    assert found.whole_margin_ms is not None
    assert found.decode_margin_ms is not None
    assert 0 < found.whole_margin_ms <= found.decode_margin_ms
    # At 200 kb/s and with 0.7 s ahead at most, some 17 kB wait; a sound's share is smaller.
    assert 4_000 < found.buffer_bytes < 40_000


def test_a_unit_whose_end_comes_too_late_is_an_error(clean: bytes) -> None:
    """All are to be decoded so much earlier that the tightest one's last byte is two milliseconds late."""
    margin = analysed(clean).whole_margin_ms
    assert margin is not None

    def earlier(_number: int, packet: bytes) -> bytes:
        timed = ts.pid_of(packet) in (257, 258) and ts.begins_unit(packet)
        return ts.moved(packet, -int((margin + 2) * 90)) if timed else packet

    found = analysed(streams.changed(clean, earlier))
    assert found.count("Buffer_error") >= 1
    assert found.whole_margin_ms == pytest.approx(-2.0, abs=0.5)
