"""The run sheet: which scene comes by itself, and when. Pure: the state and the time in, the cues out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.model.presets import Cue, seconds

STOP = "stop"


@dataclass(slots=True)
class SheetState:
    """How far a run sheet has come; kept by the broadcast's memory. Seconds count from the beginning.

    `came` has, for each cue that is past, when it came. `shift_s` is how much later all that follows comes,
    `held_s` since when nothing comes (None: not held), `scene` what was last known to be on the programme.
    """

    came: list[float] = field(default_factory=list)
    shift_s: float = 0.0
    held_s: float | None = None
    scene: str = ""

    @classmethod
    def from_raw(cls, raw: Mapping[str, object]) -> "SheetState":
        """From what `asdict` made of it; what is missing or odd is as at the beginning."""
        came, shift, held, scene = (raw.get(name) for name in cls.__slots__)
        return cls(
            [float(one) for one in came if isinstance(one, int | float)] if isinstance(came, list) else [],
            float(shift) if isinstance(shift, int | float) else 0.0,
            float(held) if isinstance(held, int | float) else None,
            scene if isinstance(scene, str) else "",
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the sheet as it stands now: its scene, when it comes or came, and whether it has come."""

    scene: str
    at_s: float
    came: bool


class RunSheet:
    """The cues of one broadcast on its own time: seconds since it began.

    A time of day is the next one after the beginning. Cues keep the order in which they are written.
    """

    def __init__(self, cues: Sequence[Cue], begun: datetime, zone: ZoneInfo) -> None:
        self._cues = tuple(cues)
        self._begun, self._zone = begun, zone
        self._base = [_base(cue, begun, zone) for cue in cues]

    def __len__(self) -> int:
        return len(self._cues)

    def lines(self, state: SheetState, now_s: float, end_s: float) -> list[Line]:
        """Every line: those that came with their true time, the others with the one that holds now.

        `end_s` is the planned end. While the sheet is held, what follows moves on with the time.
        """
        shift = state.shift_s + (now_s - state.held_s if state.held_s is not None else 0.0)
        out: list[Line] = []
        for at, cue in enumerate(self._cues):
            if at < len(state.came):
                out.append(Line(cue.scene, state.came[at], True))
                continue
            base = self._base[at]
            due = end_s - seconds(cue.before_end or "0s") if base is None else base + shift
            out.append(Line(cue.scene, max(due, out[-1].at_s if out else 0.0), False))
        return out

    def due(self, state: SheetState, now_s: float, end_s: float) -> list[str]:
        """The scenes whose time has come; none while held.

        After an absence all that were missed come together, in their order: the last of them is what stays.
        """
        if state.held_s is not None:
            return []
        return [line.scene for line in self.lines(state, now_s, end_s) if not line.came and line.at_s <= now_s]

    def scene(self, state: SheetState, opening: str) -> str:
        """The scene that the sheet has on the programme: its last one that came."""
        shown = [cue.scene for cue in self._cues[: len(state.came)] if cue.scene != STOP]
        return shown[-1] if shown else opening


def _base(cue: Cue, begun: datetime, zone: ZoneInfo) -> float | None:
    """Seconds from the beginning, or None for a cue that is counted back from the end."""
    if cue.after is not None:
        return float(seconds(cue.after))
    if cue.at is None:
        return None
    hour, minute = cue.at.split(":")
    local = begun.astimezone(zone)
    moment = local.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    if moment < local.replace(second=0, microsecond=0):
        moment = (moment.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=zone)
    return max(0.0, (moment - begun).total_seconds())
