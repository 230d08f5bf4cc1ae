"""`ekultura live CLASS --rehearse`: a whole broadcast that goes nowhere, and what was seen of it."""

import contextlib
import threading
from datetime import timedelta
from gettext import gettext as _

from pipeline.app.rehearsal import Rehearsal, rehearse
from pipeline.cli.checks import Board, as_json
from pipeline.cli.common import Context
from pipeline.cli.output import WARNINGS
from pipeline.cli.view import View
from pipeline.clock import SYSTEM
from pipeline.errors import PipelineError
from pipeline.live import air as on_air
from pipeline.live.preflight.check import FAILED, OK
from pipeline.live.start import Wishes
from pipeline.model.load import LoadedStation

USUAL = timedelta(minutes=1)


def rehearsal(context: Context, station: LoadedStation, klass: str, wishes: Wishes) -> int:
    """Rehearse for the given time (a minute else), report, and leave nothing behind. Ctrl-C ends it early."""
    length = wishes.length or (wishes.until - SYSTEM.utc() if wishes.until else USUAL)
    one = rehearse(station, klass, wishes)
    out, view = context.out, View(context.out, one.air, station.settings.folders.work)
    board = Board(out)
    try:
        view.wait_on_air()
        out.say(_("Rehearsing: every scene is shown; nothing is sent out. Ctrl-C ends it."), style="bold")
        try:
            one.watch(length.total_seconds(), threading.Event())
        except KeyboardInterrupt:
            out.say(_("Ended early."))
        _end(one)
        board.only(list(one.checks()))
    finally:
        _end(one)
        one.remove()
    out.result([as_json(shown) for shown in board.shown])
    states = {shown.state for shown in board.shown}
    out.say(_("Nothing was sent out, and nothing of the rehearsal is kept."))
    return 1 if FAILED in states else WARNINGS if states - {OK} else 0


def _end(one: Rehearsal) -> None:
    """Ask for the end and wait for it; one that has ended already answers no more."""
    with contextlib.suppress(PipelineError):
        on_air.broadcast(one.air).ask("stop", timeout_s=5.0)
    one.wait_closed()
