"""Finds a running OBS, or launches one and remembers that it did: only an OBS of ours is ever ended."""

import json
import logging
import os
import shlex
import shutil
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from pipeline import platform
from pipeline.adapters.obs import crash
from pipeline.adapters.obs.folders import config_roots
from pipeline.clock import SYSTEM, Clock
from pipeline.errors import Fatal, Refused
from pipeline.model.config import Obs
from pipeline.store.files import write_whole

log = logging.getLogger(__name__)

_PROGRAMS = frozenset({"obs", "obs.exe", "obs64", "obs64.exe", "obs-studio"})
_LAUNCH_S = 30.0
_PROBE_S = 2.0
_KILL_S = 0.5


@dataclass(frozen=True, slots=True)
class RunningObs:
    """An OBS process of this machine and the TCP ports that it listens on."""

    pid: int
    ports: frozenset[int]


def running_obs() -> list[RunningObs]:
    """Every OBS of this machine, as far as the system lets us look."""
    found = []
    for process in psutil.process_iter(["name"]):
        if (process.info["name"] or "").lower() not in _PROGRAMS:
            continue
        try:
            connections = process.net_connections(kind="tcp")
        except psutil.Error:
            continue
        ports = {item.laddr.port for item in connections if item.status == psutil.CONN_LISTEN}
        found.append(RunningObs(process.pid, frozenset(ports)))
    return found


class Launcher:
    """One station's OBS process. `work/obs.json` holds pid and birth of the one that we launched."""

    def __init__(
        self,
        settings: Obs,
        work: Path,
        clock: Clock = SYSTEM,
        *,
        launch_s: float = _LAUNCH_S,
        running: Callable[[], list[RunningObs]] = running_obs,
    ) -> None:
        self._settings = settings
        self._note = work / "obs.json"
        self._log = work / "logs" / "obs.log"
        self._clock = clock
        self._launch_s = launch_s
        self._running = running

    @property
    def launched(self) -> bool:
        """Whether an OBS that we launched (also in an earlier life) is running."""
        return self.pid is not None

    @property
    def pid(self) -> int | None:
        """The pid of the OBS that we launched, while it runs."""
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            pid, birth = int(note["pid"]), float(note["born"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        born = platform.born(pid)
        return pid if born is not None and abs(born - birth) < 1.0 and platform.alive(pid) else None

    def ensure(self) -> None:
        """Make sure that something answers at the websocket's port.

        Raises Refused `obs.not-running` (and no command line to launch it), `obs.no-websocket` (OBS runs, its
        websocket is off, or a dialog waits), `obs.crash-dialog` (it asks about its last crash), `obs.other-port`,
        `obs.launch-missing`; Fatal `obs.launch-failed`.
        """
        if self._answers():
            return
        ours = self.pid
        if ours is None and not (self._settings.launch and "--multi" in self._settings.launch):
            self._look_around()
        if not self._settings.launch:
            raise Refused("obs.not-running", host=self._settings.host, port=self._settings.port)
        self._await(ours if ours is not None else self._launch(self._settings.launch))

    def kill(self) -> bool:
        """End the OBS that we launched without a word to it: it hangs. False when it is somebody else's or gone."""
        pid = self.pid
        if pid is None:
            return False
        log.warning("OBS, pid %d, hangs and is ended", pid)
        roots = config_roots(pid)
        gone = platform.end_process(pid, wait_s=_KILL_S)
        if gone:
            self._note.unlink(missing_ok=True)
            if not self._running():
                crash.forget(roots)
        return gone

    def end(self) -> bool:
        """Close the OBS that we launched (politely, then firmly); False when it is somebody else's or gone."""
        pid = self.pid
        if pid is None:
            return False
        gone = platform.close_politely(pid)
        self._note.unlink(missing_ok=True)
        return gone

    def listener(self) -> int | None:
        """The pid of the OBS at our port, where the system tells."""
        if self._settings.host not in ("127.0.0.1", "localhost", "::1"):
            return None
        return next((obs.pid for obs in self._running() if self._settings.port in obs.ports), None)

    def _answers(self) -> bool:
        try:
            with socket.create_connection((self._settings.host, self._settings.port), timeout=_PROBE_S):
                return True
        except OSError:
            return False

    def _look_around(self) -> None:
        """An OBS that runs without answering at our port: a second one would only wait on a dialog."""
        others = self._running()
        for obs in others:
            if not obs.ports and crash.asks(config_roots(obs.pid), platform.born(obs.pid)):
                raise Refused("obs.crash-dialog", port=self._settings.port)
        if any(not obs.ports for obs in others):
            raise Refused("obs.no-websocket", port=self._settings.port)
        if others and not self._settings.launch:
            found = ", ".join(str(port) for obs in others for port in sorted(obs.ports))
            raise Refused("obs.other-port", port=self._settings.port, found=found)

    def _launch(self, command: str) -> int:
        argv = shlex.split(command, posix=not platform.WINDOWS)
        argv = [part.strip('"') for part in argv] if platform.WINDOWS else argv
        program = shutil.which(argv[0]) if argv else None
        if program is None:
            raise Refused("obs.launch-missing", program=argv[0] if argv else "")
        self._log.parent.mkdir(parents=True, exist_ok=True)
        if not self._running():
            crash.forget(self._roots())
        # On Windows OBS finds its own data only from its own folder.
        folder = Path(program).parent if platform.WINDOWS else None
        try:
            pid = platform.spawn_detached([program, *argv[1:]], log=self._log, env=dict(os.environ), folder=folder)
        except OSError as error:
            raise Fatal(
                "obs.launch-failed", command=argv[0], detail=error.strerror or "", log=str(self._log)
            ) from error
        self._remember(pid)
        log.info("launched OBS, pid %d", pid)
        return pid

    def _remember(self, pid: int) -> None:
        roots = [str(root) for root in config_roots(pid) if root.is_dir()]
        note = {"pid": pid, "born": platform.born(pid) or 0.0, "roots": roots}
        write_whole(self._note, json.dumps(note), private=True)

    def _roots(self) -> list[Path]:
        """Where the OBS that we launched last keeps its settings, or where any would."""
        try:
            noted = [Path(root) for root in json.loads(self._note.read_text(encoding="utf-8"))["roots"]]
        except (OSError, ValueError, KeyError, TypeError):
            noted = []
        return [*noted, *config_roots(None)]

    def _await(self, pid: int) -> None:
        deadline = self._clock.monotonic_us() + int(self._launch_s * 1e6)
        never = threading.Event()
        while not self._answers():
            listener = None if platform.alive(pid) else self.listener()
            if not platform.alive(pid) and listener is None:
                self._note.unlink(missing_ok=True)
                raise Fatal(
                    "obs.launch-failed",
                    command=shlex.split(self._settings.launch or "")[0],
                    detail=_last_line(self._log),
                    log=str(self._log),
                )
            if self._clock.monotonic_us() > deadline:
                asks = crash.asks(config_roots(pid), platform.born(pid))
                raise Refused("obs.crash-dialog" if asks else "obs.no-websocket", port=self._settings.port)
            self._clock.wait(never, 0.05)
        # A wrapper (flatpak, a script) is not OBS itself: remember the process that answers.
        found = self.listener()
        if found is not None and found != pid:
            self._remember(found)


def _last_line(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
