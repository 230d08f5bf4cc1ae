"""Teletext pages: protection against the standard's own examples, rows, letters, limits."""

import pytest

from pipeline.media.teletext import SubtitlePage, hamming_8_4, hamming_24_18, odd_parity
from pipeline.media.teletext_letters import WIDTH, cells, rows
from pipeline.media.teletext_stream import pes, transport_packets, with_teletext
from pipeline.media.transport import NULL_PACKET, pts_dts_of


def test_hamming_8_4_is_the_standards_table() -> None:
    table = [0x15, 0x02, 0x49, 0x5E, 0x64, 0x73, 0x38, 0x2F, 0xD0, 0xC7, 0x8C, 0x9B, 0xA1, 0xB6, 0xFD, 0xEA]
    assert [hamming_8_4(value) for value in range(16)] == table


def test_hamming_24_18_corrects_any_single_bit() -> None:
    """Each code word differs from any other by four bits or more."""
    words = [
        int.from_bytes(hamming_24_18(value), "little") for value in (0, 1, 2, 3, 0x155, 0x2AA, 0x3FFFF, 0x20000)
    ]
    distances = [(a ^ b).bit_count() for at, a in enumerate(words) for b in words[at + 1 :]]
    assert min(distances) >= 4


def test_parity_is_odd() -> None:
    assert all(odd_parity(code).bit_count() & 1 for code in range(128))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("raz\ndwa", ["raz", "dwa"]),
        ("  raz \n\n dwa ", ["raz", "dwa"]),
        ("słowo " * 12, ["słowo słowo słowo słowo słowo słowo"] * 2),
        ("a" * 50, ["a" * WIDTH, "a" * 15]),
        ("", []),
    ],
)
def test_rows(text: str, expected: list[str]) -> None:
    assert rows(text) == expected


def test_what_cannot_be_shown_is_replaced() -> None:
    assert [cell.code for cell in cells("ж")] == [0x3F]
    assert bytes(cell.code for cell in cells("[a]…")).decode("ascii") == "(a)..."
    assert all(0x20 <= cell.code < 0x80 for cell in cells("\x00\x1b\u0007@^~|żŻ€\n"))


def test_a_page_never_grows_beyond_a_frame() -> None:
    page = SubtitlePage(777)
    packets = page.transmission(["Ż" * WIDTH] * 6, erase=False)
    assert len(packets) <= 32
    assert {len(packet) for packet in packets} == {42}
    data = pes(packets, 90_000)
    assert len(data) % 184 == 0
    assert pts_dts_of(data) == (90_000, 90_000)
    sent = transport_packets(data, 0x103, 14)
    assert [packet[3] & 15 for packet in sent[:3]] == [14, 15, 0]
    assert {len(packet) for packet in sent} == {188}


@pytest.mark.parametrize("number", [99, 900, 0])
def test_a_page_that_cannot_be(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        SubtitlePage(number)


def test_a_packet_that_is_no_map_is_left_alone() -> None:
    assert with_teletext(NULL_PACKET, 259, 777) is None
