"""The one continuous clock of the air: packets of a feed that starts at 0 each time are placed on hub time.

Pure: no media library, no clock of its own. Times are integer microseconds.
"""

from pipeline.hub.packet import Kind, Packet

FLV_WRAP_US = (1 << 32) * 1000  # FLV and RTMP count milliseconds in 32 bits
TS_WRAP_US = (1 << 33) * 100 // 9  # MPEG-TS counts 90 kHz in 33 bits

BACK_US = 1_000_000  # a source that jumps back further than this has begun anew
STEP_US = 1_000  # the least that FLV can tell apart
GAP_US = 6_000_000  # a silence longer than the acceptor's idle limit is a jump too


class Unwrap:
    """A counter that wraps, made continuous: the value nearest to the last one is meant."""

    def __init__(self, wrap_us: int) -> None:
        self._wrap = wrap_us
        self._last: int | None = None

    def __call__(self, value: int) -> int:
        if self._last is None:
            self._last = value
            return value
        turns = round((self._last - value) / self._wrap)
        self._last = value + turns * self._wrap
        return self._last


class Retimer:
    """Places the feed's packets on hub time: one offset for picture and sound, set at a keyframe.

    At that keyframe the feed's time is tied to the hub's present, yet always after what was placed before; so
    hub time never goes backwards, and what lies between two connections is a gap as long as it really was.
    """

    def __init__(self, wrap_us: int = FLV_WRAP_US) -> None:
        self._wrap_us = wrap_us
        self._offset: int | None = None
        self._heard: dict[Kind, int] = {}  # last time of the source, by kind
        self._placed: dict[Kind, int] = {}  # last hub time given out, by kind
        self._highest = -1
        self._frame_us = 40_000
        self._unwrap = Unwrap(wrap_us)

    def begin(self) -> None:
        """A new connection: its times mean nothing yet."""
        self._offset = None
        self._heard.clear()
        self._unwrap = Unwrap(self._wrap_us)

    def place(self, packet: Packet, now_us: int) -> Packet | None:
        """The packet in hub time, or None while waiting for a keyframe (and for sound that came too early)."""
        dts = self._unwrap(packet.dts_us)
        ahead = packet.pts_us - packet.dts_us
        if self._jumped(packet.kind, dts):
            self._offset = None
        self._heard[packet.kind] = dts
        if self._offset is None:
            if not packet.starts:
                return None
            self._frame_us = packet.format.frame_us
            self._heard = {packet.kind: dts}
            self._offset = max(now_us, self._highest + self._frame_us) - dts
        placed = dts + self._offset
        last = self._placed.get(packet.kind, -1)
        if placed <= last:
            if packet.kind == "audio":
                return None
            placed = last + STEP_US
        self._placed[packet.kind] = placed
        pts = max(placed, dts + self._offset + ahead)
        self._highest = max(self._highest, placed, pts)
        return packet._replace(dts_us=placed, pts_us=pts)

    def _jumped(self, kind: Kind, dts: int) -> bool:
        last = self._heard.get(kind)
        return last is not None and not -BACK_US < dts - last < GAP_US
