"""`python -P -m pipeline.hub.guard GUARDFILE`: keeps hub and broadcast alive until both have ended cleanly.

GUARDFILE: {"journal": PATH, "log_folder": PATH, "processes": {"hub": argv, "broadcast": argv}, "controls": {"hub":
PATH, "broadcast": PATH}}. A process that hangs (its control answers no more) is ended and started again. They
are detached and outlive a killed guard; the next guard finds them by the pid and birth that are written beside
GUARDFILE, and adopts them. `restarts` and ends are journalled; what runs inside is not the guard's business.
"""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from pipeline import platform
from pipeline.clock import SYSTEM, Clock
from pipeline.hub.pulse import Pulse
from pipeline.store.files import write_whole
from pipeline.store.journal import Journal, read

log = logging.getLogger(__name__)

POLL_S = 0.1
FIRST_S, MOST_S = 0.0, 2.0
HUNG_WAIT_S = 0.5  # who hangs will not end by being asked
SOUND_US = 10_000_000  # who has run for so long is restarted at once
LEFT_ALONE_US = 30_000_000  # a hub whose broadcast ended cleanly so long ago is asked to finish


class Ward:
    """One process that is kept alive."""

    def __init__(self, name: str, argv: Sequence[str], folder: Path, log: Path, journal: Journal, clock: Clock):
        self.name = name
        self.done = False  # ended cleanly: not to be started again
        self.ended_us: int | None = None
        self._argv = list(argv)
        self._mark = folder / f"guard-{name}.json"
        self._log = log
        self._journal = journal
        self._clock = clock
        self._handle: subprocess.Popen[bytes] | None = None
        self._pid: int | None = None
        self._birth: float | None = None
        self._begun_us = 0
        self._wait_s = FIRST_S
        self._due_us = 0
        self._times = 0
        self.pulse: Pulse | None = None

    def adopt(self) -> None:
        """Take over the process that an earlier guard started, if it still runs."""
        try:
            mark = json.loads(self._mark.read_text(encoding="ascii"))
            pid, birth = int(mark["pid"]), float(mark["born"])
        except (OSError, ValueError, KeyError, TypeError):
            return
        self._times = 1
        self._pid, self._birth, self._begun_us = pid, birth, self._clock.monotonic_us()
        log.info("%s adopted: %s", self.name, pid)

    @property
    def running(self) -> bool:
        if self._handle is not None:
            return self._handle.poll() is None
        return self._pid is not None and platform.alive(self._pid) and self._same(self._pid)

    def step(self, *, wanted: bool) -> None:
        """Start what is due; see who died. A process that is not `wanted` is not started again."""
        now = self._clock.monotonic_us()
        if self.done:
            return
        if self.running:
            self._end_hung()
            return
        if self._pid is not None:
            self._died(now)
        elif not wanted:
            self.done, self.ended_us = True, now
        elif now >= self._due_us:
            self._start(now)

    def ask_to_end(self) -> None:
        if self._pid is not None and self.running:
            platform.end_process(self._pid, wait_s=20)

    def _end_hung(self) -> None:
        if self._pid is None or self.pulse is None or not self.pulse.hung(self._pid):
            return
        self._say("hung", pid=self._pid)
        if self._handle is not None:
            # Waited for anywhere else its exit status would be lost, and a lost one reads as clean.
            self._handle.kill()
            self._handle.wait()
        else:
            platform.end_process(self._pid, wait_s=HUNG_WAIT_S)

    def _start(self, now: int) -> None:
        try:
            self._handle = platform.start_detached(self._argv, log=self._log)
        except OSError as error:
            log.error("%s does not start: %s", self.name, type(error).__name__)
            self._due_us = now + round(MOST_S * 1_000_000)
            return
        self._pid, self._begun_us = self._handle.pid, now
        self._birth = platform.born(self._pid)
        write_whole(self._mark, json.dumps({"pid": self._pid, "born": self._birth or 0.0}))
        self._say("restarted" if self._times else "started", pid=self._pid)
        self._times += 1

    def _died(self, now: int) -> None:
        clean, status, pid = self._clean()
        self._handle, self._pid = None, None
        if clean:
            self.done, self.ended_us = True, now
            log.info("%s ended", self.name)
            return
        if now - self._begun_us > SOUND_US:
            self._wait_s = FIRST_S
        self._due_us = now + round(self._wait_s * 1_000_000)
        self._wait_s = min(max(self._wait_s * 2, 0.25), MOST_S)
        self._say("died", pid=pid, status=status)

    def _clean(self) -> tuple[bool, int | None, int | None]:
        """Whether it ended as it should; an adopted one's exit status is lost, but its journal tells."""
        if self._handle is not None:
            return self._handle.returncode == 0, self._handle.returncode, self._pid
        said = any(
            (line.what == "closed" and self.name == line.who)
            or (line.what, line.fields.get("state"), line.fields.get("pid")) == ("process", "ended", self._pid)
            for line in read(self._journal.path)
        )
        return said, None, self._pid

    def _same(self, pid: int) -> bool:
        birth = platform.born(pid)
        return birth is not None and self._birth is not None and abs(birth - self._birth) < 1.0

    def _say(self, state: str, **fields: object) -> None:
        log.info("%s %s %s", self.name, state, fields)
        try:
            self._journal.append("process", name=self.name, state=state, **fields)  # type: ignore[arg-type]
        except OSError:
            log.error("the journal cannot be written")


def guard(file: Path, stop: threading.Event, clock: Clock = SYSTEM) -> int:
    """Run until every process has ended cleanly (0), or until `stop` (0; the processes go on); 2 when another
    guard is at work.
    """
    lock = platform.FileLock(file.parent / "guard.lock")
    if not lock.acquire():
        log.error("another guard is at work")
        return 2
    with lock:
        plan = json.loads(file.read_text(encoding="utf-8"))
        journal, logs = Journal(Path(plan["journal"]), "guard", clock), Path(plan["log_folder"])
        logs.mkdir(parents=True, exist_ok=True)
        wards = {
            name: Ward(name, argv, file.parent, logs / f"{name}.log", journal, clock)
            for name, argv in plan["processes"].items()
        }
        for ward in wards.values():
            ward.adopt()
        for name, control in plan.get("controls", {}).items():
            wards[name].pulse = pulse = Pulse(Path(control), clock)
            pulse.start(stop)
        while not all(ward.done for ward in wards.values()):
            _round(wards, clock)
            if clock.wait(stop, POLL_S):
                break
    return 0


def _round(wards: dict[str, Ward], clock: Clock) -> None:
    head = wards.get("broadcast")
    over = head is not None and head.done
    for ward in wards.values():
        ward.step(wanted=not over)
    if over and head is not None and clock.monotonic_us() - (head.ended_us or 0) > LEFT_ALONE_US:
        for ward in wards.values():
            ward.ask_to_end()


def main(argv: list[str]) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    return guard(Path(argv[1]), threading.Event())


if __name__ == "__main__":
    sys.exit(main(sys.argv))
