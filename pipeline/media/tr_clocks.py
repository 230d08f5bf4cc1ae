"""The clocks' part of the TR 101 290 check: PCR interval, jump, accuracy and constant rate; PTS against PCR."""

import itertools
from collections import deque

from pipeline.media import transport as ts
from pipeline.media.tr_findings import Findings, Limits

_MOST_UNITS = 1000  # of one stream that wait: a decode time far off must not fill the memory


def learned_rate(pcrs: list[tuple[int, int]]) -> float | None:
    """Bits a second from (packet number, PCR) pairs, by the middle half of the slopes; None where none goes up."""
    steps = [
        (number - before, ts.clock_step(pcr_before, pcr, ts.PCR_WRAP))
        for (before, pcr_before), (number, pcr) in itertools.pairwise(pcrs)
    ]
    slopes = sorted(((packets / ticks, packets, ticks) for packets, ticks in steps if packets > 0 and ticks > 0))
    middle = slopes[len(slopes) // 4 : len(slopes) - len(slopes) // 4]
    if not middle:
        return None
    return sum(m[1] for m in middle) * ts.PACKET * 8 * ts.PCR_HZ / sum(m[2] for m in middle)


class PcrCheck:
    """Judges each PCR against the one before it and against the bytes between the two."""

    def __init__(self, findings: Findings, limits: Limits) -> None:
        self._found, self._limits = findings, limits
        self._last: tuple[int, int] | None = None
        self._damaged = False
        self._overdue = False

    def damaged(self) -> None:
        """Bytes were lost since the last PCR: positions do not tell the time up to the next one."""
        self._damaged = True

    def at(self, packet: int, rate: float) -> int | None:
        """The clock at a packet, carried on from the last PCR; None before the first."""
        if self._last is None or not rate:
            return None
        number, pcr = self._last
        return (pcr + round((packet - number) * ts.PACKET * 8 * ts.PCR_HZ / rate)) % ts.PCR_WRAP

    def seen(self, pcr: int, packet: int, rate: float, *, announced: bool) -> None:
        last, self._last = self._last, (packet, pcr)
        damaged, self._damaged = self._damaged, False
        overdue, self._overdue = self._overdue, False
        if last is None or announced:
            return
        found, limits = self._found, self._limits
        step = ts.clock_step(last[1], pcr, ts.PCR_WRAP)
        step_ms = step * 1000 / ts.PCR_HZ
        now = packet * ts.PACKET * 8 / (rate or 1e6)
        gap_ms = (packet - last[0]) * ts.PACKET * 8000 / rate if rate else step_ms
        found.longest("PCR", gap_ms)
        if gap_ms > limits.pcr and not overdue:
            found.note("PCR_repetition_error", now, f"{gap_ms:.1f} ms")
        if not 0 <= step_ms <= limits.pcr_jump:
            found.note("PCR_discontinuity_indicator_error", now, f"{step_ms:.1f} ms")
            return
        if damaged or not rate:
            return
        expected = (packet - last[0]) * ts.PACKET * 8 * ts.PCR_HZ / rate
        error_ns = (step - expected) * 1e9 / ts.PCR_HZ
        found.pcr_accuracy_ns = max(found.pcr_accuracy_ns, abs(error_ns))
        if abs(error_ns) > limits.pcr_accuracy_ns:
            found.note("PCR_accuracy_error", now, f"{error_ns:.0f} ns")
        if step > 0:
            # One tick of rounding at each end is no fault of the rate.
            off = max(0.0, abs(step - expected) - 1.0) / step * 1e6
            found.rate_error_ppm = max(found.rate_error_ppm, off)
            found.constant = found.rate_error_ppm <= limits.rate_ppm

    def check_absent(self, packet: int, rate: float) -> None:
        """Say once that the clock has stayed away."""
        if self._overdue or not rate:
            return
        gap_ms = (packet - (self._last[0] if self._last else 0)) * ts.PACKET * 8000 / rate
        if gap_ms > self._limits.pcr * 2:
            self._overdue = True
            self._found.note("PCR_repetition_error", packet * ts.PACKET * 8 / rate, f"none for {gap_ms:.1f} ms")


class PtsCheck:
    """Judges one stream's timestamps: the jump between two, and whether data come before they are decoded.

    The owner counts the stream's packets in `packets` and keeps the number of the last one in `last_packet`.
    """

    def __init__(self, findings: Findings, limits: Limits, pid: int) -> None:
        self._found, self._limits, self._pid = findings, limits, pid
        self._highest: int | None = None
        self.packets = 0
        self.last_packet = 0
        self._begun: int | None = None  # DTS of the unit that is arriving
        self._waiting: deque[tuple[int, int]] = deque()  # DTS and bytes of units that are not decoded yet
        self._held = 0

    def ended(self, pcr: int | None, now: float) -> None:
        """The unit before has arrived as a whole, at the clock `pcr`: in time? And what waits with it?"""
        size, self.packets = self.packets * (ts.PACKET - 4), 0
        dts, self._begun = self._begun, None
        if dts is None or pcr is None:
            return
        found, clock = self._found, pcr // 300
        margin = ts.clock_step(clock, dts, ts.PTS_WRAP) / 90
        if found.whole_margin_ms is None or margin < found.whole_margin_ms:
            found.whole_margin_ms = margin
        if margin < 0:
            found.note("Buffer_error", now, f"PID {self._pid}: its end {-margin:.0f} ms too late")
        self._waiting.append((dts, size))
        self._held += size
        while len(self._waiting) > _MOST_UNITS or (
            self._waiting and ts.clock_step(clock, self._waiting[0][0], ts.PTS_WRAP) <= 0
        ):
            self._held -= self._waiting.popleft()[1]
        found.buffer_bytes = max(found.buffer_bytes, self._held)

    def seen(self, pts: int, dts: int, pcr: int | None, now: float) -> None:
        found = self._found
        if self._highest is not None:
            step = ts.clock_step(self._highest, pts, ts.PTS_WRAP)
            found.pts_step_ms = max(found.pts_step_ms, step / 90)
            if step > 0:
                self._highest = pts
        else:
            self._highest = pts
        self._begun = dts
        if pcr is None:
            return
        margin = ts.clock_step(pcr // 300, dts, ts.PTS_WRAP) / 90
        if found.decode_margin_ms is None or margin < found.decode_margin_ms:
            found.decode_margin_ms = margin
        if margin < 0:
            found.note("Buffer_error", now, f"PID {self._pid}: {-margin:.0f} ms too late")
