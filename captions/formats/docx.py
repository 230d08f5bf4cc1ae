"""A transcript as a Word document (python-docx): a paragraph a cue, its times, the speaker in bold, the text."""

import io
import re
import zipfile

from docx import Document
from docx.shared import RGBColor

from captions.errors import CaptionError
from captions.formats.fault import Fault, Reading, nothing_in
from captions.formats.timestamp import stamp, unstamp
from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, Style
from captions.text import clean, language_tag, safe_lines

_LARGEST = 200_000_000  # bytes unpacked: a document that claims more is a trap
_WORDS = {
    "pl": ("Transkrypcja", "Napisy automatyczne, niesprawdzone przez człowieka.", "Napisy sprawdzone."),
    "en": ("Transcript", "Automatic captions, not checked by a person.", "Captions approved."),
}
_ROW = re.compile(r"\s*([\d:.,]+)\s*[–—-]+\s*([\d:.,]+)\s*\t(?:([^\t\n]*)\t)?(.*)", re.DOTALL)


def write(track: Track, *, style: Style = DEFAULT_STYLE, title: str = "") -> bytes:
    """The document's bytes. Times are to the millisecond, so that it can be read back after an edit in Word."""
    page = Document()
    page.core_properties.title = clean(title, "")[:255]
    page.core_properties.language = track.language
    page.core_properties.author = ""
    heading, automatic, approved = _WORDS.get(track.language, _WORDS["en"])
    page.add_heading(clean(title, "") or heading, 1)
    page.add_paragraph().add_run(approved if track.state == "approved" else automatic).italic = True
    for cue in track.cues:
        row = page.add_paragraph()
        times = row.add_run(f"{stamp(cue.start_ms, '.')} – {stamp(cue.end_ms, '.')}")
        times.font.color.rgb = RGBColor(0x55, 0x55, 0x55)
        row.add_run("\t")
        if speaker := clean(cue.speaker, ""):
            row.add_run(speaker).bold = True
            row.add_run("\t")
        for number, line in enumerate(safe_lines(cue.lines)):
            if number:
                row.add_run().add_break()
            row.add_run(line)
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()


def read(raw: bytes, *, language: str = "pl") -> Reading:
    """The cues of such a document; a paragraph without times after the first cue is a fault.

    Raises CaptionError `captions.bad-file` for what is no Word document or holds no times.
    """
    cues, faults, seen = list[Cue](), list[Fault](), list[str]()
    texts, given = _paragraphs(raw)
    for number, text in enumerate(texts, 1):
        match = _ROW.fullmatch(text)
        start, end = (unstamp(match[1]), unstamp(match[2])) if match else (None, None)
        if match and start is not None and end is not None:
            lines = tuple(safe_lines(match[4].split("\n")))
            if end < start or not lines:
                code = "captions.fault-backwards" if lines else "captions.fault-no-text"
                faults.append(Fault(number, code, text[:80]))
            if lines:
                cues.append(Cue(start, max(start, end), lines, clean(match[3] or "", "")))
        elif cues and text.strip():
            faults.append(Fault(number, "captions.fault-stray", text[:80]))
        else:
            seen.append(text)
    if not cues and (faults or len([text for text in seen if text.strip()]) > 2):
        raise nothing_in("docx", faults, " ".join(seen))
    return Reading(Track(tuple(cues), language_tag(given, language)), tuple(faults))


def _paragraphs(raw: bytes) -> tuple[list[str], str]:
    """The document's paragraphs and its language."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
        if size <= _LARGEST:
            document = Document(io.BytesIO(raw))
            return [paragraph.text for paragraph in document.paragraphs], document.core_properties.language
    except Exception as error:  # a damaged package fails in python-docx, zipfile, zlib or lxml as it happens
        raise CaptionError("captions.bad-file", format="docx", line=1, text=str(error)[:80]) from error
    raise CaptionError("captions.bad-file", format="docx", line=1, text=f"{size} B")
