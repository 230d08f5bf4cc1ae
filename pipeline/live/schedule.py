"""Live videos announced ahead: made on the platforms, kept privately, taken by the broadcast whose time comes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.clock import parse_utc, utc_text
from pipeline.live.ports import Page
from pipeline.model.platform_live import LiveVideo
from pipeline.store.files import new_id, write_whole

FOLDER = "scheduled"
NEAR = timedelta(hours=3)  # a broadcast this near to an announced moment is the one that was announced


@dataclass(frozen=True, slots=True)
class Announced:
    """One announcement: the class, its moment (UTC), its title, and a live video for each destination."""

    klass: str
    at: datetime
    title: str
    live: Mapping[str, LiveVideo]
    path: Path


def announce(
    work: Path, klass: str, at: datetime, title: str, description: str, pages: Mapping[str, Page]
) -> Announced:
    """Make a scheduled live video on every page and keep them. What one page refuses ends it; made ones stay."""
    live: dict[str, LiveVideo] = {}
    announced = Announced(klass, at, title, live, work / FOLDER / f"{new_id()}.json")
    for name, page in pages.items():
        live[name] = page.create(title, description, scheduled=at)
        _save(announced)
    return announced


def near(work: Path, klass: str, now: datetime) -> Announced | None:
    """The announcement of this class that lies nearest to now, if any lies near enough."""
    found = [one for one in listed(work) if one.klass == klass and abs(one.at - now) <= NEAR]
    return min(found, key=lambda one: abs(one.at - now), default=None)


def listed(work: Path) -> list[Announced]:
    """Every announcement that is kept, by its time."""
    return sorted((_load(path) for path in (work / FOLDER).glob("*.json")), key=lambda one: one.at)


def take(announced: Announced) -> None:
    """It has become a broadcast: its memory holds the live videos from now on."""
    announced.path.unlink(missing_ok=True)


def _save(announced: Announced) -> None:
    raw = {
        "class": announced.klass,
        "at": utc_text(announced.at),
        "title": announced.title,
        "live": {name: video.revealed() for name, video in announced.live.items()},
    }
    write_whole(announced.path, json.dumps(raw, ensure_ascii=False), private=True)


def _load(path: Path) -> Announced:
    raw = json.loads(path.read_text(encoding="utf-8"))
    live = {name: LiveVideo.from_revealed(video) for name, video in raw["live"].items()}
    return Announced(raw["class"], parse_utc(raw["at"]), raw["title"], live, path)
