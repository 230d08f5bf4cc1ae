"""The run sheet: which scene comes by itself, and when. Pure: time in, cues out."""

from collections.abc import Sequence

from pipeline.model.presets import Cue, seconds

STOP = "stop"


def due(sheet: Sequence[Cue], done: int, elapsed_s: float) -> list[Cue]:
    """The cues after the first `done` whose time has come, `elapsed_s` seconds after the broadcast began.

    After a long absence all that were missed come at once, in order: the last of them is what stays.
    """
    waiting = sorted(sheet, key=lambda cue: seconds(cue.after))[done:]
    return [cue for cue in waiting if seconds(cue.after) <= elapsed_s]
