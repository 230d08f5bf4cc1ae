"""How jobs look: a table for people, plain values for programs, their troubles in words."""

from collections.abc import Sequence
from dataclasses import asdict
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from pipeline.cli.output import told

if TYPE_CHECKING:
    from pipeline.app.jobs import Job


def table(found: "Sequence[Job]") -> Table:
    """A row a job: where it is, per cent of the whole, and the time left where it is known."""
    rows = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for head in ("ID", _("title"), _("state"), _("step"), "%", _("left")):
        rows.add_column(head)
    for job in found:
        view = job.view
        left = "" if view.seconds_left is None else f"{view.seconds_left // 60}:{view.seconds_left % 60:02}"
        step = _("halted: on air") if view.halted else step_name(view.step)
        rows.add_row(view.id, escape(view.title), _state(view.state.value), step, str(view.per_cent), left)
    return rows


def may_switch_off(found: "Sequence[Job]") -> str:
    """Whether the computer may be switched off: only when nothing is left to do."""
    if any(job.open for job in found):
        return _("Work is going on: leave the computer on (it goes on by itself after a restart).")
    return _("Nothing is left to do: you may switch the computer off.")


def warnings(job: "Job") -> list[dict[str, Any]]:
    """The findings that a person should read: all but mere notices."""
    return [found for found in job.findings if found.get("level") != "notice"]


def troubles(job: "Job") -> list[str]:
    """The failure and the findings in words, a line each."""
    lines = []
    if job.view.error:
        lines.append(_line(job, str(job.view.error["code"]), dict(job.view.error.get("fields") or {})))
    lines += [_line(job, str(found["code"]), found) for found in job.findings]
    return lines


def as_json(job: "Job") -> dict[str, Any]:
    return {**asdict(job.view), "state": job.view.state.value, "findings": list(job.findings)}


def _line(job: "Job", code: str, fields: dict[str, Any]) -> str:
    return f"{job.view.id}: " + " ".join(told(code, fields))


def _state(state: str) -> str:
    states = {
        "on-air": _("on air"),
        "waiting": _("waiting"),
        "working": _("working"),
        "done": _("done"),
        "failed": _("failed"),
    }
    return states.get(state, state)


def step_name(step: str | None) -> str:
    """A step of the after-work in the reader's language; empty where none runs."""
    steps = {
        "verify": _("checking the recording"),
        "transcribe": _("listening to speech"),
        "captions": _("making captions"),
        "web-video": _("web video"),
        "open-video": _("video with open captions"),
        "poster": _("poster picture"),
        "package": _("archive package"),
        "publish": _("sending captions"),
        "report": _("report"),
    }
    return steps.get(step or "", step or "")
