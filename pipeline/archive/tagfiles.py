"""The files of a bag beside its payload: declaration, information, manifests; and the payload's own list."""

import json
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipeline.archive.describe import Description
from pipeline.archive.digests import ALGORITHMS, Digested, digest_bytes
from pipeline.archive.selection import Item

_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_ROLES = {"masters": "master", "outputs": "output", "captions": "caption", "pictures": "picture"}


def write_tags(package: Path, description: Description, payload: Mapping[str, Digested], bagged: datetime) -> None:
    """Write bagit.txt, bag-info.txt, manifests and tag manifests, and sync them and the documents.

    The library's own writer declares version 0.97 and changes the process's working folder; so it is ours.
    """
    tags = {"bagit.txt": _DECLARATION.encode(), "bag-info.txt": _info(description, payload, bagged)}
    for name in ALGORITHMS:
        tags[f"manifest-{name}.txt"] = _manifest(name, payload)
    digested = {path: digest_bytes(data) for path, data in tags.items()}
    for name in ALGORITHMS:
        tags[f"tagmanifest-{name}.txt"] = _manifest(name, digested)
    for path, data in tags.items():
        (package / path).write_bytes(data)
    for path in [*tags, *(name for name in payload if name.startswith("data/metadata/"))]:
        with (package / path).open("rb+") as file:
            os.fsync(file.fileno())


def file_list(items: Iterable[Item]) -> bytes:
    """metadata/files.json: each file's role, size, and its original name where the package's differs."""
    rows = []
    for item in items:
        folder = item.inside.split("/")[1] if item.inside.startswith("objects/") else ""
        row: dict[str, object] = {"path": item.inside, "role": _ROLES.get(folder, "log"), "size": item.size}
        if item.original is not None:
            row["original"] = item.original
        rows.append(row)
    return (json.dumps(rows, ensure_ascii=False, indent=2) + "\n").encode()


def _manifest(algorithm: str, files: Mapping[str, Digested]) -> bytes:
    # Two spaces, as `sha512sum -c` reads it.
    return "".join(f"{one.digests[algorithm]}  {name}\n" for name, one in sorted(files.items())).encode()


def _info(description: Description, payload: Mapping[str, Digested], bagged: datetime) -> bytes:
    size = sum(one.size for one in payload.values())
    lines = {
        "Source-Organization": description.publisher,
        "External-Identifier": description.identifier,
        "External-Description": description.title,
        "Internal-Sender-Identifier": description.recording,
        "Bagging-Date": bagged.date().isoformat(),
        "Bag-Software-Agent": agent(),
        "Bag-Size": _human(size),
        "Payload-Oxum": f"{size}.{len(payload)}",
    }
    return "".join(f"{key}: {' '.join(value.split())}\n" for key, value in lines.items() if value.strip()).encode()


def agent() -> str:
    """The program and its version, as bags and events name it."""
    try:
        return f"ekultura {version('ekultura')}"
    except PackageNotFoundError:
        return "ekultura"


def _human(size: int) -> str:
    value = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:.3g} TB"
