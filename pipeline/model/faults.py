"""Faults of configuration: what is wrong, where, and the nearest right thing; all of them in one go."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pipeline.errors import Refused

SHOWN_LIMIT = 60
LISTED_LIMIT = 30


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `line` counts from 1; `key` is a path such as `destinations.cable.url`.

    `code` has its sentence under `config.fault.CODE`. `given` never holds a secret; `nearest` is the nearest
    right thing, or all of them where none is near, or empty.
    """

    file: str
    line: int
    key: str
    code: str
    given: str = ""
    nearest: str = ""


@dataclass(slots=True)
class Faults:
    """Gathers faults of several files, then refuses with all of them."""

    found: list[Fault] = field(default_factory=list)

    def add(self, file: Path, line: int, key: str, code: str, given: object = "", nearest: str = "") -> None:
        self.found.append(Fault(str(file), line, key, code, shown(given), nearest))

    def refuse(self) -> None:
        """Raise `config.faults` when there are any, by file and line; each once."""
        if self.found:
            ordered = sorted(dict.fromkeys(self.found), key=lambda fault: (fault.file, fault.line, fault.key))
            raise Refused("config.faults", faults=[asdict(fault) for fault in ordered], count=len(ordered))


def nearest(given: str, allowed: Iterable[str]) -> str:
    """The allowed word most like `given`; where none is like it, the allowed ones, separated by commas
    (the first ones and an ellipsis where they are too many to read)."""
    words = sorted(allowed)
    alike = difflib.get_close_matches(given.lower(), words, n=1, cutoff=0.6)
    if alike:
        return alike[0]
    return ", ".join(words if len(words) <= LISTED_LIMIT else [*words[:LISTED_LIMIT], "…"])


def shown(value: object) -> str:
    """A value as a fault shows it: one short line."""
    text = " ".join(str(value).split())
    return text if len(text) <= SHOWN_LIMIT else text[: SHOWN_LIMIT - 1] + "…"


def dotted(path: Sequence[str | int]) -> str:
    """A key path for people: `destinations.cable.url`, `run_sheet[2].scene`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
