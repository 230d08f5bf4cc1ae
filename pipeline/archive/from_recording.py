"""The archive's description of a recording: from its row, its journal and what the after-work found out."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.archive.describe import CaptionTrack, Description
from pipeline.model.config import Settings
from pipeline.model.presets import ClassPreset
from pipeline.model.recording import Recording, TrackState
from pipeline.store import journal


def describe(
    folder: Path, recording: Recording, facts: Mapping[str, Any], settings: Settings, klass: ClassPreset | None
) -> Description:
    """One record; the journal wins over the class, which may have changed since the event."""
    lines = list(journal.read(folder / journal.NAME))
    begin = next((dict(line.fields) for line in lines if line.what == "begin"), {})
    plan = begin.get("plan")
    planned: dict[str, Any] = dict(plan) if isinstance(plan, dict) else {}
    permalinks = {
        str(line.fields["permalink"]): None
        for line in lines
        if line.what == "platform" and line.fields.get("permalink")
    }
    length_us = facts.get("length_us")
    return Description(
        identifier=recording.id,
        title=recording.title,
        klass=recording.klass,
        section=str(planned.get("section") or (klass.section if klass else "")),
        publisher=settings.station.name,
        started=recording.started,
        ended=recording.ended,
        duration_s=length_us / 1_000_000 if isinstance(length_us, int) else None,
        recording=recording.folder,
        revision=recording.revision,
        description=str(planned.get("description") or (klass.description if klass else "")),
        creator=settings.archive.creator or "",
        language=settings.captions.language,
        audience=str(planned.get("audience") or (klass.audience if klass else "public")),
        rights=settings.archive.rights or "",
        funding=tuple(one.sentence for one in settings.station.funding if one.sentence),
        permalinks=tuple(permalinks),
        captions=tuple(_tracks(folder, settings.captions.language, facts)),
    )


def _tracks(folder: Path, language: str, facts: Mapping[str, Any]) -> Iterator[CaptionTrack]:
    source = " ".join(str(facts[name]) for name in ("engine", "model") if facts.get(name))
    for path in sorted((folder / "captions").glob("*")):
        if path.suffix in {".srt", ".vtt"}:
            yield CaptionTrack(path.name, language, TrackState.AUTOMATIC.value, source)
