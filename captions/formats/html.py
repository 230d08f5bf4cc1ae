"""A transcript as an accessible page: one heading, paragraphs with machine-readable times, no script."""

from html import escape

from captions.formats.timestamp import stamp
from captions.formats.txt import paragraphs
from captions.model import Track
from captions.style import DEFAULT_STYLE, Style

_LABELS = {
    "pl": ("Transkrypcja", "Napisy automatyczne, niesprawdzone przez człowieka.", "Napisy sprawdzone."),
    "en": ("Transcript", "Automatic captions, not checked by a person.", "Captions approved."),
}
_LOOK = (
    "body{font:1.1rem/1.6 sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}"
    "time{font-variant-numeric:tabular-nums;color:#555;margin-right:.6rem}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#111}time{color:#aaa}}"
)


def write(track: Track, *, style: Style = DEFAULT_STYLE, title: str = "") -> str:
    """A whole HTML document in the track's language; every text in it is escaped."""
    heading, automatic, approved = _LABELS.get(track.language, _LABELS["en"])
    name = escape(title or heading)
    rows = "".join(
        f'<p><time datetime="PT{group[0].start_ms / 1000:.3f}S">{stamp(group[0].start_ms, ".")[:8]}</time>'
        f"{escape(' '.join(cue.text for cue in group))}</p>\n"
        for group in paragraphs(track)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(track.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>{_LOOK}</style>\n</head>\n<body>\n<main>\n<h1>{name}</h1>\n"
        f"<p><em>{escape(approved if track.state == 'approved' else automatic)}</em></p>\n{rows}"
        "</main>\n</body>\n</html>\n"
    )
