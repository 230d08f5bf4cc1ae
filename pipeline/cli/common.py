"""What every command has: --station, --json, --lang, --debug, and one place where errors become exit codes."""

import functools
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from gettext import gettext as _
from pathlib import Path
from typing import Any, NamedTuple

import click

from captions.errors import CaptionError
from pipeline.cli.language import LANGUAGES
from pipeline.cli.output import Output
from pipeline.errors import PipelineError, Refused
from pipeline.model.load import CONFIG, LoadedStation, find_station, load_station, work_of
from pipeline.model.presets import seconds
from pipeline.store import work_folder

# Errors of the captions' library that lie in what was asked for: wrong usage, as Refused is elsewhere.
ASKED_WRONG = frozenset(
    f"captions.{what}"
    for what in (
        "unknown-format",
        "unknown-engine",
        "unknown-model",
        "unknown-language",
        "no-file",
    )
)
Register = Callable[[Callable[..., int]], click.Command]
OF_THE_AIR = frozenset({"live", "status", "stop", "init", "demo"})  # these tell of a broadcast cut off themselves
BEFORE = "ekultura.before"


class Before(NamedTuple):
    """The common options as given before the command's name."""

    station: Path | None
    as_json: bool
    debug: bool


NOTHING = Before(None, False, False)


@dataclass(frozen=True, slots=True)
class Context:
    """One call of a command: where its station is sought, and how it prints."""

    start: Path | None
    out: Output
    debug: bool
    mentions: bool = False

    def folder(self) -> Path:
        """The station's folder: the one that was named, or the nearest upward. Refused where there is none."""
        if self.start is None:
            return find_station(Path.cwd())
        if not (self.start / CONFIG).is_file():
            raise Refused("config.no-station", start=str(self.start))
        return self.start

    def station(self) -> LoadedStation:
        """The station, loaded and checked; Refused with every fault of its settings."""
        station = load_station(self.folder())
        if self.mentions and work_folder.pointed(station.settings.folders.work) is not None:
            self._mention(station)
        return station

    def _mention(self, station: LoadedStation) -> None:
        """Say in a line that a broadcast was cut off here, whatever the command is about."""
        from pipeline.app.beginning import cut_off  # late: hardly ever needed
        from pipeline.cli import interrupted

        found = cut_off(station.settings.folders.work)
        if found is not None:
            interrupted.mention(self.out, found)

    def work(self) -> Path:
        """The work folder, where a running broadcast is found, whatever faults the settings have meanwhile."""
        return work_of(self.folder())


def command(group: click.Group, name: str, *, help: str, examples: tuple[str, ...] = ()) -> Register:
    """Register a function as a command with the common options; it gets a `Context` first."""

    def register(function: Callable[..., int]) -> click.Command:
        @functools.wraps(function)
        def run(station: Path | None, as_json: bool, lang: str | None, debug: bool, **options: Any) -> None:
            before = click.get_current_context().meta.get(BEFORE, NOTHING)
            named = station or before.station or _from_environment()
            context = Context(
                named, Output(as_json or before.as_json), debug or before.debug, mentions=name not in OF_THE_AIR
            )
            sys.exit(guarded(context, functools.partial(function, context, **options)))

        epilog = "\b\n" + "\n".join([_("Examples:"), *(f"  {line}" for line in examples)])
        return group.command(name, help=help, epilog=epilog if examples else None)(common_options(run))

    return register


def common_options(run: Callable[..., None]) -> Callable[..., None]:
    """Give a function the four options that every command has."""
    for option in (
        click.option("--debug", is_flag=True, help=_("Show the program's own trace of an error.")),
        click.option("--lang", type=click.Choice(LANGUAGES), help=_("Language of the messages.")),
        click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON.")),
        click.option(
            "--station",
            type=click.Path(path_type=Path),
            help=_("The station's folder; else the nearest one upward with config.yaml."),
        ),
    ):
        run = option(run)
    return run


def remember(station: Path | None, as_json: bool, lang: str | None, debug: bool) -> None:
    """Keep the options that stand before a command's name for the command itself."""
    meta = click.get_current_context().meta
    before = meta.get(BEFORE, NOTHING)
    meta[BEFORE] = Before(station or before.station, as_json or before.as_json, debug or before.debug)


def _from_environment() -> Path | None:
    named = os.environ.get("EKULTURA_STATION")
    return Path(named) if named else None


def guarded(context: Context, run: Callable[[], int]) -> int:
    """Run a command; every error that is meant for people becomes a message and an exit code."""
    try:
        return run()
    except (click.ClickException, click.Abort, click.exceptions.Exit):
        raise
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        code, told = _told(error)
        context.out.fail(told)
        if context.debug:
            traceback.print_exc()
        return code


def _told(error: Exception) -> tuple[int, PipelineError | CaptionError]:
    """The exit code, and the error that people are told."""
    if isinstance(error, CaptionError):
        return (2 if error.code in ASKED_WRONG else 1), error
    if isinstance(error, PipelineError):
        return error.exit_code, error
    if isinstance(error, OSError):
        detail = error.strerror or str(error)
        return 1, PipelineError("system.error", detail=detail, file=error.filename or "")
    # Its text stays out: it may quote a secret. The place is enough to find the fault.
    place = traceback.extract_tb(error.__traceback__)[-1]
    detail = f"{type(error).__name__}, {Path(place.filename).name}:{place.lineno}"
    return 1, PipelineError("system.defect", detail=detail)


def length_of(text: str) -> timedelta:
    """A length of time as it is typed (45m, 1h30m, 90s). Refused `usage.length` for what is none, or nothing."""
    try:
        length = timedelta(seconds=seconds(text))
    except ValueError as error:
        raise Refused("usage.length", given=text) from error
    if not length:
        raise Refused("usage.length", given=text)
    return length
