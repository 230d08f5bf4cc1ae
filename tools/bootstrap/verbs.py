"""The commands of ./run: what each needs, and what is then run."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.environment import BIN, PYTHON, ROOT, SUFFIX, provide_environment
from bootstrap.system import FAULTS, SPEECH, STAND_INS, STATION, TESTS, Need, provide
from bootstrap.words import SetupError, language, words

EKULTURA = BIN / f"ekultura{SUFFIX}"


@dataclass(frozen=True)
class Verb:
    """`lock`: which of the locks the environment must hold, or nothing when it needs no environment."""

    command: tuple[str | Path, ...]
    english: str
    polish: str
    needs: tuple[Need, ...] = ()
    lock: str = "run"


VERBS = {
    "demo": Verb(
        (EKULTURA, "demo"),
        "the whole chain on this machine, with stand-ins at the far ends",
        "cały łańcuch na tym komputerze, ze stacjami zastępczymi po drugiej stronie",
        (*STATION, *STAND_INS),
    ),
    "test": Verb(
        (PYTHON, ROOT / "tools" / "phases.py"),
        "all tests (about 25 minutes); words after it go to pytest",
        "wszystkie testy (około 25 minut); dalsze słowa trafiają do pytest",
        (*STATION, *STAND_INS, *TESTS),
        "dev",
    ),
    "check": Verb(
        (PYTHON, ROOT / "tools" / "phases.py", "--only", "check"),
        "the quick part of the tests: style, types, catalogues, unit tests, wheel",
        "szybka część testów: styl, typy, tłumaczenia, testy jednostkowe, paczka",
        (*STATION, *STAND_INS, *TESTS),
        "dev",
    ),
    "ekultura": Verb(
        (EKULTURA,),
        "the program itself, as in ./run ekultura init STATION",
        "sam program, na przykład ./run ekultura init STANOWISKO",
        STATION,
    ),
    "bench": Verb(
        (PYTHON, ROOT / "benchmarks"),
        "a benchmark, as in ./run bench first_picture; without a name it lists them",
        "pomiar, na przykład ./run bench first_picture; bez nazwy wymienia wszystkie",
        (*STATION, *STAND_INS),
        "dev",
    ),
    "faults": Verb(
        (PYTHON, ROOT / "benchmarks" / "faults"),
        "the fault suite: real processes hurt, losses counted (about 25 minutes); --list names the faults",
        "próba awarii: psucie prawdziwych procesów i liczenie strat (około 25 minut); --list wymienia awarie",
        (*STATION, *STAND_INS, *FAULTS),
        "dev",
    ),
    "soak": Verb(
        (PYTHON, ROOT / "benchmarks" / "soak"),
        "a long broadcast with random faults, as in ./run soak --minutes 30; hours of simulated time",
        "długa transmisja z losowymi awariami, na przykład ./run soak --minutes 30; godziny symulowanego czasu",
        (*STATION, *STAND_INS),
        "dev",
    ),
    "train-miniature": Verb(
        (PYTHON, "-W", "ignore", ROOT / "tools" / "train_miniature.py"),
        "train the miniature Whisper of the tests from nothing",
        "wytrenuj od zera miniaturowego Whispera do testów",
        SPEECH,
        "dev",
    ),
    "lock": Verb(
        ("sh", ROOT / "tools" / "lock.sh"),
        "for maintainers: make the lock files anew (needs uv)",
        "dla opiekunów: odśwież listy pakietów (potrzebny uv)",
        lock="",
    ),
}


def usage() -> str:
    polish = language() == "pl"
    lines = [f"  ./run {name:16} {verb.polish if polish else verb.english}" for name, verb in VERBS.items()]
    return "\n".join([("Użycie:" if polish else "Usage:"), *lines])


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in ("--help", "-h", "help"):
        print(usage())
        return 0 if arguments else 2
    verb = VERBS.get(arguments[0])
    if verb is None:
        print(words("unknown", verb=arguments[0], usage=usage()), file=sys.stderr)
        return 2
    try:
        provide(verb.needs)
        if verb.lock:
            provide_environment(verb.lock)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    return _become([*map(str, verb.command), *arguments[1:]])


def _become(command: list[str]) -> int:
    """Put the command in this process's place, so that signals and the terminal are its own."""
    if os.name == "nt":
        return subprocess.call(command)
    sys.stdout.flush()
    os.execvp(command[0], command)
