"""`ekultura demo`: the whole chain on this machine. The show is a program of its own; this only starts it."""

import os
import signal
import subprocess
import sys
from gettext import gettext as _
from pathlib import Path

import click

from pipeline.cli.common import Context, command


def add(root: click.Group) -> None:
    """Register the command."""

    @command(
        root,
        "demo",
        help=_(
            "Everything on this machine: OBS without a screen, stand-ins for Facebook and the cable station, "
            "captions, videos, the archive package. Takes about five minutes."
        ),
        examples=("ekultura demo", "ekultura demo --keep pokaz"),
    )
    @click.option(
        "--keep", metavar="DIR", type=click.Path(path_type=Path), help=_("Leave the station behind in DIR.")
    )
    def demo(context: Context, keep: Path | None) -> int:
        argv = [sys.executable, "-P", "-m", "pipeline.standins.demo"]
        argv += ["--keep", str(keep.absolute())] if keep else []
        argv += ["--json"] if context.out.as_json else []
        return _follow(subprocess.Popen(argv, env=os.environ))


def _follow(show: "subprocess.Popen[bytes]") -> int:
    """Wait for the show. Ctrl-C reaches it by itself, and it needs some seconds to end what it began; where only
    we are told to end, it is told too.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: show.terminate())
    return show.wait()
