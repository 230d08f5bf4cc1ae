"""Advanced SubStation (ASS) through pysubs2: the form that is burnt into a picture, with the style's look."""

import re
import warnings

import pysubs2

from captions.errors import CaptionError
from captions.formats.fault import Fault, Reading
from captions.formats.srt import JOINER
from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, Style
from captions.text import clean, safe_lines

# The page that sizes and margins count in; players scale it to the picture.
_PAGES = {"16:9": (1280, 720), "4:3": (960, 720), "9:16": (720, 1280)}
_SIDE, _LETTER = 0.05, 0.52  # a margin of the width; a letter's mean width of its height
_LATEST = 35_999_990  # hours have one digit
_OVERRIDE = re.compile(r"(?<!\\)\{[^}\n]*\}")
_DRAWING = re.compile(r"\{[^}]*\\p[1-9][^}]*\}.*?(?:\{[^}]*\\p0[^}]*\}|$)")  # its text is strokes, not words
_DIALOGUE = re.compile(r"Dialogue:\s*[^,]*,\s*([^,]*),\s*([^,]*),")
_TIME = re.compile(r"\d+:\d{1,2}:\d{1,2}(?:[.:]\d+)?")


def write(track: Track, *, style: Style = DEFAULT_STYLE, title: str = "") -> str:
    """The track as ASS, every line where we broke it (no wrapping by the player). ASS ends before ten hours: later
    times stand at its last moment."""
    width, height = _PAGES[style.aspect]
    subs = pysubs2.SSAFile()
    subs.info = {
        "Title": clean(title) or "Captions",
        "PlayResX": str(width),
        "PlayResY": str(height),
        "WrapStyle": "2",
        "ScaledBorderAndShadow": "yes",
        "YCbCr Matrix": "TV.709",
    }
    subs.styles = {"Default": _look(style)}
    for cue in track.cues:
        text = "\\N".join(_escaped(line) for line in safe_lines(cue.lines))
        name = clean(cue.speaker, "").replace(",", ";")  # a comma would end the field
        subs.append(
            pysubs2.SSAEvent(start=min(cue.start_ms, _LATEST), end=min(cue.end_ms, _LATEST), text=text, name=name)
        )
    return subs.to_string("ass", header_notice="")


def read(text: str, *, language: str = "pl") -> Reading:
    """The track of an ASS text, overrides and drawings taken out. Raises CaptionError `captions.bad-file`."""
    kept, faults = _readable(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a style's broken number is no matter of ours
            subs = pysubs2.SSAFile.from_string(kept, format_="ass")
    except (pysubs2.Pysubs2Error, ValueError, KeyError, TypeError, IndexError, ArithmeticError) as error:
        raise CaptionError("captions.bad-file", format="ass", line=1, text=str(error)[:80]) from error
    if not subs.events and ("[Events]" not in text or faults):
        line, said = (faults[0].line, faults[0].text) if faults else (1, text.strip()[:80])
        raise CaptionError("captions.bad-file", format="ass", line=line, text=said)
    cues = []
    for event in sorted(subs.events, key=lambda event: (event.start, event.end)):
        rows = re.split(r"\\[Nn]", _OVERRIDE.sub("", _DRAWING.sub("", event.text)))
        lines = tuple(line for line in map(_unescaped, rows) if line)
        if lines and not event.is_comment:
            start = max(0, event.start)
            cues.append(Cue(start, max(start, event.end), lines, clean(event.name, "")))
    return Reading(Track(tuple(cues), language), tuple(faults))


def _readable(text: str) -> tuple[str, list[Fault]]:
    """The text without the lines whose times are none (one of them would cost the whole file), and their faults."""
    rows, faults = [], []
    for number, row in enumerate(text.splitlines(), 1):
        if row.startswith("Dialogue:"):
            match = _DIALOGUE.match(row)
            if not match or not all(_TIME.fullmatch(part.strip()) for part in match.groups()):
                faults.append(Fault(number, "captions.fault-times", row[:80]))
                continue
        rows.append(row)
    return "\n".join(rows), faults


def _escaped(line: str) -> str:
    line = line.replace("\\", "\\" + JOINER)
    return line.replace("{", "\\{").replace("}", "\\}")


def _unescaped(row: str) -> str:
    row = row.replace("\\h", " ").replace("\\{", "{").replace("\\}", "}")
    return clean(row.replace(JOINER, ""), "")


def _look(style: Style) -> pysubs2.SSAStyle:
    width, height = _PAGES[style.aspect]
    box = style.background == "box"
    back = _color(style.background_color, style.background_opacity if box else 1.0)
    fits = width * (1 - 2 * _SIDE) / (style.chars_per_line * _LETTER)  # a whole line stays inside the picture
    size = min(style.size_percent * height / 100, fits)
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
        marginl=round(width * _SIDE),
        marginr=round(width * _SIDE),
        marginv=round(style.margin_percent * height / 100),
    )


def _color(rgb: str, opacity: float) -> pysubs2.Color:
    red, green, blue = bytes.fromhex(rgb)
    return pysubs2.Color(red, green, blue, round(255 * (1 - opacity)))
