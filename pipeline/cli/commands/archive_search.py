"""`ekultura archive search`: recordings by their words, with the moments, narrowed by filters."""

from datetime import UTC, datetime, timedelta
from gettext import gettext as _
from gettext import ngettext
from sqlite3 import Connection
from zoneinfo import ZoneInfo

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.text import Text

from pipeline.archive.index import NAME, Refreshed, opened, refresh
from pipeline.archive.search import Answer, Filters, Found, search
from pipeline.archive.searchable import STATES
from pipeline.cli.common import Context, command
from pipeline.cli.output import WARNINGS, told
from pipeline.clock import utc_text
from pipeline.model.load import LoadedStation

COUNT = click.IntRange(1, 1000)
DAY = click.DateTime(["%Y-%m-%d"])


def add(group: click.Group) -> None:
    """Register the command in the archive's group."""

    @command(
        group,
        "search",
        help=_(
            "Find recordings by what is said in them, their titles, people and places. Every word is found in all "
            "its forms and without Polish letters too; words in quotes only side by side, as they are written."
        ),
        examples=(
            "ekultura archive search żółwiami",
            "ekultura archive search '\"dom kultury\"' --from 2026-01-01 --class muzyka",
            "ekultura archive search --person Kowalska --captions automatic",
        ),
    )
    @click.argument("given", metavar="[WORDS]…", nargs=-1)
    @click.option("--class", "klass", metavar="C", help=_("Only this class."))
    @click.option("--section", metavar="S", help=_("Only this section."))
    @click.option("--from", "since", metavar="YYYY-MM-DD", type=DAY, help=_("From this day on."))
    @click.option("--to", "until", metavar="YYYY-MM-DD", type=DAY, help=_("Until this day, the day itself too."))
    @click.option("--person", metavar="NAME", help=_("Only with this person."))
    @click.option("--licence", metavar="L", help=_("Only where the licence has this in it (CC BY)."))
    @click.option("--captions", type=click.Choice(STATES), help=_("Only with captions in this state."))
    @click.option("--limit", metavar="N", type=COUNT, default=20, show_default=True, help=_("Recordings shown."))
    @click.option(
        "--moments", metavar="N", type=COUNT, default=3, show_default=True, help=_("Moments shown of each.")
    )
    def search_(
        context: Context,
        given: tuple[str, ...],
        klass: str | None,
        section: str | None,
        since: datetime | None,
        until: datetime | None,
        person: str | None,
        licence: str | None,
        captions: str | None,
        limit: int,
        moments: int,
    ) -> int:
        station = context.station()
        zone = ZoneInfo(station.settings.station.timezone)
        days = _bound(since, zone), _bound(until, zone, days=1)
        filters = Filters(klass, section, *days, person, licence, captions)
        with opened(station.settings.folders.work / NAME) as index:
            renewed = _refreshed(context, index, station)
            answer = search(index, " ".join(given), filters, limit=limit, moments=moments)
        context.out.result(_as_json(answer, station, renewed))
        _show(context, answer, zone)
        for folder in renewed.unreadable:
            path = station.settings.folders.archive / folder
            context.out.warn(" ".join(told("archive.no-record", {"path": path})))
        return WARNINGS if renewed.unreadable else 0


def _bound(day: datetime | None, zone: ZoneInfo, days: int = 0) -> datetime | None:
    """The moment when a day begins here, `days` later; the first or last that there is where it lies beyond."""
    if day is None:
        return None
    try:
        return (day + timedelta(days)).replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if day.year == 1 else datetime.max.replace(tzinfo=UTC)


def _refreshed(context: Context, index: Connection, station: LoadedStation) -> Refreshed:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    quiet = context.out.as_json or not context.out.errors.is_terminal
    with Progress(*columns, console=context.out.errors, disable=quiet, transient=True) as progress:
        task = progress.add_task(_("Reading new packages"), total=None)
        return refresh(
            index,
            station.settings.folders.archive,
            lambda done, total: progress.update(task, completed=done, total=total),
        )


def _show(context: Context, answer: Answer, zone: ZoneInfo) -> None:
    if not answer.total:
        context.out.say(_("Nothing was found."))
        return
    for one in answer.found:
        head = Text(one.title, style="bold")
        when = f"{one.started.astimezone(zone):%Y-%m-%d}"
        head.append(f"  {when}  {one.klass}  {one.identifier}  {_state(one.captions)}", style="not bold dim")
        context.out.console.print(head)
        _show_hits(context, one)
    shown = len(answer.found)
    told_of = ngettext("{n} recording found", "{n} recordings found", answer.total).format(n=answer.total)
    if shown < answer.total:
        told_of += ", " + _("{n} of them shown (--limit shows more)").format(n=shown)
    context.out.say(f"{told_of}.", style="dim")


def _show_hits(context: Context, one: Found) -> None:
    for hit in one.hits:
        line = Text(f"  {hit.at or _field(hit.field):>9}  ", style="cyan")
        at = 0
        # A terminal shows the hit in colour; what goes into a file has stars around it.
        mark = "" if context.out.console.is_terminal else "**"
        for start, end in hit.marks:
            line.append(hit.text[at:start], style="default")
            line.append(f"{mark}{hit.text[start:end]}{mark}", style="bold yellow")
            at = end
        line.append(hit.text[at:], style="default")
        context.out.console.print(line)
    more = one.moments - len(one.hits)
    if more > 0:
        text = ngettext("and {n} more moment", "and {n} more moments", more).format(n=more)
        context.out.say(f"{'':13}{text}", style="dim")


def _field(name: str) -> str:
    """What a text is that is not spoken."""
    names = {
        "title": _("title"),
        "people": _("people"),
        "place": _("place"),
        "section": _("section"),
        "about": _("about"),
        "speech": _("speech"),
    }
    return names[name]


def _state(captions: str) -> str:
    states = {
        "approved": _("captions approved"),
        "automatic": _("captions automatic"),
        "none": _("no captions"),
    }
    return states[captions]


def _as_json(answer: Answer, station: LoadedStation, renewed: Refreshed) -> dict[str, object]:
    archive = station.settings.folders.archive
    return {
        "total": answer.total,
        "found": [
            {
                "id": one.identifier,
                "title": one.title,
                "class": one.klass,
                "section": one.section,
                "started": utc_text(one.started),
                "licence": one.licence,
                "captions": one.captions,
                "path": str(archive / one.folder),
                "moments": one.moments,
                "hits": [
                    {"field": hit.field, "at": hit.at, "ms": hit.start_ms, "text": hit.text, "marks": hit.marks}
                    for hit in one.hits
                ],
            }
            for one in answer.found
        ],
        "packages": renewed.packages,
        "unreadable": [str(archive / folder) for folder in renewed.unreadable],
    }
