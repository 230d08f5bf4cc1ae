"""A slow hand on the fader: a gain towards the target loudness that follows minutes, not bars.

A live normaliser that follows seconds pumps music. This one takes the mean power of the sound's last minute and
a half, without its pauses, and moves the gain by at most a seventh of a decibel a second (faster down than up),
but quickly during the first seconds, when nothing is known. Peaks are the limiter's business.
"""

import math
from collections import deque

_SILENCE_LUFS = -55.0
_PAUSE_LU = 15.0  # so far below the mean is a pause and does not count
_WINDOW = 90  # seconds
_FIRST_SECONDS = 12
_FIRST_STEP_DB = 3.0
_UP_DB = 0.15
_DOWN_DB = 0.3
_DEAD_DB = 0.2
_BOUND_DB = 20.0


class SlowGain:
    """Give it the short-term loudness once a second; it gives the gain in decibels."""

    def __init__(self, target_lufs: float, *, start_db: float = 0.0) -> None:
        self.gain_db = max(-_BOUND_DB, min(_BOUND_DB, start_db))
        self.loudness: float | None = None
        self._target = target_lufs
        self._window: deque[float] = deque(maxlen=_WINDOW)
        self._heard = 0

    def second(self, short_term: float) -> float:
        """One more second with this short-term loudness (LUFS, before the gain); the gain from now on."""
        if not math.isfinite(short_term) or short_term < _SILENCE_LUFS:
            return self.gain_db
        self._window.append(10 ** (short_term / 10))
        self._heard += 1
        ungated = 10 * math.log10(sum(self._window) / len(self._window))
        floor = 10 ** ((ungated - _PAUSE_LU) / 10)
        loud = [power for power in self._window if power >= floor]
        self.loudness = 10 * math.log10(sum(loud) / len(loud))
        wanted = max(-_BOUND_DB, min(_BOUND_DB, self._target - self.loudness))
        off = wanted - self.gain_db
        first = self._heard <= _FIRST_SECONDS
        if first or abs(off) > _DEAD_DB:
            up, down = (_FIRST_STEP_DB, _FIRST_STEP_DB) if first else (_UP_DB, _DOWN_DB)
            self.gain_db += max(-down, min(up, off))
        return self.gain_db
