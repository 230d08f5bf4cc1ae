"""Keeps an encoder at work: begins one, sees that it died or hangs, and begins the next where that one ended."""

import logging
import math
import threading
from collections.abc import Callable

from pipeline.clock import Clock
from pipeline.errors import Fatal
from pipeline.hub.cable_buffer import LastUnit, Splice
from pipeline.hub.cable_command import Beginning
from pipeline.hub.cable_encoder import CableEncoder
from pipeline.hub.cable_feed import CableFeed
from pipeline.hub.cable_tape import Tape
from pipeline.hub.pacer import Pacer
from pipeline.media import transport as ts

log = logging.getLogger(__name__)

_HUNG_US = 3_000_000  # input for so long without a byte of output, twice looked at
_HUNG_AT_FIRST_US = 12_000_000
_START_US = 300_000  # an encoder's own time to begin
_EARLIER_US = 200_000  # a keyframe's decode time may lie so far after its picture's
_FUTILE = 3  # encoders in a row that made nothing
_PAUSE_S = 0.3
_EVER_US = 1 << 62


class EncoderKeeper:
    """`run` works until the tape ends (or `stop`); `check` is called a few times a second.

    `gain_db` says where the volume stands when an encoder begins, so that it goes on as it was.

    Fatal `leg.encoder-failed` when three encoders in a row made nothing.
    """

    def __init__(
        self, leg: str, feed: CableFeed, tape: Tape, pacer: Pacer, gain_db: Callable[[], float], clock: Clock
    ) -> None:
        self._leg, self._feed, self._tape, self._pacer = leg, feed, tape, pacer
        self._gain_db, self._clock = gain_db, clock
        self._encoder: CableEncoder | None = None
        self._zero_us: int | None = None  # hub time that the first encoder began with, the wire's for good
        self._shift = 0
        self._made = False
        self._lock = threading.Lock()
        self._waits_us: int | None = None  # since when there has been input and no output
        self._newest_us = 0
        self._handing = False
        self._suspect = False
        self.restarts = 0

    @property
    def loudness(self) -> float:
        """Short-term, before the volume; NaN where it is not known."""
        return self._encoder.loudness if self._encoder is not None else math.nan

    def wire_pts(self, hub_us: int) -> int | None:
        """The wire's time stamp (90 kHz, not wrapped) of a hub time; None before the first encoder."""
        if self._zero_us is None:
            return None
        return (hub_us - self._zero_us) * 9 // 100 + 2 * self._feed.mux_delay_ms * 90

    def set_gain(self, gain_db: float) -> None:
        if self._encoder is not None:
            self._encoder.set_gain(gain_db)

    def kill(self) -> None:
        """End the encoder that runs."""
        if self._encoder is not None:
            self._encoder.kill()

    def run(self, stop: threading.Event) -> None:
        """One encoder after another, until the input's end."""
        futile = 0
        while not stop.is_set():
            if not self._tape.wait_for_start(0.5):
                if self._tape.ended:
                    return
                continue
            encoder = self._begin()
            encoder.pump(lambda data: self._take(data, stop))
            status = encoder.wait(3.0)
            if stop.is_set() or (self._tape.ended and status == 0):
                return
            futile = 0 if self._made else futile + 1
            if futile >= _FUTILE:
                raise Fatal("leg.encoder-failed", leg=self._leg, detail=encoder.detail)
            self.restarts += 1
            log.warning("the encoder ended with %d and is begun anew", status)
            if futile:
                self._clock.wait(stop, _PAUSE_S)

    def fed(self) -> None:
        """Input has come: from now on the encoder owes something."""
        now = self._clock.monotonic_us()
        with self._lock:
            self._newest_us = now
            if self._waits_us is None:
                self._waits_us = now

    def check(self) -> None:
        """End an encoder that gets input and gives nothing back; seen twice, for this machine may have slept."""
        limit = _HUNG_US if self._made else _HUNG_AT_FIRST_US
        with self._lock:
            owes = self._waits_us is not None and self._newest_us - self._waits_us > limit
        owes = owes and not self._handing
        if owes and self._suspect:
            log.warning("the encoder gives nothing and is ended")
            self.kill()
            owes = False
        self._suspect = owes

    def _take(self, data: bytes, stop: threading.Event) -> None:
        self._made = True
        with self._lock:
            self._waits_us = None
        self._handing = True  # the buffer may be full: that is no fault of the encoder's
        self._pacer.feed(data, stop)
        self._handing = False

    def _begin(self) -> CableEncoder:
        if self._zero_us is None or self._pacer.clock_90k is None:
            place, self._zero_us = self._tape.start_before(_EVER_US)
            begin = Beginning(self._zero_us, gain_db=self._gain_db())
        else:
            place, begin = self._continuation(self._zero_us)
        self._made = False
        with self._lock:
            self._waits_us = None
        self._encoder = CableEncoder(self._feed, self._tape, place, begin)
        return self._encoder

    def _continuation(self, zero_us: int) -> tuple[int, Beginning]:
        """Where the next encoder begins: after what its predecessor made whole, or as soon as it can be in time."""
        feed, picture, sound = self._feed, self._feed.first_pid, self._feed.first_pid + 1
        waiting = self._pacer.cut((picture, sound))
        last = dict(self._pacer.sent) | {
            pid: LastUnit(unit.pts + self._shift, unit.size) for pid, unit in waiting.items()
        }
        room_us = feed.mux_delay_ms * 1000
        soonest = self._hub_us(self._pacer.clock_90k or 0) + _START_US - 2 * room_us
        picture_us = soonest + room_us
        sound_us = soonest
        if picture in last:
            picture_us = max(picture_us, self._hub_us(last[picture].pts) - 2 * room_us + 1_000_000 // feed.fps)
        if sound in last:
            length_us = last[sound].size * 8000 // feed.audio_kbps
            sound_us = max(sound_us, self._hub_us(last[sound].pts) - 2 * room_us + length_us)
        place, start_us = self._tape.start_before(min(picture_us, sound_us) - _EARLIER_US)
        frames = (start_us - zero_us) * feed.fps // 1_000_000
        self._shift = frames * ts.PTS_HZ // feed.fps
        self._pacer.splice(Splice(self._shift, copied=feed.video_codec == "copy"))
        zero = zero_us + frames * 1_000_000 // feed.fps
        return place, Beginning(zero, picture_us, sound_us, self._gain_db())

    def _hub_us(self, wire: int) -> int:
        """Hub time of a wire's time stamp, which wraps: the one nearest to what has come in."""
        assert self._zero_us is not None
        near = (self._tape.newest_us - self._zero_us) * 9 // 100
        return self._zero_us + (near + ts.clock_step(near % ts.PTS_WRAP, wire, ts.PTS_WRAP)) * 100 // 9
