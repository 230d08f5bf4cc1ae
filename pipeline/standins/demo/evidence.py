"""What can be known after the demo: the far ends' own reports, and every file, measured anew."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from captions.files import read_track
from captions.model import Track
from pipeline.archive import find
from pipeline.media import loudness, still
from pipeline.media.probe import Probe, probe
from pipeline.model.journal import JournalLine
from pipeline.standins.alignment import Placed, placed
from pipeline.standins.demo.play import Played
from pipeline.standins.hearing import Hearing, judge
from pipeline.standins.stage import Stage, secret_places
from pipeline.store import journal


@dataclass(slots=True)
class Files:
    """The recording's own files."""

    recording: Path
    web: Path
    open: Path
    srt: Path
    vtt: Path
    poster: Path
    masters: tuple[Path, ...]
    package: find.Package


@dataclass(slots=True)
class Evidence:
    """Everything that the verdict and the page speak of."""

    station: Path
    played: Played
    files: Files
    report: dict[str, Any]
    journal: list[JournalLine]
    jobs: list[dict[str, Any]]
    verified: list[dict[str, Any]]
    facebook: dict[str, Any]
    cable: dict[str, Any]
    uploaded: dict[str, bytes]
    track: Track
    placed: Placed
    hearing: Hearing
    web: Probe
    open: Probe
    index_first: bool
    web_lufs: float | None
    burnt: float
    secrets: list[tuple[str, str]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def gather(
    stage: Stage,
    played: Played,
    secrets: dict[str, str],
    jobs: list[dict[str, Any]],
    verified: list[dict[str, Any]],
) -> Evidence:
    """Read and measure it all, and leave Facebook's report beside the headend's. Raises what cannot be read: then
    there is nothing to judge.
    """
    stage.facebook.write_report(stage.station / "far-ends" / "facebook" / "report.json")
    files = find_files(stage.station)
    web, opened = probe(files.web), probe(files.open)
    track = read_track(files.srt)
    where = placed(stage.lesson, files.web)
    measured = loudness.measure(files.web)
    world = stage.facebook.world
    return Evidence(
        station=stage.station,
        played=played,
        files=files,
        report=json.loads((files.recording / "report.json").read_text(encoding="utf-8")),
        journal=list(journal.read(files.recording / journal.NAME)),
        jobs=jobs,
        verified=verified,
        facebook=stage.facebook.report(),
        cable=stage.headend.report(),
        uploaded={locale: body for video in world.videos.values() for locale, body in video.files.items()},
        track=track,
        placed=where,
        hearing=judge(track.cues, where),
        web=web,
        open=opened,
        index_first=index_first(files.web),
        web_lufs=measured.integrated if measured else None,
        burnt=burnt(web, opened, track),
        secrets=played.secrets_seen
        + list(secret_places(secrets, *(stage.station / name for name in ("recordings", "archive", "work")))),
    )


def find_files(station: Path) -> Files:
    """The files of the station's only recording."""
    recording = next(path for path in (station / "recordings").iterdir() if (path / journal.NAME).is_file())

    def one(pattern: str) -> Path:
        return next(recording.glob(pattern))

    return Files(
        recording=recording,
        web=one("outputs/*.web.mp4"),
        open=one("outputs/*.open-*.mp4"),
        srt=one("captions/*.srt"),
        vtt=one("captions/*.vtt"),
        poster=one("pictures/*.poster.jpg"),
        masters=tuple(sorted(recording.glob("masters/*.mkv"))),
        package=next(find.list_packages(station / "archive")),
    )


def index_first(video: Path) -> bool:
    """Whether an MP4's index (moov) stands before its media (mdat), so that it plays while it is fetched."""
    with video.open("rb") as file:
        while head := file.read(8):
            size, kind = int.from_bytes(head[:4]), head[4:]
            if kind in (b"moov", b"mdat"):
                return kind == b"moov"
            if size < 8:
                return False
            file.seek(size - 8, 1)
    return False


def burnt(clean: Probe, captioned: Probe, track: Track) -> float:
    """How many grey steps (of 255) the lower third differs where a caption stands, beyond where none does."""
    if not track.cues:
        return 0.0
    longest = max(track.cues, key=lambda cue: cue.duration_ms)
    at = (longest.start_ms + longest.end_ms) / 2000
    one, other = still.grey(clean, at), still.grey(captioned, at)
    if one is None or other is None:
        return 0.0
    rows = abs(one - other).mean(axis=1)
    third = len(rows) // 3
    return float(rows[-third:].max() - rows[:third].mean())
