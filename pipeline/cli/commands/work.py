"""The after-work's commands: process a recording, look at the jobs, run a worker."""

import threading
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path

import click
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from pipeline import app
from pipeline.cli.common import Context, command
from pipeline.cli.output import WARNINGS, told
from pipeline.post.jobs import JobView

BEAT_S = 0.5


def add(root: click.Group) -> None:
    """Register the commands."""
    _add_process(root)
    _add_jobs(root)

    @command(
        root,
        "worker",
        help=_("Do the after-work of this station's recordings, here and now."),
        examples=("ekultura worker --until-idle",),
    )
    @click.option("--until-idle", is_flag=True, help=_("End when nothing is left to do."))
    def worker(context: Context, until_idle: bool) -> int:
        return app.run_worker(context.folder(), until_idle=until_idle)


def _add_process(root: click.Group) -> None:
    @command(
        root,
        "process",
        help=_("Captions, videos and an archive package for any recording."),
        examples=("ekultura process nagranie.mp4 --title 'Koncert kolęd' --wait",),
    )
    @click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
    @click.option("--class", "klass", metavar="C", help=_("The class it belongs to."))
    @click.option("--title", metavar="T", help=_("Title; else the file's name."))
    @click.option("--wait", is_flag=True, help=_("Wait until everything is there."))
    def process(context: Context, file: Path, klass: str | None, title: str | None, wait: bool) -> int:
        station = context.station()
        ident = app.take_in(station, file, klass, title)
        context.out.say(_("Taken in as {id}.").format(id=ident))
        app.start_worker(station)
        if wait:
            return _waited(context, ident)
        context.out.result({"id": ident})
        context.out.say(_("The work goes on by itself: ekultura jobs"))
        return 0


def _add_jobs(root: click.Group) -> None:
    @command(
        root,
        "jobs",
        help=_("Show the after-work: per cent and time left; cancel or retry one."),
        examples=("ekultura jobs", "ekultura jobs --wait", "ekultura jobs 7k2m9qfw --retry"),
    )
    @click.argument("ident", metavar="[ID]", required=False)
    @click.option("--cancel", is_flag=True, help=_("Stop this job; what is done stays."))
    @click.option("--retry", is_flag=True, help=_("Do this job again from where it failed."))
    @click.option("--wait", is_flag=True, help=_("Wait until nothing is left to do."))
    def jobs(context: Context, ident: str | None, cancel: bool, retry: bool, wait: bool) -> int:
        station = context.station()
        if (cancel or retry) and ident is None:
            raise click.UsageError(_("Give the ID of the job."))
        if cancel:
            app.cancel_job(station, str(ident))
        if retry:
            app.retry_job(station, str(ident))
            app.start_worker(station)
        if wait:
            app.start_worker(station)
            return _waited(context, ident)
        views = _views(context, ident)
        context.out.result([_as_json(view) for view in views])
        context.out.console.print(_table(views))
        context.out.say(_off_line(station_idle=not any(_open(view) for view in views)))
        return 0


def _views(context: Context, ident: str | None) -> list[JobView]:
    views = app.job_views(context.station())
    if ident is None:
        return views
    found = [view for view in views if view.id == ident]
    return found or app.job_views(context.station(), ident)


def _waited(context: Context, ident: str | None) -> int:
    """Show the jobs until none is open; 1 when one of them failed, 3 when one has something to read."""
    stop = threading.Event()
    with Live(console=context.out.console, refresh_per_second=4) as live:
        while True:
            views = _views(context, ident)
            live.update(_table(views))
            if not any(_open(view) for view in views):
                break
            app.keep_worker(context.station())
            stop.wait(BEAT_S)
    context.out.result([_as_json(view) for view in views])
    for view in views:
        for line in _troubles(view):
            context.out.warn(line)
    context.out.say(_off_line(station_idle=True))
    if any(view.state == "failed" for view in views):
        return 1
    return WARNINGS if any(view.findings for view in views) else 0


def _open(view: JobView) -> bool:
    return view.state in {"waiting", "working"}


def _off_line(*, station_idle: bool) -> str:
    if station_idle:
        return _("Nothing is left to do: you may switch the computer off.")
    return _("Work is going on: leave the computer on (it goes on by itself after a restart).")


def _table(views: Sequence[JobView]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for head in ("ID", _("title"), _("state"), _("step"), "%", _("left")):
        table.add_column(head)
    for view in views:
        left = "" if view.seconds_left is None else f"{view.seconds_left // 60}:{view.seconds_left % 60:02}"
        per_cent = "" if view.per_cent is None else f"{view.per_cent:.0f}"
        table.add_row(view.id, escape(view.title), _state(view), _step(view), per_cent, left)
    return table


def _state(view: JobView) -> str:
    states = {
        "on-air": _("on air"),
        "waiting": _("waiting"),
        "working": _("working"),
        "done": _("done"),
        "failed": _("failed"),
    }
    return states.get(str(view.state), str(view.state))


def _step(view: JobView) -> str:
    steps = {
        "verify": _("checking the recording"),
        "transcribe": _("listening to speech"),
        "captions": _("making captions"),
        "loudness": _("measuring loudness"),
        "web": _("web video"),
        "open": _("video with open captions"),
        "poster": _("poster picture"),
        "package": _("archive package"),
        "publish": _("sending captions"),
        "report": _("report"),
    }
    return steps.get(view.step or "", view.step or "")


def _troubles(view: JobView) -> list[str]:
    lines = []
    for found in ([view.error] if view.error else []) + list(view.findings):
        fields = found.get("fields")
        text = " ".join(told(str(found.get("code")), dict(fields) if isinstance(fields, dict) else {}))
        lines.append(f"{view.id}: {text}")
    return lines


def _as_json(view: JobView) -> dict[str, object]:
    return {name: getattr(view, name) for name in type(view).__slots__}
