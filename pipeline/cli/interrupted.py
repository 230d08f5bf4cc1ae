"""A broadcast that was cut off, in words: what was on air, what was saved, and what can be done about it."""

from gettext import gettext as _
from zoneinfo import ZoneInfo

import click

from pipeline.cli.output import Output
from pipeline.cli.panel import clock
from pipeline.live.interrupted import Interrupted

GO_ON, CLOSE, NOTHING = "g", "c", "n"


def tell(out: Output, found: Interrupted) -> None:
    """Say what was on air and what of it is on the disk."""
    zone = ZoneInfo(found.plan.settings.station.timezone)
    out.warn(
        _("The broadcast “{title}” was cut off: on air since {since}, last heard of at {last}.").format(
            title=found.plan.title,
            since=f"{found.plan.begun.astimezone(zone):%H:%M}",
            last=f"{found.last.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        )
    )
    pieces = found.pieces()
    for piece in pieces:
        out.warn(
            _("  saved: {name}, {length}, {mb} MB").format(
                name=piece.name, length=clock(piece.length_us), mb=round(piece.size / 1e6, 1)
            )
        )
    out.warn(_("`ekultura live --resume` goes on with it, `ekultura stop` closes it and starts the after-work."))
    out.result(
        {
            "interrupted": {
                "id": found.plan.id,
                "title": found.plan.title,
                "folder": str(found.air.folder),
                "begun": found.plan.begun.isoformat(),
                "last": found.last.isoformat(),
                "planned_end": found.planned_end.isoformat(),
                "pieces": [{"name": one.name, "bytes": one.size, "length_us": one.length_us} for one in pieces],
            }
        }
    )


def mention(out: Output, found: Interrupted) -> None:
    """One line for commands that are about something else."""
    out.warn(
        _("A broadcast was cut off and not closed: “{title}”. `ekultura status` says more.").format(
            title=found.plan.title
        )
    )


def asked() -> str:
    """What the person at the terminal wants to be done about it."""
    choice: str = click.prompt(
        _("Go on with it (g), close it and begin the new one (c), or do nothing (n)?"),
        type=click.Choice([GO_ON, CLOSE, NOTHING]),
        default=GO_ON,
        show_choices=False,
    )
    return choice
