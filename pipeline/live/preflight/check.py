"""A check: what was looked at, how it came out, and the code and fields of the sentence that says so."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pipeline.clock import parse_utc, utc_text
from pipeline.errors import PipelineError

State = Literal["ok", "warning", "failed"]
OK: State = "ok"
WARNING: State = "warning"
FAILED: State = "failed"
Group = Literal["computer", "studio", "picture", "sound", "destinations", "class"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check came out. A good one may have a code too: its sentence says what was found."""

    state: State
    code: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `name` says what kind of check, `subject` which thing (a source, a destination) where there are
    several. `at`: when it was looked at, where that was not just now.
    """

    group: Group
    name: str
    outcome: Outcome
    subject: str = ""
    at: datetime | None = None

    @property
    def state(self) -> State:
        return self.outcome.state

    def as_plain(self) -> dict[str, object]:
        """For a file: only what JSON holds."""
        return {
            "group": self.group,
            "name": self.name,
            "subject": self.subject,
            "state": self.state,
            "code": self.outcome.code,
            "fields": {key: _plain(value) for key, value in self.outcome.fields.items()},
            "at": utc_text(self.at) if self.at else None,
        }

    @classmethod
    def from_plain(cls, raw: Mapping[str, object]) -> "Check":
        """The inverse of `as_plain`; ValueError, KeyError or TypeError where it is none."""
        fields, at = raw["fields"], raw["at"]
        if raw["state"] not in (OK, WARNING, FAILED) or not isinstance(fields, dict):
            raise ValueError(raw["state"])
        outcome = Outcome(raw["state"], str(raw["code"]), fields)
        when = parse_utc(str(at)) if at else None
        return cls(raw["group"], str(raw["name"]), outcome, str(raw["subject"]), when)  # type: ignore[arg-type]


def ok(code: str = "", **fields: object) -> Outcome:
    return Outcome(OK, code, fields)


def warning(code: str, **fields: object) -> Outcome:
    return Outcome(WARNING, code, fields)


def failed(code: str, **fields: object) -> Outcome:
    return Outcome(FAILED, code, fields)


def tried(run: Callable[[], Outcome | None], *, bad: State = FAILED) -> Outcome:
    """What `run` returns (nothing: it is good), or the error that it raises as an outcome of state `bad`."""
    try:
        return run() or ok()
    except PipelineError as error:
        return Outcome(bad, error.code, dict(error.fields))


Pace = Literal["quick", "asked", "slow"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the pre-flight: its checks come together.

    `quick` is looked at every time; `asked` (a network is) at every `check`, and a beginning broadcast is told
    what was found last; `slow` is not looked at again either while a good result is young. Results of both are
    kept under `key`, which must change with whatever they depend on. `name` is shown while a slow one runs.
    """

    name: str
    run: Callable[[], Iterable[Check]]
    pace: Pace = "quick"
    key: str = ""


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | float | str | list) or value is None else str(value)
