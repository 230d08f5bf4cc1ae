"""How checks look in a terminal: groups with headings, aligned lines, what is wrong in colour, remedies below."""

from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext

from rich.markup import escape
from rich.status import Status

from pipeline.cli.output import Output, told
from pipeline.live.preflight.check import FAILED, OK, WARNING, Check, Part

MARKS = {OK: "[green]✓[/]", WARNING: "[yellow]![/]", FAILED: "[red]✗[/]"}
STYLES = {OK: "dim", WARNING: "yellow", FAILED: "bold red"}
LABEL = 24  # columns
INDENT = " " * (LABEL + 5)


class Board:
    """Shows checks one after another as they come; `shown` keeps them."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._group = ""
        self._waiting: Status | None = None
        self.shown: list[Check] = []

    def begin(self, part: Part) -> None:
        """Say that something takes a while; the line vanishes with the next check."""
        self._wait_over()
        if self._out.console.is_terminal and not self._out.as_json:
            self._waiting = self._out.console.status(f"[dim]{escape(_waiting(part.name))}[/]")
            self._waiting.start()

    def show(self, one: Check) -> None:
        self._wait_over()
        self.shown.append(one)
        if one.group != self._group:
            self._group = one.group
            gap = "\n" if len(self.shown) > 1 else ""
            self._out.console.print(f"{gap}[bold]{escape(_heading(one.group))}[/]")
        self._line(one)

    def only(self, checks: list[Check]) -> None:
        """Show these, if there are any, and a blank line behind them."""
        for one in checks:
            self.show(one)
        if checks:
            self.close()

    def close(self) -> None:
        """The last check was shown."""
        self._wait_over()
        self._out.say("")

    def _line(self, one: Check) -> None:
        first, *rest = told(one.outcome.code, dict(one.outcome.fields)) if one.outcome.code else [""]
        name = label(one)
        dots = " " + "·" * max(2, LABEL - len(name))
        age = f" [dim]({escape(_age(one.at))})[/]" if one.at else ""
        text = f" {MARKS[one.state]} {escape(name)}[dim]{dots}[/] [{STYLES[one.state]}]{escape(first)}[/]{age}"
        self._out.console.print(text.rstrip())
        for line in rest:
            self._out.console.print(f"{INDENT}{escape(line)}")

    def _wait_over(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None


def label(one: Check) -> str:
    """What was looked at, in the reader's language; sources, microphones and destinations by their own names."""
    name = {
        "folders": _("folders"),
        "database": _("database"),
        "disk": _("disk space"),
        "memory": _("memory"),
        "power": _("power"),
        "sleep": _("sleep"),
        "clock": _("clock"),
        "fonts": _("fonts"),
        "files": _("files in config.yaml"),
        "hub": _("the hub's port"),
        "ffmpeg": "ffmpeg",
        "captions": _("speech model"),
        "obs": "OBS Studio",
        "scenes": _("scenes"),
        "encoder": _("encoder"),
        "rules": _("rules"),
        "page": _("Page"),
        "would-get": _("would get"),
        "door": _("connection"),
        "private": _("trial"),
        "offset": _("sound and picture"),
        "audience": _("audience"),
        "sent-to": _("goes to"),
        "heard-by": _("heard by"),
    }.get(one.name, one.name)
    if one.name in ("source", "microphone", "recording"):
        return one.subject
    return f"{one.subject}: {name}" if one.subject else name


def as_json(one: Check) -> dict[str, object]:
    """The check with its sentence, for programs."""
    message = " ".join(told(one.outcome.code, dict(one.outcome.fields))) if one.outcome.code else ""
    return {**one.as_plain(), "message": message}


def _heading(group: str) -> str:
    return {
        "computer": _("This computer"),
        "studio": "OBS Studio",
        "picture": _("Picture"),
        "sound": _("Sound"),
        "destinations": _("Destinations"),
        "class": _("Class"),
    }.get(group, group)


def _waiting(name: str) -> str:
    return {
        "studio": _("Watching OBS: pictures, microphones, encoder …"),
        "obs": _("Asking OBS …"),
        "destinations": _("Asking the destinations …"),
        "private": _("Sending to an unpublished live video …"),
    }.get(name, _("A moment …"))


def _age(at: datetime) -> str:
    minutes = round((datetime.now(UTC) - at).total_seconds() / 60)
    if minutes < 1:
        return _("just now")
    if minutes < 90:
        return ngettext("{count} minute ago", "{count} minutes ago", minutes).format(count=minutes)
    hours = round(minutes / 60)
    return ngettext("{count} hour ago", "{count} hours ago", hours).format(count=hours)
