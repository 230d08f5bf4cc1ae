"""Whether a process still answers: one that hangs is as dead as one that died, and nobody would notice."""

import json
import threading
from pathlib import Path

from pipeline.clock import Clock
from pipeline.errors import PipelineError
from pipeline.hub.control import ControlClient

ASK_S = 5.0
EVERY_S = 2.0
HUNG_US = 15_000_000  # several questions in a row: a machine that is merely busy answers one of them


class Pulse:
    """Asks a process for its status, in a thread of its own, through the control file that it writes.

    Only who has answered once can hang: one that begins, and one that has taken its control back, are left alone.
    """

    def __init__(self, control: Path, clock: Clock) -> None:
        self._control = control
        self._clock = clock
        self._heard: tuple[int, int] | None = None  # pid, and when it last answered

    def start(self, stop: threading.Event) -> None:
        threading.Thread(target=self._run, args=(stop,), name=f"pulse-{self._control.stem}", daemon=True).start()

    def hung(self, pid: int) -> bool:
        """Whether this process answered once, and has not for too long."""
        heard = self._heard
        return heard is not None and heard[0] == pid and self._clock.monotonic_us() - heard[1] > HUNG_US

    def beat(self) -> None:
        """Ask once."""
        pid = self._pid()
        if pid is None:
            self._heard = None
            return
        try:
            ControlClient(self._control).ask("status", timeout_s=ASK_S)
        except PipelineError:
            return
        self._heard = (pid, self._clock.monotonic_us())

    def _run(self, stop: threading.Event) -> None:
        while not self._clock.wait(stop, EVERY_S):
            self.beat()

    def _pid(self) -> int | None:
        try:
            return int(json.loads(self._control.read_text(encoding="ascii"))["pid"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
