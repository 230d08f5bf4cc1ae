"""Teletext in a transport stream (EN 300 472, EN 300 468): its PES packets, and its descriptor in the map."""

from pipeline.media import psi
from pipeline.media import transport as ts

_REVERSED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))
_SUBTITLE_UNIT, _UNIT_BYTES = 0x03, 0x2C
_FRAMING = 0xE4
_STUFFING = b"\xff\x2c" + b"\xff" * _UNIT_BYTES
_HEADER_BYTES = 0x24
_PRIVATE_STREAM, _PRIVATE_DATA = 0xBD, 0x06
_DESCRIPTOR, _SUBTITLE_PAGE = 0x56, 0x02
_MOST_LINES = 32
BODY = ts.PACKET - 4


def pes(packets: list[bytes], pts: int) -> bytes:
    """Teletext packets of one frame (at most 32) as a PES packet; its length is a multiple of 184 bytes."""
    if len(packets) > _MOST_LINES:
        raise ValueError(len(packets))
    units = []
    for number, packet in enumerate(packets):  # lines 7 to 22 of the first field, then of the second
        line = (0x20 if number < 16 else 0) | (7 + number % 16)
        head = bytes((_SUBTITLE_UNIT, _UNIT_BYTES, 0xC0 | line, _FRAMING))
        units.append(head + packet.translate(_REVERSED))
    while (len(units) + 1) % 4:
        units.append(_STUFFING)
    stamp = ts.timestamp_bytes(pts, 0b0010)
    head = b"\x84\x80" + bytes((_HEADER_BYTES,)) + stamp + b"\xff" * (_HEADER_BYTES - len(stamp))
    body = head + b"\x10" + b"".join(units)
    return b"\0\0\1" + bytes((_PRIVATE_STREAM,)) + len(body).to_bytes(2, "big") + body


def transport_packets(data: bytes, pid: int, counter: int) -> list[bytes]:
    """A PES packet as transport packets; `counter` is the first one's."""
    out = []
    for number, at in enumerate(range(0, len(data), BODY)):
        head = (ts.SYNC, (0x40 if not at else 0) | pid >> 8, pid & 0xFF, 0x10 | counter + number & 0x0F)
        out.append(bytes(head) + data[at : at + BODY])
    return out


def with_teletext(packet: bytes, pid: int, page: int, language: str = "pol") -> bytes | None:
    """A map (PMT) in one packet, with a teletext subtitle page added; None where it has no room, or is none."""
    start = ts.payload_start(packet)
    if not ts.begins_unit(packet) or start >= ts.PACKET - 16:
        return None
    first = start + 1 + packet[start]
    if first + 3 > ts.PACKET or packet[first] != 2:
        return None
    end = first + 3 + ((packet[first + 1] & 0x0F) << 8 | packet[first + 2])
    magazine = page // 100 & 7
    number = (page // 10 % 10) << 4 | page % 10
    descriptor = (
        bytes((_DESCRIPTOR, 5)) + language.encode("ascii") + bytes((_SUBTITLE_PAGE << 3 | magazine, number))
    )
    stream = bytes((_PRIVATE_DATA, 0xE0 | pid >> 8, pid & 0xFF, 0xF0, len(descriptor))) + descriptor
    if end > ts.PACKET or end + len(stream) > ts.PACKET:
        return None
    section = bytearray(packet[first : end - 4] + stream)
    length = len(section) + 1
    section[1] = section[1] & 0xF0 | length >> 8
    section[2] = length & 0xFF
    section += psi.crc32(bytes(section)).to_bytes(4, "big")
    out = packet[:first] + bytes(section)
    return out + b"\xff" * (ts.PACKET - len(out))
