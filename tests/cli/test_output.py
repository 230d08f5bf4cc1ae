"""What people read: every code has its sentences in both languages, every command explains itself."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cli.language import choose
from pipeline.cli.panel import clock, plain
from pipeline.cli.sentences import all_sentences

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"^[a-z]+\.[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$")
RAISED = {"Refused", "Temporary", "Fatal", "CaptionError", "Finding", "finding", "Violation", "StudioFinding"}


def raised() -> Iterator[tuple[str, str]]:
    """Every code that the source makes an error or a finding of, with its file."""
    for path in sorted([*(ROOT / "pipeline").rglob("*.py"), *(ROOT / "captions").rglob("*.py")]):
        if "standins" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            first = node.args[0]
            if name in RAISED and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, str(path.relative_to(ROOT))


def test_every_code_has_a_sentence() -> None:
    table = all_sentences()
    missing = sorted({(code, file) for code, file in raised() if CODE.match(code) and code not in table})
    assert not missing, missing


def test_polish_and_english_hold_the_same_fields() -> None:
    done = subprocess.run(
        [sys.executable, "tools/catalogues.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("argv", "environ", "language"),
    [
        (["--lang", "pl", "status"], {"EKULTURA_LANG": "en"}, "pl"),
        (["status", "--lang=en"], {}, "en"),
        ([], {"EKULTURA_LANG": "pl", "LANG": "en_US.UTF-8"}, "pl"),
        ([], {"LANG": "pl_PL.UTF-8"}, "pl"),
        ([], {"LANG": "C.UTF-8"}, "en"),
        ([], {}, "en"),
    ],
)
def test_language(tmp_path: Path, argv: list[str], environ: dict[str, str], language: str) -> None:
    assert choose(argv, environ, tmp_path) == language


def test_the_station_chooses_where_nobody_else_does(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("# x\nstation:\n  name: A\n  language: pl\n", encoding="utf-8")
    (tmp_path / "deep").mkdir()
    assert choose([], {"LANG": "C.UTF-8"}, tmp_path / "deep") == "pl"
    assert choose(["--station", str(tmp_path)], {}, Path("/")) == "pl"


def run(*argv: str, cwd: Path, language: str = "en") -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "EKULTURA_LANG": language, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli.main", *argv],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_speaks_polish_and_english(tmp_path: Path) -> None:
    polish, english = run("--help", cwd=tmp_path, language="pl"), run("--help", cwd=tmp_path)
    assert polish.returncode == english.returncode == 0
    assert "Użycie:" in polish.stdout
    assert "Polecenia" in polish.stdout
    assert "Usage:" in english.stdout
    for name in ("init", "check", "live", "status", "stop", "process", "caption", "jobs", "archive", "demo"):
        assert f"  {name} " in english.stdout


@pytest.mark.parametrize("name", ["init", "check", "live", "process", "caption", "jobs", "marker"])
def test_each_command_shows_examples(tmp_path: Path, name: str) -> None:
    shown = run(name, "--help", cwd=tmp_path)
    assert f"ekultura {name}" in shown.stdout.split("Examples:")[1]
    assert "--json" in shown.stdout


def test_exit_codes_and_streams(tmp_path: Path) -> None:
    nowhere = run("status", cwd=tmp_path)
    assert (nowhere.returncode, nowhere.stdout) == (2, "")
    assert "config.yaml" in nowhere.stderr
    assert "Traceback" not in nowhere.stderr
    assert run("nonsense", cwd=tmp_path).returncode == 2


def test_clock() -> None:
    assert clock(3_661_500_000) == "1:01:01"
    assert clock(None) == "-:--:--"


def test_common_options_may_stand_before_the_command(tmp_path: Path) -> None:
    shown = run("--json", "--lang", "pl", "archive", "list", cwd=tmp_path)
    assert shown.returncode == 2
    assert json.loads(shown.stderr)["error"]["code"] == "config.no-station"
    assert "Nie ma stanowiska" in shown.stderr


def test_wrong_usage_is_json_too(tmp_path: Path) -> None:
    shown = run("live", "--json", cwd=tmp_path)
    assert shown.returncode == 2
    assert json.loads(shown.stderr)["error"]["code"] == "usage"


def test_a_named_station_is_that_folder_and_no_other(tmp_path: Path) -> None:
    assert run("init", str(tmp_path / "s"), "--yes", cwd=tmp_path).returncode == 0
    assert run("archive", "list", cwd=tmp_path / "s" / "work").returncode == 0
    assert run("archive", "list", "--station", "work", cwd=tmp_path / "s").returncode == 2


@pytest.mark.parametrize(
    ("hub", "shown"),
    [
        ({"on_air": "slate", "slate": {"manual": True}}, "SLATE (switched on by hand: ekultura slate off)"),
        ({"on_air": "slate", "slate": {"manual": False}}, "SLATE (no picture from OBS)"),
        ({"on_air": "feed", "slate": {"manual": False}}, ""),
        ({}, ""),
    ],
)
def test_the_panel_says_that_viewers_see_the_slate(hub: dict[str, object], shown: str) -> None:
    line = plain({"phase": "on-air", "wanted": ["cable"], "hub": hub})
    assert line.split(" · ")[1] == (shown or "-:--:--")
