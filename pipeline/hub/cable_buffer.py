"""The pacer's buffer: whole transport packets that wait for their time, and where another encoder's begin."""

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pipeline.media import transport as ts


@dataclass(frozen=True, slots=True)
class Splice:
    """From here on another encoder speaks; see `Elastic.splice`."""

    shift: int
    copied: bool


@dataclass(slots=True)
class LastUnit:
    """The last whole unit of a stream: its highest PTS (ticks of 90 kHz, the encoder's) and its size in bytes."""

    pts: int
    size: int


class PacketBuffer:
    """Not for two threads: the pacer holds its lock. `size` is in bytes."""

    def __init__(self) -> None:
        self._chunks: deque[bytes | Splice] = deque()
        self._at = 0  # in the first chunk
        self._rest = b""
        self.size = 0

    def add(self, data: bytes) -> None:
        """Take bytes of the stream; the beginning of a packet waits for its end."""
        data = self._rest + data if self._rest else data
        whole = len(data) // ts.PACKET * ts.PACKET
        self._rest = data[whole:]
        if whole:
            self._chunks.append(data[:whole])
            self.size += whole

    def splice(self, splice: Splice) -> None:
        """What is added from now on is another encoder's."""
        self._rest = b""
        self._chunks.append(splice)

    def take(self, most: int) -> bytes | Splice | None:
        """Up to so many packets, or the mark that stands before them; None where nothing waits."""
        if not self._chunks:
            return None
        first = self._chunks[0]
        if isinstance(first, Splice):
            self._chunks.popleft()
            return first
        out = first[self._at : self._at + most * ts.PACKET]
        self._at += len(out)
        self.size -= len(out)
        if self._at >= len(first):
            self._chunks.popleft()
            self._at = 0
        return out

    def cut(self, pids: Collection[int]) -> Mapping[int, LastUnit]:
        """The encoder has died in the middle of its words: what it began and did not end becomes null packets.

        Units of the streams `pids` that wait whole since the last splice are told by their PID.
        """
        self._rest = b""
        tail: deque[bytes] = deque()
        while self._chunks and not isinstance(self._chunks[-1], Splice):
            chunk = self._chunks.pop()
            if not isinstance(chunk, Splice):
                tail.appendleft(chunk if self._chunks else chunk[self._at :])
        if not self._chunks:
            self._at = 0
        data = bytearray().join(tail)
        whole: dict[int, LastUnit] = {}
        open_ends = set(pids)
        for at in range(len(data) - ts.PACKET, -1, -ts.PACKET):
            pid = (data[at + 1] & 0x1F) << 8 | data[at + 2]
            if pid not in pids:
                continue
            begins = data[at + 1] & 0x40
            if pid in open_ends:
                data[at : at + ts.PACKET] = ts.NULL_PACKET
                if begins:
                    open_ends.discard(pid)
            elif begins:
                _note(whole, pid, bytes(data[at : at + ts.PACKET]))
        if data:
            self._chunks.append(bytes(data))
        return whole


def _note(whole: dict[int, LastUnit], pid: int, packet: bytes) -> None:
    """Walking backwards: the first unit seen of a PID gives the size, the highest PTS wins."""
    payload = packet[ts.payload_start(packet) :]
    pts, _ = ts.pts_dts_of(payload)
    if pts is None:
        return
    if pid not in whole:
        whole[pid] = LastUnit(pts, ts.pes_size(payload))
    elif ts.clock_step(whole[pid].pts, pts, ts.PTS_WRAP) > 0:
        whole[pid].pts = pts
