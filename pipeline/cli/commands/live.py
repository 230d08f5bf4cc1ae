"""`ekultura live`: begins a broadcast, then is only a view of it; closing the terminal ends nothing."""

import re
import sys
from datetime import UTC, datetime, timedelta
from gettext import gettext as _
from zoneinfo import ZoneInfo

import click

from pipeline.app.beginning import begin, cut_off, go_on
from pipeline.cli import interrupted
from pipeline.cli.common import Context, command, length_of
from pipeline.cli.view import View
from pipeline.errors import Refused
from pipeline.live.air import Air
from pipeline.live.start import Wishes
from pipeline.model.load import LoadedStation


def add(root: click.Group) -> None:
    """Register the command."""

    @command(
        root,
        "live",
        help=_(
            "Go on air with a class: OBS, Facebook, cable, recording.\n\n"
            "The broadcast goes on when this terminal is closed; Ctrl-C asks before it ends."
        ),
        examples=(
            "ekultura live muzyka --title 'Rytmika dla dorosłych'",
            "ekultura live koncert --until 20:30",
            "ekultura live plastyka --rehearse --for 2m",
            "ekultura live --resume",
        ),
    )
    @click.argument("klass", metavar="CLASS", required=False)
    @click.option("--title", metavar="T", help=_("Title; else the class's own."))
    @click.option("--description", metavar="T", help=_("Description for the platforms."))
    @click.option("--for", "length", metavar="45m", help=_("Planned length."))
    @click.option("--until", metavar="HH:MM", help=_("Planned end, in the station's time."))
    @click.option("--rehearse", is_flag=True, help=_("Send nothing out; OBS, hub and recording run."))
    @click.option("--private", is_flag=True, help=_("Use an unpublished live video."))
    @click.option("--consents-checked", metavar="NAME", help=_("Who checked the consents for minors."))
    @click.option("--resume", is_flag=True, help=_("Go on with the broadcast that a power cut ended."))
    @click.option("--detach", is_flag=True, help=_("Return once on air, without a view."))
    def live(
        context: Context,
        klass: str | None,
        title: str | None,
        description: str | None,
        length: str | None,
        until: str | None,
        rehearse: bool,
        private: bool,
        consents_checked: str | None,
        resume: bool,
        detach: bool,
    ) -> int:
        if klass is None and not resume:
            raise click.MissingParameter(param_type="argument", param_hint="CLASS")
        station = context.station()
        wishes = Wishes(
            title=title,
            description=description,
            length=None if length is None else length_of(length),
            until=_until(until, station),
            rehearse=rehearse,
            private=private,
            consents=_named(consents_checked),
        )
        if rehearse and klass and not detach:
            from pipeline.cli.rehearsing import rehearsal  # late: a broadcast needs none of it

            return rehearsal(context, station, klass, wishes)
        air = _begin(context, station, klass, wishes, resume)
        if air is None:
            return 0
        if klass and not context.out.as_json:
            _tell_known(context, station, klass)
        view = View(context.out, air, station.settings.folders.work)
        view.wait_on_air()
        if detach or context.out.as_json:
            view.report()
            return 0
        return view.follow()


def _begin(context: Context, station: LoadedStation, klass: str | None, wishes: Wishes, resume: bool) -> Air | None:
    """A new broadcast, or the one that was cut off; None where the person wants neither."""
    if resume or klass is None:
        return go_on(station)
    found = cut_off(station.settings.folders.work)
    if found is not None and not context.out.as_json and sys.stdin.isatty():
        interrupted.tell(context.out, found)
        choice = interrupted.asked()
        if choice == interrupted.GO_ON:
            return go_on(station)
        if choice == interrupted.NOTHING:
            return None
        from pipeline.app.stopping import stop_now  # late: whoever waits for the first picture waits for imports

        stop_now(station, found.air)
    return begin(station, klass, wishes)


def _tell_known(context: Context, station: LoadedStation, klass: str) -> None:
    """While it begins: what the pre-flight knows to be wrong. It waits for nothing and keeps nobody off the air."""
    from pipeline.app import check  # late: the broadcast's own processes start meanwhile
    from pipeline.cli.checks import Board
    from pipeline.live.preflight.check import OK
    from pipeline.live.preflight.kept import told

    known = told(check.parts(station, klass, beginning=True), check.kept(station))
    Board(context.out).only([one for one in known if one.state != OK])


def _until(text: str | None, station: LoadedStation) -> datetime | None:
    """The next moment at which the station's clock shows HH:MM."""
    if text is None:
        return None
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if not match:
        raise Refused("usage.time", given=text)
    zone = ZoneInfo(station.settings.station.timezone)
    now = datetime.now(zone)
    moment = now.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0)
    if moment <= now:
        moment += timedelta(days=1)
    return moment.astimezone(UTC)


def _named(checked: str | None) -> str | None:
    """Who checked the consents; an empty name is no answer, and what it would decide is too grave to guess."""
    if checked is not None and not checked.strip():
        raise click.BadParameter(_("name the person who checked them"), param_hint="--consents-checked")
    return checked
