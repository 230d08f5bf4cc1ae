"""SubRip (SRT). It has no escape of its own: what a player would take for a tag is broken by an unseen joiner,
which reading takes out again. Speakers have no place in it."""

import re

from captions.formats.blocks import blocks
from captions.formats.fault import Fault, Reading, nothing_in
from captions.formats.timestamp import stamp
from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, Style
from captions.text import safe_lines

JOINER = "\u2060"  # WORD JOINER: no width, no line end; clean text never has it
_RISKY = re.compile(r"(?<=<)(?=[/a-zA-Z!])|(?<=\{)(?=[\\/a-zA-Z])|(?<=--)(?=>)|(?<=&)(?=[#a-zA-Z])")
_TAGS = re.compile(r"</?(?:[biu]|font|s|c)(?:\s[^<>\n]*)?>|\{\\[^}\n]*\}", re.IGNORECASE)


def write(track: Track, *, style: Style = DEFAULT_STYLE, title: str = "") -> str:
    """The track as SRT; style and title have no place in it."""
    return "\n".join(
        f"{number}\n{stamp(cue.start_ms, ',')} --> {stamp(cue.end_ms, ',')}\n"
        + "".join(f"{_RISKY.sub(JOINER, line)}\n" for line in safe_lines(cue.lines))
        for number, cue in enumerate(track.cues, 1)
    )


def read(text: str, *, language: str = "pl") -> Reading:
    """The track of an SRT text, tags taken out. Raises CaptionError `captions.bad-file` where there is none."""
    cues, faults = list[Cue](), list[Fault]()
    for block in blocks(text, stray=True):
        if isinstance(block, Fault):
            faults.append(block)
            continue
        lines = safe_lines(_TAGS.sub("", row) for row in block.rows)
        if lines:
            cues.append(Cue(block.start_ms, block.end_ms, tuple(lines)))
        else:
            faults.append(Fault(block.line, "captions.fault-no-text", block.rows[0][:80]))
    if not cues and text.strip("\ufeff \r\n\t"):
        raise nothing_in("srt", faults, text)
    return Reading(Track(tuple(cues), language), tuple(faults))
