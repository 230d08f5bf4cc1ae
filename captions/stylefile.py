"""Reads a caption style's YAML file and names every fault with its line. The record itself is `style`'s."""

import re
from collections.abc import Callable
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from captions.errors import CaptionError
from captions.style import DEFAULT_STYLE, Style

# key → (what is wanted, for people; the test of the value)
_Check = tuple[str, Callable[[Any], bool]]


def _whole(least: int, most: int) -> _Check:
    return f"{least}–{most}", lambda v: isinstance(v, int) and not isinstance(v, bool) and least <= v <= most


def _number(least: float, most: float) -> _Check:
    good = (int, float)
    return f"{least:g}–{most:g}", lambda v: isinstance(v, good) and not isinstance(v, bool) and least <= v <= most


def _matching(wanted: str, pattern: str) -> _Check:
    return wanted, lambda v: isinstance(v, str) and re.fullmatch(pattern, v) is not None


_WORDS: _Check = (
    "[…]",
    lambda v: isinstance(v, list) and all(isinstance(word, str) and word and not word.isspace() for word in v),
)
CHECKS: dict[str, _Check] = {
    "chars_per_line": _whole(10, 80),
    "lines": _whole(1, 3),
    "cps_aim": _number(5, 40),
    "cps_max": _number(5, 40),
    "cps_fast": _number(5, 40),
    "shortest_ms": _whole(100, 5000),
    "longest_ms": _whole(1500, 20000),
    "fps": _whole(10, 60),
    "gap_frames": _whole(0, 10),
    "close_frames": _whole(0, 25),
    "linger_frames": _whole(0, 50),
    "one_letter_words": _WORDS,
    "titles": _WORDS,
    "units": _WORDS,
    "break_before": _WORDS,
    "font": _matching("DejaVu Sans", r"[^,\r\n]{1,60}"),
    "size_percent": _number(2, 15),
    "bold": ("true / false", lambda v: isinstance(v, bool)),
    "color": _matching("RRGGBB", r"[0-9A-Fa-f]{6}"),
    "background": _matching("box / outline", "box|outline"),
    "background_color": _matching("RRGGBB", r"[0-9A-Fa-f]{6}"),
    "background_opacity": _number(0, 1),
    "position": _matching("bottom / top", "bottom|top"),
    "margin_percent": _number(0, 30),
    "aspect": _matching("16:9 / 4:3 / 9:16", "16:9|4:3|9:16"),
}


def load_style(path: Path) -> Style:
    """The style of a YAML file; what the file leaves out has its default.

    Raises CaptionError for the file's first fault: `captions.style-unreadable`, `captions.style-syntax`,
    `captions.style-unknown-key` (path, line, key, nearest), `captions.style-value` (path, line, key, value,
    wanted). `style_faults` lists all of them.
    """
    style, faults = read_style(path)
    if faults:
        raise faults[0]
    return style


def style_faults(path: Path) -> list[CaptionError]:
    """Every fault of the file, in its order; an empty list means that it can be used."""
    return read_style(path)[1]


def read_style(path: Path) -> tuple[Style, list[CaptionError]]:
    """The style as far as it can be read, and every fault of the file."""
    try:
        data = YAML().load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return DEFAULT_STYLE, [CaptionError("captions.style-unreadable", path=str(path), detail=str(error))]
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        line = mark.line + 1 if mark else 1
        return DEFAULT_STYLE, [CaptionError("captions.style-syntax", path=str(path), line=line)]
    if data is None:
        return DEFAULT_STYLE, []
    if not isinstance(data, CommentedMap):
        return DEFAULT_STYLE, [CaptionError("captions.style-syntax", path=str(path), line=1)]
    known = {field.name for field in fields(Style)}
    values: dict[str, Any] = {}
    faults = []
    for key, value in data.items():
        line = data.lc.key(key)[0] + 1
        if key not in known:
            nearest = get_close_matches(str(key), known, n=1, cutoff=0.0)
            faults.append(
                CaptionError(
                    "captions.style-unknown-key", path=str(path), line=line, key=str(key), nearest=nearest[0]
                )
            )
        elif not CHECKS[key][1](value):
            faults.append(_wrong(path, line, key, value, CHECKS[key][0]))
        else:
            values[key] = _plain(key, value)
    style = Style(**values)
    return style, faults + _contradictions(style, data, path)


def _plain(key: str, value: Any) -> Any:
    """The YAML reader's own kinds of text and number as Python's."""
    if isinstance(value, bool):
        return value
    if isinstance(getattr(DEFAULT_STYLE, key), float):
        return float(value)
    if isinstance(value, list):
        return tuple(str(word) for word in value)
    return str(value) if isinstance(value, str) else int(value)


def _wrong(path: Path, line: int, key: str, value: object, wanted: str) -> CaptionError:
    return CaptionError(
        "captions.style-value", path=str(path), line=line, key=key, value=str(value)[:60], wanted=wanted
    )


def _contradictions(style: Style, data: CommentedMap, path: Path) -> list[CaptionError]:
    """Values that are right alone and impossible together."""
    pairs = (
        ("longest_ms", style.longest_ms >= style.floor_ms + style.close_ms, style.floor_ms + style.close_ms),
        ("cps_max", style.cps_max >= style.cps_aim, style.cps_aim),
        ("cps_fast", style.cps_fast >= style.cps_max, style.cps_max),
        ("close_frames", style.close_frames >= style.gap_frames, style.gap_frames),
    )
    return [
        _wrong(path, data.lc.key(key)[0] + 1 if key in data else 1, key, getattr(style, key), f"≥ {least}")
        for key, good, least in pairs
        if not good
    ]
