"""Whether a picture or a sound of the encoder's may still go onto the wire: each stream has such a gate.

It is open as long as one encoder goes on in time. It closes where another encoder begins and where what comes
would be decoded in the past; it opens at the first unit from which a decoder can go on and that comes in time.
"""

from dataclasses import dataclass

from pipeline.media import transport as ts

_LATE = -ts.PTS_HZ // 25  # a decoder bears a picture's time


@dataclass(slots=True)
class Gate:
    """One elementary stream. Times are the wire's, ticks of 90 kHz; `sent_pts` is the highest that went out.

    `sent_bytes` is the size of the last unit by its own word (0 where it says nothing).
    """

    sent_pts: int | None = None
    sent_dts: int | None = None
    sent_bytes: int = 0
    passing: bool = True
    late: int = 0
    _joined: bool = True
    _copied: bool = False
    _entry_pts: int | None = None
    _before: int | None = None  # DTS of the unit before this one, whether it passed or not

    def close(self, *, copied: bool) -> None:
        """Another encoder begins; `copied`: its units are the same as its predecessor's."""
        self._joined, self._copied, self._before, self.passing = False, copied, None, False

    def unit(self, packet: bytes, now: int | None, room: int) -> None:
        """A unit begins: decide over it. `now` is the wire's clock; `room` the time before decoding that a
        decoder needs of the first one."""
        payload = packet[ts.payload_start(packet) :]
        pts, dts = ts.pts_dts_of(payload)
        if pts is None or dts is None:
            return  # passes with what came before it
        video = ts.is_video(payload)
        ahead = None if now is None else ts.clock_step(now, dts, ts.PTS_WRAP)
        before, self._before = self._before, dts
        if self._joined and ahead is not None and ahead < _LATE:
            self._joined = self._copied = False
            self.late += 1
        if not self._joined:
            fresh = self._after(pts) and (ts.random_access(packet) or not video)
            in_time = ahead is None or ahead >= room
            self._joined = (fresh and in_time) or self._follows(before, dts, ahead)
            self._entry_pts = pts if self._joined and video else None
        leading = self._entry_pts is not None and ts.clock_step(self._entry_pts, pts, ts.PTS_WRAP) < 0
        self.passing = self._joined and not leading
        if self.passing:
            if self._after(pts):
                self.sent_pts = pts
            self.sent_dts = dts
            self.sent_bytes = ts.pes_size(payload)

    def _after(self, pts: int) -> bool:
        return self.sent_pts is None or ts.clock_step(self.sent_pts, pts, ts.PTS_WRAP) > 0

    def _follows(self, before: int | None, dts: int, ahead: int | None) -> bool:
        """Whether this copied unit is the very next after the last one sent."""
        if not self._copied or before is None or self.sent_dts is None or (ahead is not None and ahead < 0):
            return False
        known = ts.clock_step(self.sent_dts, before, ts.PTS_WRAP) <= 0
        return known and ts.clock_step(self.sent_dts, dts, ts.PTS_WRAP) > 0
