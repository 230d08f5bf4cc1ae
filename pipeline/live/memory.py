"""What a broadcast must remember so that it can be killed at any moment and go on: kept privately on disk."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.clock import parse_utc, utc_text
from pipeline.live.run_sheet import SheetState
from pipeline.model.platform_live import LiveVideo
from pipeline.store.files import write_whole

PREPARING, ON_AIR, ENDING = "preparing", "on-air", "ending"


@dataclass(slots=True)
class Memory:
    """The state of one broadcast; `save` after each change that must survive.

    `phase` only moves forward. `dropped` names destinations that a person took off; `added` holds those that
    joined later. `live` holds the live videos, `past` the ids of those that their platform has ended on air, and
    `asked` the destinations where a person is asked for the next one. `why` is why it ends; `sheet` is how far
    the run sheet has come. `prepared`: the studio was made ready, and is not changed again; `scene` is the one on
    air; `standing` holds the findings that were told and are not over.
    """

    path: Path
    planned_end: datetime
    phase: str = PREPARING
    why: str = ""
    sheet: SheetState = field(default_factory=SheetState)
    prepared: bool = False
    scene: str = ""
    live: dict[str, LiveVideo] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    standing: dict[str, dict[str, object]] = field(default_factory=dict)
    past: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def save(self) -> None:
        raw = {
            "phase": self.phase,
            "why": self.why,
            "sheet": asdict(self.sheet),
            "prepared": self.prepared,
            "scene": self.scene,
            "standing": self.standing,
            "planned_end": utc_text(self.planned_end),
            "ended": self.ended,
            "dropped": self.dropped,
            "added": self.added,
            "past": self.past,
            "asked": self.asked,
            "live": {name: video.revealed() for name, video in list(self.live.items())},
        }
        write_whole(self.path, json.dumps(raw), private=True)


def recall(path: Path, planned_end: datetime) -> Memory:
    """What was remembered, or a fresh memory where there is none."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Memory(path, planned_end)
    live = {name: LiveVideo.from_revealed(video) for name, video in raw["live"].items()}
    return Memory(
        path,
        parse_utc(raw["planned_end"]),
        raw["phase"],
        raw["why"],
        SheetState.from_raw(raw.get("sheet", {})),
        raw["prepared"],
        raw["scene"],
        live,
        raw["ended"],
        raw["dropped"],
        raw["added"],
        raw["standing"],
        raw.get("past", {}),
        raw.get("asked", []),
    )
