"""A transcript as plain text: running sentences, a new paragraph where the speaker paused."""

from captions.formats.fault import Fault, Reading
from captions.model import Cue, Track, Word
from captions.segment import segment
from captions.style import DEFAULT_STYLE, Style
from captions.text import clean, safe_lines

_PARAGRAPH_PAUSE_MS = 4000
_PARAGRAPH_CUES = 12


def write(track: Track, *, style: Style = DEFAULT_STYLE, title: str = "") -> str:
    """The track's words in paragraphs, under the title where there is one; times and lines are left out."""
    head = f"{clean(title, '')}\n\n" if title else ""
    body = "\n\n".join(
        (f"{group[0].speaker}: " if group[0].speaker else "")
        + " ".join(line for cue in group for line in safe_lines(cue.lines))
        for group in paragraphs(track)
    )
    return head + body + ("\n" if track.cues else "")


def read(text: str, *, language: str = "pl") -> Reading:
    """A draft: the text's words at the pace of reading, a paragraph a pause. Always has the fault
    `captions.fault-no-times`, for plain text holds none."""
    words, at = list[Word](), 0
    for row in text.replace("\r", "\n").split("\n"):
        for word in clean(row, language).split():
            length = DEFAULT_STYLE.reading_ms(len(word) + 1, DEFAULT_STYLE.cps_aim)
            words.append(Word(at, at + length, word))
            at += length
        at += 1000 if row.strip() else 0
    faults = (Fault(1, "captions.fault-no-times", text.strip()[:80]),) if words else ()
    return Reading(segment(words, language=language), faults)


def paragraphs(track: Track) -> list[list[Cue]]:
    """The cues in groups: a new one for another speaker, after a long pause, or at a sentence's end when it has
    grown long."""
    groups: list[list[Cue]] = []
    for cue in track.cues:
        if groups and not _parted(groups[-1], cue):
            groups[-1].append(cue)
        else:
            groups.append([cue])
    return groups


def _parted(group: list[Cue], cue: Cue) -> bool:
    if cue.start_ms - group[-1].end_ms >= _PARAGRAPH_PAUSE_MS or cue.speaker != group[-1].speaker:
        return True
    return len(group) >= _PARAGRAPH_CUES and group[-1].text.rstrip("”»)").endswith((".", "?", "!", "…"))
