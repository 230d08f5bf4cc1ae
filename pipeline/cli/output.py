"""What a command prints: sentences for people, one JSON object for programs, errors to standard error."""

import json
import sys
from gettext import gettext as _

from rich.console import Console
from rich.markup import escape

from captions.errors import CaptionError
from pipeline.cli.sentences import all_sentences
from pipeline.errors import PipelineError

WARNINGS = 3  # exit code: done, but there is something to read


class Output:
    """One command's output. With `as_json` only `result` prints to standard output, and only once."""

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self.console = Console(quiet=as_json, highlight=False, soft_wrap=True)
        self.errors = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, text: str, style: str | None = None) -> None:
        """A sentence for people; nothing with --json."""
        self.console.print(escape(text), style=style)

    def warn(self, text: str) -> None:
        """A warning for people, on standard error."""
        if not self.as_json:
            self.errors.print(escape(text), style="yellow")

    def result(self, data: object) -> None:
        """The result for programs; nothing without --json."""
        if self.as_json:
            json.dump(data, sys.stdout, ensure_ascii=False, indent=2, default=str)
            sys.stdout.write("\n")
            sys.stdout.flush()

    def fail(self, error: PipelineError | CaptionError) -> None:
        """The error as a sentence, or as JSON, on standard error."""
        if self.as_json:
            body = {"code": error.code, "fields": error.fields, "message": "\n".join(sentences(error))}
            json.dump({"error": body}, sys.stderr, ensure_ascii=False, indent=2, default=str)
            sys.stderr.write("\n")
            return
        what, *rest = sentences(error)
        self.errors.print(escape(_("Error: {what}").format(what=what)), style="bold red")
        for line in rest:
            self.errors.print(escape(line))


def sentences(error: PipelineError | CaptionError) -> list[str]:
    """What happened, why, what next, and one line for each single fault where the error carries several."""
    lines = told(error.code, error.fields)
    faults = error.fields.get("faults")
    if isinstance(faults, list):
        for fault in faults:
            place = ":".join(str(fault[key]) for key in ("file", "line") if fault.get(key) not in (None, ""))
            text = " ".join(told(f"config.fault.{fault['code']}", fault))
            lines.append(f"  {place}: {fault.get('key', '')}: {text}")
    return lines


def told(code: str, fields: dict[str, object]) -> list[str]:
    """A code and its fields in the reader's language; a code without a sentence is shown as it is."""
    sentence = all_sentences().get(code)
    if sentence is None:
        shown = ", ".join(f"{key}={value}" for key, value in fields.items())
        return [f"{code} ({shown})" if shown else code]
    parts = (sentence.what, sentence.why, sentence.remedy)
    return [_filled(_(part), fields) for part in parts if part]


def _filled(text: str, fields: dict[str, object]) -> str:
    try:
        return text.format(**fields)
    except (KeyError, IndexError, ValueError):
        return text
