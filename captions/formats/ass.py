"""Advanced SubStation (ASS) through pysubs2: the form that is burnt into a picture, with the style's look."""

import re

import pysubs2

from captions.errors import CaptionError
from captions.formats.srt import JOINER
from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, Style
from captions.text import clean

_WIDTH, _HEIGHT = 1280, 720  # the page that sizes and margins count in; players scale it to the picture
_OVERRIDE = re.compile(r"(?<!\\)\{[^}\n]*\}")


def write(track: Track, *, style: Style = DEFAULT_STYLE, title: str = "") -> str:
    """The track as ASS, every line where we broke it (no wrapping by the player)."""
    subs = pysubs2.SSAFile()
    subs.info = {
        "Title": " ".join(clean(title).split("\n")) or "Captions",
        "PlayResX": str(_WIDTH),
        "PlayResY": str(_HEIGHT),
        "WrapStyle": "2",
        "ScaledBorderAndShadow": "yes",
        "YCbCr Matrix": "TV.709",
    }
    subs.styles = {"Default": _look(style)}
    for cue in track.cues:
        text = "\\N".join(_escaped(line) for line in cue.lines)
        subs.append(pysubs2.SSAEvent(start=cue.start_ms, end=cue.end_ms, text=text))
    return subs.to_string("ass", header_notice="")


def read(text: str, *, language: str = "pl") -> Track:
    """The track of an ASS text, overrides taken out. Raises CaptionError `captions.bad-file`."""
    try:
        subs = pysubs2.SSAFile.from_string(text, format_="ass")
    except (pysubs2.Pysubs2Error, ValueError, KeyError, TypeError, IndexError) as error:
        raise CaptionError("captions.bad-file", format="ass", line=1, text=str(error)[:80]) from error
    if not subs.events and "[Events]" not in text:
        raise CaptionError("captions.bad-file", format="ass", line=1, text=text[:80])
    cues = []
    for event in sorted(subs.events, key=lambda event: (event.start, event.end)):
        rows = re.split(r"\\[Nn]", _OVERRIDE.sub("", event.text))
        lines = tuple(line for line in map(_unescaped, rows) if line)
        if lines and not event.is_comment and 0 <= event.start <= event.end:
            cues.append(Cue(event.start, event.end, lines))
    return Track(tuple(cues), language)


def _escaped(line: str) -> str:
    line = line.replace("\\", "\\" + JOINER)
    return line.replace("{", "\\{").replace("}", "\\}")


def _unescaped(row: str) -> str:
    row = row.replace("\\h", " ").replace("\\{", "{").replace("\\}", "}")
    return clean(row.replace(JOINER, ""), "")


def _look(style: Style) -> pysubs2.SSAStyle:
    box = style.background == "box"
    back = _color(style.background_color, style.background_opacity if box else 1.0)
    size = style.size_percent * _HEIGHT / 100
    margin = round(style.margin_percent * _HEIGHT / 100)
    return pysubs2.SSAStyle(
        fontname=style.font,
        fontsize=round(size, 1),
        primarycolor=_color(style.color, 1.0),
        outlinecolor=back,
        backcolor=back,
        bold=style.bold,
        borderstyle=3 if box else 1,
        outline=round(size / 6 if box else size / 14, 1),
        shadow=0.0,
        alignment=pysubs2.Alignment.TOP_CENTER if style.position == "top" else pysubs2.Alignment.BOTTOM_CENTER,
        marginl=round(_WIDTH * 0.05),
        marginr=round(_WIDTH * 0.05),
        marginv=margin,
    )


def _color(rgb: str, opacity: float) -> pysubs2.Color:
    red, green, blue = bytes.fromhex(rgb)
    return pysubs2.Color(red, green, blue, round(255 * (1 - opacity)))
