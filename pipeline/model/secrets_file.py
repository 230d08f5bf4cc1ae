"""secrets.env beside config.yaml: NAME=VALUE lines that only the owner may read."""

import re
from pathlib import Path

from pipeline import platform
from pipeline.errors import Refused
from pipeline.model.faults import Faults

NAME = "secrets.env"

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


def read_secrets(folder: Path, faults: Faults) -> dict[str, str]:
    """The names of `folder`/secrets.env; none where there is no such file.

    Refused `config.secrets-wide` when others may read it: then its contents count as known to them. A value
    may stand in single or double quotes, which are taken off; nothing is expanded.
    """
    path = folder / NAME
    if not path.exists():
        return {}
    if not platform.is_private(path):
        raise Refused("config.secrets-wide", path=str(path), mode=f"{path.stat().st_mode & 0o777:04o}")
    found: dict[str, str] = {}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        faults.add(path, 1, "", "not-utf8")
        return {}
    except OSError as error:
        faults.add(path, 1, "", "unreadable", error.strerror or "")
        return {}
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            # Never the line itself: it may be a secret pasted without its name.
            faults.add(path, number, "", "broken-secret")
            continue
        found[match.group(1)] = _unquoted(match.group(2).strip())
    return found


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value
