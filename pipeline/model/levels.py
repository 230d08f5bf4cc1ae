"""How loud an input of the studio is: one reading of its meters, and what a stretch of readings comes to. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

SILENT_DB = -100.0  # the lowest that is told: nothing at all
CLIPPED_DB = -0.1  # a peak this near to full scale was, or is about to be, cut off
_FLOOR_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel in one reading, in dBFS: its magnitude (RMS of the reading's 50 ms) and its highest sample.

    Both are behind the studio's fader; `input_peak_db` is before it, where a microphone clips.
    """

    magnitude_db: float
    peak_db: float
    input_peak_db: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One input at one moment (`at_us`: a monotonic clock's microseconds). No channels: it gives no sound."""

    at_us: int
    channels: tuple[Channel, ...]

    @property
    def peak_db(self) -> float:
        return max((one.peak_db for one in self.channels), default=SILENT_DB)

    @property
    def magnitude_db(self) -> float:
        return max((one.magnitude_db for one in self.channels), default=SILENT_DB)

    @property
    def clipped(self) -> bool:
        return any(one.input_peak_db >= CLIPPED_DB for one in self.channels)


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of readings of one input, in dBFS.

    `level_db`: mean power of the loudest channel; `channels_db`: of each channel; `floor_db`: what the quietest
    tenth of the stretch does not exceed, which is noise and hum where anybody paused; `clipped`: readings that
    touched full scale.
    """

    readings: int
    seconds: float
    peak_db: float
    level_db: float
    floor_db: float
    channels_db: tuple[float, ...]
    clipped: int


def decibels(linear: float) -> float:
    """A linear value (1.0: full scale) in dBFS, never below `SILENT_DB`; what is no number counts as silence."""
    if not linear > 0 or math.isinf(linear):
        return SILENT_DB
    return max(SILENT_DB, 20 * math.log10(linear))


def heard(readings: Sequence[Reading]) -> Heard | None:
    """What a stretch comes to; None where nothing was read."""
    if not readings:
        return None
    widest = max(len(one.channels) for one in readings)
    channels = tuple(
        _mean([one.channels[at].magnitude_db for one in readings if at < len(one.channels)]) for at in range(widest)
    )
    magnitudes = sorted(one.magnitude_db for one in readings)
    return Heard(
        readings=len(readings),
        seconds=(readings[-1].at_us - readings[0].at_us) / 1e6,
        peak_db=max(one.peak_db for one in readings),
        level_db=max(channels, default=SILENT_DB),
        floor_db=magnitudes[int(len(magnitudes) * _FLOOR_SHARE)],
        channels_db=channels,
        clipped=sum(one.clipped for one in readings),
    )


def _mean(values: Sequence[float]) -> float:
    """The mean power of levels in dB, in dB."""
    return decibels(math.sqrt(sum(10 ** (value / 10) for value in values) / len(values)))
