"""The stamp: an environment stands only while the locks are those that it was made from."""

from pathlib import Path

import pytest
from bootstrap import environment


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "requirements").mkdir()
    for name in ("run.txt", "dev.txt", "build.txt", "overrides.txt"):
        (tmp_path / "requirements" / name).write_text(name, "utf-8")
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "PYTHON", Path("/bin/sh"))
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp.json")
    return tmp_path


def test_without_a_stamp_nothing_stands(checkout: Path) -> None:
    assert not environment.stands("run")


def test_a_developers_environment_serves_a_user_too(checkout: Path) -> None:
    environment._stamp("dev")
    assert environment.stands("dev")
    assert environment.stands("run")


def test_a_users_environment_does_not_serve_a_developer(checkout: Path) -> None:
    environment._stamp("run")
    assert environment.stands("run")
    assert not environment.stands("dev")


@pytest.mark.parametrize("name", ["requirements/run.txt", "requirements/overrides.txt", "pyproject.toml"])
def test_a_changed_file_asks_for_a_new_one(checkout: Path, name: str) -> None:
    environment._stamp("run")
    (checkout / name).write_text("changed", "utf-8")
    assert not environment.stands("run")


def test_a_broken_stamp_is_no_stamp(checkout: Path) -> None:
    (checkout / "stamp.json").write_text("{", "utf-8")
    assert not environment.stands("run")
