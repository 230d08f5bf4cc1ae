"""A track laid out anew for another style: fewer columns for a tall picture, slower reading for children."""

from collections.abc import Iterator
from itertools import groupby

from captions.linebreak import atoms, lay_out
from captions.model import Cue, Track, Word
from captions.segment import segment
from captions.style import Style
from captions.text import width
from captions.tidy import share


def relaid(track: Track, style: Style, duration_ms: int | None = None) -> Track:
    """The track with cues and lines by `style`. A speaker's cues in a row are cut anew within their time, every
    word where its cue had it; sounds and songs keep their times, and only their lines change."""
    groups = [list(group) for _, group in groupby(track.cues, key=lambda cue: (cue.speaker, cue.kind))]
    cues = list[Cue]()
    for at, group in enumerate(groups):
        following = groups[at + 1][0].start_ms if at + 1 < len(groups) else None
        until = duration_ms if following is None else following - style.gap_ms
        if group[0].kind != "speech":
            cues += [
                Cue(cue.start_ms, cue.end_ms, _lines(cue, style, track.language), cue.speaker) for cue in group
            ]
            continue
        made = segment(_words(group), style, language=track.language, duration_ms=until).cues
        cues += [Cue(cue.start_ms, cue.end_ms, cue.lines, group[0].speaker) for cue in made]
    return Track(tuple(cues), track.language, track.state, track.engine, track.model)


def _words(cues: list[Cue]) -> Iterator[Word]:
    """The cues' words, each cue's time shared among them by length."""
    for cue in cues:
        yield from share(Word(cue.start_ms, cue.end_ms, cue.text), cue.text.split())


def _lines(cue: Cue, style: Style, language: str) -> tuple[str, ...]:
    """The cue's text on the style's lines; as it was where it does not fit on them."""
    words = cue.text.split()
    if any(width(word) > style.chars_per_line for word in words):
        return cue.lines
    try:
        return lay_out([" ".join(words[a:b]) for a, b in atoms(words, style)], style, language)
    except ValueError:
        return cue.lines
