"""The feed's own check: what an operator's monitoring would find in what leaves (TR 101 290, priority 1 and 2).

It sees every datagram, and costs about one per cent of a core at 5 Mb/s.
"""

from collections import Counter

from pipeline.media.tr101290 import Analyser
from pipeline.media.tr_findings import PRIORITY


class OwnCheck:
    """Feed it what has been sent, from one thread; `report` may be asked for by another."""

    def __init__(self, rate: int) -> None:
        self._analyser = Analyser(rate=rate)

    def feed(self, datagram: bytes) -> None:
        self._analyser.feed(datagram)

    def report(self) -> dict[str, object]:
        """Faults by priority and by name, and the buffer's margins: plain data, bounded in size.

        `margin_ms` is the least time between a unit's arrival as a whole and its decoding, `buffer_bytes` the most
        that a decoder had to hold of one stream.
        """
        found = self._analyser.findings
        faults = {name: fault.count for name, fault in found.errors.copy().items()}
        by_priority: Counter[int] = Counter()
        for name, count in faults.items():
            by_priority[PRIORITY[name]] += count
        margin = found.whole_margin_ms
        return {
            "priority_1": by_priority[1],
            "priority_2": by_priority[2],
            "faults": faults,
            "pcr_accuracy_ns": round(found.pcr_accuracy_ns),
            "margin_ms": None if margin is None else round(margin),
            "buffer_bytes": found.buffer_bytes,
            "null_percent": round(100 * found.null_packets / found.packets, 1) if found.packets else 0.0,
        }
