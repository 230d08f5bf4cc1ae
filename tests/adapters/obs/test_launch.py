"""Finding and launching: what is said when it cannot be, and that only our own OBS is ever ended."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import platform
from pipeline.adapters.obs.folders import config_roots, profile_folder
from pipeline.adapters.obs.launch import Launcher, RunningObs
from pipeline.errors import Fatal, PipelineError, Refused
from pipeline.model.config import Obs
from pipeline.standins.screenless_obs import free_port

SLEEPER = f"{sys.executable} -c 'import time; time.sleep(30)'"


def _launcher(work: Path, launch: str | None, running: list[RunningObs] | None = None) -> Launcher:
    settings = Obs(port=free_port(), launch=launch)
    return Launcher(settings, work, launch_s=0.6, running=lambda: running or [])


def _fault(launcher: Launcher) -> PipelineError:
    with pytest.raises(PipelineError) as caught:
        launcher.ensure()
    return caught.value


@pytest.fixture
def stranger() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])
    yield process.pid
    process.kill()
    process.wait()


def test_not_running_and_nothing_to_launch(tmp_path: Path) -> None:
    fault = _fault(_launcher(tmp_path, None))
    assert (type(fault), fault.code) == (Refused, "obs.not-running")


def test_obs_runs_with_its_websocket_off(tmp_path: Path) -> None:
    silent = [RunningObs(1, frozenset())]
    assert _fault(_launcher(tmp_path, None, silent)).code == "obs.no-websocket"
    assert _fault(_launcher(tmp_path, SLEEPER, silent)).code == "obs.no-websocket"
    assert not (tmp_path / "obs.json").exists(), "a second OBS would wait on a dialog"


def test_obs_listens_elsewhere(tmp_path: Path) -> None:
    fault = _fault(_launcher(tmp_path, None, [RunningObs(1, frozenset({4455}))]))
    assert (fault.code, fault.fields["found"]) == ("obs.other-port", "4455")


def test_no_such_program(tmp_path: Path) -> None:
    fault = _fault(_launcher(tmp_path, "/nie/ma/obs --multi"))
    assert (type(fault), fault.code) == (Refused, "obs.launch-missing")


def test_it_ends_at_once(tmp_path: Path) -> None:
    command = f"{sys.executable} -c 'import sys; sys.exit(\"nie ma ekranu\")'"
    fault = _fault(_launcher(tmp_path, command))
    assert (type(fault), fault.code, fault.fields["detail"]) == (Fatal, "obs.launch-failed", "nie ma ekranu")


def test_launched_but_its_websocket_never_answers(tmp_path: Path) -> None:
    launcher = _launcher(tmp_path, SLEEPER)
    assert _fault(launcher).code == "obs.no-websocket"
    pid = launcher.pid
    assert pid is not None
    assert launcher.end()
    assert not platform.alive(pid)
    assert not launcher.launched


def test_another_life_knows_what_it_launched(tmp_path: Path) -> None:
    port = free_port()
    server = f"import socket,time; s=socket.create_server(('127.0.0.1',{port})); time.sleep(30)"
    settings = Obs(port=port, launch=f'{sys.executable} -c "{server}"')
    first = Launcher(settings, tmp_path, launch_s=20, running=lambda: [])
    first.ensure()
    again = Launcher(settings, tmp_path, running=lambda: [])
    again.ensure()  # finds the first, and launches no second
    assert again.launched
    assert again.pid == first.pid
    assert again.end()


def test_somebody_elses_obs_is_never_ended(tmp_path: Path, stranger: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        launcher = Launcher(Obs(port=server.getsockname()[1], launch=SLEEPER), tmp_path)
        launcher.ensure()
        assert not launcher.launched
        assert not launcher.end()
        # A pid that was ours once and now belongs to another program.
        (tmp_path / "obs.json").write_text(json.dumps({"pid": stranger, "born": 1.0}), encoding="utf-8")
        assert not launcher.launched
        assert not launcher.end()
    assert platform.alive(stranger)


def test_the_profile_is_found_by_its_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name, mark in (("stary", "Mark=111"), ("ekultura", "Mark=222")):
        folder = tmp_path / "obs-studio/basic/profiles" / name
        folder.mkdir(parents=True)
        (folder / "basic.ini").write_text(f"\ufeff[General]\nName=x\n[EKultura]\n{mark}\n", encoding="utf-8")
    assert profile_folder(config_roots(None), "222").name == "ekultura"
    with pytest.raises(Refused) as caught:
        profile_folder(config_roots(None), "333")
    assert caught.value.code == "obs.no-profile-folder"
