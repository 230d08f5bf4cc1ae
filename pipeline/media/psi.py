"""The tables of a transport stream: sections with their CRC, PAT, PMT, SDT, and DVB text (EN 300 468)."""

from dataclasses import dataclass

from pipeline.media import transport as ts


def _crc_table() -> tuple[int, ...]:
    table = []
    for index in range(256):
        value = index << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
        table.append(value)
    return tuple(table)


_CRC = _crc_table()


def crc32(data: bytes, value: int = 0xFFFFFFFF) -> int:
    """The CRC of MPEG sections: over a whole section with its CRC it is zero. `value` is where it begins."""
    for byte in data:
        value = (value << 8 & 0xFFFFFFFF) ^ _CRC[value >> 24 ^ byte]
    return value


class Sections:
    """Puts the sections of one PID together again; what is broken off is dropped (the CRC tells the rest)."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, packet: bytes) -> list[bytes]:
        """The sections that this packet completes."""
        start = ts.payload_start(packet)
        if start >= ts.PACKET:
            return []
        done: list[bytes] = []
        if ts.begins_unit(packet):
            pointer = packet[start]
            if self._held:
                self._held += packet[start + 1 : start + 1 + pointer]
                self._cut(done)
            self._held = bytearray(packet[start + 1 + pointer :])
        elif self._held:
            self._held += packet[start:]
        self._cut(done)
        return done

    def reset(self) -> None:
        self._held.clear()

    def _cut(self, done: list[bytes]) -> None:
        held = self._held
        while len(held) >= 3 and held[0] != 0xFF:
            length = 3 + (held[1] & 0x0F) * 256 + held[2]
            if len(held) < length:
                return
            done.append(bytes(held[:length]))
            del held[:length]
        if held and held[0] == 0xFF:  # stuffing up to the end of the packet
            held.clear()


def table_id(section: bytes) -> int:
    return section[0]


@dataclass(frozen=True, slots=True)
class Pat:
    """Which programme has its map on which PID (programme 0, the network's table, apart)."""

    transport_stream_id: int
    programmes: dict[int, int]
    network_pid: int | None


@dataclass(frozen=True, slots=True)
class Pmt:
    """The PIDs of one programme: its clock's, and each elementary stream's type."""

    service_id: int
    pcr_pid: int
    streams: dict[int, int]


@dataclass(frozen=True, slots=True)
class Service:
    """One service as the SDT names it; `service_type` as EN 300 468, table 87."""

    service_id: int
    service_type: int
    name: str
    provider: str


@dataclass(frozen=True, slots=True)
class Sdt:
    transport_stream_id: int
    original_network_id: int
    services: tuple[Service, ...]


def parse_pat(section: bytes) -> Pat:
    """A PAT whose CRC has been checked; ValueError where it is cut short."""
    programmes: dict[int, int] = {}
    network: int | None = None
    for at in range(8, len(section) - 4, 4):
        number, pid = _u16(section, at), _u16(section, at + 2) & 0x1FFF
        if number:
            programmes[number] = pid
        else:
            network = pid
    return Pat(_u16(section, 3), programmes, network)


def parse_pmt(section: bytes) -> Pmt:
    streams: dict[int, int] = {}
    at = 12 + (_u16(section, 10) & 0x0FFF)
    while at + 5 <= len(section) - 4:
        streams[_u16(section, at + 1) & 0x1FFF] = section[at]
        at += 5 + (_u16(section, at + 3) & 0x0FFF)
    return Pmt(_u16(section, 3), _u16(section, 8) & 0x1FFF, streams)


def parse_sdt(section: bytes) -> Sdt:
    services: list[Service] = []
    at = 11
    while at + 5 <= len(section) - 4:
        end = at + 5 + (_u16(section, at + 3) & 0x0FFF)
        services.append(_service(_u16(section, at), section[at + 5 : end]))
        at = end
    return Sdt(_u16(section, 3), _u16(section, 8), tuple(services))


def _service(number: int, descriptors: bytes) -> Service:
    at = 0
    while at + 2 <= len(descriptors):
        tag, body = descriptors[at], descriptors[at + 2 : at + 2 + descriptors[at + 1]]
        if tag == 0x48 and len(body) >= 3:
            provider = body[2 : 2 + body[1]]
            name = body[3 + body[1] : 3 + body[1] + body[2 + body[1]]]
            return Service(number, body[0], dvb_text(name), dvb_text(provider))
        at += 2 + descriptors[at + 1]
    return Service(number, 0, "", "")


def dvb_text(raw: bytes) -> str:
    """DVB text in the encodings that Polish stations use: UTF-8 (0x15), ISO 8859 tables, plain Latin."""
    if not raw:
        return ""
    first = raw[0]
    if first >= 0x20:
        return raw.decode("latin-1", "replace")  # ISO 6937, whose letters without accents are the same
    if first == 0x15:
        return raw[1:].decode("utf-8", "replace")
    if first == 0x10 and len(raw) >= 3:
        return _decoded(raw[3:], f"iso8859-{raw[2]}")
    if first <= 0x0B:
        return _decoded(raw[1:], f"iso8859-{first + 4}")
    if first == 0x11:
        return raw[1:].decode("utf-16-be", "replace")
    return raw[1:].decode("latin-1", "replace")


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding, "replace")
    except LookupError:  # a part of ISO 8859 that does not exist
        return raw.decode("latin-1")


def _u16(data: bytes, at: int) -> int:
    if at + 2 > len(data):
        raise ValueError("section cut short")
    return data[at] << 8 | data[at + 1]


STREAM_TYPES = {
    0x01: "mpeg1video",
    0x02: "mpeg2video",
    0x03: "mp2",
    0x04: "mp2",
    0x06: "private",
    0x0F: "aac",
    0x11: "aac-latm",
    0x1B: "h264",
    0x24: "hevc",
    0x81: "ac3",
}
VIDEO_TYPES = frozenset({0x01, 0x02, 0x1B, 0x24})
AUDIO_TYPES = frozenset({0x03, 0x04, 0x0F, 0x11, 0x81})
