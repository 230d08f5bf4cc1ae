"""All tests in three phases, each measured against its budget. Exit code 0 only when everything passed.

Usage: ./run test                  check, then heavy, then air
       ./run test --only PHASE …   one phase; further words go to pytest
       ./run test WORDS…           pytest with these words (paths, -k …) and nothing else
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
PYTEST = (PYTHON, "-m", "pytest", "-q", "--durations=5")


@dataclass(frozen=True)
class Phase:
    """Commands that belong together. `budget_s`: on two cores; over it the summary warns. Words for pytest
    are added to the last command."""

    name: str
    what: str
    budget_s: int
    commands: tuple[tuple[str, ...], ...]
    surroundings: dict[str, str] = field(default_factory=dict)
    stops: bool = False


ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
PHASES = (
    Phase(
        "check",
        "style, types, catalogues, unit tests",
        240,
        (
            (PYTHON, "-m", "ruff", "check", "."),
            (PYTHON, "-m", "ruff", "format", "--check", "."),
            (PYTHON, "-m", "mypy"),
            (PYTHON, "tools/catalogues.py", "--check"),
            (*PYTEST, "-n2", "-m", "not heavy and not air"),
        ),
        ONE_THREAD,
        stops=True,
    ),
    Phase("heavy", "Whisper, encodes, databases", 600, ((*PYTEST, "-n2", "-m", "heavy"),), ONE_THREAD),
    Phase("air", "OBS, hub, end to end", 660, ((*PYTEST, "-m", "air"),)),
)


@dataclass(frozen=True)
class Done:
    phase: Phase
    seconds: float
    failed: tuple[str, ...]

    def line(self) -> str:
        state = "FAILED" if self.failed else "passed"
        warning = f"  over its budget of {self.phase.budget_s} s" if self.seconds > self.phase.budget_s else ""
        which = f"  ({'; '.join(self.failed)})" if self.failed else ""
        return f"{self.phase.name:6} {state}  {self.seconds:5.0f} s{warning}{which}"


def carried_out(phase: Phase, words: Sequence[str]) -> Done:
    """Run a phase's commands; a phase that stops does so at its first failure."""
    print(f"\n=== {phase.name}: {phase.what}", flush=True)
    begun, failed = time.monotonic(), []
    for number, command in enumerate(phase.commands, 1):
        last = number == len(phase.commands)
        code = subprocess.call(
            [*command, *(words if last else ())], cwd=ROOT, env={**os.environ, **phase.surroundings}
        )
        if code:
            failed.append(" ".join(command[2:5] if command[1] == "-m" else command[1:]))
            if phase.stops:
                break
    return Done(phase, time.monotonic() - begun, tuple(failed))


def all_phases(phases: Sequence[Phase], words: Sequence[str]) -> int:
    results: list[Done] = []
    for phase in phases:
        results.append(carried_out(phase, words))
        if results[-1].failed and phase.stops:
            break
    print("\n=== summary")
    for done in results:
        print(done.line())
    skipped = [phase.name for phase in phases[len(results) :]]
    if skipped:
        print(f"not run: {', '.join(skipped)}")
    good = not skipped and not any(done.failed for done in results)
    print(f"{'ALL PASSED' if good else 'FAILED'} in {sum(done.seconds for done in results):.0f} s", flush=True)
    return 0 if good else 1


def main(words: Sequence[str]) -> int:
    if not words:
        return all_phases(PHASES, ())
    if words[0] == "--only":
        chosen = [phase for phase in PHASES if words[1:2] == [phase.name]]
        if not chosen:
            print(f"--only wants one of: {', '.join(phase.name for phase in PHASES)}", file=sys.stderr)
            return 2
        return all_phases(chosen, words[2:])
    return subprocess.call([*PYTEST, *words])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
