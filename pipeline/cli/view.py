"""The view of a broadcast: looks and asks, and may be closed at any moment without ending anything."""

import threading
import time
from gettext import gettext as _
from pathlib import Path

import click
from rich.live import Live

from pipeline.cli.legs_table import leg_line
from pipeline.cli.output import WARNINGS, Output, told
from pipeline.cli.panel import clock, panel, plain
from pipeline.clock import SYSTEM
from pipeline.errors import Fatal, PipelineError
from pipeline.live import air as on_air
from pipeline.live import failure
from pipeline.live.air import Air
from pipeline.store import journal

START_S = 90.0
CLOSE_S = 120.0
BEAT_S = 0.5
GONE_S = 30.0


class View:
    """One terminal that watches one broadcast; one that comes to it later (`joining`) is told only what is new."""

    def __init__(self, out: Output, air: Air, work: Path, *, joining: bool = False) -> None:
        self._out, self._air, self._work = out, air, work
        self._told = {line.n for line in journal.read(air.journal)} if joining else set[int]()
        self._client = on_air.broadcast(air)
        self._left = threading.Event()

    def wait_on_air(self) -> None:
        """Wait until the broadcast is on air, telling each step; raises what kept it from going on air."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            error = failure.read(self._work, self._air)
            if error is not None:
                failure.sweep(self._work, self._air, SYSTEM)
                raise error
            self._tell(findings=False)
            answer = self._ask()
            if answer is not None and answer.get("phase") == "on-air":
                self._tell()
                return
            self._pause(0.1)
        raise Fatal("live.not-on-air", seconds=int(START_S), folder=str(self._air.private))

    def report(self) -> None:
        """What is on air, once."""
        answer = self._ask() or {}
        self._out.result(answer)
        self._out.console.print(panel(answer))

    def follow(self, *, may_end: bool = True) -> int:
        """Show the broadcast until it ends; Ctrl-C asks whether to end it."""
        while True:
            try:
                if self._show():
                    return self.wait_closed()
            except KeyboardInterrupt:
                if not may_end:
                    return 0
                if self._ended_by_person():
                    return self.wait_closed()

    def wait_closed(self) -> int:
        """Wait for the journal's last line; tells what was kept. 3 when a finding of the end needs a person."""
        deadline = time.monotonic() + CLOSE_S
        while not self._air.closed() and time.monotonic() < deadline:
            self._tell()
            self._pause(0.2)
        if not self._air.closed():
            raise Fatal("live.not-closed", folder=str(self._air.folder))
        self._tell()
        return self._summary()

    def _show(self) -> bool:
        """Draw until the broadcast closes (True) or stops answering; plain lines where there is no terminal."""
        if not self._out.console.is_terminal:
            return self._lines()
        silent_since: float | None = None
        with Live(console=self._out.console, refresh_per_second=4, transient=True) as live:
            while not self._air.closed():
                self._tell()
                answer = self._ask()
                silent_since = None if answer else silent_since or time.monotonic()
                if answer:
                    live.update(panel(answer))
                elif silent_since and time.monotonic() - silent_since > GONE_S:
                    raise Fatal("live.no-answer", seconds=int(GONE_S))
                self._pause(BEAT_S)
        return True

    def _lines(self) -> bool:
        while not self._air.closed():
            self._tell()
            answer = self._ask()
            if answer:
                self._out.say(plain(answer))
            self._pause(5.0)
        return True

    def _pause(self, seconds: float) -> None:
        """Wait; Ctrl-C ends the wait at once."""
        SYSTEM.wait(self._left, seconds)

    def _ended_by_person(self) -> bool:
        try:
            # Click's own question knows no letters but y and n
            given: str = click.prompt(_("End the broadcast? (y/n)"), default=_("n"))
            if given.strip().casefold() in {"y", "yes", _("y"), _("yes")}:
                self._client.ask("stop")
                return True
        except click.Abort:
            self._out.say(_("The broadcast goes on. `ekultura status --watch` shows it, `ekultura stop` ends it."))
            raise SystemExit(0) from None
        return False

    def _ask(self) -> dict[str, object] | None:
        try:
            return self._client.ask("status", timeout_s=2.0)
        except PipelineError:
            return None

    def _tell(self, *, findings: bool = True) -> None:
        """Say what the journal has gained since last time; findings may be kept back for the next time."""
        for line in journal.read(self._air.journal):
            if line.n in self._told or (line.what == "finding" and not findings):
                continue
            self._told.add(line.n)
            text = plain_line(line.what, dict(line.fields))
            if text:
                self._out.say(f"  {clock(line.hub_us)}  {text}")

    def _summary(self) -> int:
        lines = list(journal.read(self._air.journal))
        findings = [line.fields for line in lines if line.what == "finding"]
        alarms = [one for one in findings if one.get("level") == "alarm" and "lasts_s" not in one]
        masters = sorted(path.name for path in self._air.masters.glob("*.mkv"))
        self._out.result({"folder": str(self._air.folder), "masters": masters, "alarms": len(alarms)})
        self._out.say(_("The broadcast has ended. Recordings: {names}").format(names=", ".join(masters) or "-"))
        self._out.say(_("Folder: {folder}").format(folder=self._air.folder))
        self._out.say(_("Captions, videos and the archive package follow by themselves: ekultura jobs"))
        return WARNINGS if alarms or not masters else 0


def plain_line(what: str, fields: dict[str, object]) -> str:
    """A line of the journal in words; empty for what nobody needs to read while it happens."""
    if what == "obs":
        states = {
            "connected": _("OBS answers"),
            "launched": _("OBS started"),
            "streaming": _("OBS sends to the hub"),
            "recording": _("OBS records"),
            "stopped": _("OBS stopped"),
        }
        return states.get(str(fields.get("state")), "")
    if what == "leg":
        return leg_line(fields)
    if what == "platform" and fields.get("state") == "created":
        return _("Facebook: live video made {link}").format(link=fields.get("permalink") or "")
    if what == "finding":
        about = fields.get("about")
        known = dict(about) if isinstance(about, dict) else {}
        text = told(str(fields.get("code")), {"destination": fields.get("destination"), **known})
        if fields.get("level") == "over":
            return _("Over: {what}").format(what=text[0])
        lasts = fields.get("lasts_s")
        if isinstance(lasts, int):
            return _("For {minutes} min: {what}").format(minutes=lasts // 60, what=" ".join(text))
        return " ".join(text)
    if what == "marker":
        return _("Marker: {text}").format(text=fields.get("text"))
    if what == "master":
        return _("Recorded: {path}").format(path=fields.get("path"))
    return ""
