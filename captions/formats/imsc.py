"""IMSC 1.1 text profile through ttconv, the only file that knows it. Speakers, which ttconv has no place for, are
set on its paragraphs afterwards."""

import xml.etree.ElementTree as Tree
from fractions import Fraction
from typing import Any

from captions.formats.ebuttd import speakers
from captions.formats.ttml import TT, TTM, XML
from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, Style
from captions.text import clean, safe_lines


def write(track: Track, *, style: Style = DEFAULT_STYLE, title: str = "") -> str:
    """The track as an IMSC 1.1 text document, times to the millisecond."""
    from ttconv import model
    from ttconv.imsc import config, writer
    from ttconv.imsc.attributes import TimeExpressionSyntaxEnum as Times
    from ttconv.imsc.designators import IMSC_11_TEXT_PROFILE_DESIGNATOR

    shown = [cue for cue in track.cues if safe_lines(cue.lines)]
    document = model.ContentDocument()
    document.set_lang(track.language)
    document.set_content_profiles({IMSC_11_TEXT_PROFILE_DESIGNATOR})
    region = _region(document, style)
    body, division = model.Body(document), model.Div(document)
    body.push_child(division)
    document.set_body(body)
    for cue in shown:
        division.push_child(_paragraph(document, region, cue, style))
    settings = config.IMSCWriterConfiguration(
        time_format=Times.clock_time, profile_signaling=config.ContentProfilesSignaling.CONTENT_PROFILES
    )
    tree = writer.from_model(document, settings)
    _speakers(tree.getroot(), shown, track, clean(title, ""))
    text = Tree.tostring(tree.getroot(), encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _region(document: Any, style: Style) -> Any:
    from ttconv import model, style_properties

    known, percent = style_properties.StyleProperties, style_properties.LengthType.Units.pct
    length = style_properties.LengthType
    region = model.Region("place", document)
    region.set_style(
        known.Origin,
        style_properties.CoordinateType(x=length(5, percent), y=length(style.margin_percent, percent)),
    )
    region.set_style(
        known.Extent,
        style_properties.ExtentType(
            width=length(90, percent), height=length(100 - 2 * style.margin_percent, percent)
        ),
    )
    align = style_properties.DisplayAlignType
    region.set_style(known.DisplayAlign, align.before if style.position == "top" else align.after)
    region.set_style(known.TextAlign, style_properties.TextAlignType.center)
    document.put_region(region)
    return region


def _paragraph(document: Any, region: Any, cue: Cue, style: Style) -> Any:
    from ttconv import model, style_properties

    known = style_properties.StyleProperties
    paragraph = model.P(document)
    paragraph.set_region(region)
    paragraph.set_begin(Fraction(cue.start_ms, 1000))
    paragraph.set_end(Fraction(cue.end_ms, 1000))
    for at, line in enumerate(safe_lines(cue.lines)):
        if at:
            paragraph.push_child(model.Br(document))
        span = model.Span(document)
        span.set_style(known.Color, _color(style.color, 1.0))
        opacity = style.background_opacity if style.background == "box" else 0.0
        span.set_style(known.BackgroundColor, _color(style.background_color, opacity))
        span.set_style(
            known.FontSize,
            style_properties.LengthType(style.size_percent, style_properties.LengthType.Units.rh),
        )
        span.push_child(model.Text(document, line))
        paragraph.push_child(span)
    return paragraph


def _color(rgb: str, opacity: float) -> Any:
    from ttconv import style_properties

    return style_properties.ColorType((*bytes.fromhex(rgb), round(255 * opacity)))


def _speakers(root: Tree.Element, shown: list[Cue], track: Track, title: str) -> None:
    """Writes who speaks into a document of ttconv's, whose paragraphs are the cues in their order."""
    agents = speakers(track)
    if not agents and not title:
        return
    Tree.register_namespace("ttm", TTM)
    head = root.find(f"{{{TT}}}head")
    if head is None:
        return
    about = Tree.Element(f"{{{TT}}}metadata")
    head.insert(0, about)
    if title:
        Tree.SubElement(about, f"{{{TTM}}}title").text = title
    for name, key in agents.items():
        agent = Tree.SubElement(about, f"{{{TTM}}}agent", {"type": "person", f"{{{XML}}}id": key})
        Tree.SubElement(agent, f"{{{TTM}}}name", {"type": "full"}).text = clean(name, "")
    for paragraph, cue in zip(root.iter(f"{{{TT}}}p"), shown, strict=True):
        if cue.speaker in agents:
            paragraph.set(f"{{{TTM}}}agent", agents[cue.speaker])
