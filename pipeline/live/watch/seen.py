"""What the watch looks at: everything known of the broadcast at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.model.presets import Scene
from pipeline.model.studio import StudioState


@dataclass(frozen=True, slots=True)
class Load:
    """This machine: processor in per cent of all cores, free memory and all memory in bytes."""

    processor: float
    memory_free: int
    memory: int


@dataclass(frozen=True, slots=True)
class Programme:
    """The sound and picture that the hub got, as of `at_s` (monotonic seconds); None where nothing was heard.

    `black_s` and `silent_s`: for how long already. `clipped`: share of the last three seconds' tenths with samples
    cut off. `lufs`: loudness of the last half minute, `usual_lufs` of the first minutes, both without pauses and
    cards.
    """

    at_s: float
    black_s: float = 0.0
    silent_s: float = 0.0
    clipped: float = 0.0
    lufs: float | None = None
    usual_lufs: float | None = None


@dataclass(frozen=True, slots=True)
class PageNews:
    """What a platform's page says beside its live video's state: troubles in its words, the token's end."""

    troubles: tuple[str, ...] = ()
    token_ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """`now_s` is monotonic, `utc` the wall clock, `now` the broadcast's own time, which no clock's jump moves.

    `hub` is its last status, `hub_silent_s` for how long it has not answered. `scene` is what the class knows of
    the scene on the programme (None: a person's own), `scene_s` for how long it has been there. `still_s`: for
    how long the studio's picture has not changed by one bit. `free` is the recordings' disk, in bytes.
    """

    now_s: float
    utc: datetime
    now: datetime
    begun: datetime
    planned_end: datetime
    hub: Mapping[str, Mapping[str, object]]
    hub_silent_s: float = 0.0
    studio: StudioState | None = None
    scene: Scene | None = None
    scene_s: float = 0.0
    still_s: float = 0.0
    programme: Programme | None = None
    load: Load | None = None
    free: int | None = None
    pages: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    page_news: Mapping[str, PageNews] = field(default_factory=dict)
    cue_failed: str | None = None
