"""The transport stream as it leaves: the encoder's packets, and our own where the encoder has none to give.

The wire runs at one rate and never stops, so each packet has a slot, and a slot's number is a time: every PCR is
the slot's. The encoder's own PCRs only tell by how many slots its packets come late (the debt) or early. What
comes early waits; where the encoder is late or dead, slots are filled with null packets, repeated PAT, PMT, SDT
and NIT, and PCR packets, and the debt is paid back by leaving out the encoder's null packets later. What would
come too late to be decoded is left out (`cable_gate`). So PCR, tables and continuity counters never break, an
outage leaves no lasting delay, and another encoder may take over in the middle (`splice`).
"""

from dataclasses import dataclass

from pipeline.hub.cable_gate import Gate
from pipeline.media import psi
from pipeline.media import transport as ts

_TABLE_PIDS = (ts.PAT_PID, ts.SDT_PID, ts.NIT_PID)
_PCR_EVERY_S = 0.02
_PCR_LATEST_S = 0.03
_REPEAT_S = {ts.PAT_PID: 0.09, ts.SDT_PID: 1.0, ts.NIT_PID: 0.5}
_REPEAT_PMT_S = 0.09
_ROOM_SHARE = 0.65  # of the mux delay, that a first picture needs before its decoding
_PACKET_BITS = ts.PACKET * 8
_PCR_BYTE = 11  # a PCR tells the time of its own last byte


@dataclass(slots=True)
class _Table:
    """A table that is repeated: its packets as last seen, the last counter sent, and the slot it was sent in."""

    every: int
    packets: list[bytes]
    counter: int = 15
    slot: int = 0


class Elastic:
    """Gives every slot of the wire its packet. Not for two threads.

    `rate` is the mux rate in bits a second, `delay_s` how long before decoding the encoder sends at most.
    """

    def __init__(self, rate: int, *, delay_s: float = 0.7) -> None:
        self.rate = rate
        self.slots = 0
        self.debt = 0  # slots; negative: the encoder is early
        self.filled = 0
        self.pictures = 0
        self.gates: dict[int, Gate] = {}
        self._room = int(delay_s * _ROOM_SHARE * ts.PTS_HZ)
        self._shift = 0  # from the encoder's time to the wire's, ticks of 90 kHz
        self._copied = False
        self._joining = False  # a new encoder's packets before its first clock are left out
        self._pmt_pid: int | None = None
        self._pcr_pid: int | None = None
        self._zero: int | None = None  # the clock at slot 0
        self._announce = False
        self._pcr_slot = 0  # of the last PCR
        self._counters: dict[int, int] = {}
        self._tables: dict[int, _Table] = {}
        self._waiting: list[bytes] = []

    def splice(self, shift: int, *, copied: bool) -> None:
        """What is put from now on comes from another encoder, whose time is `shift` ticks before the wire's.

        `copied`: it hands on the very pictures that its predecessor did.
        """
        self._shift, self._joining, self._copied = shift, self._zero is not None, copied
        for pid, gate in self.gates.items():
            gate.close(copied=copied and pid == self._pcr_pid)

    def skip(self, slots: int) -> None:
        """So many slots have passed in which nothing could be sent: the clock has gone on all the same."""
        self.slots += slots
        self.debt += slots
        self._announce = self._zero is not None

    def clock(self) -> int | None:
        """The wire's clock at the next slot, ticks of 27 MHz; None before the encoder's first."""
        if self._zero is None:
            return None
        return (self._zero + self._ticks(self.slots)) % ts.PCR_WRAP

    def put(self, packet: bytes) -> bytes | None:
        """The encoder's next packet as it takes the next slot; None: it was left out."""
        pid = (packet[1] & 0x1F) << 8 | packet[2]
        if packet[3] & 0x20 and (pcr := ts.pcr_of(packet)) is not None:
            packet = self._clocked(pid, packet, pcr)
        if self._joining:
            return None
        if pid == ts.NULL_PID:
            return self._taken(ts.NULL_PACKET if self.debt <= 0 else None)
        if pid in _TABLE_PIDS or pid == self._pmt_pid:
            return self._taken(self._table(pid, packet))
        return self._taken(self._elementary(pid, packet))

    def overdue(self) -> bool:
        """Whether a packet of our own has to go before the encoder's next: the encoder is early, or a table or a
        clock that it would have brought comes later by the debt (or was left out)."""
        if self._waiting or self.debt < 0 or self._announce:
            return True
        if self._zero is not None and self.slots - self._pcr_slot >= self._slots_in(_PCR_LATEST_S):
            return True
        return self.debt > 0 and self._table_due() is not None

    def fill(self) -> bytes:
        """A packet of our own for the next slot, because the encoder has none."""
        packet = self._due()
        self.slots += 1
        self.debt += 1
        self.filled += 1
        return packet

    def _taken(self, packet: bytes | None) -> bytes | None:
        """Count the slot; a packet that was left out pays the debt, else its slot gets one of ours."""
        if packet is None:
            if self.debt > 0:
                self.debt -= 1
                return None
            packet = self._due()
        self.slots += 1
        return packet

    def _slots_in(self, seconds: float) -> int:
        return max(1, int(seconds * self.rate / _PACKET_BITS))

    def _ticks(self, slots: int) -> int:
        """Ticks of 27 MHz up to a slot's clock."""
        return ((slots * ts.PACKET + _PCR_BYTE) * 8 * ts.PCR_HZ + self.rate // 2) // self.rate

    def _pcr_due(self) -> bool:
        return self.slots - self._pcr_slot >= self._slots_in(_PCR_EVERY_S)

    def _clocked(self, pid: int, packet: bytes, pcr: int) -> bytes:
        """Learn from the encoder's clock how late it is, and give the packet the slot's."""
        pcr = (pcr + self._shift * 300) % ts.PCR_WRAP
        if self._zero is None:
            self._pcr_pid = pid
            self._zero = (pcr - self._ticks(self.slots)) % ts.PCR_WRAP
        now = (self._zero + self._ticks(self.slots)) % ts.PCR_WRAP
        off = ts.clock_step(pcr, now, ts.PCR_WRAP)
        self.debt = round(off * self.rate / (_PACKET_BITS * ts.PCR_HZ))
        self._joining = False
        return packet if pcr == now and not self._shift else ts.with_pcr(packet, now)

    def _elementary(self, pid: int, packet: bytes) -> bytes | None:
        gate = self.gates.get(pid)
        if gate is None:
            gate = self.gates[pid] = Gate()
        if packet[1] & 0x40:
            packet = ts.moved(packet, self._shift) if self._shift else packet
            now = self.clock()
            gate.unit(packet, None if now is None else now // 300, self._room if pid == self._pcr_pid else 0)
            self.pictures += gate.passing and pid == self._pcr_pid  # the clock travels with the picture
        payload, clocked = packet[3] & 0x10, ts.pcr_of(packet) is not None
        if payload and not gate.passing:
            return None
        if clocked:
            if not payload and self.debt > 0 and not self._pcr_due():
                return None
            self._pcr_slot = self.slots
        counter = self._counters.get(pid)
        counter = packet[3] & 0x0F if counter is None else counter + (1 if payload else 0) & 0x0F
        self._counters[pid] = counter
        return packet if packet[3] & 0x0F == counter else ts.with_counter(packet, counter)

    def _table(self, pid: int, packet: bytes) -> bytes | None:
        seconds = _REPEAT_S.get(pid, _REPEAT_PMT_S)
        table = self._tables.setdefault(pid, _Table(self._slots_in(seconds), []))
        if ts.begins_unit(packet):
            recent = self.slots - table.slot < table.every // 10
            if self.debt > 0 and recent and len(table.packets) == 1:
                return None
            table.packets.clear()
            table.slot = self.slots
            if pid == ts.PAT_PID:
                self._read_pat(packet)
        if len(table.packets) < 8:  # a section has at most 1024 bytes
            table.packets.append(packet)
        table.counter = (table.counter + 1) & 0x0F
        return ts.with_counter(packet, table.counter)

    def _read_pat(self, packet: bytes) -> None:
        for section in psi.Sections().feed(packet):
            if psi.crc32(section) == 0:
                self._pmt_pid = next(iter(psi.parse_pat(section).programmes.values()), None)

    def _due(self) -> bytes:
        """What an own packet has to be here: a waiting part of a table, a clock, a table, or nothing."""
        if not self._waiting:
            now = self.clock()
            if now is not None and self._pcr_pid is not None and (self._announce or self._pcr_due()):
                announce, self._announce, self._pcr_slot = self._announce, False, self.slots
                counter = self._counters.get(self._pcr_pid, 0)
                return ts.pcr_packet(self._pcr_pid, now, counter, announce=announce)
            table = self._table_due()
            if table is not None:
                table.slot = self.slots
                for part in table.packets:
                    table.counter = (table.counter + 1) & 0x0F
                    self._waiting.append(ts.with_counter(part, table.counter))
        return self._waiting.pop(0) if self._waiting else ts.NULL_PACKET

    def _table_due(self) -> _Table | None:
        for table in self._tables.values():
            if table.packets and self.slots - table.slot >= table.every:
                return table
        return None
