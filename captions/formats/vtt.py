"""WebVTT. Escaped by its own rules: `&amp;`, `&lt;`, `&gt;`."""

import html
import re

from captions.errors import CaptionError
from captions.formats.blocks import blocks
from captions.formats.timestamp import stamp
from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, Style
from captions.text import clean

_TAGS = re.compile(r"<[^<>\n]*>")


def write(track: Track, *, style: Style = DEFAULT_STYLE, title: str = "") -> str:
    """The track as WebVTT; a top position becomes a cue setting."""
    setting = " line:0" if style.position == "top" else ""
    parts = ["WEBVTT\n"]
    for number, cue in enumerate(track.cues, 1):
        times = f"{stamp(cue.start_ms, '.')} --> {stamp(cue.end_ms, '.')}{setting}"
        parts.append("\n".join((str(number), times, *map(_escaped, cue.lines))) + "\n")
    return "\n".join(parts)


def read(text: str, *, language: str = "pl") -> Track:
    """The track of a WebVTT text, tags and positions taken out. Raises CaptionError `captions.bad-file`."""
    if not text.lstrip("\ufeff").startswith("WEBVTT"):
        raise CaptionError("captions.bad-file", format="vtt", line=1, text=text[:80])
    cues = []
    for block in blocks(text, "vtt"):
        lines = [clean(html.unescape(_TAGS.sub("", row)), "") for row in block.rows]
        if any(lines):
            cues.append(Cue(block.start_ms, block.end_ms, tuple(line for line in lines if line)))
    return Track(tuple(cues), language)


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
