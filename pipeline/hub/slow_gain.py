"""A slow hand on the fader: a gain towards the target loudness that follows minutes, not bars.

A live normaliser that follows seconds pumps music. This one takes the mean power of the sound's last minute and
a half, without its pauses, leans against what has gone out too loud or too quiet so far, and moves the gain by
at most a seventh of a decibel a second (twice that downwards): quickly only during the first seconds, when
nothing is known, and downwards while the sound is far too loud. Peaks are the limiter's business.
"""

import math
from collections import deque

_SILENCE_LUFS = -50.0  # a hall with nobody in it
_PAUSE_LU = 12.0  # so far below the mean is a pause and does not count
_WINDOW = 90  # seconds
_FIRST_SECONDS = 12
_FIRST_STEP_DB = 3.0
_UP_DB = 0.15
_DOWN_DB = 0.3
_DEAD_DB = 0.2
_MOST_UP_DB = 12.0  # more would lift the hall's own noise
_MOST_DOWN_DB = 20.0
_FAR_TOO_LOUD_LU = 5.0
_HASTE_DB = 1.5
_LEAN_DB = 4.0
_LEAN_AFTER = 30  # seconds


class SlowGain:
    """Give it the short-term loudness once a second; it gives the gain in decibels."""

    def __init__(self, target_lufs: float, *, start_db: float = 0.0) -> None:
        self.gain_db = _bounded(start_db)
        self.loudness: float | None = None
        self._target = target_lufs
        self._window: deque[float] = deque(maxlen=_WINDOW)
        self._heard = 0
        self._sent_power = 0.0
        self._sent_seconds = 0

    def second(self, short_term: float) -> float:
        """One more second with this short-term loudness (LUFS, before the gain); the gain from now on."""
        if not math.isfinite(short_term) or short_term < _SILENCE_LUFS:
            return self.gain_db
        self._heard += 1
        self._window.append(10 ** (short_term / 10))
        self.loudness = _mean_without_pauses(self._window)
        sent = short_term + self.gain_db
        off = _bounded(self._target - self.loudness + self._lean(sent)) - self.gain_db
        if self._heard <= _FIRST_SECONDS:
            self.gain_db += max(-_FIRST_STEP_DB, min(_FIRST_STEP_DB, off))
        elif sent > self._target + _FAR_TOO_LOUD_LU:
            self.gain_db = _bounded(self.gain_db - min(_HASTE_DB, sent - self._target - _FAR_TOO_LOUD_LU))
        elif abs(off) > _DEAD_DB:
            self.gain_db += max(-_DOWN_DB, min(_UP_DB, off))
        return self.gain_db

    def _lean(self, sent: float) -> float:
        """How far to lean against the mean of all that has been sent, pauses apart."""
        if sent > self._target - _PAUSE_LU:
            self._sent_power += 10 ** (sent / 10)
            self._sent_seconds += 1
        if self._sent_seconds < _LEAN_AFTER:
            return 0.0
        so_far = 10 * math.log10(self._sent_power / self._sent_seconds)
        return max(-_LEAN_DB, min(_LEAN_DB, self._target - so_far))


def _bounded(gain_db: float) -> float:
    return max(-_MOST_DOWN_DB, min(_MOST_UP_DB, gain_db))


def _mean_without_pauses(powers: deque[float]) -> float:
    """Their mean in LUFS, leaving out what lies far below the mean of all."""
    floor = sum(powers) / len(powers) * 10 ** (-_PAUSE_LU / 10)
    loud = [power for power in powers if power >= floor]
    return 10 * math.log10(sum(loud) / len(loud))
