"""The commands, assembled in one place: what `ekultura --help` lists, in the order of a day's work."""

from gettext import gettext as _

import click

from pipeline import __version__
from pipeline.cli.commands import air, archive, captions, demo, live, station, work


class InOrder(click.Group):
    """A group that lists its commands in the order in which they were registered."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    cls=InOrder,
    help=_(
        "Live streaming, recording, captions and archive of a culture centre.\n\n"
        "A technician types one command and the event is on air and recorded; when it ends, captions, "
        "videos and an archive package appear by themselves."
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_("Each command explains itself: ekultura COMMAND --help"),
)
@click.version_option(__version__, message="ekultura %(version)s", help=_("Show the version."))
def root() -> None:
    """Nothing of its own: the commands do the work."""


for add in (station.add, live.add, air.add, work.add, captions.add, archive.add, demo.add):
    add(root)
