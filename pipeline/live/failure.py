"""Why a broadcast did not go on air: left by its process for whoever asked for it, in the work folder."""

import json
from pathlib import Path

from pipeline.errors import Fatal, PipelineError, Refused, Temporary
from pipeline.live.air import Air
from pipeline.store.files import write_whole

NAME = "last-failure.json"
KINDS: dict[str, type[PipelineError]] = {kind.__name__: kind for kind in (Refused, Temporary, Fatal)}


def leave(work: Path, air: Air, error: PipelineError) -> None:
    """Keep the error; it holds no secret, as no error may."""
    body = {
        "folder": str(air.folder),
        "kind": type(error).__name__,
        "code": error.code,
        "fields": {name: _plain(value) for name, value in error.fields.items()},
    }
    write_whole(work / NAME, json.dumps(body, ensure_ascii=False))


def read(work: Path, air: Air) -> PipelineError | None:
    """The error that this broadcast failed with, or None."""
    try:
        body = json.loads((work / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if body.get("folder") != str(air.folder):
        return None
    return KINDS.get(body["kind"], Fatal)(body["code"], **body["fields"])


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | list) else str(value)
