"""`ekultura schedule`: announces an event on the platforms ahead of its time."""

from datetime import UTC, datetime
from gettext import gettext as _
from zoneinfo import ZoneInfo

import click

from pipeline.cli.common import Context, command
from pipeline.clock import utc_text
from pipeline.errors import Refused


def add(root: click.Group) -> None:
    """Register the command."""

    @command(
        root,
        "schedule",
        help=_(
            "Announce an event on Facebook, up to 7 days ahead. `ekultura live` of the same class, begun near "
            "that time, then goes on air in the announced video."
        ),
        examples=("ekultura schedule koncert --at '2026-11-27 18:00' --title 'Kolędy'", "ekultura schedule"),
    )
    @click.argument("klass", metavar="[CLASS]", required=False)
    @click.option("--at", "moment", metavar="'DATE HH:MM'", help=_("When it begins, in the station's time."))
    @click.option("--title", metavar="T", help=_("Title; else the class's own."))
    @click.option("--description", metavar="T", help=_("Description for the platforms."))
    def schedule(
        context: Context, klass: str | None, moment: str | None, title: str | None, description: str | None
    ) -> int:
        from pipeline.app import scheduling

        station = context.station()
        zone = ZoneInfo(station.settings.station.timezone)
        if klass is None:
            announced = scheduling.listed(station)
        else:
            announced = [scheduling.announce(station, klass, _moment(moment, zone), title, description)]
        context.out.result(
            [
                {
                    "class": one.klass,
                    "title": one.title,
                    "at": utc_text(one.at),
                    "permalinks": {name: video.permalink for name, video in one.live.items()},
                }
                for one in announced
            ]
        )
        for one in announced:
            links = ", ".join(video.permalink or name for name, video in one.live.items())
            context.out.say(f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}  {one.klass}  {one.title}  {links}")
        if not announced:
            context.out.say(_("Nothing is announced."))
        return 0


def _moment(text: str | None, zone: ZoneInfo) -> datetime:
    try:
        return datetime.strptime(text or "", "%Y-%m-%d %H:%M").replace(tzinfo=zone).astimezone(UTC)
    except ValueError as error:
        raise Refused("usage.moment", given=text or "") from error
