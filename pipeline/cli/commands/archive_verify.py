"""`ekultura archive verify`: read packages again; pause, go on, and only what is due today."""

import threading
from datetime import timedelta
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from pipeline.archive import find, schedule
from pipeline.archive.checking import check
from pipeline.archive.copies import Place, offers
from pipeline.archive.verify import VerifyReport
from pipeline.cli.common import Context, command
from pipeline.cli.pausing import paused_by_ctrl_c
from pipeline.clock import SYSTEM
from pipeline.errors import Refused
from pipeline.model.config import Settings

SHOWN = 20  # warnings and stray files shown of each package; --json has all


def add(group: click.Group) -> None:
    """Register the command."""

    @command(
        group,
        "verify",
        help=_(
            "Read every byte of packages again and compare it; names each damaged file and where a whole copy of "
            "it is. Ctrl-C pauses; the same command goes on."
        ),
        examples=(
            "ekultura archive verify 7k2m9qfw",
            "ekultura archive verify /media/dysk/7k2m9qfw",
            "ekultura archive verify --due",
        ),
    )
    @click.option(
        "--due", is_flag=True, help=_("Only what is due today: a daily share, each package once a period.")
    )
    @click.argument("what", metavar="[ID|DIR]", required=False)
    def verify_(context: Context, what: str | None, due: bool) -> int:
        if due and what is not None:
            raise Refused("archive.due-or-one", what=what)
        settings = context.station().settings
        packages = _due(settings) if due else _packages(settings.folders.archive, what)
        reports: list[dict[str, object]] = []
        whole = True
        with paused_by_ctrl_c() as stop:
            for path in packages:
                report = _checked(context, settings, path, stop)
                whole = whole and report.ok
                reports.append({**report.as_dict(), "offers": _tell(context, settings, report)})
        context.out.result(reports)
        if not packages:
            context.out.say(_("Nothing is due today.") if due else _("The archive holds no package yet."))
        return 0 if whole else 1


def _due(settings: Settings) -> list[Path]:
    return schedule.due(settings.folders.archive, SYSTEM.utc(), timedelta(days=settings.archive.check_every_days))


def _packages(archive: Path, what: str | None) -> list[Path]:
    if what is None:
        return [one.package for one in schedule.standings(archive)]
    if Path(what).is_dir():
        return [Path(what)]
    exact = archive / what
    if what.isalnum() and exact.is_dir():
        return [exact]  # even where its own record is what is damaged
    return [find.find_package(archive, what).path]


def _checked(context: Context, settings: Settings, path: Path, stop: threading.Event) -> VerifyReport:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    shown = Progress(*columns, console=context.out.errors, disable=context.out.as_json, transient=True)
    with shown as progress:
        task = progress.add_task(path.name, total=None)
        return check(
            path,
            settings.folders.work,
            settings.folders.archive,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
            stop=stop,
        )


def _tell(context: Context, settings: Settings, report: VerifyReport) -> dict[str, str]:
    """The report in words; returns where whole copies of what is damaged or missing are."""
    out, package = context.out, Path(report.path)
    for line in [*report.warnings, *(f"unlisted: {name}" for name in report.unlisted)][:SHOWN]:
        out.warn(f"  {_('note')}: {_worded(line)}")
    if report.ok:
        text = _("✓ {name}: {files}, {mb} MB, every byte as it was").format(
            name=package.name,
            files=ngettext("{n} file", "{n} files", report.files).format(n=report.files),
            mb=report.bytes // 1_000_000,
        )
        out.say(text, style="green")
        return {}
    places = [Place(one.label, one.folder) for one in settings.archive.copies]
    found = offers(package, [*report.damaged, *report.missing], places)
    out.say(_("✗ {name} is not as it was:").format(name=package.name), style="bold red")
    for head, paths in (
        (_("damaged"), report.damaged),
        (_("missing"), report.missing),
        (_("not listed"), report.extra),
    ):
        for path in paths:
            out.say(f"  {head}: {path}")
            if path in found:
                out.say(f"    {_('whole in the copy')}: {found[path]}")
    for problem in report.problems:
        out.say(f"  {_('fault')}: {_worded(problem)}")
    for place in places:
        if not place.present and (report.damaged or report.missing):
            out.say(
                _("  Connect “{label}” ({folder}): it may hold a whole copy.").format(
                    label=place.label, folder=place.folder
                )
            )
    return {name: str(path) for name, path in found.items()}


def _worded(text: str) -> str:
    """A fault or a warning of the whole package in words; `text` is `kind: detail`."""
    kind, _colon, detail = text.partition(": ")
    kinds = {
        "no-bag": _("this is no whole BagIt package ({detail})"),
        "oxum": _("number and size of the files are not as written down ({detail})"),
        "link": _("{detail} is a link, not a file"),
        "unreadable": _("{detail} cannot be read"),
        "not-in-every-manifest": _("{detail} is not in every list of checksums"),
        "unknown-digest": _("{detail} has only checksums that this computer does not know"),
        "no-text": _("{detail} is no text in the encoding that the package declares"),
        "line": _("a line makes no sense ({detail})"),
        "wrong-manifest": _("a file stands in the wrong list of checksums ({detail})"),
        "listed-twice": _("a file is listed twice ({detail})"),
        "fetch": _("{detail} is to be fetched, but no list has its checksum"),
        "algorithm-name": _("{detail} is not named as the standard wants"),
        "algorithm": _("this computer does not know the checksums of {detail}"),
        "byte-order-mark": _("{detail} begins with a byte-order mark"),
        "asterisk": _("an asterisk before a name, as md5sum writes it ({detail})"),
        "dot-slash": _("a needless ./ before a name ({detail})"),
        "other-form": _("{detail} has its letters in another form of Unicode than the list"),
        "system-file": _("{detail} was left by an operating system"),
        "bag-in-bag": _("a package in the package ({detail})"),
        "same-name": _("{detail} differs from another name only in case or in Unicode's form"),
        "unlisted": _("{detail} lies beside the payload and has no checksum"),
    }
    return kinds[kind].format(detail=detail) if kind in kinds else text
