"""The state of the feed as people see it: waiting, on or lost; its size, rate, and who was refused and why."""

import threading
from typing import Literal

from pipeline.hub.meter import Meter
from pipeline.hub.packet import Format, Packet
from pipeline.hub.rtmp.faults import Rejection

State = Literal["waiting", "on", "lost"]
REFUSAL_US = 30_000_000


class Feed:
    """Told of every placed packet; `check` notices that no picture comes. Both return the word for the journal,
    if any. Sound alone is no feed: an encoder that hangs leaves it running.
    """

    def __init__(self, silent_after_us: int) -> None:
        self._silent_after_us = silent_after_us
        self._lock = threading.Lock()
        self._meter = Meter()
        self._state: State = "waiting"
        self._format: Format | None = None
        self._frames = 0
        self._last_us = 0
        self._key_us: int | None = None
        self._key_interval_us: int | None = None
        self._refusal: tuple[int, Rejection] | None = None

    @property
    def state(self) -> State:
        return self._state

    def packet(self, packet: Packet, now_us: int) -> str | None:
        """`began` for the very first packet, `back` for the first after a loss."""
        self._meter.add(now_us, len(packet.data))
        with self._lock:
            if packet.kind == "audio":
                return None
            self._last_us, self._format = now_us, packet.format
            self._frames += 1
            if packet.starts:
                if self._key_us is not None and self._state == "on":
                    self._key_interval_us = packet.dts_us - self._key_us
                self._key_us = packet.dts_us
            before, self._state = self._state, "on"
        return {"waiting": "began", "lost": "back"}.get(before)

    def check(self, now_us: int) -> str | None:
        """`lost` when no picture has come for too long."""
        with self._lock:
            if self._state != "on" or now_us - self._last_us <= self._silent_after_us:
                return None
            self._state = "lost"
            return "lost"

    def refused(self, rejection: Rejection, now_us: int) -> None:
        self._refusal = (now_us, rejection)

    def status(self, now_us: int) -> dict[str, object]:
        with self._lock:
            shape = self._format
            return {
                "state": self._state,
                "width": shape.width if shape else None,
                "height": shape.height if shape else None,
                "fps": shape.fps if shape else None,
                "bitrate_kbps": self._meter.kbps(now_us) if self._state == "on" else 0,
                "frames": self._frames,
                "key_interval_us": self._key_interval_us,
                "refusal": self._refused(now_us),
            }

    def _refused(self, now_us: int) -> dict[str, object] | None:
        if self._refusal is None or now_us - self._refusal[0] > REFUSAL_US:
            return None
        at, rejection = self._refusal
        return {"code": rejection.code, "fields": rejection.fields, "ago_ms": (now_us - at) // 1000}
