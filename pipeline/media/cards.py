"""The cards that the program draws itself: title, break, closing; a place for the interpreter stays free."""

import logging
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from PIL import Image

from pipeline.media.card_drawing import draw
from pipeline.model.cards import CardTheme, CardWords
from pipeline.model.config import Funding, Settings
from pipeline.model.presets import CardKind, ClassPreset, EncoderPreset
from pipeline.store.files import write_whole

log = logging.getLogger(__name__)

_MONTHS = {
    "pl": "stycznia,lutego,marca,kwietnia,maja,czerwca,lipca,sierpnia,września,października,listopada,grudnia",
    "en": "January,February,March,April,May,June,July,August,September,October,November,December",
}


@dataclass(frozen=True, slots=True)
class CardContent:
    """What stands on the cards of one event. `begins` (aware, the station's own zone) may be unknown."""

    centre: str
    title: str
    section: str = ""
    begins: datetime | None = None
    funding: tuple[Funding, ...] = ()
    language: str = "pl"


def draw_cards(
    settings: Settings,
    theme: CardTheme,
    klass: ClassPreset,
    title: str,
    begins: datetime,
    encoder: EncoderPreset,
) -> dict[str, Path]:
    """Draw all cards of one event into the station's work folder; the files by the card's kind."""
    local = begins.astimezone(ZoneInfo(settings.station.timezone))
    content = CardContent(
        centre=settings.station.name,
        title=title,
        section=klass.section,
        begins=local,
        funding=current_funding(settings.station.funding, local),
        language=settings.station.language,
    )
    return write_cards(settings.folders.work / "cards", content, theme, encoder.width, encoder.height)


def slate_card(settings: Settings, theme: CardTheme, encoder: EncoderPreset) -> bytes:
    """The card that stands in for the programme, as PNG: the centre's name and the words of the break, no event's
    title; so it is the same from one broadcast to the next.
    """
    today = datetime.now(ZoneInfo(settings.station.timezone))
    content = CardContent(
        centre=settings.station.name,
        title="",
        funding=current_funding(settings.station.funding, today),
        language=settings.station.language,
    )
    words = theme.pause.model_copy(update={"large": "heading"})
    buffer = BytesIO()
    plain = theme.model_copy(update={"pause": words})
    card("break", content, plain, encoder.width, encoder.height).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def write_cards(folder: Path, content: CardContent, theme: CardTheme, width: int, height: int) -> dict[str, Path]:
    """Write KIND.png for every kind; a file whose picture is the same already is left alone."""
    made = {}
    for kind in get_args(CardKind):
        buffer = BytesIO()
        card(kind, content, theme, width, height).save(buffer, "PNG", compress_level=3)
        path = folder / f"{kind}.png"
        if not path.is_file() or path.read_bytes() != buffer.getvalue():
            write_whole(path, buffer.getvalue())
        made[kind] = path
    return made


def card(kind: CardKind, content: CardContent, theme: CardTheme, width: int, height: int) -> Image.Image:
    """One card as a picture (RGB). A logo that cannot be read is left out, and logged."""
    words = {"title": theme.title, "break": theme.pause, "closing": theme.closing}[kind]
    small, large = (words.heading, content.title) if words.large == "event" else (content.title, words.heading)
    return draw(
        theme,
        (width, height),
        centre=content.centre,
        heading=small,
        title=large,
        line=filled_line(words, content),
        logos=_logos(content.funding),
        sentences=tuple(one.sentence for one in content.funding if one.sentence),
    )


def filled_line(words: CardWords, content: CardContent) -> str:
    """The line below the title; empty when it wants a date or a time that is not known."""
    if content.begins is None:
        return "" if "{" in words.line else words.line
    values = {"date": spoken_date(content.begins, content.language), "time": f"{content.begins:%H:%M}"}
    line = words.line
    for name, value in values.items():
        line = line.replace(f"{{{name}}}", value)
    return line


def spoken_date(day: datetime, language: str) -> str:
    """`27 listopada 2026`."""
    return f"{day.day} {_MONTHS[language].split(',')[day.month - 1]} {day.year}"


def current_funding(funding: tuple[Funding, ...], day: datetime) -> tuple[Funding, ...]:
    """The funders to be shown on that day; `since` and `until` are ISO dates, both days included."""
    today = day.date().isoformat()
    return tuple(one for one in funding if (one.since or today) <= today <= (one.until or today))


def _logos(funding: tuple[Funding, ...]) -> tuple[Image.Image, ...]:
    found = []
    for one in funding:
        if one.logo is None:
            continue
        try:
            with Image.open(one.logo) as file:
                found.append(file.convert("RGBA"))
        except OSError as error:
            log.warning("logo %s left out: %s", one.logo, error)
    return tuple(found)
