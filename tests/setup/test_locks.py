"""The locks: all pinned, all with hashes, nobody's address in them, and nothing of pyproject.toml missing."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from bootstrap.fits import left_out
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ("run.txt", "dev.txt")
COMPANIONS = {"pydantic-core": "pydantic"}  # one release, two names: the second pins the first exactly


def entries(path: Path) -> list[str]:
    """The lock's requirements, each with its continued lines as one text."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")]
    return [entry for entry in "\n".join(lines).replace("\\\n", " ").splitlines() if entry.strip()]


def versions(path: Path) -> dict[str, str]:
    found = {}
    for entry in entries(path):
        need = Requirement(entry.split(" --hash")[0])
        found[canonicalize_name(need.name)] = str(need.specifier)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_each_requirement_is_pinned_and_has_hashes(root: Path, name: str) -> None:
    for entry in entries(root / "requirements" / name):
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+", entry), entry
        assert re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry


def test_no_address_stands_in_a_requirements_file(root: Path) -> None:
    for path in (root / "requirements").glob("*.txt"):
        text = path.read_text("utf-8")
        assert "://" not in text, path.name
        assert not re.search(r"^\s*(-i|-f|--(extra-)?index-url|--find-links)\b", text, re.MULTILINE), path.name


def test_what_pyproject_names_is_locked_and_fits(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    wanted = {
        "run.txt": project["project"]["dependencies"] + groups["setup"],
        "dev.txt": project["project"]["dependencies"] + groups["setup"] + groups["dev"],
    }
    for name, needs in wanted.items():
        locked = versions(root / "requirements" / name)
        for need in map(Requirement, needs):
            if need.name == "torch":
                assert need.specifier.contains(project["tool"]["ekultura"]["torch"])
                assert "torch" not in locked
                continue
            pinned = locked.get(canonicalize_name(need.name))
            assert pinned, f"{need} is missing in {name}"
            assert need.specifier.contains(pinned.removeprefix("==")), f"{need} but {pinned} in {name}"


def test_both_locks_hold_the_same_versions(root: Path) -> None:
    run, dev = (versions(root / "requirements" / name) for name in LOCKS)
    assert run.items() <= dev.items()


def test_what_is_left_out_is_in_no_lock(root: Path) -> None:
    names = left_out((root / "requirements" / "overrides.txt").read_text("utf-8"))
    assert "triton" in names
    for lock in LOCKS:
        assert not names & versions(root / "requirements" / lock).keys()


def test_each_import_of_the_packages_is_a_named_dependency(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    named = {canonicalize_name(Requirement(need).name) for need in project["project"]["dependencies"]}
    known = packages_distributions()
    own = {"pipeline", "captions"}
    for path in [*(root / "pipeline").rglob("*.py"), *(root / "captions").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            modules = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom) and not node.level
                else []
            )
            for top in {module.split(".")[0] for module in modules} - own - sys.stdlib_module_names - {""}:
                given = {COMPANIONS.get(name, name) for name in map(canonicalize_name, known.get(top, []))}
                assert given & named, f"{path.relative_to(root)} imports {top}: {given or 'not installed'}"
