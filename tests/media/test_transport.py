"""Packets, clocks and tables of the transport stream."""

import pytest

from pipeline.media import psi
from pipeline.media import transport as ts


def test_a_pcr_packet_says_what_it_was_told() -> None:
    packet = ts.pcr_packet(0x101, 27_000_000 * 3600 + 17, 5)
    assert len(packet) == ts.PACKET
    assert ts.pid_of(packet) == 0x101
    assert ts.pcr_of(packet) == 27_000_000 * 3600 + 17
    assert ts.counter_of(packet) == 5
    assert not ts.has_payload(packet)
    assert ts.payload_start(packet) == ts.PACKET


@pytest.mark.parametrize("pcr", [0, 299, 300, ts.PCR_WRAP - 1])
def test_a_pcr_can_be_moved(pcr: int) -> None:
    assert ts.pcr_of(ts.with_pcr(ts.pcr_packet(0x101, 12345, 0), pcr)) == pcr


def test_the_pcr_wraps_as_its_field_does() -> None:
    assert ts.pcr_of(ts.pcr_packet(0x101, ts.PCR_WRAP + 7, 0)) == 7
    assert ts.clock_step(ts.PCR_WRAP - 10, 5, ts.PCR_WRAP) == 15
    assert ts.clock_step(5, ts.PCR_WRAP - 10, ts.PCR_WRAP) == -15


def test_a_null_packet_has_no_clock_and_no_unit() -> None:
    assert ts.pid_of(ts.NULL_PACKET) == ts.NULL_PID
    assert ts.pcr_of(ts.NULL_PACKET) is None
    assert not ts.begins_unit(ts.NULL_PACKET)


def test_timestamps_of_a_pes_head() -> None:
    # PTS 0x1_2345_6789 and DTS 0x0_2345_6789, as ISO 13818-1 spreads their bits
    def five(prefix: int, value: int) -> bytes:
        return bytes(
            (
                prefix << 4 | (value >> 30 & 7) << 1 | 1,
                value >> 22 & 0xFF,
                (value >> 15 & 0x7F) << 1 | 1,
                value >> 7 & 0xFF,
                (value & 0x7F) << 1 | 1,
            )
        )

    head = b"\x00\x00\x01\xe0\x00\x00\x80\xc0\x0a" + five(3, 0x123456789) + five(1, 0x023456789) + b"\xff"
    assert ts.pts_dts_of(head) == (0x123456789, 0x023456789)
    only = b"\x00\x00\x01\xc0\x00\x00\x80\x80\x05" + five(2, 90_000) + b"\xff" * 4
    assert ts.pts_dts_of(only) == (90_000, 90_000)
    assert ts.pts_dts_of(b"\x00\x00\x01\xe0\x00\x00\x80\x00\x00" + b"\xff" * 9) == (None, None)


def test_the_crc_of_a_known_table() -> None:
    # A PAT from ISO 13818-1's own form: transport stream 1, programme 1 on PID 0x100; CRC by any other tool.
    section = bytes.fromhex("00b00d0001c100000001e100")
    whole = section + psi.crc32(section).to_bytes(4, "big")
    assert psi.crc32(whole) == 0
    assert psi.crc32(b"123456789") == 0x0376E6E7  # the check value of CRC-32/MPEG-2
    pat = psi.parse_pat(whole)
    assert pat.programmes == {1: 0x100}


def test_a_section_over_two_packets_is_put_together() -> None:
    body = bytes((0x42, 0xF0, 197)) + bytes(range(197))
    first = bytes((0x47, 0x40, 0x11, 0x10, 0)) + body[:183]
    second = bytes((0x47, 0x00, 0x11, 0x11)) + body[183:] + b"\xff" * (184 - len(body[183:]))
    sections = psi.Sections()
    assert sections.feed(first) == []
    assert sections.feed(second) == [body]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Teatr", "Teatr"),
        (b"\x15" + "Żółć".encode(), "Żółć"),
        (b"\x10\x00\x02" + "Łódź".encode("iso8859-2"), "Łódź"),
        (b"\x05" + "Ğ".encode("iso8859-9"), "Ğ"),
        (b"", ""),
    ],
)
def test_dvb_text(raw: bytes, text: str) -> None:
    assert psi.dvb_text(raw) == text
