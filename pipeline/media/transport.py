"""MPEG-TS packets (ISO/IEC 13818-1): their header fields, clocks, and the few packets that we make ourselves.

Clocks are integers: PCR in ticks of 27 MHz, PTS and DTS in ticks of 90 kHz; both wrap after 26.5 hours.
Functions that take a packet expect its 188 bytes, beginning with the sync byte; they check nothing else.
"""

PACKET = 188
SYNC = 0x47
NULL_PID = 0x1FFF
PAT_PID = 0x0000
CAT_PID = 0x0001
NIT_PID = 0x0010
SDT_PID = 0x0011

PCR_HZ = 27_000_000
PCR_WRAP = (1 << 33) * 300
PTS_HZ = 90_000
PTS_WRAP = 1 << 33

_VIDEO_STREAM_IDS = range(0xE0, 0xF0)


def pid_of(packet: bytes) -> int:
    return (packet[1] & 0x1F) << 8 | packet[2]


def counter_of(packet: bytes) -> int:
    """The continuity counter, 0 to 15."""
    return packet[3] & 0x0F


def begins_unit(packet: bytes) -> bool:
    """Whether a PES packet or a section begins in it (payload_unit_start_indicator)."""
    return bool(packet[1] & 0x40)


def has_payload(packet: bytes) -> bool:
    return bool(packet[3] & 0x10)


def payload_start(packet: bytes) -> int:
    """Where the payload begins; 188 where there is none (or where the adaptation field claims it all)."""
    if not packet[3] & 0x10:
        return PACKET
    if packet[3] & 0x20:
        return min(PACKET, 5 + packet[4])
    return 4


def discontinuity(packet: bytes) -> bool:
    """Whether the packet announces a break of counters or clock (discontinuity_indicator)."""
    return bool(packet[3] & 0x20 and packet[4] and packet[5] & 0x80)


def random_access(packet: bytes) -> bool:
    """Whether decoding may begin here (random_access_indicator)."""
    return bool(packet[3] & 0x20 and packet[4] and packet[5] & 0x40)


def pcr_of(packet: bytes) -> int | None:
    """The programme clock reference in ticks of 27 MHz, or None."""
    if not packet[3] & 0x20 or packet[4] < 7 or not packet[5] & 0x10:
        return None
    base = int.from_bytes(packet[6:10], "big") << 1 | packet[10] >> 7
    return base * 300 + ((packet[10] & 1) << 8 | packet[11])


def _pcr_bytes(pcr: int) -> bytes:
    base, extension = divmod(pcr % PCR_WRAP, 300)
    return (base << 15 | 0x3F << 9 | extension).to_bytes(6, "big")


def with_pcr(packet: bytes, pcr: int) -> bytes:
    """The same packet with another PCR; it must carry one already."""
    return packet[:6] + _pcr_bytes(pcr) + packet[12:]


def with_counter(packet: bytes, counter: int) -> bytes:
    return packet[:3] + bytes((packet[3] & 0xF0 | counter & 0x0F,)) + packet[4:]


def pcr_packet(pid: int, pcr: int, counter: int, *, announce: bool = False) -> bytes:
    """A packet with a PCR and nothing else; `counter` is the last one of the PID (it does not advance).

    `announce`: the clock jumps here (discontinuity_indicator).
    """
    head = bytes((SYNC, pid >> 8, pid & 0xFF, 0x20 | counter & 0x0F, 183, 0x90 if announce else 0x10))
    return head + _pcr_bytes(pcr) + b"\xff" * (PACKET - 12)


NULL_PACKET = bytes((SYNC, 0x1F, 0xFF, 0x10)) + b"\xff" * (PACKET - 4)


def pts_dts_of(payload: bytes) -> tuple[int | None, int | None]:
    """PTS and DTS at the head of a PES packet in ticks of 90 kHz; DTS equals PTS where only that is given."""
    if len(payload) < 14 or payload[:3] != b"\x00\x00\x01" or payload[6] & 0xC0 != 0x80:
        return None, None
    flags = payload[7] >> 6
    if not flags & 0b10:
        return None, None
    pts = _timestamp(payload[9:14])
    if flags == 0b11 and len(payload) >= 19:
        return pts, _timestamp(payload[14:19])
    return pts, pts


def _timestamp(five: bytes) -> int:
    return (five[0] >> 1 & 7) << 30 | five[1] << 22 | (five[2] >> 1) << 15 | five[3] << 7 | five[4] >> 1


def moved(packet: bytes, by: int) -> bytes:
    """A packet in which a PES packet begins, with its PTS and DTS moved by ticks of 90 kHz."""
    start = payload_start(packet)
    pts, dts = pts_dts_of(packet[start:])
    if pts is None or dts is None or not by:
        return packet
    both = packet[start + 7] >> 6 == 0b11
    at = start + 9
    out = packet[:at] + timestamp_bytes(pts + by, 0b0011 if both else 0b0010)
    if both:
        out += timestamp_bytes(dts + by, 0b0001)
    return out + packet[len(out) :]


def timestamp_bytes(ticks: int, mark: int) -> bytes:
    """The five bytes of a PTS or DTS; `mark` are the four bits before it (2 a PTS alone, 3 and 1 for both)."""
    ticks %= PTS_WRAP
    high = mark << 4 | ticks >> 29 & 0x0E | 1
    return bytes((high, ticks >> 22 & 0xFF, ticks >> 14 & 0xFE | 1, ticks >> 7 & 0xFF, ticks << 1 & 0xFE | 1))


def is_video(payload: bytes) -> bool:
    """Whether a PES packet that begins here says that it is video."""
    return len(payload) > 3 and payload[3] in _VIDEO_STREAM_IDS


def clock_step(before: int, after: int, wrap: int) -> int:
    """How far a wrapping clock went from `before` to `after`, signed: the shorter way round."""
    step = (after - before) % wrap
    return step - wrap if step > wrap // 2 else step


def pes_size(payload: bytes) -> int:
    """How many bytes a PES packet that begins here carries after its header; 0 where it does not say."""
    if len(payload) < 9 or payload[:3] != b"\x00\x00\x01":
        return 0
    return max(0, (payload[4] << 8 | payload[5]) - 3 - payload[8])
