"""The run sheet's commands: sheet shows it, next lets the next cue come, hold lets none come."""

from datetime import datetime, timedelta
from gettext import gettext as _
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.table import Table

from pipeline.cli.common import Context, command
from pipeline.cli.panel import countdown, scene_label, sheet_line
from pipeline.clock import SYSTEM, parse_utc
from pipeline.errors import Refused
from pipeline.hub.control import ControlClient
from pipeline.live import air as on_air
from pipeline.live.run_sheet import RunSheet, SheetState
from pipeline.model.load import LoadedStation
from pipeline.model.presets import seconds

Answer = dict[str, object]


def add(root: click.Group) -> None:
    """Register the commands."""

    @command(
        root,
        "sheet",
        help=_(
            "Show the run sheet: what came, what holds, what comes next.\n\n"
            "With CLASS: that class's sheet, as if it began now."
        ),
        examples=("ekultura sheet", "ekultura sheet koncert"),
    )
    @click.argument("klass", metavar="[CLASS]", required=False)
    def sheet(context: Context, klass: str | None) -> int:
        station = context.station()
        if klass:
            return _planned(context, station, klass)
        answer = _client(station.settings.folders.work).ask("status")
        sheet, scenes = _mapping(answer.get("sheet")), _mapping(answer.get("scenes"))
        _show(context, station, sheet, scenes)
        return 0

    @command(
        root,
        "next",
        help=_("Let the run sheet's next cue come now; the ones after it keep their times."),
        examples=("ekultura next",),
    )
    def next_cue(context: Context) -> int:
        client = _client(context.work())
        answer, scenes = client.ask("next"), _mapping(client.ask("status").get("scenes"))
        context.out.result(answer)
        context.out.say(_("On the programme: {scene}").format(scene=scene_label(answer["scene"], scenes)))
        context.out.say(sheet_line(answer, scenes))
        return 0

    @command(
        root,
        "hold",
        help=_(
            "Let nothing of the run sheet come until `hold --off`; then all that follows comes so much later.\n\n"
            "The planned end stays: `ekultura extend` moves it."
        ),
        examples=("ekultura hold", "ekultura hold --off"),
    )
    @click.option("--off", is_flag=True, help=_("Let the run sheet go on."))
    def hold(context: Context, off: bool) -> int:
        client = _client(context.work())
        answer, scenes = client.ask("hold", on=not off), _mapping(client.ask("status").get("scenes"))
        context.out.result(answer)
        context.out.say(_("The run sheet goes on.") if off else _("The run sheet is held."))
        context.out.say(sheet_line(answer, scenes))
        return 0


def _client(work: Path) -> ControlClient:
    return on_air.broadcast(on_air.running(work))


def _planned(context: Context, station: LoadedStation, name: str) -> int:
    """The sheet of a class that is not on air."""
    klass, now = station.klass(name), SYSTEM.utc()
    if not klass.run_sheet:
        raise Refused("live.no-sheet")
    sheet = RunSheet(klass.run_sheet, now, ZoneInfo(station.settings.station.timezone))
    rows: list[Answer] = [
        {
            "scene": line.scene,
            "at_s": line.at_s,
            "utc": (now + timedelta(seconds=line.at_s)).isoformat(),
            "came": False,
        }
        for line in sheet.lines(SheetState(), 0.0, float(seconds(klass.length)))
    ]
    labels: Answer = {scene: one.label for scene, one in klass.scenes.items()}
    _show(context, station, {"cues": rows, "scene": klass.opening, "next": None}, labels, planned=True)
    return 0


def _show(
    context: Context, station: LoadedStation, sheet: Answer, labels: Answer, *, planned: bool = False
) -> None:
    cues = sheet.get("cues")
    if not isinstance(cues, list) or not cues:
        raise Refused("live.no-sheet")
    context.out.result(sheet)
    table, zone = (
        Table(box=None, padding=(0, 2, 0, 0), header_style="dim"),
        ZoneInfo(station.settings.station.timezone),
    )
    for head in ("", _("time"), _("after"), _("scene"), ""):
        table.add_column(head)
    came = [bool(row["came"]) for row in cues]
    for at, row in enumerate(cues):
        now = came[at] and not any(came[at + 1 :])
        state = "" if planned else _("now") if now else "" if came[at] else _upcoming(at == sum(came), sheet)
        moment: datetime = parse_utc(str(row["utc"])).astimezone(zone)
        mark = "✓" if came[at] and not now else "▶" if now else ""
        label = scene_label(row["scene"], labels)
        table.add_row(
            mark, f"{moment:%H:%M:%S}", countdown(row["at_s"]), label, state, style="bold" if now else None
        )
    context.out.console.print(table)
    if not planned:
        context.out.say(sheet_line(sheet, labels))


def _upcoming(first: bool, sheet: Answer) -> str:
    if not first:
        return ""
    if sheet.get("held"):
        return _("held")
    return _("in {time}").format(time=countdown(_mapping(sheet.get("next")).get("in_s")))


def _mapping(value: object) -> Answer:
    return dict(value) if isinstance(value, dict) else {}
