"""What can be searched of one package: its record's texts and its transcript, read from the package alone."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from captions.errors import CaptionError
from captions.files import recover
from pipeline.archive.find import Package, read_package
from pipeline.errors import Fatal

log = logging.getLogger(__name__)

FIELDS = ("title", "people", "place", "section", "about", "speech")
APPROVED, AUTOMATIC, NONE = "approved", "automatic", "none"
STATES = (APPROVED, AUTOMATIC, NONE)
# Files of one track say the same: the first kind that is there is read.
_KINDS = (".srt", ".vtt", ".ttml", ".xml", ".ass", ".stl")
_LARGEST = 8 << 20  # bytes of a transcript without times, or of a record


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a field's text; `start_ms` where it is spoken."""

    field: str
    text: str
    start_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Searchable:
    """One package as the index takes it. `captions` is one of `STATES`."""

    package: Package
    section: str
    licence: str
    captions: str
    passages: tuple[Passage, ...]

    @property
    def started(self) -> datetime:
        return self.package.started


def read_searchable(folder: Path) -> Searchable:
    """One package. Fatal `archive.no-record` where its own record cannot be read; captions that cannot be read
    are left out."""
    package = read_package(folder)
    path = folder / "data" / "metadata" / "description.json"
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError(path)
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # it changed between the two readings
        raise Fatal("archive.no-record", path=str(folder)) from error
    said = list(_speech(folder / "data" / "objects" / "captions"))
    speakers = dict.fromkeys(speaker for _, speaker in said if speaker)
    texts = {
        "title": [package.title],
        "people": [*_texts(record, "creator", "contributors"), *speakers],
        "place": _texts(record, "place"),
        "section": [*_texts(record, "section"), package.klass],
        "about": _texts(record, "description", "subjects", "publisher"),
    }
    return Searchable(
        package=package,
        section=" ".join(_texts(record, "section")),
        licence=" ".join(_texts(record, "rights")),
        captions=_state(record, bool(said)),
        passages=(
            *(Passage(field, text) for field, group in texts.items() for text in group),
            *(passage for passage, _ in said),
        ),
    )


def _texts(record: dict[str, Any], *names: str) -> list[str]:
    """The texts of these keys; whatever is no text is left out: a record may come from anywhere."""
    found: list[str] = []
    for name in names:
        value = record.get(name)
        found += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]
    return found


def _state(record: dict[str, Any], heard: bool) -> str:
    """Approved only where every track is: who looks for what is still to be checked must find it."""
    tracks = record.get("captions")
    states = [one.get("state") for one in tracks if isinstance(one, dict)] if isinstance(tracks, list) else []
    if states and all(state == APPROVED for state in states):
        return APPROVED
    return AUTOMATIC if states or heard else NONE


def _speech(folder: Path) -> Iterator[tuple[Passage, str]]:
    """The captions of every track with their speakers, one file a track; where there is none, the lines of a plain
    transcript, without times."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    tracks: dict[str, Path] = {}
    for kind in _KINDS:
        for path in paths:
            if path.suffix.lower() == kind:
                tracks.setdefault(str(path.with_suffix("")), path)
    heard = False
    for path in tracks.values():
        try:
            track, _faults = recover(path)
        except CaptionError as error:
            log.warning("captions left out of the index: %s (%s)", path.name, error.code)
            continue
        heard = heard or bool(track.cues)
        yield from ((Passage("speech", cue.text, cue.start_ms), cue.speaker) for cue in track.cues)
    if not heard:
        for path in paths:
            if path.suffix.lower() == ".txt" and path.stat().st_size <= _LARGEST:
                lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
                yield from ((Passage("speech", line.strip()), "") for line in lines if line.strip())
