"""The after-work's commands: process a recording, look at the jobs, run a worker."""

import threading
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.live import Live

from pipeline.cli import jobs_table
from pipeline.cli.common import Context, command
from pipeline.cli.output import WARNINGS
from pipeline.model.recording import State

if TYPE_CHECKING:  # the engine behind it takes a second to load: only commands that need it pay
    from pipeline.app.jobs import Job


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
        from pipeline.app.after import run_worker

        return run_worker(context.folder(), until_idle=until_idle)


def _add_process(root: click.Group) -> None:
    @command(
        root,
        "process",
        help=_("Captions, videos and an archive package for any recording."),
        examples=(
            "ekultura process nagranie.mp4 --title 'Koncert kolęd' --wait",
            "ekultura process --wait -- -dziwna-nazwa.mkv",
        ),
    )
    @click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
    @click.option("--class", "klass", metavar="C", help=_("The class it belongs to."))
    @click.option("--title", metavar="T", help=_("Title; else the file's name."))
    @click.option("--wait", is_flag=True, help=_("Wait until everything is there."))
    def process(context: Context, file: Path, klass: str | None, title: str | None, wait: bool) -> int:
        from pipeline.app import jobs

        station = context.station()
        ident = jobs.take_in(station, file, klass, title)
        context.out.say(_("Taken in as {id}.").format(id=ident))
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
    def jobs_(context: Context, ident: str | None, cancel: bool, retry: bool, wait: bool) -> int:
        from pipeline.app import jobs

        station = context.station()
        if (cancel or retry) and ident is None:
            raise click.UsageError(_("Give the ID of the job."))
        if cancel and retry:
            raise click.UsageError(_("Either --cancel or --retry."))
        if cancel and ident:
            jobs.cancel(station, ident)
        if retry and ident:
            jobs.retry(station, ident)
        if wait:
            return _waited(context, ident)
        found = jobs.look(station, ident)
        context.out.result([jobs_table.as_json(job) for job in found])
        context.out.console.print(jobs_table.table(found))
        _tell_troubles(context, found)
        context.out.say(jobs_table.may_switch_off(found))
        return 0


def _waited(context: Context, ident: str | None) -> int:
    """Show the jobs until none is open; 1 when one of them failed, 3 when one has something to read."""
    from pipeline.app import jobs

    station, never, console = context.station(), threading.Event(), context.out.console
    if console.is_terminal:
        with Live(console=console, refresh_per_second=4) as live:
            found = jobs.wait(station, ident, lambda seen: live.update(jobs_table.table(seen)), never)
    else:
        found = jobs.wait(station, ident, lambda seen: None, never)
        console.print(jobs_table.table(found))
    context.out.result([jobs_table.as_json(job) for job in found])
    _tell_troubles(context, found)
    context.out.say(jobs_table.may_switch_off(jobs.look(context.station())))
    if any(job.view.state is State.FAILED for job in found):
        return 1
    return WARNINGS if any(jobs_table.warnings(job) for job in found) else 0


def _tell_troubles(context: Context, found: "Sequence[Job]") -> None:
    for job in found:
        for line in jobs_table.troubles(job):
            context.out.warn(line)
