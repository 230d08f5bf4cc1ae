"""`python -P -m pipeline.standins.demo [--keep DIR] [--json]`: exit code 0 when every promise was kept, 3 with
warnings, 1 when one was broken or the demo could not be given.
"""

import argparse
import logging
import os
import signal
import sys
from datetime import datetime
from gettext import gettext as _
from pathlib import Path

from platformdirs import user_cache_path
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.cli.language import choose, speak
from pipeline.cli.output import Output
from pipeline.errors import PipelineError
from pipeline.standins.demo import page
from pipeline.standins.demo.display import Display, Lines, Screen, Silent
from pipeline.standins.demo.evidence import Evidence
from pipeline.standins.demo.run import Demo
from pipeline.standins.demo.verdict import FAILED, OK, WARNING, Check, exit_code, verdict

MARKS = {OK: "[bold green]✓[/]", WARNING: "[bold yellow]![/]", FAILED: "[bold red]✗[/]"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="ekultura demo", description=__doc__)
    parser.add_argument("--keep", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    language = choose(sys.argv[1:], os.environ, Path("/nonexistent"))
    speak(language)
    logging.basicConfig(level=logging.ERROR)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    out = Output(options.json)
    folder = (options.keep or _own_folder()).expanduser().absolute()
    try:
        evidence = _shown(folder, language, out)
        checks = verdict(evidence)
        shown = page.write(evidence, checks, language)
    except PipelineError as error:
        out.fail(error)
        out.say(_("What there is lies in {folder}").format(folder=folder))
        return 1
    except KeyboardInterrupt:
        out.say(_("The demo was broken off; everything that it began has ended."))
        return 130
    _tell(out, evidence, checks, shown)
    out.result(
        {
            "folder": str(folder),
            "page": str(shown),
            "checks": [check.as_json() for check in checks],
            "first_picture_s": evidence.played.first_picture_s,
            "seconds": evidence.seconds,
        }
    )
    return exit_code(checks)


def _own_folder() -> Path:
    return user_cache_path("ekultura", appauthor=False) / "pokaz" / f"{datetime.now().astimezone():%Y-%m-%d_%H%M%S}"


def _shown(folder: Path, language: str, out: Output) -> Evidence:
    """Run it with the display that fits."""
    console = out.console
    if out.as_json:
        return Demo(folder, language, Silent()).run()
    if not console.is_terminal:
        display: Display = Lines(console)
        return Demo(folder, language, display).run()
    with Screen(Console(highlight=False)) as screen:
        return Demo(folder, language, screen).run()


def _tell(out: Output, evidence: Evidence, checks: list[Check], shown: Path) -> None:
    """The verdict, where everything is, and whether the computer may be switched off."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for check in checks:
        table.add_row(MARKS[check.state], escape(check.name), f"[dim]{escape(check.text)}[/]")
    out.console.print()
    out.console.print(table)
    out.console.print()
    for name, path in (
        (_("page with pictures"), shown),
        (_("video with open captions"), evidence.files.open),
        (_("captions"), evidence.files.srt),
        (_("archive package"), evidence.files.package.path),
        (_("what Facebook received"), evidence.station / "far-ends" / "facebook"),
        (_("what the headend received"), evidence.station / "far-ends" / "cable"),
        (_("the station"), evidence.station),
    ):
        out.console.print(f"  [dim]{escape(name)}:[/] {escape(str(path))}", soft_wrap=True)
    out.console.print()
    failed = [check for check in checks if check.state == FAILED]
    warned = [check for check in checks if check.state == WARNING]
    if failed:
        names = "; ".join(f"{check.name}: {check.text}" for check in failed)
        out.say(_("Not as promised: {names}").format(names=names), style="bold red")
    elif warned:
        names = "; ".join(f"{check.name}: {check.text}" for check in warned)
        out.say(_("Everything arrived; worth a look: {names}").format(names=names), style="bold yellow")
    else:
        out.say(_("Everything arrived as promised."), style="bold green")
    if evidence.jobs and all(job["state"] == "done" for job in evidence.jobs):
        out.say(_("Nothing is left to do: you may switch the computer off."), style="bold")


if __name__ == "__main__":
    sys.exit(main())
