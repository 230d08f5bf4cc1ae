"""The archive's commands: list, show, verify."""

from gettext import gettext as _
from pathlib import Path

import click
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from pipeline.archive import find
from pipeline.archive.verify import VerifyReport, verify
from pipeline.cli.common import Context, command, common_options, remember
from pipeline.cli.output import WARNINGS, told
from pipeline.clock import utc_text


def add(root: click.Group) -> None:
    """Register the commands."""

    @root.group("archive", help=_("The archive: every recording findable and provable."))
    @common_options
    def group(station: Path | None, as_json: bool, lang: str | None, debug: bool) -> None:
        remember(station, as_json, lang, debug)

    _add_list(group)
    _add_show(group)
    _add_verify(group)


def _add_list(group: click.Group) -> None:
    @command(group, "list", help=_("List the packages, the newest first."), examples=("ekultura archive list",))
    def listing(context: Context) -> int:
        found = list(find.list_packages(_folder(context)))
        context.out.result([_as_json(one) for one in found])
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for head in ("ID", _("date"), _("class"), _("title"), "MB"):
            table.add_column(head)
        for one in found:
            size = str(one.size // 1024**2)
            table.add_row(one.identifier, f"{one.started:%Y-%m-%d}", one.klass, escape(one.title), size)
        context.out.console.print(table)
        torn = find.unreadable(_folder(context))
        for path in torn:
            context.out.warn(" ".join(told("archive.no-record", {"path": path})))
        return WARNINGS if torn else 0


def _add_show(group: click.Group) -> None:
    @command(group, "show", help=_("Show what a package holds."), examples=("ekultura archive show 7k2m9qfw",))
    @click.argument("ident", metavar="ID")
    def show(context: Context, ident: str) -> int:
        one = find.find_package(_folder(context), ident)
        context.out.result(_as_json(one))
        context.out.say(f"{one.title} ({one.started:%Y-%m-%d}, {one.klass}, {one.identifier}/r{one.revision})")
        context.out.say(str(one.path))
        for file in one.files:
            context.out.say(f"  {file.size:>12}  {file.path}")
        return 0


def _add_verify(group: click.Group) -> None:
    @command(
        group,
        "verify",
        help=_("Read every byte of packages again and compare it; names each damaged file."),
        examples=("ekultura archive verify 7k2m9qfw", "ekultura archive verify /media/dysk/7k2m9qfw"),
    )
    @click.argument("what", metavar="[ID|DIR]", required=False)
    def verify_(context: Context, what: str | None) -> int:
        reports = [_verified(context, path) for path in _packages(context, what)]
        context.out.result([report.as_dict() for report in reports])
        for report in reports:
            _tell(context, report)
        if not reports:
            context.out.say(_("The archive holds no package yet."))
        return 0 if all(report.ok for report in reports) else 1


def _packages(context: Context, what: str | None) -> list[Path]:
    if what is None:
        folder = _folder(context)
        return [*(one.path for one in find.list_packages(folder)), *find.unreadable(folder)]
    if Path(what).is_dir():
        return [Path(what)]
    exact = _folder(context) / what
    if what.isalnum() and exact.is_dir():
        return [exact]  # even where its own record is what is damaged
    return [find.find_package(_folder(context), what).path]


def _verified(context: Context, path: Path) -> VerifyReport:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    shown = Progress(*columns, console=context.out.errors, disable=context.out.as_json, transient=True)
    with shown as progress:
        task = progress.add_task(path.name, total=None)
        return verify(path, lambda done, total: progress.update(task, completed=done, total=total))


def _tell(context: Context, report: VerifyReport) -> None:
    name = Path(report.path).name
    if report.ok:
        context.out.say(
            _("✓ {name}: {files} files, {mb} MB, every byte as it was").format(
                name=name, files=report.files, mb=report.bytes // 1024**2
            ),
            style="green",
        )
        return
    context.out.say(_("✗ {name} is not as it was:").format(name=name), style="bold red")
    for head, paths in (
        (_("damaged"), report.damaged),
        (_("missing"), report.missing),
        (_("not listed"), report.extra),
    ):
        for path in paths:
            context.out.say(f"  {head}: {path}")
    for problem in report.problems:
        context.out.say(f"  {_('fault')}: {_problem(problem)}")


def _problem(text: str) -> str:
    """A fault of the whole package in words; `text` is `kind: detail`."""
    kind, _colon, detail = text.partition(": ")
    kinds = {
        "no-bag": _("this is no whole BagIt package ({detail})"),
        "oxum": _("number and size of the files are not as written down ({detail})"),
        "link": _("{detail} is a link, not a file"),
        "unreadable": _("{detail} cannot be read"),
        "not-in-every-manifest": _("{detail} is not in every list of checksums"),
        "unknown-digest": _("{detail} has only checksums that this computer does not know"),
    }
    return kinds[kind].format(detail=detail) if kind in kinds else text


def _folder(context: Context) -> Path:
    return context.station().settings.folders.archive


def _as_json(one: find.Package) -> dict[str, object]:
    return {
        "id": one.identifier,
        "title": one.title,
        "class": one.klass,
        "started": utc_text(one.started),
        "revision": one.revision,
        "size": one.size,
        "path": str(one.path),
        "files": [{"path": file.path, "role": file.role, "size": file.size} for file in one.files],
    }
