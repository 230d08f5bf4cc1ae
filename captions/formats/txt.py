"""A transcript as plain text: running sentences, a new paragraph where the speaker paused."""

from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, Style

_PARAGRAPH_PAUSE_MS = 4000
_PARAGRAPH_CUES = 12


def write(track: Track, *, style: Style = DEFAULT_STYLE, title: str = "") -> str:
    """The track's words in paragraphs, under the title where there is one; times and lines are left out."""
    head = f"{title}\n\n" if title else ""
    return (
        head
        + "".join(" ".join(cue.text for cue in group) + "\n\n" for group in paragraphs(track)).rstrip("\n")
        + ("\n" if track.cues else "")
    )


def paragraphs(track: Track) -> list[list[Cue]]:
    """The cues in groups: a new one after a long pause, or at a sentence's end when it has grown long."""
    groups: list[list[Cue]] = []
    for cue in track.cues:
        if groups and not _parted(groups[-1], cue):
            groups[-1].append(cue)
        else:
            groups.append([cue])
    return groups


def _parted(group: list[Cue], cue: Cue) -> bool:
    if cue.start_ms - group[-1].end_ms >= _PARAGRAPH_PAUSE_MS:
        return True
    return len(group) >= _PARAGRAPH_CUES and group[-1].text.rstrip("”»)").endswith((".", "?", "!", "…"))
