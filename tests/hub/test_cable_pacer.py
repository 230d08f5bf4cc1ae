"""The pacer on a clock of the test's own: places in time, prebuffer, late encoders, the end."""

import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pipeline.hub.pacer import DATAGRAM, Pacer
from pipeline.media import transport as ts

RATE = 1_504_000  # a packet a millisecond
STEP_US = 7000


class SteppedClock:
    """Time that passes only by waiting; `at` runs something when it is reached."""

    def __init__(self) -> None:
        self.now_us = 1_000_000
        self.at: list[tuple[int, Callable[[], None]]] = []

    def utc(self) -> datetime:
        return datetime(2026, 11, 27, tzinfo=UTC)

    def monotonic_us(self) -> int:
        return self.now_us

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        self.now_us += round(seconds * 1e6)
        while self.at and self.at[0][0] <= self.now_us:
            self.at.pop(0)[1]()
        return stop.is_set()


def numbered(first: int, count: int) -> bytes:
    """Packets of PID 0x101 with their counters, every one with payload."""
    head = [bytes((0x47, 0x01, 0x01, 0x10 | (first + n) & 15)) for n in range(count)]
    return b"".join(h + (first + n).to_bytes(4, "big") * 46 for n, h in enumerate(head))


class Wire:
    def __init__(self, clock: SteppedClock) -> None:
        self.clock = clock
        self.sent: list[tuple[int, bytes]] = []

    def send(self, datagram: bytes, due_us: int) -> None:
        self.sent.append((self.clock.now_us, datagram))

    def numbers(self) -> list[int]:
        return [
            int.from_bytes(datagram[at + 4 : at + 8], "big")
            for _, datagram in self.sent
            for at in range(0, len(datagram), 188)
            if ts.pid_of(datagram[at : at + 188]) == 0x101
        ]


def pacer_of(clock: SteppedClock, wire: Wire) -> Pacer:
    return Pacer(wire.send, rate=RATE, clock=clock, prebuffer_s=1.0, capacity_s=6.0)


def test_every_datagram_leaves_at_its_place_in_time() -> None:
    clock, stop = SteppedClock(), threading.Event()
    wire = Wire(clock)
    pacer = pacer_of(clock, wire)
    pacer.feed(numbered(0, 2100), stop)
    pacer.end()
    pacer.run(stop)
    assert wire.numbers() == list(range(2100))
    assert {len(datagram) for _, datagram in wire.sent} == {DATAGRAM}
    begin = wire.sent[0][0]
    off = [at - begin - n * STEP_US for n, (at, _) in enumerate(wire.sent)]
    assert max(off) - min(off) <= 2500


def test_nothing_leaves_before_the_prebuffer_is_full() -> None:
    clock, stop = SteppedClock(), threading.Event()
    wire = Wire(clock)
    pacer = pacer_of(clock, wire)
    pacer.feed(numbered(0, 999), stop)
    clock.at = [(3_000_000, lambda: pacer.feed(numbered(999, 500), stop)), (4_000_000, pacer.end)]
    pacer.run(stop)
    assert wire.sent[0][0] >= 3_000_000
    assert wire.numbers() == list(range(1499))


def test_the_wire_goes_on_while_the_encoder_is_late() -> None:
    clock, stop = SteppedClock(), threading.Event()
    wire = Wire(clock)
    pacer = pacer_of(clock, wire)
    pacer.feed(numbered(0, 1400), stop)
    clock.at = [(5_000_000, lambda: (pacer.feed(numbered(1400, 700), stop), pacer.end()))]  # type: ignore[list-item]
    pacer.run(stop)
    gaps = [after - before for (before, _), (after, _) in itertools.pairwise(wire.sent)]
    assert max(gaps) < 12_000
    assert pacer.state.underruns == 1
    assert pacer.state.filled == pytest.approx(2600, rel=0.05)
    assert wire.numbers() == list(range(2100))


def test_after_a_sleep_of_the_machine_nothing_is_sent_in_a_burst() -> None:
    clock, stop = SteppedClock(), threading.Event()
    wire = Wire(clock)
    pacer = pacer_of(clock, wire)
    pacer.feed(numbered(0, 2800), stop)
    pacer.end()

    def sleep() -> None:
        clock.now_us += 1_000_000

    clock.at = [(2_000_000, sleep)]
    pacer.run(stop)
    assert pacer.state.stalls == 1
    moments = [at for at, _ in wire.sent]
    assert max(moments.count(moment) for moment in set(moments)) <= 3
    assert wire.numbers() == list(range(2800))


def test_a_full_buffer_makes_the_encoder_wait() -> None:
    clock, stop = SteppedClock(), threading.Event()
    pacer = pacer_of(clock, Wire(clock))
    pacer.feed(numbered(0, 5900), stop)
    blocked = threading.Thread(target=pacer.feed, args=(numbered(5900, 700), stop), daemon=True)
    blocked.start()
    blocked.join(0.3)
    assert blocked.is_alive()
    stop.set()
    blocked.join(3.0)
    assert not blocked.is_alive()


def test_what_sending_raises_comes_out() -> None:
    clock, stop = SteppedClock(), threading.Event()

    def broken(datagram: bytes, due_us: int) -> None:
        raise OSError("gone")

    pacer = Pacer(broken, rate=RATE, clock=clock)
    pacer.feed(numbered(0, 2000), stop)
    with pytest.raises(OSError, match="gone"):
        pacer.run(stop)


def test_the_rate_follows_by_millionths_only() -> None:
    """An encoder whose clock is 1 % fast fills the buffer; the wire's rate stays where receivers can follow."""
    clock, stop = SteppedClock(), threading.Event()
    wire = Wire(clock)
    pacer = pacer_of(clock, wire)
    pacer.feed(numbered(0, 1400), stop)
    made, due = 1400, 1_100_000
    corrections: list[float] = []

    def more() -> None:
        nonlocal made, due
        corrections.append(pacer.state.correction_ppm)
        pacer.feed(numbered(made, 101), stop)
        made += 101  # of 100 that leave
        if clock.now_us < 30_000_000:
            due += 100_000
            clock.at = [(due, more)]
        else:
            pacer.end()

    clock.at = [(due, more)]
    pacer.run(stop)
    assert 0 < corrections[-1] <= 200
    assert max(map(abs, corrections)) <= 200
    assert pacer.state.underruns == 0
    assert wire.numbers() == list(range(made))
