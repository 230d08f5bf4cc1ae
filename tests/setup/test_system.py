"""System packages: only what is missing is installed, each is named, and without apt-get a person is asked."""

import os
import subprocess
from pathlib import Path

import pytest
from bootstrap import system
from bootstrap.system import Need, provide
from bootstrap.words import SetupError

THERE = Need("base", program="sh")
MISSING = Need("brakujacy", program="no-such-program")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EKULTURA_LANG", "en")


def _program(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)


def test_what_is_there_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_a, **_k: pytest.fail("nothing was to be installed"))
    provide((THERE, Need("files", files=("/no/such/file", "/etc/pass*"))))


def test_installs_and_names_only_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _program(tmp_path, "apt-get", f'echo "$@" >>{tmp_path}/asked')
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    provide((THERE, MISSING))
    asked = (tmp_path / "asked").read_text("utf-8").splitlines()
    assert asked[-1].endswith(" brakujacy")
    assert "--no-install-recommends" in asked[-1]
    assert "brakujacy" in capsys.readouterr().err


def test_without_root_and_sudo_the_command_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(tmp_path, "apt-get", "exit 9")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SetupError, match="apt-get install -y brakujacy"):
        provide((MISSING,))


def test_a_failed_installation_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(tmp_path, "apt-get", "exit 9")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(SetupError, match="brakujacy"):
        provide((MISSING,))


def test_elsewhere_the_programs_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system.shutil, "which", lambda *_a, **_k: None)
    with pytest.raises(SetupError, match="no-such-program"):
        provide((MISSING,))


def test_elsewhere_files_in_other_places_do_not_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system.shutil, "which", lambda *_a, **_k: None)
    provide((Need("fonts", files=("/no/such/font.ttf",)),))
