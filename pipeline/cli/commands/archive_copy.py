"""`ekultura archive copy`: bring the second archives that are there up to date, ask for those that are not."""

from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

import click
from rich.progress import DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from pipeline.archive.comparing import Comparison, Standing, compare
from pipeline.archive.copies import Place, label_of, write_label
from pipeline.archive.replicate import recover, replicate
from pipeline.cli.common import Context, command
from pipeline.cli.output import WARNINGS, sentences
from pipeline.cli.pausing import paused_by_ctrl_c
from pipeline.errors import Fatal, Refused
from pipeline.model.config import Settings


def add(group: click.Group) -> None:
    """Register the command."""

    @command(
        group,
        "copy",
        help=_(
            "Compare the copies of the archive that are connected and bring them up to date; asks by label for the "
            "others. What looks like damage never overwrites a copy, and nothing is ever deleted from one."
        ),
        examples=(
            "ekultura archive copy --prepare DYSK-A",
            "ekultura archive copy --dry-run",
            "ekultura archive copy DYSK-A",
        ),
    )
    @click.option("--prepare", is_flag=True, help=_("Write the label on the connected disk: once for each disk."))
    @click.option("--dry-run", is_flag=True, help=_("Only compare and say what would be done."))
    @click.option("--anyway", is_flag=True, help=_("Go on although very much has changed at once."))
    @click.argument("label", required=False)
    def copy(context: Context, label: str | None, prepare: bool, dry_run: bool, anyway: bool) -> int:
        settings = context.station().settings
        places = _places(settings, label)
        if prepare:
            return _prepared(context, places, label)
        there = [place for place in places if place.present]
        for place in places:
            if place not in there:
                _ask_for(context, place)
        if not there:
            raise Fatal("archive.no-copy-present", labels=", ".join(place.label for place in places))
        results = [_updated(context, settings.folders.archive, place, dry_run, anyway) for place in there]
        context.out.result(results)
        return WARNINGS if any(one["left"] for one in results) else 0


def _places(settings: Settings, label: str | None) -> list[Place]:
    places = [Place(one.label, one.folder) for one in settings.archive.copies]
    if not places:
        raise Refused("archive.no-copies")
    folders = settings.folders
    for place in places:
        for other in (folders.archive, folders.recordings, folders.work):
            near, far = place.folder.resolve(), other.resolve()
            if near.is_relative_to(far) or far.is_relative_to(near):
                raise Refused("archive.copy-inside", label=place.label, folder=str(place.folder), other=str(other))
    chosen = [place for place in places if label in (None, place.label)]
    if not chosen:
        raise Refused("archive.unknown-label", label=label, labels=", ".join(place.label for place in places))
    return chosen


def _prepared(context: Context, places: list[Place], label: str | None) -> int:
    if label is None:
        raise Refused("archive.which-label", labels=", ".join(place.label for place in places))
    write_label(places[0])
    context.out.result({"label": label, "folder": str(places[0].folder)})
    context.out.say(_("{folder} is now “{label}”.").format(folder=places[0].folder, label=label))
    return 0


def _ask_for(context: Context, place: Place) -> None:
    there = label_of(place.folder)
    if there is None:
        text = _("Connect “{label}” ({folder}) to bring it up to date.").format(
            label=place.label, folder=place.folder
        )
    else:
        text = _("Connect “{label}” to bring it up to date: in {folder} there is “{there}”.").format(
            label=place.label, folder=place.folder, there=there
        )
    context.out.say(text)


def _updated(context: Context, archive: Path, place: Place, dry_run: bool, anyway: bool) -> dict[str, object]:
    if not dry_run:
        for begun in place.folder.glob(".*.previous"):
            recover(place.folder, begun.name.removeprefix(".").removesuffix(".previous"))
    found = compare(archive, place.folder)
    if found.mass_change and not anyway and not dry_run:
        _differences(context, place, found)
        changed = len(found.of(Standing.LATER, Standing.STRANGE, Standing.DAMAGED, Standing.GONE))
        raise Refused("archive.mass-change", label=place.label, changed=changed, held=found.held)
    todo = found.of(Standing.NEW, Standing.LATER, Standing.TORN)
    copied = [] if dry_run else [name for name in todo if _copied(context, archive / name, place)]
    _differences(context, place, found)
    failed = [] if dry_run else [name for name in todo if name not in copied]
    shown = len(todo) if dry_run else len(copied)
    text = (
        ngettext("“{label}”: {n} package would be copied.", "“{label}”: {n} packages would be copied.", shown)
        if dry_run
        else ngettext("“{label}”: {n} package copied.", "“{label}”: {n} packages copied.", shown)
    )
    same = len(found.of(Standing.SAME))
    more = ngettext("{n} was up to date.", "{n} were up to date.", same).format(n=same)
    context.out.say(f"{text.format(label=place.label, n=shown)} {more}")
    left = [*failed, *found.of(Standing.STRANGE, Standing.DAMAGED)]
    return {"label": place.label, "packages": dict(found.packages), "copied": copied, "left": left}


def _copied(context: Context, package: Path, place: Place) -> bool:
    columns = (TextColumn("{task.description}"), DownloadColumn(), TransferSpeedColumn())
    shown = Progress(*columns, console=context.out.errors, disable=context.out.as_json, transient=True)
    try:
        with paused_by_ctrl_c() as stop, shown as progress:
            task = progress.add_task(f"{package.name} → {place.label}", total=None)
            replicate(package, place, progress=lambda count: progress.advance(task, count), stop=stop)
    except Fatal as error:
        context.out.warn("\n".join(sentences(error)))
        return False
    return True


def _differences(context: Context, place: Place, found: Comparison) -> None:
    for name in found.of(Standing.STRANGE):
        context.out.warn(
            _(
                "{name} is another package in “{label}” and not an earlier version of ours; it stays as it is."
            ).format(name=name, label=place.label)
        )
    for name in found.of(Standing.DAMAGED):
        context.out.warn(
            _("{name} is damaged in the archive and was not copied; see `ekultura archive verify {name}`.").format(
                name=name
            )
        )
    for name in found.of(Standing.GONE):
        context.out.warn(_("{name} is only in “{label}”; it stays there.").format(name=name, label=place.label))
