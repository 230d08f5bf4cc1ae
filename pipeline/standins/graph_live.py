"""One live video of the stand-in platform and its life: from made, by live, to a finished video.

Where Meta documents no order of states, this one is *inferred* from its guides: a video made with LIVE_NOW is
LIVE once media arrives; one made UNPUBLISHED or scheduled waits for a call with status LIVE_NOW as well.
"""

from dataclasses import dataclass, field

from pipeline.standins.graph_faults import bad_parameter

SECOND = 1_000_000
URL_LIFE_US = 24 * 3600 * SECOND
LONGEST_US = 8 * 3600 * SECOND
SCHEDULED = frozenset({"SCHEDULED_LIVE", "SCHEDULED_UNPUBLISHED"})
OPEN = SCHEDULED | {"UNPUBLISHED", "LIVE"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient the platform is, in seconds; tests shorten both."""

    grace_s: float = 150.0
    processing_s: float = 5.0


@dataclass(slots=True)
class Stream:
    """One ingest stream of a live video; `name` and `secret` make up its stream key."""

    id: str
    name: str
    secret: str = field(repr=False)
    master: bool = True
    connected: bool = False
    health: dict[str, object] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.name}?s_bl=1&s_ps=1&s_vt=api&a={self.secret}"


@dataclass(slots=True)
class Live:
    """All times are monotonic microseconds of the platform's clock."""

    id: str
    video_id: str
    title: str
    description: str
    state: str
    made_us: int
    streams: list[Stream]
    limits: Limits
    go_live: bool = False
    planned_start: int | None = None
    media_us: int | None = None
    lost_us: int | None = None
    stopped_us: int | None = None
    history: list[str] = field(default_factory=list)
    troubles: list[dict[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.history.append(self.state)

    def _become(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.history.append(state)

    def _stop(self, at_us: int) -> None:
        self._become("LIVE_STOPPED")
        self.stopped_us = at_us
        for stream in self.streams:
            stream.health = {}

    def settle(self, now_us: int) -> None:
        """Let time pass: a stream lost for too long, the longest live, the finished video."""
        live_us = now_us - (self.media_us if self.media_us is not None else now_us)
        if self.state == "LIVE" and self.lost_us is not None:
            limit = self.lost_us + int(self.limits.grace_s * SECOND)
            if now_us >= limit:
                self._stop(limit)
        if self.state == "LIVE" and live_us >= LONGEST_US:
            self._stop(now_us)
        if self.stopped_us is not None and self.media_us is not None:
            if self.state == "LIVE_STOPPED":
                self._become("PROCESSING")
            if now_us >= self.stopped_us + int(self.limits.processing_s * SECOND):
                self._become("VOD")

    def wanted(self, now_us: int) -> bool:
        """Whether the ingest may go on taking its streams."""
        self.settle(now_us)
        return self.state in OPEN

    def usable(self, now_us: int) -> bool:
        """Whether a stream key of this video still opens the ingest: for 24 hours until it is first used."""
        return self.wanted(now_us) and (self.media_us is not None or now_us - self.made_us < URL_LIFE_US)

    def media(self, now_us: int, stream: Stream, health: dict[str, object]) -> None:
        """The ingest has media of this stream."""
        self.settle(now_us)
        if self.state not in OPEN:
            return
        stream.health = health
        self.lost_us = None
        if self.media_us is None:
            self.media_us = now_us
        if self.go_live:
            self._become("LIVE")

    def gone(self, now_us: int, stream: Stream) -> None:
        """The ingest lost this stream."""
        stream.connected = False
        stream.health = {}
        if not any(other.connected for other in self.streams):
            self.lost_us = now_us

    def end(self, now_us: int) -> None:
        self.settle(now_us)
        if self.state not in ("LIVE", "UNPUBLISHED"):
            raise bad_parameter(f"The live video is {self.state} and cannot be ended")
        self._stop(now_us)

    def take_down(self, now_us: int, kind: str, text: str) -> None:
        """The platform itself ends the live video, and says why on its errors' edge."""
        self.settle(now_us)
        self.troubles.append(
            {"id": str(len(self.troubles) + 1), "error_code": 1, "error_type": kind, "error_message": text}
        )
        self._stop(now_us)

    def change(self, now_us: int, status: str) -> None:
        """A status that the caller asks for."""
        self.settle(now_us)
        allowed = {
            "LIVE_NOW": SCHEDULED | {"UNPUBLISHED"},
            "SCHEDULED_CANCELED": SCHEDULED,
            "SCHEDULED_LIVE": SCHEDULED,
            "SCHEDULED_UNPUBLISHED": SCHEDULED,
        }
        if self.state not in allowed.get(status, frozenset()):
            raise bad_parameter(f"The live video is {self.state} and cannot become {status}")
        if status != "LIVE_NOW":
            self._become(status)
            return
        self.go_live = True
        if self.media_us is not None and self.lost_us is None:
            self._become("LIVE")
        elif self.state in SCHEDULED:
            self._become("UNPUBLISHED")

    def seconds_left(self, now_us: int) -> int | None:
        if self.state != "LIVE" or self.media_us is None:
            return None
        return max(0, (LONGEST_US - (now_us - self.media_us)) // SECOND)


@dataclass(slots=True)
class Video:
    """A finished video: its captions by locale."""

    id: str
    live: Live
    captions: dict[str, dict[str, object]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
