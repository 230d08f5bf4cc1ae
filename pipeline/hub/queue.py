"""The bounded queue before a leg or the recording: whoever puts never waits, whoever is slow loses."""

import threading
from collections import deque

from pipeline.hub.packet import Packet

LEG_BYTES = 8 * 1024 * 1024
LEG_US = 10_000_000


class PacketQueue:
    """Packets for one reader. Beyond its bounds it is emptied, and goes on at the next keyframe.

    With `keep_sound` the pictures alone go at first, until half of the room is free again; the sound goes too
    only when twice the time is full. `dropped` counts the video frames that the reader will never see (once it
    has begun).
    """

    def __init__(self, most_bytes: int = LEG_BYTES, most_us: int = LEG_US, *, keep_sound: bool = False) -> None:
        self._most_bytes = most_bytes
        self._most_us = most_us
        self._keep_sound = keep_sound
        self._packets: deque[Packet] = deque()
        self._bytes = 0
        self._filled = threading.Condition()
        self._waits_for_key = True
        self._sound_alone = False
        self._begun = False
        self.dropped = 0

    def put(self, packet: Packet) -> None:
        with self._filled:
            if not self._takes(packet):
                self._count(packet)
                return
            self._packets.append(packet)
            self._bytes += len(packet.data)
            self._filled.notify()

    def get(self, timeout_s: float) -> Packet | None:
        """The oldest packet, or None when there was none in time."""
        with self._filled:
            if not self._packets:
                self._filled.wait(timeout_s)
            if not self._packets:
                return None
            packet = self._packets.popleft()
            self._bytes -= len(packet.data)
            return packet

    def restart(self) -> None:
        """Empty it; the reader begins anew at the next keyframe."""
        with self._filled:
            self._empty()

    def wake(self) -> None:
        """Let a waiting `get` return at once."""
        with self._filled:
            self._filled.notify_all()

    def __len__(self) -> int:
        return len(self._packets)

    def _takes(self, packet: Packet) -> bool:
        if self._sound_alone:
            if self._full(packet, 2 * self._most_us):
                self._empty()
            elif packet.kind == "audio":
                return True
            elif packet.starts and not self._full(packet, self._most_us // 2):
                self._sound_alone = False
                return True
            else:
                return False
        elif self._full(packet, self._most_us):
            if self._keep_sound:
                self._drop_pictures()
                return packet.kind == "audio"
            self._empty()
        if self._waits_for_key and not packet.starts:
            return False
        self._waits_for_key, self._begun = False, True
        return True

    def _full(self, packet: Packet, most_us: int) -> bool:
        if not self._packets:
            return False
        too_long = packet.dts_us - self._packets[0].dts_us > most_us
        return too_long or self._bytes + len(packet.data) > self._most_bytes

    def _empty(self) -> None:
        for packet in self._packets:
            self._count(packet)
        self._packets.clear()
        self._bytes = 0
        self._waits_for_key, self._sound_alone = True, False

    def _drop_pictures(self) -> None:
        kept = deque(packet for packet in self._packets if packet.kind == "audio")
        for packet in self._packets:
            self._count(packet)
        self._packets, self._bytes = kept, sum(len(packet.data) for packet in kept)
        self._sound_alone = True

    def _count(self, packet: Packet) -> None:
        self.dropped += self._begun and packet.kind == "video"
