"""A transcript as a Word document (python-docx): a paragraph a cue, its times, the speaker in bold, the text."""

import io
import re
import zipfile

from docx import Document
from docx.document import Document as Opened
from docx.opc.exceptions import PackageNotFoundError
from docx.shared import RGBColor

from captions.errors import CaptionError
from captions.formats.fault import Fault, Reading, nothing_in
from captions.formats.timestamp import stamp, unstamp
from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, Style
from captions.text import clean, safe_lines

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
    document = _opened(raw)
    for number, paragraph in enumerate(document.paragraphs, 1):
        text = paragraph.text
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
    return Reading(Track(tuple(cues), document.core_properties.language or language), tuple(faults))


def _opened(raw: bytes) -> Opened:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _LARGEST:
                raise CaptionError("captions.bad-file", format="docx", line=1, text="")
        return Document(io.BytesIO(raw))
    except CaptionError:
        raise
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, OSError, SyntaxError) as error:
        raise CaptionError("captions.bad-file", format="docx", line=1, text=str(error)[:80]) from error
