"""What a microphone's level says of it: dead, muted, one-sided, clipping, noisy, quiet, or right. Pure.

Levels are dBFS. A microphone that nobody speaks into gives its room's noise, about −70 to −50; digital silence
means that nothing is plugged in or switched on. Speech is right with peaks between −20 and −6.
"""

from pipeline.live.preflight.check import Outcome, failed, ok, warning
from pipeline.model.levels import Heard

DEAD_DB = -75.0
ONE_SIDE_DB = 30.0  # one channel so much weaker than the other, and below `SIDE_DEAD_DB`
SIDE_DEAD_DB = -60.0
QUIET_DB = -40.0  # peaks below: nobody spoke, or the gain is too low
NOISY_DB = -42.0  # a floor above: hum, a fan, or an open line
CLIPPED_SHARE = 0.02  # of the readings


def verdict(heard: Heard | None, *, muted: bool, speech: bool = True, living: bool = True) -> Outcome:
    """`speech`: a voice pauses, so that its floor is noise; music need not. `living`: a device, not a file: only
    a device cannot be wholly silent.
    """
    if muted:
        return failed("check.muted")
    if heard is None or not heard.channels_db:
        return failed("check.no-sound")
    if heard.peak_db <= DEAD_DB and living:
        return failed("check.dead-microphone")
    peak, level, floor = round(heard.peak_db), round(heard.level_db), round(heard.floor_db)
    if heard.clipped:
        graver = heard.clipped > CLIPPED_SHARE * heard.readings
        return (failed if graver else warning)("check.clipping", times=heard.clipped, peak_db=peak)
    loudest, weakest = max(heard.channels_db), min(heard.channels_db)
    if loudest - weakest > ONE_SIDE_DB and weakest < SIDE_DEAD_DB:
        return warning("check.one-side", weak_db=round(weakest), strong_db=round(loudest))
    if heard.peak_db < QUIET_DB:
        return warning("check.quiet", peak_db=peak)
    if speech and heard.floor_db > NOISY_DB:
        return warning("check.noisy", floor_db=floor, level_db=level)
    return ok("check.heard", peak_db=peak, level_db=level, floor_db=floor, channels=len(heard.channels_db))
