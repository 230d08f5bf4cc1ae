"""EBU-TT-D (EBU Tech 3380), the form in which European broadcasters put captions beside a stream."""

from typing import Any

from lxml import etree

from captions.formats.timestamp import stamp
from captions.formats.ttml import TT, TTM, TTP, TTS, XML
from captions.model import Track
from captions.style import DEFAULT_STYLE, Style
from captions.text import clean, safe_lines

_EBUTTM, _EBUTTS = "urn:ebu:tt:metadata", "urn:ebu:tt:style"
_STANDARD = "urn:ebu:tt:distribution:2018-04"
_SPACES: Any = {None: TT, "ttp": TTP, "ttm": TTM, "tts": TTS, "ebuttm": _EBUTTM, "ebutts": _EBUTTS}


def write(track: Track, *, style: Style = DEFAULT_STYLE, title: str = "") -> str:
    """The track as EBU-TT-D: media time to the millisecond, one region, every text in a span with its style."""
    root = etree.Element(f"{{{TT}}}tt", nsmap=_SPACES)
    root.set(f"{{{TTP}}}timeBase", "media")
    root.set(f"{{{TTP}}}cellResolution", "32 15")
    root.set(f"{{{XML}}}space", "default")
    root.set(f"{{{XML}}}lang", track.language)
    agents = _head(root, track, style, clean(title, ""))
    body = etree.SubElement(root, f"{{{TT}}}body")
    division = etree.SubElement(body, f"{{{TT}}}div")
    for number, cue in enumerate(track.cues, 1):
        lines = safe_lines(cue.lines)
        if not lines:
            continue
        paragraph = etree.SubElement(division, f"{{{TT}}}p", region="place", style="row")
        paragraph.set(f"{{{XML}}}id", f"sub{number}")
        paragraph.set("begin", stamp(cue.start_ms, "."))
        paragraph.set("end", stamp(cue.end_ms, "."))
        if cue.speaker in agents:
            paragraph.set(f"{{{TTM}}}agent", agents[cue.speaker])
        for at, line in enumerate(lines):
            if at:
                etree.SubElement(paragraph, f"{{{TT}}}br")
            etree.SubElement(paragraph, f"{{{TT}}}span", style="letters").text = line
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="unicode") + "\n"


def speakers(track: Track) -> dict[str, str]:
    """A name for XML (`s1`, `s2`, …) for every speaker of the track, in the order of their first words."""
    names = dict.fromkeys(cue.speaker for cue in track.cues if clean(cue.speaker, ""))
    return {name: f"s{number}" for number, name in enumerate(names, 1)}


def _head(root: etree._Element, track: Track, style: Style, title: str) -> dict[str, str]:
    head = etree.SubElement(root, f"{{{TT}}}head")
    about = etree.SubElement(head, f"{{{TT}}}metadata")
    if title:
        etree.SubElement(about, f"{{{TTM}}}title").text = title
    agents = speakers(track)
    for name, key in agents.items():
        agent = etree.SubElement(about, f"{{{TTM}}}agent", type="person")
        agent.set(f"{{{XML}}}id", key)
        etree.SubElement(agent, f"{{{TTM}}}name", type="full").text = clean(name, "")
    document = etree.SubElement(about, f"{{{_EBUTTM}}}documentMetadata")
    etree.SubElement(document, f"{{{_EBUTTM}}}conformsToStandard").text = _STANDARD
    styling = etree.SubElement(head, f"{{{TT}}}styling")
    _style(
        styling,
        "row",
        {"textAlign": "center", "lineHeight": "125%"},
        {"multiRowAlign": "center", "linePadding": "0.5c"},
    )
    opacity = round(255 * style.background_opacity) if style.background == "box" else 0
    letters = {
        "fontFamily": f"{style.font}, proportionalSansSerif",
        "fontSize": f"{round(style.size_percent * 15)}%",  # of a cell, of which the picture has 15
        "fontWeight": "bold" if style.bold else "normal",
        "color": f"#{style.color}",
        "backgroundColor": f"#{style.background_color}{opacity:02X}",
    }
    _style(styling, "letters", letters, {})
    layout = etree.SubElement(head, f"{{{TT}}}layout")
    region = etree.SubElement(layout, f"{{{TT}}}region")
    region.set(f"{{{XML}}}id", "place")
    region.set(f"{{{TTS}}}origin", f"5% {style.margin_percent:g}%")
    region.set(f"{{{TTS}}}extent", f"90% {100 - 2 * style.margin_percent:g}%")
    region.set(f"{{{TTS}}}overflow", "visible")
    region.set(f"{{{TTS}}}displayAlign", "before" if style.position == "top" else "after")
    return agents


def _style(styling: etree._Element, name: str, plain: dict[str, str], special: dict[str, str]) -> None:
    made = etree.SubElement(styling, f"{{{TT}}}style")
    made.set(f"{{{XML}}}id", name)
    for key, value in plain.items():
        made.set(f"{{{TTS}}}{key}", value)
    for key, value in special.items():
        made.set(f"{{{_EBUTTS}}}{key}", value)
