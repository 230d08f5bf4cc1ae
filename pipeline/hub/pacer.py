"""The pacer: takes a constant-bitrate transport stream in bursts and lets it out by the clock, byte by byte.

It owns the wire. The clock is the byte position: datagram n leaves at its place in time, whatever the encoder
does. Before the first one it waits for a prebuffer, which must be longer than the slate needs to step in, or
another encoder to take over. The rate follows the encoder's by a few millionths only, so that receivers that lock
to the PCR are not disturbed. Where this machine stood still, the clock goes on as if the packets of that time had
been lost: nothing is late for ever.
"""

import logging
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from pipeline.clock import Clock
from pipeline.hub.cable_buffer import LastUnit, PacketBuffer, Splice
from pipeline.hub.elastic import Elastic
from pipeline.media.transport import PACKET

log = logging.getLogger(__name__)

PACKETS_A_DATAGRAM = 7
DATAGRAM = PACKETS_A_DATAGRAM * PACKET
_QUANTUM_US = 2000  # do not wake more often than this
_LATE_US = 200_000  # what is overdue for longer is not sent any more
_NEAR = 25e-6  # how far the rate may follow the encoder's
_FAR = 200e-6  # the same when the buffer is about to run empty or full
_LEVEL_SHARE = 0.002  # how much one wake counts in the buffer's average


@dataclass(slots=True)
class PacerState:
    """What the pacer has done. `delay_ms` is the buffer's content in time; `filled` counts packets of our own,
    `late` units that came too late to be decoded, `stalls` the times that this machine stood still."""

    datagrams: int = 0
    pictures: int = 0
    underruns: int = 0
    filled: int = 0
    late: int = 0
    stalls: int = 0
    delay_ms: int = 0
    correction_ppm: float = 0.0
    last_send_us: int = 0


class Pacer:
    """One wire. `send` gets each datagram (1316 bytes) and the time in microseconds that it belongs to.

    `delay_s` is the encoder's mux delay, see `Elastic`. `dress` may change a packet that is about to leave; it gets
    the wire's clock (90 kHz) with it. One thread runs it, another feeds it.
    """

    def __init__(
        self,
        send: Callable[[bytes, int], None],
        *,
        rate: int,
        clock: Clock,
        prebuffer_s: float = 1.2,
        capacity_s: float = 6.0,
        delay_s: float = 0.7,
        dress: Callable[[bytes, int | None], bytes] | None = None,
    ) -> None:
        self._send = send
        self._rate = rate
        self._clock = clock
        self._prebuffer = int(rate / 8 * prebuffer_s) // PACKET * PACKET
        self._capacity = int(rate / 8 * capacity_s)
        self._held = PacketBuffer()
        self._room = threading.Condition()
        self._ended = False
        self._taken: list[bytes] = []  # the next packets, last one first
        self._stream = Elastic(rate, delay_s=delay_s)
        self._dress = dress
        self._average = 0.0
        self._target = 0.0
        self._dry = False
        self.state = PacerState()
        self.started = threading.Event()

    def feed(self, data: bytes, stop: threading.Event) -> None:
        """Hand over bytes of the stream; waits while the buffer is full (up to `stop`)."""
        with self._room:
            while self._held.size + len(data) > self._capacity and not stop.is_set() and self._held.size:
                self._room.wait(0.2)
            self._held.add(data)

    def cut(self, pids: Collection[int]) -> Mapping[int, LastUnit]:
        """The encoder has died: what it left unfinished is not sent. See `PacketBuffer.cut`."""
        with self._room:
            return self._held.cut(pids)

    def splice(self, splice: Splice) -> None:
        """What is fed from now on comes from another encoder."""
        with self._room:
            self._held.splice(splice)

    @property
    def sent(self) -> Mapping[int, LastUnit]:
        """The last unit of each stream that went out, in the wire's time."""
        gates = dict(self._stream.gates)
        return {pid: LastUnit(gate.sent_pts, gate.sent_bytes) for pid, gate in gates.items() if gate.sent_pts}

    @property
    def clock_90k(self) -> int | None:
        """The wire's clock now, ticks of 90 kHz; None before the encoder's first."""
        now = self._stream.clock()
        return None if now is None else now // 300

    def end(self) -> None:
        """Nothing more will come: what is held is sent, then `run` returns."""
        with self._room:
            self._ended = True

    def run(self, stop: threading.Event) -> None:
        """Send until the end or `stop`. What `send` raises comes out of here."""
        if not self._wait_for_prebuffer(stop):
            return
        step_us = DATAGRAM * 8 * 1e6 / self._rate
        due = float(self._clock.monotonic_us())
        self._target = self._average = float(self._held.size)
        log.info("pacer begins with %d ms held", self._held_ms())
        while not stop.is_set():
            now = self._clock.monotonic_us()
            if due > now:
                self._clock.wait(stop, max(due - now, _QUANTUM_US) / 1e6)
                now = self._clock.monotonic_us()
            if now - due > _LATE_US:
                due = self._after_a_stall(due, now, step_us)
            correction = self._correction()
            while due <= now:
                datagram = self._next_datagram()
                if datagram is None:
                    return
                self._send(datagram, int(due))
                self.state.datagrams += 1
                self.state.last_send_us = now
                self.started.set()
                due += step_us * (1 - correction)

    def _after_a_stall(self, due: float, now: int, step_us: float) -> float:
        """When to go on, now that the machine stood still: the datagrams of that time count as lost."""
        lost = int((now - due) / step_us)
        self._stream.skip(lost * PACKETS_A_DATAGRAM)
        self.state.stalls += 1
        log.warning("this machine stood still for %d ms", (now - due) // 1000)
        return due + lost * step_us

    def _wait_for_prebuffer(self, stop: threading.Event) -> bool:
        while not stop.is_set():
            with self._room:
                if self._held.size >= self._prebuffer or self._ended:
                    return bool(self._held.size)
            self._clock.wait(stop, 0.01)
        return False

    def _next_datagram(self) -> bytes | None:
        """Seven packets; own ones where the encoder is early or late; None when all has been sent."""
        out: list[bytes] = []
        while len(out) < PACKETS_A_DATAGRAM:
            if self._stream.overdue():
                out.append(self._dressed(self._stream.fill()))
                continue
            if not self._taken:
                ended = self._take()
                if not self._taken:
                    if ended and not out:
                        return None
                    self._run_dry(ended=ended)
                    out.append(self._dressed(self._stream.fill()))
                    continue
                self._dry = False
            packet = self._stream.put(self._taken.pop())
            if packet is not None:
                out.append(self._dressed(packet))
        self.state.filled = self._stream.filled
        self.state.pictures = self._stream.pictures
        self.state.late = sum(gate.late for gate in self._stream.gates.values())
        return b"".join(out)

    def _dressed(self, packet: bytes) -> bytes:
        return packet if self._dress is None else self._dress(packet, self.clock_90k)

    def _take(self) -> bool:
        """Take the next packets out of the buffer; whether no more will ever come."""
        with self._room:
            while isinstance(taken := self._held.take(PACKETS_A_DATAGRAM), Splice):
                self._stream.splice(taken.shift, copied=taken.copied)
            self._room.notify()
            data = taken or b""
            self._taken = [data[at : at + PACKET] for at in range(len(data) - PACKET, -1, -PACKET)]
            return self._ended

    def _run_dry(self, *, ended: bool) -> None:
        if not self._dry and not ended:
            self._dry = True
            self.state.underruns += 1
            log.warning("the encoder is late: the wire goes on with packets of our own")

    def _held_ms(self) -> int:
        return int(self._held.size * 8000 / self._rate)

    def _correction(self) -> float:
        """How much faster than nominal to send, from the buffer's slow average."""
        level = self._held.size
        self._average += (level - self._average) * _LEVEL_SHARE
        self.state.delay_ms = self._held_ms()
        if not self._target:
            return 0.0
        off = (self._average - self._target) / self._target
        bound = _NEAR if abs(off) < 0.5 else _FAR
        correction = max(-bound, min(bound, off * 1e-4))
        self.state.correction_ppm = correction * 1e6
        return correction
