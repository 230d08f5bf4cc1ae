"""A real OBS without a screen, for the demo and the tests: its own X server, home, port and password.

`python -P -m pipeline.standins.screenless_obs FOLDER` becomes OBS (exec): the pid that was started is OBS's,
and its X server dies with it. Nothing of the user's own OBS is read or written, and it asks no network.
Linux only; needs obs-studio, xvfb and libgl1-mesa-dri.
"""

import os
import select
import shlex
import shutil
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from pipeline import platform
from pipeline.errors import Fatal, Refused, Temporary
from pipeline.model.config import Obs
from pipeline.store.files import write_whole

PROFILE = "Test"  # also the collection: what OBS has before anybody prepares it
_X_SERVER_S = 10.0
_START_S = 30.0

_GLOBAL = """[General]
FirstRun=true
LastVersion=486539266
EnableAutoUpdates=false
ConfirmOnExit=false
[Basic]
Profile={profile}
ProfileDir={profile}
SceneCollection={profile}
SceneCollectionFile={profile}
[BasicWindow]
PreviewEnabled=false
SysTrayEnabled=false
WarnBeforeStartingStream=false
WarnBeforeStoppingStream=false
WarnBeforeStoppingRecord=false
[OBSWebSocket]
FirstLoad=false
ServerEnabled=true
ServerPort={port}
AlertsEnabled=false
AuthRequired=true
ServerPassword={password}
"""

_PROFILE = """[General]
Name={profile}
[Video]
BaseCX=640
BaseCY=360
OutputCX=640
OutputCY=360
FPSType=1
FPSInt=25
[Output]
Mode=Simple
[SimpleOutput]
FilePath={folder}
RecFormat=mkv
"""


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class ScreenlessObs:
    """One isolated OBS under `folder`. `prepare` writes its home; `start` runs it detached until `end`."""

    folder: Path
    port: int
    password: SecretStr

    @property
    def settings(self) -> Obs:
        """What config.yaml says to reach it, with the command line that launches it."""
        return Obs(host="127.0.0.1", port=self.port, password=self.password, launch=self.command)

    @property
    def command(self) -> str:
        """The command line that becomes this OBS; it holds no password.

        `--multi` is OBS's own: it says that another OBS on this machine does not stand in the way.
        """
        return shlex.join([sys.executable, "-P", "-m", __name__, str(self.folder), "--multi"])

    def prepare(self) -> None:
        """Write its home folder, unless it has one. Refused `obs.screenless-missing` where a program is missing."""
        missing = [name for name in ("obs", "Xvfb", "setpriv") if shutil.which(name) is None]
        if missing:
            raise Refused("obs.screenless-missing", programs=", ".join(missing))
        config = self.folder / "home/.config/obs-studio"
        (self.folder / "run").mkdir(parents=True, exist_ok=True)
        (self.folder / "run").chmod(0o700)
        if (config / "global.ini").exists():
            return
        ini = _GLOBAL.format(profile=PROFILE, port=self.port, password=self.password.get_secret_value())
        write_whole(config / "global.ini", ini, private=True)
        profile = _PROFILE.format(profile=PROFILE, folder=self.folder)
        write_whole(config / f"basic/profiles/{PROFILE}/basic.ini", profile)

    def start(self) -> int:
        """Run it and wait until its port answers; returns its pid. Temporary `obs.launch-failed` otherwise."""
        self.prepare()
        log = self.folder / "obs.log"
        pid = platform.spawn_detached(shlex.split(self.command), log=log)
        deadline, tick = time.monotonic() + _START_S, threading.Event()
        while time.monotonic() < deadline:
            if answers(self.port):
                return pid
            if not platform.alive(pid):
                break
            tick.wait(0.05)
        platform.end_process(pid)
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        raise Temporary("obs.launch-failed", command="obs", detail=lines[-1] if lines else "", log=str(log))

    def become(self) -> None:
        """Start the X server and turn this process into OBS. Does not return."""
        display = _x_server(self.folder / "xvfb.log")
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder / "home"),
            "XDG_CONFIG_HOME": str(self.folder / "home/.config"),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "DISPLAY": display,
            "LANG": "C.UTF-8",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "LP_NUM_THREADS": "2",
            # A closed port: OBS looks for updates and service lists nowhere.
            "https_proxy": "http://127.0.0.1:9",
            "http_proxy": "http://127.0.0.1:9",
        }
        os.chdir(self.folder)
        arguments = ["obs", "--multi", "--disable-missing-files-check"]
        os.execvpe("obs", arguments, environment)


def answers(port: int) -> bool:
    """Whether something listens on this port of the loopback."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1.0):
            return True
    except OSError:
        return False


def _x_server(log: Path) -> str:
    """Start an X server on a free display; it dies with this process, also after exec. Returns `:NUMBER`."""
    reading, writing = os.pipe()
    argv = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x720x24", "-nolisten", "tcp"]
    with platform.open_private(log, "wb") as sink:
        subprocess.Popen(
            platform.die_with_parent(argv), stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, pass_fds=(writing,)
        )
    os.close(writing)
    number, deadline = b"", time.monotonic() + _X_SERVER_S
    while not number.endswith(b"\n") and time.monotonic() < deadline:
        ready, _, _ = select.select([reading], [], [], 0.2)
        piece = os.read(reading, 32) if ready else b""
        if ready and not piece:
            break
        number += piece
    os.close(reading)
    if not number.strip():
        raise Fatal("obs.screenless-missing", programs="Xvfb")
    return f":{number.strip().decode()}"


def main() -> None:
    folder = Path(sys.argv[1])
    ScreenlessObs(folder, 0, SecretStr("")).become()


if __name__ == "__main__":
    main()
