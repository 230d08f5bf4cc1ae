"""Reads TTML of any profile (EBU-TT-D, IMSC 1 text, plain TTML): what is said, when, and by whom.

Looks are left out. A file that is not well-formed is read up to its faults and beyond, as far as it makes sense.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from lxml import etree

from captions.errors import CaptionError
from captions.formats.fault import Fault, Reading, nothing_in
from captions.model import Cue, Track
from captions.text import clean, language_tag, safe_lines

TT = "http://www.w3.org/ns/ttml"
TTP, TTM, TTS = f"{TT}#parameter", f"{TT}#metadata", f"{TT}#styling"
XML = "http://www.w3.org/XML/1998/namespace"
_CLOCK = re.compile(r"(\d{1,4}):(\d{2}):(\d{2})(?:\.(\d{1,9})|:(\d{1,3}))?")
_OFFSET = re.compile(r"(\d{1,12})(?:\.(\d{1,9}))?(h|m|s|ms|f|t)")
_MS = {"h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
_DEEPEST = 60


def read(text: str, *, language: str = "pl") -> Reading:
    """The paragraphs with text as cues. Raises CaptionError `captions.bad-file` for what is no TTML, or what has
    a document type of its own (which could hold a trap)."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise CaptionError("captions.bad-file", format="ttml", line=1, text="<!DOCTYPE")
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    raw = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff")).encode("utf-8", "replace")
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise nothing_in("ttml", [], text) from error
    faults = [Fault(entry.line, "captions.fault-xml", entry.message[:80]) for entry in parser.error_log][:100]
    if root is None or _name(root) != "tt":
        raise nothing_in("ttml", faults, text)
    document = _Document(root, faults)
    cues = [] if document.body is None else list(document.cues(document.body, 0, None, 0))
    if not cues and faults:
        raise nothing_in("ttml", faults, text)
    cues.sort(key=lambda cue: (cue.start_ms, cue.end_ms))
    return Reading(Track(tuple(cues), language_tag(root.get(f"{{{XML}}}lang"), language)), tuple(faults))


class _Document:
    """One document: its clock, its speakers, and the faults found on the way."""

    def __init__(self, root: etree._Element, faults: list[Fault]) -> None:
        self.faults = faults
        self.body = next((one for one in root if _name(one) == "body"), None)
        self._frames = Fraction(_number(root, "frameRate", 30))
        above, _, below = (root.get(f"{{{TTP}}}frameRateMultiplier") or "1 1").partition(" ")
        if above.isdigit() and below.isdigit() and int(above) and int(below):
            self._frames *= Fraction(int(above), int(below))
        self._ticks = _number(root, "tickRate", 1)
        self._agents: dict[str, str] = {}
        for agent in root.iter(f"{{{TTM}}}agent"):
            name = clean(
                " ".join("".join(map(str, part.itertext())) for part in agent if _name(part) == "name"), ""
            )
            self._agents[agent.get(f"{{{XML}}}id") or ""] = name

    def cues(self, element: etree._Element, base_ms: int, end_ms: int | None, depth: int) -> Iterator[Cue]:
        """The cues inside an element whose time begins at `base_ms` and ends at `end_ms` at the latest."""
        if depth > _DEEPEST:
            return
        start, until, good = self._span(element, base_ms, end_ms)
        if _name(element) == "p":
            lines = tuple(safe_lines(_lines(element)))
            inner = [one for one in element if _name(one) == "span" and (one.get("begin") or one.get("end"))]
            if inner and until is None:  # times on the spans: each is a caption
                for one in inner:
                    yield from self._cue(one, *self._span(one, start, until), tuple(safe_lines(_lines(one))))
            elif lines or "begin" in element.attrib:
                yield from self._cue(element, start, until, good, lines)
            return
        for child in element:
            if _name(child) in ("div", "p"):
                yield from self.cues(child, start, until, depth + 1)

    def _cue(
        self, element: etree._Element, start: int, until: int | None, good: bool, lines: tuple[str, ...]
    ) -> Iterator[Cue]:
        told = " ".join(lines)[:80]
        line = _line(element)
        if not good:
            return
        if not lines:
            self.faults.append(Fault(line, "captions.fault-no-text", ""))
        elif until is None:
            self.faults.append(Fault(line, "captions.fault-times", told))
        else:
            if until < start:
                self.faults.append(Fault(line, "captions.fault-backwards", told))
            speaker = self._agents.get((element.get(f"{{{TTM}}}agent") or "").split(" ")[0], "")
            yield Cue(start, max(start, until), lines, speaker)

    def _span(self, element: etree._Element, base_ms: int, end_ms: int | None) -> tuple[int, int | None, bool]:
        """Beginning and end in the media's time, and whether the element's own times could be read."""
        times: dict[str, int] = {}
        for name in ("begin", "end", "dur"):
            given = element.get(name)
            if given is None:
                continue
            ms = self._ms(given.strip())
            if ms is None:
                self.faults.append(Fault(_line(element), "captions.fault-times", given[:80]))
                return base_ms, end_ms, False
            times[name] = ms
        start = base_ms + times.get("begin", 0)
        ends = [base_ms + times["end"]] if "end" in times else []
        ends += [start + times["dur"]] if "dur" in times else []
        ends += [end_ms] if end_ms is not None else []
        return start, min(ends, default=None), True

    def _ms(self, text: str) -> int | None:
        if match := _CLOCK.fullmatch(text):
            hour, minute, second, part, frame = match.groups()
            whole = Fraction((int(hour) * 60 + int(minute)) * 60 + int(second))
            whole += Fraction(int(part), 10 ** len(part)) if part else 0
            whole += Fraction(int(frame)) / self._frames if frame else 0
            return round(whole * 1000)
        if match := _OFFSET.fullmatch(text):
            count, part, unit = match.groups()
            value = Fraction(int(count)) + (Fraction(int(part), 10 ** len(part)) if part else 0)
            if unit == "f":
                return round(value * 1000 / self._frames)
            return round(value * 1000 / self._ticks) if unit == "t" else round(value * _MS[unit])
        return None


def _lines(element: etree._Element) -> list[str]:
    """The text of a paragraph, a line for each `<br/>`; metadata is no text."""
    lines = [""]

    def walk(one: etree._Element, depth: int) -> None:
        lines[-1] += one.text or ""
        for child in one:
            if _name(child) == "br":
                lines.append("")
            elif _name(child) == "span" and depth < _DEEPEST:
                walk(child, depth + 1)
            lines[-1] += child.tail or ""

    walk(element, 0)
    return lines


def _name(element: etree._Element) -> str:
    """The name without its namespace; empty for what is no element (an instruction)."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _line(element: etree._Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 1


def _number(root: etree._Element, name: str, default: int) -> int:
    given = root.get(f"{{{TTP}}}{name}") or ""
    return int(given) if given.isascii() and given.isdigit() and int(given[:9]) > 0 else default
