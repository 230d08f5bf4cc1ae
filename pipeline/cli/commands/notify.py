"""`ekultura notify`: sends a test notice by every way that config.yaml names, and says which arrived."""

from gettext import gettext as _

import click

from pipeline.app.notifying import ways
from pipeline.cli.common import Context, command
from pipeline.cli.output import told
from pipeline.clock import SYSTEM
from pipeline.errors import PipelineError, Refused
from pipeline.model.notice import Notice


def add(root: click.Group) -> None:
    """Register the command."""

    @command(
        root,
        "notify",
        help=_("Send a test notice by e-mail and webhook, as config.yaml has them."),
        examples=("ekultura notify",),
    )
    def notify(context: Context) -> int:
        station = context.station()
        found = ways(station.settings.notify)
        if not found:
            raise Refused("notify.none")
        name = station.settings.station.name
        text = " ".join(told("notify.test", {}))
        notice = Notice(SYSTEM.utc(), name, _("test"), "notify.test", "notice", "test", text)
        rows: list[dict[str, object]] = []
        for way in found:
            try:
                way.send([notice])
                rows.append({"way": way.name, "sent": True})
                context.out.console.print(f"[green]✓[/] {way.name}")
            except PipelineError as error:
                rows.append({"way": way.name, "sent": False, "code": error.code, "fields": error.fields})
                context.out.console.print(f"[red]✗[/] {way.name}")
                for line in told(error.code, error.fields):
                    context.out.say(f"    {line}")
        context.out.result(rows)
        return 0 if all(row["sent"] for row in rows) else 1
