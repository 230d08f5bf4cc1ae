"""The archive's commands: list, show; the others are in files of their own."""

from gettext import gettext as _
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from pipeline.archive import find
from pipeline.cli.commands import archive_copy, archive_search, archive_verify
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
    archive_search.add(group)
    _add_show(group)
    archive_verify.add(group)
    archive_copy.add(group)


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
