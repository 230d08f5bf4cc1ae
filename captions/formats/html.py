"""A transcript as an accessible page: one heading, a link for every time, speakers and sounds told apart by more
than colour. The few lines of script let a reader open the recording and jump; without it everything is there."""

from html import escape
from html.parser import HTMLParser

from captions.formats.fault import Fault, Reading, nothing_in
from captions.formats.timestamp import stamp
from captions.formats.txt import paragraphs
from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, Style
from captions.text import clean, language_tag, safe_lines

# heading, automatic, approved, open the recording, jump to
_WORDS = {
    "pl": (
        "Transkrypcja",
        "Napisy automatyczne, niesprawdzone przez człowieka.",
        "Napisy sprawdzone.",
        "Otwórz nagranie z tego komputera, aby przechodzić do wybranych miejsc:",
        "Przejdź do",
    ),
    "en": (
        "Transcript",
        "Automatic captions, not checked by a person.",
        "Captions approved.",
        "Open the recording from this computer to jump to a place:",
        "Go to",
    ),
}
_LOOK = (
    "body{font:1.1rem/1.6 sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}"
    "a{color:#00438a;font-variant-numeric:tabular-nums;margin-right:.6rem}.sound{font-style:italic}"
    "#player{position:sticky;top:0;background:inherit}video{width:100%;max-height:40vh}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#111}a{color:#9cf}}"
)
_SCRIPT = (
    "(function(){var f=document.getElementById('file'),v=document.getElementById('video');"
    "document.getElementById('player').hidden=false;"
    "f.onchange=function(){v.src=URL.createObjectURL(f.files[0]);v.hidden=false};"
    "document.addEventListener('click',function(e){var a=e.target.closest('a[data-at]');"
    "if(a&&v.src){e.preventDefault();v.currentTime=a.dataset.at/1000;v.play()}})})()"
)


def write(track: Track, *, style: Style = DEFAULT_STYLE, title: str = "") -> str:
    """A whole HTML document in the track's language; every text in it is escaped."""
    heading, automatic, approved, opened, jump = _WORDS.get(track.language, _WORDS["en"])
    name = escape(clean(title, "") or heading)
    rows = "".join(_paragraph(number, group, jump) for number, group in enumerate(paragraphs(track), 1))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(track.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>{_LOOK}</style>\n</head>\n<body>\n<main>\n<h1>{name}</h1>\n"
        f"<p><em>{escape(approved if track.state == 'approved' else automatic)}</em></p>\n"
        f'<div id="player" hidden><p><label for="file">{escape(opened)}</label> '
        '<input type="file" id="file" accept="video/*,audio/*"></p>\n'
        '<video id="video" controls hidden></video></div>\n'
        f"{rows}</main>\n<script>{_SCRIPT}</script>\n</body>\n</html>\n"
    )


def _paragraph(number: int, group: list[Cue], jump: str) -> str:
    first = group[0]
    at = stamp(first.start_ms, ".")
    speaker = f"<strong>{escape(clean(first.speaker, ''))}:</strong> " if first.speaker else ""
    return (
        f'<p id="p{number}"><a href="#p{number}" data-at="{first.start_ms}" '
        f'aria-label="{escape(jump)} {at[:8]}"><time datetime="PT{first.start_ms / 1000:.3f}S">{at[:8]}</time></a>'
        f"{speaker}{' '.join(_cue(cue) for cue in group)}</p>\n"
    )


def _cue(cue: Cue) -> str:
    lines = "<wbr> ".join(escape(line) for line in safe_lines(cue.lines))
    speaker = f' data-speaker="{escape(clean(cue.speaker, ""))}"' if cue.speaker else ""
    return f'<span class="{cue.kind}" data-start="{cue.start_ms}" data-end="{cue.end_ms}"{speaker}>{lines}</span>'


def read(text: str, *, language: str = "pl") -> Reading:
    """The track of such a page. Raises CaptionError `captions.bad-file` where no element has a cue's times."""
    page = _Page()
    try:
        page.feed(text)
        page.close()
    except AssertionError as error:  # Python's parser stops at a marked section (`<![x`) that it does not know
        page.faults.append(Fault(page.getpos()[0], "captions.fault-stray", str(error)[:80]))
    if not page.cues and (page.faults or "<main>" not in text):
        raise nothing_in("html", page.faults, text)
    return Reading(Track(tuple(page.cues), language_tag(page.language, language)), tuple(page.faults))


class _Page(HTMLParser):
    """Collects the spans with a beginning and an end; a `<wbr>` parts their lines."""

    def __init__(self) -> None:
        super().__init__()
        self.cues: list[Cue] = []
        self.faults: list[Fault] = []
        self.language = ""
        self._times: tuple[int, int, str] | None = None
        self._lines: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        elif tag in ("wbr", "br") and self._times:
            self._lines.append("")
        elif tag == "span" and "data-start" in given:
            start, end = given["data-start"] or "", given.get("data-end") or ""
            if start.isascii() and start.isdigit() and end.isascii() and end.isdigit() and len(start + end) < 24:
                self._times = (int(start), max(int(start), int(end)), given.get("data-speaker") or "")
                self._lines = [""]
            else:
                self.faults.append(Fault(self.getpos()[0], "captions.fault-times", f"{start} {end}"[:80]))

    def handle_data(self, data: str) -> None:
        if self._times:
            self._lines[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag != "span" or not self._times:
            return
        start, end, speaker = self._times
        lines = tuple(safe_lines(self._lines))
        if lines:
            self.cues.append(Cue(start, end, lines, clean(speaker, "")))
        else:
            self.faults.append(Fault(self.getpos()[0], "captions.fault-no-text", ""))
        self._times = None
