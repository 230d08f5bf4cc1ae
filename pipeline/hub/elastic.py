"""The transport stream as it leaves: the encoder's packets, and our own where the encoder has none to give.

The wire runs at one rate and never stops, so each packet has a slot, and a slot's number is a time. Where the
encoder is late, the slots are filled with null packets, repeated PAT, PMT, SDT and NIT, and PCR packets made for
the slot. What was filled in is a debt: it is paid back by leaving out the encoder's own null packets later, and
until then every PCR is moved to the slot that it leaves in. So PCR and slot agree always, continuity counters
never jump, and an outage leaves no lasting delay.

Left for the encoder's restart: `Elastic` takes counters and PCR of the tables as they come from one encoder;
a second one needs its elementary counters and timestamps moved as well.
"""

from dataclasses import dataclass

from pipeline.media import psi
from pipeline.media import transport as ts

_TABLE_PIDS = (ts.PAT_PID, ts.SDT_PID, ts.NIT_PID)
_PCR_EVERY_S = 0.02
_REPEAT_S = {ts.PAT_PID: 0.09, ts.SDT_PID: 1.0, ts.NIT_PID: 0.5}
_REPEAT_PMT_S = 0.09


@dataclass(slots=True)
class _Table:
    """A table that is repeated: its packets as last seen, the last counter sent, and the slot it was sent in."""

    every: int
    packets: list[bytes]
    counter: int = 15
    slot: int = 0


class Elastic:
    """Gives every slot of the wire its packet. `rate` is the mux rate in bits a second. Not for two threads."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.slots = 0
        self.debt = 0
        self.filled = 0
        self.pictures = 0
        self._pmt_pid: int | None = None
        self._pcr_pid: int | None = None
        self._pcr_counter = 0
        self._anchor: tuple[int, int] | None = None  # slot and value of the encoder's last PCR, the start of ours
        self._pcr_slot = 0  # of the last PCR, whosever
        self._tables: dict[int, _Table] = {}
        self._waiting: list[bytes] = []

    def put(self, packet: bytes) -> bytes | None:
        """The encoder's next packet as it takes the next slot; None: it was left out, to pay the debt back."""
        pid = (packet[1] & 0x1F) << 8 | packet[2]
        if pid == ts.NULL_PID:
            if self.debt:
                self.debt -= 1
                return None
        elif pid in _TABLE_PIDS or pid == self._pmt_pid:
            moved = self._table(pid, packet)
            if moved is None:
                return None
            packet = moved
        elif packet[3] & 0x20:
            moved = self._clocked(pid, packet)
            if moved is None:
                return None
            packet = moved
        elif pid == self._pcr_pid:
            self._pcr_counter = packet[3] & 0x0F
        if pid == self._pcr_pid and packet[1] & 0x40:  # the clock travels with the picture
            self.pictures += 1
        self.slots += 1
        return packet

    def overdue(self) -> bool:
        """Whether a table has to be sent before the encoder's next packet.

        After a stall the encoder's tables come later by the debt: without this, one that was last sent just before
        the stall would be missing for its own interval and the stall's length.
        """
        return bool(self._waiting) or (self.debt > 0 and self._table_due() is not None)

    def fill(self) -> bytes:
        """A packet of our own for the next slot, because the encoder has none."""
        packet = self._due()
        self.slots += 1
        self.debt += 1
        self.filled += 1
        return packet

    def _slots_in(self, seconds: float) -> int:
        return max(1, int(seconds * self.rate / (ts.PACKET * 8)))

    def _ticks(self, slots: int) -> int:
        """Ticks of 27 MHz that so many slots take."""
        return (slots * ts.PACKET * 8 * ts.PCR_HZ + self.rate // 2) // self.rate

    def _pcr_due(self) -> bool:
        return self.slots - self._pcr_slot >= self._slots_in(_PCR_EVERY_S)

    def _clocked(self, pid: int, packet: bytes) -> bytes | None:
        pcr = ts.pcr_of(packet)
        if pcr is not None:
            if self._pcr_pid is None:
                self._pcr_pid = pid
            alone = not packet[3] & 0x10
            if alone and self.debt and self._anchor and not self._pcr_due():
                self.debt -= 1
                return None
            if self.debt:
                pcr = (pcr + self._ticks(self.debt)) % ts.PCR_WRAP
                packet = ts.with_pcr(packet, pcr)
            self._anchor, self._pcr_slot = (self.slots, pcr), self.slots
        if pid == self._pcr_pid:
            self._pcr_counter = packet[3] & 0x0F
        return packet

    def _table(self, pid: int, packet: bytes) -> bytes | None:
        seconds = _REPEAT_S.get(pid, _REPEAT_PMT_S)
        table = self._tables.setdefault(pid, _Table(self._slots_in(seconds), []))
        if ts.begins_unit(packet):
            recent = self.slots - table.slot < table.every // 10
            if self.debt and recent and len(table.packets) == 1:
                self.debt -= 1
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
            if self._anchor is not None and self._pcr_pid is not None and self._pcr_due():
                slot, pcr = self._anchor
                self._pcr_slot = self.slots
                return ts.pcr_packet(self._pcr_pid, pcr + self._ticks(self.slots - slot), self._pcr_counter)
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
