"""The paths that a bag's manifests hold: what they mean, which are refused, which are only unusual."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

_ESCAPED = re.compile(r"%(0[AaDd]|25)")
_ESCAPED_OLD = re.compile(r"%(0[AaDd])")  # before 1.0 the percent sign stood for itself
_DRIVE = re.compile(r"[A-Za-z]:")
_LEFT_BY_SYSTEMS = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".spotlight-v100", ".trashes"})


class OutsideBag(ValueError):
    """A bag names a file that is not inside it."""


def decoded(text: str, version: tuple[int, int]) -> str:
    """A manifest's path as a POSIX path from the bag's folder. OutsideBag when it leads out of it, anywhere."""
    pattern = _ESCAPED if version >= (1, 0) else _ESCAPED_OLD
    path = pattern.sub(lambda match: chr(int(match[1], 16)), text)
    parts = re.split(r"[/\\]", path)
    if path[:1] in ("/", "\\", "~") or _DRIVE.match(path) or ".." in parts or "\0" in path:
        raise OutsideBag(f"a path leads out of the package: {text}")
    return "/".join(part for part in path.split("/") if part not in ("", "."))


def encoded(path: str) -> str:
    """The same for a manifest of version 1.0."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def unusual(paths: Iterable[str]) -> Iterator[str]:
    """Warnings, `kind: path`: what the standard allows and another system will trip over."""
    seen: dict[str, str] = {}
    for path in paths:
        name = path.rpartition("/")[2].casefold()
        if name in _LEFT_BY_SYSTEMS:
            yield f"system-file: {path}"
        if name == "bagit.txt":
            yield f"bag-in-bag: {path}"
        other = seen.setdefault(unicodedata.normalize("NFC", path).casefold(), path)
        if other != path:
            yield f"same-name: {path}"
