"""The commands that ask a running broadcast, from any terminal: status, scene, marker, slate, leg, stop."""

from gettext import gettext as _

import click

from pipeline.app.beginning import cut_off
from pipeline.app.stopping import stop_now
from pipeline.cli import interrupted
from pipeline.cli.common import Context, command, length_of
from pipeline.cli.legs_table import in_words
from pipeline.cli.output import WARNINGS
from pipeline.cli.panel import clock, panel
from pipeline.cli.view import View
from pipeline.clock import parse_utc
from pipeline.errors import PipelineError
from pipeline.live import air as on_air
from pipeline.live.air import Air


def _air(context: Context) -> Air:
    return on_air.running(context.work())


def add(root: click.Group) -> None:
    """Register the commands."""
    _add_looking(root)
    _add_steering(root)
    _add_ending(root)


def _add_looking(root: click.Group) -> None:
    @command(root, "status", help=_("Show what is on air now."), examples=("ekultura status --json",))
    @click.option("--watch", is_flag=True, help=_("Stay and follow it."))
    def status(context: Context, watch: bool) -> int:
        work = context.work()
        found = cut_off(work)
        if found is not None:
            interrupted.tell(context.out, found)
            return WARNINGS
        air = on_air.running(work)
        if watch and not context.out.as_json:
            return View(context.out, air, work, joining=True).follow(may_end=False)
        answer = on_air.broadcast(air).ask("status")
        context.out.result(in_words(answer))
        context.out.console.print(panel(answer))
        return 0


def _add_steering(root: click.Group) -> None:
    @command(root, "scene", help=_("Show a scene, by its name."), examples=("ekultura scene main",))
    @click.argument("name")
    def scene(context: Context, name: str) -> int:
        answer = on_air.broadcast(_air(context)).ask("scene", name=name)
        context.out.result(answer)
        context.out.say(_("On the programme: {scene}").format(scene=answer["scene"]))
        return 0

    @command(
        root,
        "marker",
        help=_("Note this moment of the broadcast, with a text."),
        examples=("ekultura marker 'Chopin, Mazurek a-moll'",),
    )
    @click.argument("text")
    def marker(context: Context, text: str) -> int:
        answer = on_air.broadcast(_air(context)).ask("marker", text=text)
        context.out.result(answer)
        context.out.say(_("Marked at {time}: {text}").format(time=clock(answer["hub_us"]), text=text))
        return 0

    @command(
        root,
        "slate",
        help=_("Hide the hall behind the slate, or show it again."),
        examples=("ekultura slate on", "ekultura slate off"),
    )
    @click.argument("state", type=click.Choice(["on", "off"]))
    def slate(context: Context, state: str) -> int:
        answer = on_air.broadcast(_air(context)).ask("slate", on=state == "on")
        context.out.result(answer)
        context.out.say(_slate_words(answer, on=state == "on"))
        return 0

    @command(
        root,
        "leg",
        help=_("Add, drop or retry one destination while on air."),
        examples=("ekultura leg retry facebook", "ekultura leg drop cable"),
    )
    @click.argument("do", metavar="add|drop|retry", type=click.Choice(["add", "drop", "retry"]))
    @click.argument("name")
    def leg(context: Context, do: str, name: str) -> int:
        answer = on_air.broadcast(_air(context)).ask("leg", do_what=do, name=name, timeout_s=20.0)
        context.out.result(answer)
        wanted = answer.get("wanted")
        names = ", ".join(wanted) if isinstance(wanted, list) else ""
        context.out.say(_("Sent to: {names}").format(names=names or _("nowhere")))
        return 0

    @command(
        root,
        "extend",
        help=_("Move the planned end, and the run sheet's cues that are still to come."),
        examples=("ekultura extend 15", "ekultura extend 1h30m"),
    )
    @click.argument("minutes")
    def extend(context: Context, minutes: str) -> int:
        length = length_of(f"{minutes}m" if minutes.isdecimal() else minutes)
        answer = on_air.broadcast(_air(context)).ask("extend", minutes=round(length.total_seconds() / 60))
        context.out.result(answer)
        end = parse_utc(str(answer["planned_end"])).astimezone()
        context.out.say(_("New planned end: {time}").format(time=f"{end:%H:%M}"))
        return 0


def _slate_words(answer: dict[str, object], *, on: bool) -> str:
    if on:
        return _("The slate is on. The hall is hidden; the recording goes on.")
    if answer.get("feed") == "on":
        return _("The slate is off: the programme is back within a few seconds.")
    return _("The slate stays on air until OBS sends a picture again.")


def _add_ending(root: click.Group) -> None:
    @command(
        root,
        "stop",
        help=_("End the broadcast; with --now at once, even when half of it is dead."),
        examples=("ekultura stop", "ekultura stop --now"),
    )
    @click.option("--now", is_flag=True, help=_("End every leg at once, whatever answers."))
    def stop(context: Context, now: bool) -> int:
        work = context.work()
        air = on_air.running(work)
        view = View(context.out, air, work, joining=True)
        try:
            on_air.broadcast(air).ask("stop", now=now)
        except PipelineError:
            if not now and cut_off(work) is None:
                raise
            stop_now(context.station(), air)
        return view.wait_closed()
