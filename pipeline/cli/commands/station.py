"""`ekultura init`: a new station in a folder."""

import sys
from gettext import gettext as _
from pathlib import Path

import click

from pipeline.cli.common import Context, command
from pipeline.office.station import make_station


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
