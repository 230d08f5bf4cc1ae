"""From a document to a frozen record: what Pydantic finds becomes faults with lines and nearest right keys."""

import datetime
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.model.document import Document, KeyPath
from pipeline.model.faults import Faults, dotted, nearest
from pipeline.model.schema import keys_at

Record = TypeVar("Record", bound=BaseModel)

# Keys whose value is never shown, even where it stands openly in the file.
SECRET_KEYS = frozenset({"token", "key", "stream_key", "password", "database", "ics_url", "secret"})

HIDDEN = "•••"

# What a pattern asks for, in a form that a person can copy.
_WANTED = {
    r"^[^\s:]+:([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$": "127.0.0.1:1936",
    r"^[^@\s<>,;]+@[^@\s<>,;]+$": "technik@dom-kultury.pl",
    r"^[a-z]{2,3}$": "pl",
    r"^v\d+\.\d+$": "v26.0",
    r"^(udp|rtp|srt)://[^\s:/]+:\d{1,5}(\?.*)?$": "udp://239.10.10.10:5000",
    r"^rtmps?://\S+$": "rtmps://host/app",
    r"^(\d+h)?(\d+m)?(\d+s)?$": "1h30m",
    r"^([01]?\d|2[0-3]):[0-5]\d$": "18:45",
    r"^[a-z0-9][a-z0-9-]*$": "a-z 0-9 -",
}
_KINDS = {"string": "text", "int": "number", "float": "number", "bool": "yes/no", "tuple": "list", "list": "list"}


def checked(model: type[Record], document: Document, faults: Faults) -> Record | None:
    """The record that `document` holds, or None when it has faults (which are then in `faults`)."""
    try:
        return model.model_validate(document.plain)
    except ValidationError as error:
        details = error.errors(include_url=False)
    # Numbers and dates where text is wanted are text to a person: a page's id need not be quoted.
    if any([_made_text(document.plain, _place(document.plain, item["loc"]), item) for item in details]):
        return checked(model, document, faults)
    for item in details:
        _add(model, document, item, faults)
    return None


def _made_text(plain: dict[str, Any], path: KeyPath, item: ErrorDetails) -> bool:
    value = item["input"]
    if item["type"] not in ("string_type", "path_type") or isinstance(value, bool):
        return False
    if not isinstance(value, int | float | datetime.date):
        return False
    node: Any = plain
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = str(value)
    return True


def _place(plain: object, loc: Sequence[str | int]) -> list[str | int]:
    """`loc` without the tags that Pydantic puts in for a union's member, and without `[key]`."""
    path: list[str | int] = []
    node: Any = plain
    for index, part in enumerate(loc):
        inside = part in node if isinstance(node, dict) else isinstance(node, list) and part in range(len(node))
        if inside:
            node = node[part]
        elif index < len(loc) - 1 or part == "[key]" or (isinstance(node, dict) and part == node.get("kind")):
            continue
        path.append(part)
    return path


def _add(model: type[BaseModel], document: Document, item: ErrorDetails, faults: Faults) -> None:
    path = _place(document.plain, item["loc"])
    kind, context = item["type"], item.get("ctx", {})
    given, wanted, code = _given(document, path, item["input"]), "", "wrong-value"
    if kind == "extra_forbidden":
        given, code = str(path[-1]), "unknown-key"
        wanted = nearest(given, keys_at(model, path[:-1], document.plain))
    elif kind == "missing":
        given, code = "", "missing-key"
    elif kind == "union_tag_not_found":
        path, given, code = [*path, "kind"], "", "missing-choice"
        wanted = ", ".join(keys_at(model, path, document.plain))
    elif kind == "union_tag_invalid":
        path, given = [*path, "kind"], str(context.get("tag", ""))
        wanted = nearest(given, str(context.get("expected_tags", "")).replace("'", "").split(", "))
    elif kind == "literal_error":
        words = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
        wanted = nearest(str(item["input"]), words)
    elif kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        code, wanted = "wrong-form", _WANTED.get(pattern, pattern)
    elif kind == "value_error":
        code, given, wanted = "wrong-together", "", str(context.get("error", item["msg"]))
    elif kind.endswith(("_type", "_parsing", "_from_float")):
        code = "wrong-type"
        wanted = _KINDS.get(kind.split("_")[0], "key: value" if "dict" in kind or "model" in kind else kind)
    else:
        wanted = _bounds(context)
    faults.add(document.path, document.line(path), dotted(path), code, given, wanted)


def _given(document: Document, path: KeyPath, value: object) -> str:
    """The value as the file has it (never filled in), or dots where it may be a secret."""
    names = {part for part in path if isinstance(part, str)}
    if names & SECRET_KEYS:
        return HIDDEN
    raw = document.raw(path)
    text = str(value if raw is None else raw)
    return text.split("?")[0] if "://" in text else text


def _bounds(context: dict[str, Any]) -> str:
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "multiple_of": "×"}
    limits = [f"{sign} {context[name]}" for name, sign in signs.items() if name in context]
    lengths = [
        f"{sign} {context[name]}" for name, sign in (("min_length", "≥"), ("max_length", "≤")) if name in context
    ]
    return ", ".join(limits + lengths)
