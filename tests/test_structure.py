"""The house's own plan: imports go down only, circles nowhere, an untyped library in one file, short files."""

import ast
import statistics
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted([*(ROOT / "pipeline").rglob("*.py"), *(ROOT / "captions").rglob("*.py")])

# From the ground up; rooms on one floor do not know each other.
FLOORS: list[set[str]] = [
    {"errors"},
    {"clock"},
    {"platform", "surroundings"},  # these two alone have branches for systems
    {"model"},
    {"store"},
    {"media"},
    {"hub"},
    {"adapters"},
    {"live", "post", "archive", "office"},
    {"app"},
    {"console", "cli"},
    {"standins"},
]
FLOOR = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
# Arrows that point up although they should not, each with its reason.
EXCEPTIONS = {
    ("cli", "standins"),  # the demo is a command, and only it starts the far ends
}
ONE_FILE = {
    "whisper",
    "faster_whisper",
    "ffmpeg",
    "obswebsocket",
    "facebook",
    "bagit",
    "ttconv",
    "dbos",
    "morfeusz2",
}
LONGEST, MEDIAN = 350, 130


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module(path): path for path in SOURCES}


def imported(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module that a file imports, functions' imports included; and whether it does so when loaded."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, id(node) not in inside
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for name in node.names:
                full = f"{node.module}.{name.name}"
                yield (full if full in MODULES else node.module or ""), id(node) not in inside


def rooms(name: str) -> tuple[str, str]:
    package, _, rest = name.partition(".")
    return package, rest.partition(".")[0]


def upward(path: Path) -> Iterator[str]:
    """What is wrong with a file's imports, a line each."""
    package, room = rooms(module(path))
    root = package == "pipeline" and room in ("", "__main__")
    for name, _ in imported(path):
        other, target = rooms(name)
        if package == "captions" and other == "pipeline":
            yield f"{module(path)} imports {name}"
        if package != "pipeline" or other != "pipeline" or root or target in (room, ""):
            continue
        if room not in FLOOR or target not in FLOOR:
            yield f"{module(path)} imports {name}: a room without a floor"
        elif FLOOR[target] >= FLOOR[room] and (room, target) not in EXCEPTIONS:
            yield f"{module(path)} imports {name}: {room} may not know {target}"


def test_imports_go_down_only() -> None:
    assert not [line for path in SOURCES for line in upward(path)]


def test_there_is_no_circle() -> None:
    arrows = {name: {one for one, _ in imported(path) if one in MODULES} for name, path in MODULES.items()}
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join([*trail[trail.index(name) :], name])
        if name not in done:
            for one in sorted(arrows[name] - {name}):
                walk(one, (*trail, name))
            done.add(name)

    for name in arrows:
        walk(name, ())


@pytest.mark.parametrize("library", sorted(ONE_FILE))
def test_an_untyped_library_is_known_to_one_file(library: str) -> None:
    knowing = [module(path) for path in SOURCES if any(name.split(".")[0] == library for name, _ in imported(path))]
    assert len(knowing) <= 1, knowing


def test_only_the_store_knows_its_tables() -> None:
    knowing = {
        rooms(module(path))[1] for path in SOURCES for name, _ in imported(path) if name.startswith("sqlalchemy")
    }
    assert knowing <= {"store"}


def test_files_are_short() -> None:
    lengths = {module(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    long = {name: length for name, length in lengths.items() if length > LONGEST and ".sentences." not in name}
    assert not long
    median = statistics.median(length for length in lengths.values() if length > 1)
    if median > MEDIAN:
        warnings.warn(f"the median file has {median:.0f} lines", stacklevel=1)


def test_every_file_opens_with_what_it_owns() -> None:
    silent = [
        module(path) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not [name for name in silent if MODULES[name].read_text(encoding="utf-8").strip()]


HUB = [name for name in MODULES if rooms(name)[1] == "hub" and not name.endswith("__main__")]


@pytest.mark.parametrize(
    ("names", "forbidden"),
    [
        (HUB, {"sqlalchemy", "torch", "pydantic", "PIL", "dbos"}),
        (["pipeline.live"], {"torch", "whisper", "dbos"}),
        (["captions"], {"pipeline", "torch", "whisper", "faster_whisper"}),
    ],
    ids=["hub", "live", "captions"],
)
def test_importing_loads_nothing_heavy(names: list[str], forbidden: set[str]) -> None:
    code = f"import sys, {', '.join(names)}; print(*sorted({forbidden!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
