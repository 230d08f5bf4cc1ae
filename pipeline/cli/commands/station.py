"""The commands around a station: init makes one, check looks whether an event can begin."""

import sys
from gettext import gettext as _
from pathlib import Path

import click
from rich.markup import escape

from pipeline.app.check import checks
from pipeline.cli.common import Context, command
from pipeline.cli.output import WARNINGS, told
from pipeline.live.preflight import FAILED, OK, WARNING, Check
from pipeline.office.station import make_station

MARKS = {OK: "[green]✓[/]", WARNING: "[yellow]![/]", FAILED: "[red]✗[/]"}


def add(root: click.Group) -> None:
    """Register the commands."""

    @command(
        root,
        "init",
        help=_("Make a new station in a folder: settings with comments, presets, folders."),
        examples=("ekultura init dom-kultury", "ekultura init dom-kultury --name 'Dom Kultury Jutrzenka' --yes"),
    )
    @click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
    @click.option("--name", metavar="NAME", help=_("The centre's name."))
    @click.option("--language", type=click.Choice(["pl", "en"]), help=_("The station's language."))
    @click.option("--yes", is_flag=True, help=_("Ask nothing; take what is given, and defaults."))
    def init(context: Context, folder: Path, name: str | None, language: str | None, yes: bool) -> int:
        asking = not yes and not context.out.as_json and sys.stdin.isatty()
        if name is None and asking:
            name = click.prompt(_("Name of the centre"), default=_("Culture centre"))
        made = make_station(folder, name or _("Culture centre"), language or _("en"))
        context.out.result({"folder": str(made)})
        context.out.say(_("The station is in {folder}.").format(folder=made))
        context.out.say(_("Next: fill in config.yaml (destinations, sources), then `ekultura check`."))
        return 0

    @command(
        root,
        "check",
        help=_("Look whether an event can begin: one line a check, with the remedy."),
        examples=("ekultura check", "ekultura check muzyka --json"),
    )
    @click.argument("klass", metavar="[CLASS]", required=False)
    def check(context: Context, klass: str | None) -> int:
        done: list[Check] = []
        for one in checks(context.station(), klass):
            done.append(one)
            _show(context, one)
        context.out.result([_as_json(one) for one in done])
        states = {one.state for one in done}
        if FAILED in states:
            context.out.say(_("Something stands in the way: see the lines marked ✗."), style="bold red")
            return 1
        context.out.say(_("Everything that was checked is ready."), style="bold green")
        return WARNINGS if WARNING in states else 0


def _show(context: Context, one: Check) -> None:
    context.out.console.print(f"{MARKS[one.state]} {escape(_label(one.name))}")
    if one.state != OK:
        for line in told(one.code, one.fields):
            context.out.say(f"    {line}")


def _label(name: str) -> str:
    """What is checked, in the reader's language; destinations and classes go by their own names."""
    labels = {
        "folders": _("folders"),
        "database": _("database"),
        "disk": _("disk space"),
        "hub": _("the hub's port"),
        "obs": "OBS Studio",
        "captions": _("speech model"),
    }
    return labels.get(name, name)


def _as_json(one: Check) -> dict[str, object]:
    message = " ".join(told(one.code, one.fields)) if one.code else ""
    return {"name": one.name, "state": one.state, "code": one.code, "fields": one.fields, "message": message}
