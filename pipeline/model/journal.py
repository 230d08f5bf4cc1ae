"""A line of the journal: what happened on air, when, said by whom. The journal is the truth while on air."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class JournalLine:
    """`n` counts from 1; `hub_us` is hub time in microseconds or None before the hub has one.

    `who` is the part that speaks (`broadcast`, `hub`, `guard`, `leg:facebook`, `technician`), `what` a word
    of `WHAT`, `fields` JSON values without any secret.
    """

    n: int
    utc: datetime
    hub_us: int | None
    who: str
    what: str
    fields: Mapping[str, object] = field(default_factory=dict)


# What may be said. Readers must skip words that they do not know (a newer journal).
WHAT = frozenset(
    {
        "begin",  # fields: id, class, title, plan (JSON without secrets), station
        "consents",  # name: who checked the consents of the minors' guardians
        "obs",  # state: connected | launched | lost | streaming | recording | stopped; …
        "scene",  # name
        "marker",  # text
        "feed",  # state: began | lost | back; width, height, fps (began)
        "leg",  # destination, state: starting | up | down | ended; reason (a code)
        "slate",  # state: on | off; why (on): manual | feed-lost | start; two `on` in a row are one stretch
        "master",  # role: feed | obs; path (relative to the recording's folder); hub_us of its first frame
        "platform",  # destination, kind, live_id, video_id, permalink, state, viewers
        "process",  # name: hub | broadcast, state: started | died | restarted, pid
        "finding",  # code, level: notice | warning | alarm; fields of that code
        "end",  # why: command | planned | interrupted
        "closed",  # the last line: everything stopped and every master checked
    }
)
