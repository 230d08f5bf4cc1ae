"""The stand-in platform's one Page: its token and rights, its live videos, its finished videos.

No HTTP here. The API asks and changes it; the ingest asks whether a key is good and tells what it receives.
Every method holds one lock and lets time pass first.
"""

import secrets
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

from pipeline.clock import SYSTEM, Clock
from pipeline.standins.graph_faults import GraphFault, bad_parameter, named, unknown_object
from pipeline.standins.graph_live import Limits, Live, Stream, Video
from pipeline.standins.srt_strict import srt_fault

FAR_AHEAD_S = 7 * 24 * 3600
MAX_CAPTIONS_BYTES = 200_000
T = TypeVar("T")
READ, WRITE = "pages_read_engagement", "pages_manage_posts"
_LOCALES = {"pl_PL": "Polish", "en_US": "English (US)", "uk_UA": "Ukrainian", "de_DE": "German"}


class World:
    """`token` is the Page's token. Plain attributes may be changed by tests: rights, followers, viewers, faults.

    `ingest` is the address that keys are handed out with (`rtmps://HOST:PORT/rtmp/`), set once it listens.
    """

    def __init__(
        self, *, clock: Clock = SYSTEM, limits: Limits | None = None, page_id: str = "104857600001"
    ) -> None:
        self.clock = clock
        self.limits = limits or Limits()
        self.page_id = page_id
        self.page_name = "Gminny Ośrodek Kultury (stand-in)"
        self.token = f"EAAStandIn{secrets.token_urlsafe(48)}"
        self.permissions = {READ, WRITE}
        self.token_fault: str | None = None
        self.create_fault: str | None = None  # "too-young" or "too-few-followers"
        self.followers = 1500
        self.viewers = 7
        self.ingest = "rtmps://localhost:443/rtmp/"
        self.backup_ingest = self.ingest
        self.lives: dict[str, Live] = {}
        self.videos: dict[str, Video] = {}
        self._lock = threading.RLock()
        self._serial = secrets.randbelow(10**9)

    def _id(self) -> str:
        self._serial += 1
        return f"1{self._serial:014d}"

    def now(self) -> int:
        return self.clock.monotonic_us()

    # --- what the API does ---

    def live(self, identifier: str) -> Live:
        with self._lock:
            live = self.lives.get(identifier)
            if live is None:
                raise unknown_object(identifier)
            live.settle(self.now())
            return live

    def video(self, identifier: str) -> Video:
        with self._lock:
            video = self.videos.get(identifier)
            if video is None:
                raise unknown_object(identifier)
            video.live.settle(self.now())
            return video

    def create(self, params: Mapping[str, object]) -> Live:
        with self._lock:
            if self.create_fault is not None:
                raise named(self.create_fault)
            status = str(params.get("status", "LIVE_NOW"))
            start = self._start(params)
            if status.startswith("SCHEDULED") != (start is not None) or status == "SCHEDULED_CANCELED":
                raise bad_parameter(f"status {status} and event_params do not go together")
            live_id = self._id()
            names = ["FB"] if not params.get("enable_backup_ingest") else ["FB", "FBB"]
            live = Live(
                id=live_id,
                video_id=self._id(),
                title=str(params.get("title", "")),
                description=str(params.get("description", "")),
                state=status if start is not None else "UNPUBLISHED",
                made_us=self.now(),
                streams=[
                    Stream(self._id(), f"{name}-{live_id}-0", secrets.token_urlsafe(18), master=name == "FB")
                    for name in names
                ],
                limits=self.limits,
                go_live=status == "LIVE_NOW",
                planned_start=start,
            )
            self.lives[live_id] = live
            self.videos[live.video_id] = Video(live.video_id, live)
            return live

    def update(self, identifier: str, params: Mapping[str, object]) -> Live:
        with self._lock:
            live = self.live(identifier)
            if not params:
                raise bad_parameter("Nothing to update")
            if params.get("end_live_video"):
                live.end(self.now())
            if "status" in params:
                live.change(self.now(), str(params["status"]))
            live.planned_start = self._start(params) or live.planned_start
            live.title = str(params.get("title", live.title))
            live.description = str(params.get("description", live.description))
            return live

    def _start(self, params: Mapping[str, object]) -> int | None:
        event = params.get("event_params")
        if not isinstance(event, Mapping):
            return None
        start = event.get("start_time")
        if set(event) - {"start_time", "cover"} or isinstance(start, bool) or not isinstance(start, int):
            raise bad_parameter("Param event_params must hold start_time, a UNIX time")
        ahead = start - self.clock.utc().timestamp()
        if not 0 < ahead <= FAR_AHEAD_S:
            raise bad_parameter("The start must lie ahead, by at most 7 days")
        return start

    def drop_captions(self, identifier: str, locales: list[str]) -> None:
        with self._lock:
            video = self.video(identifier)
            for locale in locales:
                if locale not in video.captions:
                    raise bad_parameter(f"No captions in {locale}")
                del video.captions[locale]

    def add_captions(self, identifier: str, file_name: str, body: bytes, default: str | None) -> None:
        """Errors 385 (form, size), 386 (file name), 387 (video not ready), 482 (locale there already)."""
        with self._lock:
            video = self.video(identifier)
            stem, _, rest = file_name.partition(".")
            locale, _, ending = rest.partition(".")
            if not stem or ending != "srt" or locale not in _LOCALES:
                raise named("captions-file-name")
            if video.live.state != "VOD":
                raise named("captions-upload")
            if locale in video.captions:
                raise named("captions-locale")
            if len(body) > MAX_CAPTIONS_BYTES or srt_fault(body) is not None:
                raise named("captions-format")
            if default not in (None, "none", locale, *video.captions):
                raise bad_parameter("Param default_locale has no captions")
            video.captions[locale] = {
                "locale": locale,
                "locale_name": _LOCALES[locale],
                "is_auto_generated": False,
                "is_default": default == locale,
                "create_time": self.clock.utc().strftime("%Y-%m-%dT%H:%M:%S+0000"),
            }
            video.files[locale] = body

    # --- what the ingest asks and tells ---

    def admit(self, key: str) -> str | None:
        """The id of the stream that this key opens now, or None: unknown, used up, ended, in use."""
        with self._lock:
            for live in self.lives.values():
                for stream in live.streams:
                    if secrets.compare_digest(stream.key, key):
                        if stream.connected or not live.usable(self.now()):
                            return None
                        stream.connected = True
                        return stream.id
            return None

    def wanted(self, stream_id: str) -> bool:
        return self._with(stream_id, lambda live, _: live.wanted(self.now()), False)

    def media(self, stream_id: str, health: dict[str, object]) -> None:
        self._with(stream_id, lambda live, stream: live.media(self.now(), stream, health), None)

    def gone(self, stream_id: str) -> None:
        self._with(stream_id, lambda live, stream: live.gone(self.now(), stream), None)

    def _with(self, stream_id: str, act: Callable[[Live, Stream], T], otherwise: T) -> T:
        with self._lock:
            for live in self.lives.values():
                for stream in live.streams:
                    if stream.id == stream_id:
                        return act(live, stream)
            return otherwise

    def secrets(self) -> list[str]:
        """Everything that may stand in no report: token and stream keys."""
        with self._lock:
            keys = [stream.secret for live in self.lives.values() for stream in live.streams]
            return [self.token, *keys]

    def require(self, permission: str, fault: Callable[[], GraphFault]) -> None:
        if permission not in self.permissions:
            raise fault()
