"""SubRip (SRT). It has no escape of its own: what a player would take for a tag is broken by an unseen joiner,
which reading takes out again."""

import re

from captions.errors import CaptionError
from captions.formats.blocks import blocks
from captions.formats.timestamp import stamp
from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, Style
from captions.text import clean

JOINER = "\u2060"  # WORD JOINER: no width, no line end; clean text never has it
_RISKY = re.compile(r"(?<=<)(?=[/a-zA-Z!])|(?<=\{)(?=[\\/a-zA-Z])|(?<=--)(?=>)|(?<=&)(?=[#a-zA-Z])")
_TAGS = re.compile(r"</?(?:[biu]|font|s|c)(?:\s[^<>\n]*)?>|\{\\[^}\n]*\}", re.IGNORECASE)


def write(track: Track, *, style: Style = DEFAULT_STYLE, title: str = "") -> str:
    """The track as SRT; style and title have no place in it."""
    return "\n".join(
        f"{number}\n{stamp(cue.start_ms, ',')} --> {stamp(cue.end_ms, ',')}\n"
        + "".join(f"{_RISKY.sub(JOINER, line)}\n" for line in cue.lines)
        for number, cue in enumerate(track.cues, 1)
    )


def read(text: str, *, language: str = "pl") -> Track:
    """The track of an SRT text, tags taken out. Raises CaptionError `captions.bad-file`."""
    cues = []
    for block in blocks(text, "srt"):
        lines = [clean(_TAGS.sub("", row).replace(JOINER, ""), "") for row in block.rows]
        if any(lines):
            cues.append(Cue(block.start_ms, block.end_ms, tuple(line for line in lines if line)))
    if not cues and text.strip("\ufeff \r\n\t"):
        raise CaptionError("captions.bad-file", format="srt", line=1, text=text.strip()[:80])
    return Track(tuple(cues), language)
