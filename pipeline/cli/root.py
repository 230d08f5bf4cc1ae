"""`ekultura` itself: which commands there are, and where each stands. A module is loaded when asked for."""

import importlib
from gettext import gettext as _
from pathlib import Path

import click

from pipeline import __version__
from pipeline.cli.common import common_options, remember

# In the order of a day's work, as --help lists them: the command and its module in `pipeline.cli.commands`.
COMMANDS = {
    "init": "station",
    "check": "check",
    "notify": "notify",
    "schedule": "schedule",
    "live": "live",
    "status": "air",
    "scene": "air",
    "marker": "air",
    "slate": "air",
    "leg": "air",
    "sheet": "sheet",
    "next": "sheet",
    "hold": "sheet",
    "extend": "air",
    "stop": "air",
    "process": "work",
    "jobs": "work",
    "worker": "work",
    "caption": "captions",
    "captions": "captions",
    "published": "published",
    "archive": "archive",
    "demo": "demo",
}


class Lazy(click.Group):
    """A group that loads a command's module only when the command, or the list of all, is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            importlib.import_module(f"pipeline.cli.commands.{COMMANDS[cmd_name]}").add(self)
        return self.commands.get(cmd_name)


@click.group(
    cls=Lazy,
    help=_(
        "Live streaming, recording, captions and archive of a culture centre.\n\n"
        "A technician types one command and the event is on air and recorded; when it ends, captions, "
        "videos and an archive package appear by themselves."
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_("Each command explains itself: ekultura COMMAND --help"),
)
@click.version_option(__version__, message="ekultura %(version)s", help=_("Show the version."))
@common_options
def root(station: Path | None, as_json: bool, lang: str | None, debug: bool) -> None:
    """Nothing of its own: the commands do the work."""
    remember(station, as_json, lang, debug)
