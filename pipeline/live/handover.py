"""The hand-over sheet of a pasted stream key: what a person does on Facebook in the program's place.

An HTML page and the same as plain text; no key stands in either. What the person types in once (address,
viewers) is checked by `read_answers`.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.errors import Refused
from pipeline.live import handover_texts as texts
from pipeline.store.files import plain_name, whole_file, write_whole

if TYPE_CHECKING:
    import jinja2

HTML, TXT = "facebook.html", "facebook.txt"
PRODUCER = "https://www.facebook.com/live/producer"
MAX_CAPTIONS_BYTES = 200_000
_HOSTS = ("facebook.com", "fb.com", "fb.watch")
_MOST_VIEWERS = 10_000_000

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the sheet says. `start` is in the station's time zone; `command` is what the answers are added to
    (`ekultura … ID`), `action` the console's address for them (None: the command is shown instead).

    `captions` is where the caption file lies, or will lie, under the name that Facebook wants.
    """

    recording: str
    title: str
    description: str
    station: str
    klass: str
    start: datetime
    command: str
    language: str = "pl"
    public: bool = True
    minors: bool = False
    action: str | None = None
    captions: Path | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person read off Facebook; None where nothing was typed in."""

    permalink: str | None = None
    viewers: int | None = None


def write_sheet(folder: Path, sheet: Sheet, translate: Translate) -> tuple[Path, Path]:
    """Write the page and the text into `folder`, replacing older ones; their paths."""
    html, text = folder / HTML, folder / TXT
    shown = _shown(sheet, translate)
    write_whole(html, _environment().get_template("handover.html").render(shown))
    write_whole(text, _environment(escape=False).get_template("handover.txt").render(shown))
    return html, text


def captions_name(title: str, locale: str = "pl_PL") -> str:
    """The only form of name that Facebook accepts: NAME.LOCALE.srt, and no other full stop."""
    return f"{plain_name(title)}.{locale}.srt"


def lay_captions(srt: Path, folder: Path, title: str, locale: str = "pl_PL") -> Path:
    """Copy the finished captions into `folder` under the name that Facebook wants."""
    target = folder / captions_name(title, locale)
    with whole_file(target) as part:
        shutil.copyfile(srt, part)
    return target


def read_answers(permalink: str, viewers: str) -> Answers:
    """Check what was typed in; `Refused` where an address or a number makes no sense."""
    address, number = permalink.strip(), re.sub(r"\s", "", viewers)
    if address:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
        ours = any(host == known or host.endswith(f".{known}") for known in _HOSTS)
        if parts.scheme != "https" or not ours or parts.username or not parts.path.strip("/"):
            raise Refused("facebook.permalink-wrong", text=address[:200])
    if number and not (number.isascii() and number.isdecimal() and int(number) <= _MOST_VIEWERS):
        raise Refused("facebook.viewers-wrong", text=viewers[:40])
    return Answers(address or None, int(number) if number else None)


def _shown(sheet: Sheet, translate: Translate) -> dict[str, object]:
    before = texts.BEFORE if sheet.public else texts.BEFORE_PARTICIPANTS
    ready = sheet.captions is not None and sheet.captions.is_file()
    return {
        "sheet": sheet,
        "producer": PRODUCER,
        "when": f"{sheet.start:%d.%m.%Y, %H:%M}",
        # A namespace: on a dictionary `say.copy` would be the dictionary's own method.
        "say": SimpleNamespace(**{name: translate(text) for name, text in texts.LABELS.items()}),
        "before": [translate(text) for text in before],
        "during": [translate(text) for text in texts.DURING],
        "after": [translate(text) for text in texts.AFTER],
        "captions_ready": ready,
        "captions_too_large": ready
        and sheet.captions is not None
        and sheet.captions.stat().st_size > MAX_CAPTIONS_BYTES,
    }


def _environment(*, escape: bool = True) -> "jinja2.Environment":
    import jinja2  # late: most broadcasts have no sheet, and all wait for their first picture

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=escape,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
