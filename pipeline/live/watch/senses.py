"""The senses: threads that gather what takes time to know, so that the look itself never waits.

*Ears* follow the hub's recording of the feed: sound and black are judged on what was really sent. *Eyes* compare
small pictures of the programme, bit by bit: a frozen source gives the same ones, a camera's noise never does. What
was tried and is not used: freeze by the encoded picture (see `media.programme_meter`), sound by the studio's level
meters alone (they do not show what the encoder made of it), full decoding (a sixth of a core at 720p).
"""

import hashlib
import logging
import shutil
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

import psutil

from pipeline.clock import Clock
from pipeline.errors import PipelineError
from pipeline.live.gear import Gear
from pipeline.live.ports import Page
from pipeline.live.watch.seen import Load, PageNews, Programme

log = logging.getLogger(__name__)

POLL_S = 0.25
EYES_S = 1.5
PAGES_S = 60.0  # polite: Graph counts calls by the hour
TOKEN_EVERY = 60  # of these rounds
LOAD_S = 2.0


class Senses(Protocol):
    """What is known at this moment; nothing here waits."""

    def programme(self) -> Programme | None: ...

    def still_s(self) -> float: ...

    def load(self) -> Load | None: ...

    def free(self) -> int | None: ...

    def news(self) -> Mapping[str, PageNews]: ...

    def counts(self, programme: bool) -> None:
        """Whether what is heard now is the programme, not a card."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class NoSenses:
    """Knows nothing: for tests on a stepped clock, and until the senses have begun."""

    def programme(self) -> Programme | None:
        return None

    def still_s(self) -> float:
        return 0.0

    def load(self) -> Load | None:
        return None

    def free(self) -> int | None:
        return None

    def news(self) -> Mapping[str, PageNews]:
        return {}

    def counts(self, programme: bool) -> None:
        """Nothing listens."""

    def start(self) -> None:
        """Nothing begins."""

    def stop(self) -> None:
        """Nothing ends."""


class RealSenses:
    """The senses of a broadcast on air. A sense that fails is quiet; it never ends the broadcast."""

    def __init__(self, gear: Gear) -> None:
        self._gear, self._clock = gear, gear.clock
        self._stop = threading.Event()
        self._ears = Ears(gear.air.masters, gear.clock, self._stop)
        self._news: dict[str, PageNews] = {}
        self._picture = b""
        self._still_since_s: float | None = None
        self._seen_s: float | None = None
        self._load: tuple[float, Load] | None = None

    def start(self) -> None:
        for name, work in (("ears", self._ears.run), ("eyes", self._look), ("page-news", self._ask_pages)):
            threading.Thread(target=work, name=f"watch-{name}", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    def programme(self) -> Programme | None:
        return self._ears.reading

    def counts(self, programme: bool) -> None:
        self._ears.counts = programme

    def still_s(self) -> float:
        """For how long the picture has been the same; 0 where it was not seen for some seconds."""
        now, since, seen = self._clock.monotonic_us() / 1e6, self._still_since_s, self._seen_s
        return 0.0 if since is None or seen is None or now - seen > 4 * EYES_S else seen - since

    def load(self) -> Load | None:
        now = self._clock.monotonic_us() / 1e6
        if self._load is None or now - self._load[0] >= LOAD_S:
            memory = psutil.virtual_memory()
            self._load = (now, Load(psutil.cpu_percent(None), int(memory.available), int(memory.total)))
        return self._load[1]

    def free(self) -> int | None:
        try:
            return shutil.disk_usage(self._gear.air.folder).free
        except OSError:
            return None

    def news(self) -> Mapping[str, PageNews]:
        return dict(self._news)

    def _look(self) -> None:
        while not self._clock.wait(self._stop, EYES_S):
            try:
                picture = hashlib.blake2b(self._gear.studio.thumbnail(), digest_size=16).digest()
            except PipelineError:
                continue
            now = self._clock.monotonic_us() / 1e6
            if picture != self._picture or self._still_since_s is None:
                self._picture, self._still_since_s = picture, now
            self._seen_s = now

    def _ask_pages(self) -> None:
        ends: dict[str, datetime | None] = {}
        turn = 0
        while not self._clock.wait(self._stop, PAGES_S if turn else POLL_S):
            for name, page in self._gear.pages.items():
                if turn % TOKEN_EVERY == 0:
                    ends[name] = _asked(page)
                self._news[name] = PageNews(self._troubles(name, page), ends.get(name))
            turn += 1

    def _troubles(self, name: str, page: Page) -> tuple[str, ...]:
        video = self._gear.memory.live.get(name)
        try:
            return tuple(page.troubles(video.id)) if video else ()
        except PipelineError as error:
            log.info("troubles of %s not asked: %s", name, error.code)
            return self._news.get(name, PageNews()).troubles


class Ears:
    """Follows the pieces of the feed's recording, one after the other; `reading` is what was heard last."""

    def __init__(self, masters: Path, clock: Clock, stop: threading.Event) -> None:
        self._masters, self._clock, self._stop = masters, clock, stop
        self.counts = True
        self.reading: Programme | None = None

    def run(self) -> None:
        from pipeline.media.programme_meter import ProgrammeMeter  # late: going on air does not wait for it

        meter = ProgrammeMeter()

        def heard() -> None:
            sound, meter.sound.counts = meter.sound.reading(), self.counts
            now_s = self._clock.monotonic_us() / 1e6
            self.reading = Programme(now_s, meter.black_s, sound.silent_s, sound.cut, sound.lufs, sound.usual_lufs)

        while not self._clock.wait(self._stop, POLL_S):
            piece = self._growing()
            if piece is not None:
                meter.follow(piece, lambda: not self._clock.wait(self._stop, POLL_S), heard)

    def _growing(self) -> Path | None:
        """The piece that the hub writes now."""
        parts = sorted(self._masters.glob("feed*.mkv.part"), key=lambda path: path.stat().st_mtime)
        return parts[-1] if parts else None


def _asked(page: Page) -> datetime | None:
    try:
        return page.token_ends()
    except PipelineError as error:
        log.info("the token's end is not known: %s", error.code)
        return None
