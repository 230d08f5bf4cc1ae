"""The language in which the program speaks: chosen once, before any sentence is made.

The default gettext domain is ours for the whole process, so that Click's own words (Usage, Options …) come
from the same catalogue.
"""

import gettext
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

DOMAIN = "ekultura"
LANGUAGES = ("pl", "en")
LOCALE = Path(__file__).resolve().parent / "locale"


def choose(argv: Sequence[str], environ: Mapping[str, str], folder: Path) -> str:
    """`--lang`, then EKULTURA_LANG, then the station's own language, then the system's; else English."""
    for position, word in enumerate(argv):
        if word == "--lang" and position + 1 < len(argv):
            return _known(argv[position + 1]) or "en"
        if word.startswith("--lang="):
            return _known(word.removeprefix("--lang=")) or "en"
    named = _known(environ.get("EKULTURA_LANG", ""))
    return named or _station_language(argv, environ, folder) or _system_language(environ) or "en"


def speak(language: str) -> None:
    """Make `language` the process's own; called before the commands are imported."""
    os.environ["LANGUAGE"] = language
    os.environ["EKULTURA_LANG"] = language
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)


def _known(text: str) -> str | None:
    start = text[:2].lower()
    return start if start in LANGUAGES else None


def _system_language(environ: Mapping[str, str]) -> str | None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return _known(environ[name])
    return None


def _station_language(argv: Sequence[str], environ: Mapping[str, str], folder: Path) -> str | None:
    """What config.yaml says, read by one expression: a broken file must not stop its own error message."""
    start = folder
    for position, word in enumerate(argv[:-1]):
        if word == "--station":
            start = Path(argv[position + 1])
    start = Path(environ.get("EKULTURA_STATION", start))
    for parent in (start, *start.resolve().parents):
        try:
            text = (parent / "config.yaml").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        found = re.search(r"^station:.*?\blanguage:\s*['\"]?(pl|en)\b", text, re.DOTALL | re.MULTILINE)
        return found[1] if found else None
    return None
