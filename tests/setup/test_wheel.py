"""The wheel: everything that the program needs is in it, and a station can be made from it alone."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path


def test_presets_catalogue_and_miniature_are_in_it(root: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    presets = {
        path.relative_to(root / "presets").as_posix() for path in (root / "presets").rglob("*") if path.is_file()
    }
    assert {f"pipeline/_shipped/{name}" for name in presets} <= names
    modules = {path.relative_to(root).as_posix() for path in (root / "pipeline").rglob("*.py")}
    assert modules <= names
    assert "pipeline/archive/__init__.py" in names
    assert "pipeline/cli/locale/pl/LC_MESSAGES/ekultura.mo" in names
    assert "captions/miniature/mini-pl.compact.pt" in names
    assert not [name for name in names if name.startswith(("tests/", "tools/", "presets/"))]


def test_the_installed_program_makes_a_station(wheel: Path, tmp_path: Path) -> None:
    site, station = tmp_path / "site", tmp_path / "stanowisko"
    with zipfile.ZipFile(wheel) as file:
        file.extractall(site)
    environ = {**os.environ, "PYTHONPATH": str(site), "EKULTURA_LANG": "en"}

    def python(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", *words],
            cwd=tmp_path, env=environ, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    where = python("-c", "import pipeline; print(pipeline.__file__)")
    assert where.stdout.strip().startswith(str(site)), where.stderr
    done = python("-m", "pipeline.cli.main", "init", str(station), "--yes", "--name", "Dom Kultury Jutrzenka")
    assert done.returncode == 0, done.stderr
    assert "Dom Kultury Jutrzenka" in (station / "config.yaml").read_text("utf-8")
    assert python("-m", "pipeline.cli.main", "--version").stdout.startswith("ekultura ")
