"""The station's folders must lie apart: a folder that holds another one's files would archive or delete them."""

from pathlib import Path

from pipeline.model.config import Folders
from pipeline.model.document import Document
from pipeline.model.faults import Faults


def check(config: Document, faults: Faults) -> None:
    """Add a fault for a folder that is empty, holds the station itself, or is another one of its folders."""
    base = config.path.parent.absolute()
    seen: dict[Path, str] = {}
    for name in Folders.model_fields:
        given = config.at(["folders", name])
        if given is None:
            given = str(Folders.model_fields[name].default)
        if not isinstance(given, str):
            continue
        place, key = ["folders", name], f"folders.{name}"
        path = Path(base / Path(given.strip()).expanduser()).resolve()
        if not given.strip() or base.resolve().is_relative_to(path):
            faults.add(config.path, config.line(place), key, "wrong-value", given, name)
        elif path in seen:
            right = f"folders.{name} ≠ folders.{seen[path]}"
            faults.add(config.path, config.line(place), key, "wrong-together", given, right)
        seen.setdefault(path, name)
