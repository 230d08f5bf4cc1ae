"""The hand-over sheet, wired: written when a broadcast with a pasted key begins, completed with its captions."""

from gettext import gettext as _
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.errors import Refused
from pipeline.live import handover
from pipeline.live.handover import Sheet
from pipeline.live.plan import BroadcastPlan
from pipeline.model.config import FacebookDestination
from pipeline.model.load import LoadedStation
from pipeline.model.recording import Recording
from pipeline.store import journal
from pipeline.store.journal import Journal

FOLDER = "handover"


def pasted(plan: BroadcastPlan) -> list[str]:
    """The plan's destinations that stream with a pasted key: a person does the rest."""
    chosen = ((name, plan.settings.destinations[name]) for name in plan.destinations)
    return [name for name, one in chosen if isinstance(one, FacebookDestination) and one.stream_key is not None]


def write(plan: BroadcastPlan, note: Journal) -> list[Path]:
    """Write the sheet of each pasted destination and journal that a person has to act; the pages."""
    pages = []
    for name in pasted(plan):
        folder = plan.folder / FOLDER
        folder.mkdir(exist_ok=True)
        sheet = Sheet(
            recording=plan.id,
            title=plan.title,
            description=plan.description,
            station=plan.settings.station.name,
            klass=plan.klass_name,
            start=plan.begun.astimezone(ZoneInfo(plan.settings.station.timezone)),
            command=f"ekultura published {plan.id} {name}",
            language=plan.settings.station.language,
            public=plan.klass.audience == "public",
            minors=plan.klass.minors,
            captions=folder / handover.captions_name(plan.title),
        )
        pages.append(handover.write_sheet(folder, sheet, _)[0])
        note.append("platform", destination=name, kind="facebook", state="pasted")
    return pages


def complete(folder: Path, srt: Path, recording: Recording) -> Path | None:
    """Lay the captions beside the sheet under Facebook's name; None where the recording has no sheet."""
    if not (folder / FOLDER / handover.HTML).exists():
        return None
    return handover.lay_captions(srt, folder / FOLDER, recording.title)


def answered(station: LoadedStation, ident: str, destination: str, permalink: str, viewers: str) -> Path:
    """Keep what a person read off the platform; the recording's folder. Refused for an unknown recording."""
    if destination not in station.settings.destinations:
        raise Refused("live.unknown-destination", destination=destination)
    answers = handover.read_answers(permalink, viewers)
    if answers.permalink is None and answers.viewers is None:
        raise Refused("usage.nothing-typed")
    pattern = f"*_{ident}/{journal.NAME}" if ident.isalnum() else journal.NAME
    found = sorted(station.settings.folders.recordings.glob(pattern))
    if not found:
        raise Refused("store.no-recording", id=ident)
    Journal(found[0], "technician").append(
        "platform",
        destination=destination,
        kind="facebook",
        state="answered",
        permalink=answers.permalink,
        viewers=answers.viewers,
    )
    return found[0].parent
