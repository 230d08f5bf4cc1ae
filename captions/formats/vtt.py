"""WebVTT. Escaped by its own rules: `&amp;`, `&lt;`, `&gt;`. Speakers are voice tags; captions at the bottom
stand in a region with the style's margin, those at the top have a line (every player knows that)."""

import html
import re

from captions.formats.blocks import blocks
from captions.formats.fault import Fault, Reading, nothing_in
from captions.formats.timestamp import stamp
from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, Style
from captions.text import clean, safe_lines

_TAGS = re.compile(r"<[^<>\n]*>")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")


def write(track: Track, *, style: Style = DEFAULT_STYLE, title: str = "") -> str:
    """The track as WebVTT; the position becomes a cue setting."""
    top = style.position == "top"
    parts = ["WEBVTT\n"] if top else ["WEBVTT\n", _region(style)]
    setting = " line:0" if top else " region:bottom"
    for number, cue in enumerate(track.cues, 1):
        times = f"{stamp(cue.start_ms, '.')} --> {stamp(cue.end_ms, '.')}{setting}"
        lines = [_escaped(line) for line in safe_lines(cue.lines)]
        speaker = _escaped(clean(cue.speaker, ""))
        if speaker and lines:
            lines[0] = f"<v {speaker}>{lines[0]}"
            lines[-1] += "</v>"
        parts.append("\n".join((str(number), times, *lines)) + "\n")
    return "\n".join(parts)


def read(text: str, *, language: str = "pl") -> Reading:
    """The track of a WebVTT text, tags and positions taken out, a voice tag as its speaker.

    Raises CaptionError `captions.bad-file` where there is no WEBVTT or nothing in it can be read.
    """
    if not text.lstrip("\ufeff").startswith("WEBVTT"):
        raise nothing_in("vtt", [], text)
    cues, faults = list[Cue](), list[Fault]()
    for block in blocks(text, stray=False):
        if isinstance(block, Fault):
            faults.append(block)
            continue
        voice = _VOICE.search(" ".join(block.rows))
        lines = safe_lines(html.unescape(_TAGS.sub("", row)) for row in block.rows)
        speaker = clean(html.unescape(voice[1]), "") if voice else ""
        if lines:
            cues.append(Cue(block.start_ms, block.end_ms, tuple(lines), speaker))
        else:
            faults.append(Fault(block.line, "captions.fault-no-text", block.rows[0][:80]))
    if not cues and faults:
        raise nothing_in("vtt", faults, text)
    return Reading(Track(tuple(cues), language), tuple(faults))


def _region(style: Style) -> str:
    below = 100 - style.margin_percent
    place = f"regionanchor:50%,100%\nviewportanchor:50%,{below:g}%\n"
    return f"REGION\nid:bottom\nwidth:100%\nlines:{style.lines}\n{place}"


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
