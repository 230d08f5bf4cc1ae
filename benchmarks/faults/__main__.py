"""The fault suite: real processes hurt one way at a time, and what reached each far end counted by payload.

Usage: ./run faults [--only NAME …] [--list] [--json] [--beside N] [--keep DIR]

Writes benchmarks/faults.md when all faults were run (with --only: renews their lines there) and exits with 1 when
one fails. Faults of disks, network and clock need the rights of root (in namespaces of their own) and are left out
without them.
"""

import argparse
import contextlib
import ctypes
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.faults import film, page  # noqa: E402
from benchmarks.faults.catalogue import FAULTS, GROUPS  # noqa: E402
from benchmarks.faults.fault import Outcome  # noqa: E402
from benchmarks.faults.surroundings import missing  # noqa: E402
from pipeline.store.files import write_whole  # noqa: E402

PAGE = ROOT / "benchmarks" / "faults.md"
RESULTS = ROOT / ".cache" / "faults.json"  # for the next run with --only
LONGEST_S = 240
_SUBREAPER = 36


class Suite:
    """Runs faults, each in a process of its own, some side by side; sweeps up behind each."""

    def __init__(self, folder: Path, beside: int, note: Callable[[Outcome], None]) -> None:
        self.folder = folder
        self._beside, self._note = beside, note
        self._lock = threading.Lock()
        self._film = film.make(folder / "film.mkv")
        self._slate = film.make_slate(folder / "slate.mkv")

    def run(self, names: Sequence[str]) -> dict[str, Outcome]:
        with ThreadPoolExecutor(self._beside) as pool:
            done = list(pool.map(self._one, enumerate(names, 1), [len(names)] * len(names)))
        return dict(zip(names, done, strict=True))

    def _one(self, numbered: tuple[int, str], count: int) -> Outcome:
        number, name = numbered
        lacking = next(filter(None, map(missing, sorted(FAULTS[name].needs))), "")
        outcome = Outcome(name, left_out=lacking) if lacking else self._carried_out(name)
        word = "left out" if lacking else "passed" if outcome.passed else "FAILED"
        why = "; ".join([lacking, *outcome.errors, *outcome.missed]).strip("; ")
        with self._lock:
            line = f"[{number:2}/{count}] {word:8} {name:26} {outcome.seconds:5.1f} s  {why}"
            print(line.rstrip(), file=sys.stderr, flush=True)
            self._note(outcome)
        return outcome

    def _carried_out(self, name: str) -> Outcome:
        folder = self.folder / name
        folder.mkdir()
        argv = [sys.executable, "-P", "-m", "benchmarks.faults.one", name]
        argv += [str(folder), str(self._film), str(self._slate)]
        with (folder / "log").open("wb") as log:
            child = subprocess.Popen(
                argv, cwd=ROOT, env=_environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(LONGEST_S)
        hung = child.poll() is None
        child.kill()
        child.wait(10)
        sweep(folder)
        try:
            outcome = Outcome.of(json.loads((folder / "result.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            said = (folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()
            why = f"not done in {LONGEST_S} s" if hung else said[-1] if said else "no result"
            return Outcome(name, errors=[why])
        return outcome


def sweep(folder: Path) -> None:
    """End what a fault's process left behind: processes that were orphaned to us and know its folder."""
    for one in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if any(word == str(folder) or f"{folder}/" in word for word in one.cmdline()):
                one.kill()
                one.wait(5)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def chosen(words: Sequence[str]) -> list[str]:
    """Names, or beginnings of names with a star."""
    names: list[str] = []
    for word in words:
        found = [name for name in FAULTS if name == word or (word.endswith("*") and name.startswith(word[:-1]))]
        if not found:
            raise SystemExit(f"no such fault: {word}; ./run faults --list names them")
        names += [name for name in found if name not in names]
    return names or list(FAULTS)


def listed() -> str:
    lines = []
    for title, group in GROUPS.items():
        lines += [title, *(f"  {fault.name:26} {fault.what}" for fault in group)]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="./run faults", description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these alone; leg-* takes several")
    parser.add_argument("--list", action="store_true", help="name the faults")
    parser.add_argument("--json", action="store_true", help="print the outcomes as JSON")
    parser.add_argument("--beside", type=int, default=1, choices=range(1, 9), help="so many at the same time")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave what the faults wrote in DIR")
    options = parser.parse_args(arguments)
    if options.list:
        print(listed())
        return 0
    names = chosen(options.only)
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    folder = options.keep or Path(tempfile.mkdtemp(prefix="ekultura-faults-"))
    folder.mkdir(parents=True, exist_ok=True)
    begun, everything = time.monotonic(), not options.only
    known = {} if everything else page.load(RESULTS)

    def note(outcome: Outcome) -> None:
        """After each fault, so that a suite that is interrupted has not run in vain."""
        known[outcome.name] = outcome
        write_whole(RESULTS, json.dumps({name: one.as_json() for name, one in known.items()}, indent=1))
        write_whole(PAGE, page.page(known, time.monotonic() - begun if everything else 0.0))

    try:
        done = Suite(folder, options.beside, note).run(names)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    if options.json:
        print(json.dumps({name: one.as_json() for name, one in done.items()}, indent=1))
    good = all(one.passed or one.left_out for one in done.values())
    print(f"{sum(one.passed and not one.left_out for one in done.values())} of {len(done)} passed", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
