"""`ekultura check`: the pre-flight, a line a check, in the order of a walk from the computer to the far ends."""

from gettext import gettext as _

import click

from pipeline.app import check as preflight
from pipeline.cli.checks import Board, as_json
from pipeline.cli.common import Context, command
from pipeline.cli.output import WARNINGS
from pipeline.live.preflight import kept
from pipeline.live.preflight.check import FAILED, WARNING


def add(root: click.Group) -> None:
    """Register the command."""

    @command(
        root,
        "check",
        help=_(
            "Look whether an event can begin: one line a check, with the remedy.\n\n"
            "With a class, its scenes are built in OBS and watched for some seconds: pictures, microphones, "
            "encoder. Good results of that are kept for 15 minutes."
        ),
        examples=("ekultura check", "ekultura check muzyka", "ekultura check muzyka --again --json"),
    )
    @click.argument("klass", metavar="[CLASS]", required=False)
    @click.option("--again", is_flag=True, help=_("Look at everything again, whatever was found a moment ago."))
    def check(context: Context, klass: str | None, again: bool) -> int:
        station = context.station()
        board = Board(context.out)
        parts = preflight.parts(station, klass)
        for one in kept.run(parts, preflight.kept(station), again=again, began=board.begin):
            board.show(one)
        board.close()
        context.out.result([as_json(one) for one in board.shown])
        states = {one.state for one in board.shown}
        if FAILED in states:
            context.out.say(_("Something stands in the way: see the lines marked ✗."), style="bold red")
            return 1
        if WARNING in states:
            context.out.say(_("An event can begin; see the lines marked !."), style="bold yellow")
            return WARNINGS
        context.out.say(_("Everything that was checked is ready."), style="bold green")
        return 0
