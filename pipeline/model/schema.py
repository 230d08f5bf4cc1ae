"""Which keys a record knows at a place: read from its types, so that an unknown key finds its neighbour."""

import types
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel


def keys_at(model: type[BaseModel], path: Sequence[str | int], plain: object) -> list[str]:
    """The keys that may stand at `path` (a mapping), or the words of a Literal that stands there.

    `plain` is the document, by which a union with `kind` is told apart; empty where nothing is known.
    """
    kind: Any = model
    node: Any = plain
    for part in path:
        members = _records(kind, node)
        if members:
            fields = [one.model_fields[part].rebuild_annotation() for one in members if part in one.model_fields]
            if not fields:
                return []
            kind = Union[tuple(fields)]  # noqa: UP007 - made from a list
        else:
            kind = _item(kind)
        node = node.get(part) if isinstance(node, dict) else node[part] if _has(node, part) else None
    if words := [word for one in _members(kind) if get_origin(one) is Literal for word in get_args(one)]:
        return [str(word) for word in words]
    return [field.alias or name for one in _records(kind, node) for name, field in one.model_fields.items()]


def _has(node: object, part: str | int) -> bool:
    return isinstance(node, list) and isinstance(part, int) and part < len(node)


def _members(kind: Any) -> list[Any]:
    """The types that `kind` may be: unions opened, Annotated taken off, None left out."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _members(get_args(kind)[0])
    if origin is Union or origin is types.UnionType:
        return [one for member in get_args(kind) for one in _members(member)]
    return [] if kind is type(None) else [kind]


def _records(kind: Any, node: object) -> list[type[BaseModel]]:
    """The records that `kind` may be, narrowed by the `kind` that the document gives."""
    found = [one for one in _members(kind) if isinstance(one, type) and issubclass(one, BaseModel)]
    tag = node.get("kind") if isinstance(node, dict) else None
    tagged = [one for one in found if tag is not None and tag in _tags(one)]
    return tagged or found


def _tags(record: type[BaseModel]) -> tuple[Any, ...]:
    field = record.model_fields.get("kind")
    return get_args(field.annotation) if field else ()


def _item(kind: Any) -> Any:
    """What a dict's values or a list's items are."""
    for one in _members(kind):
        origin, arguments = get_origin(one), get_args(one)
        if origin is dict:
            return arguments[1]
        if origin in (tuple, list):
            return arguments[0]
    return Any
