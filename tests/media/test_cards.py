from datetime import datetime
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import numpy
import pytest
from PIL import Image, ImageChops

from pipeline.errors import Fatal
from pipeline.media import fonts
from pipeline.media.cards import CardContent, card, current_funding, draw_cards, filled_line, write_cards
from pipeline.media.fonts import font
from pipeline.media.typeset import fitted, printable, wrapped
from pipeline.model.cards import CardTheme
from pipeline.model.config import Funding
from pipeline.model.load import load_station
from pipeline.model.presets import CardKind
from tests.support.stations import station

BEGINS = datetime(2026, 11, 27, 17, 5, tzinfo=ZoneInfo("Europe/Warsaw"))
KINDS: tuple[CardKind, ...] = get_args(CardKind)


@pytest.fixture(scope="module")
def theme(tmp_path_factory: pytest.TempPathFactory) -> CardTheme:
    return load_station(station(tmp_path_factory.mktemp("s")), env={}).card_theme()


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    Image.new("RGBA", (300, 100), (255, 0, 255, 255)).save(tmp_path / "logo.png")
    return tmp_path / "logo.png"


def content(**rest: object) -> CardContent:
    return CardContent(**{"centre": "Dom Kultury w Żółwinie", "title": "Gęślą jaźń", "begins": BEGINS, **rest})  # type: ignore[arg-type]


def pixels(picture: Image.Image) -> numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.int16]]:
    return numpy.asarray(picture).astype(numpy.int16)


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (640, 360)])
@pytest.mark.parametrize("kind", KINDS)
def test_a_card_fills_its_size_and_keeps_its_margins(
    theme: CardTheme, kind: CardKind, size: tuple[int, int]
) -> None:
    long = content(title="Wieczór kolęd, pastorałek i opowieści świątecznych " * 4, centre="Ośrodek " * 20)
    blank = pixels(card(kind, content(title=" ", centre=" "), theme, *size))
    full = pixels(card(kind, long, theme, *size))
    assert full.shape == (size[1], size[0], 3)
    rows, columns = numpy.nonzero(numpy.abs(full - blank).max(axis=2) > 60)
    assert columns.min() >= size[0] * 0.05
    assert rows.min() >= size[1] * 0.05
    assert rows.max() <= size[1] * 0.95
    # The interpreter's window begins at 74 % of the width: no word reaches it.
    assert columns.max() < size[0] * 0.73


def test_the_title_stands_in_the_themes_colour(theme: CardTheme) -> None:
    white = (pixels(card("title", content(), theme, 1280, 720)) == 255).all(axis=2)
    assert 2_000 < white.sum() < 60_000


def test_polish_letters_are_letters(theme: CardTheme) -> None:
    with_marks = card("title", content(title="ŁÓDŹ"), theme, 1280, 720)
    without = card("title", content(title="LODZ"), theme, 1280, 720)
    assert ImageChops.difference(with_marks, without).getbbox()
    decomposed = card("title", content(title="ŁO\u0301DZ\u0301"), theme, 1280, 720)
    assert with_marks.tobytes() == decomposed.tobytes()


def test_the_funders_stand_on_a_light_panel(theme: CardTheme, logo: Path) -> None:
    funded = content(funding=(Funding(logo=logo, sentence="Dofinansowano ze środków Ministra."),))
    picture = pixels(card("closing", funded, theme, 1280, 720))
    magenta = (picture == (255, 0, 255)).all(axis=2)
    rows, columns = numpy.nonzero(magenta)
    assert magenta.sum() > 5_000
    assert rows.max() < 720 * 0.95
    assert columns.max() < 1280 * 0.73
    assert (picture[rows.min() - 6, columns.min()] == 255).all()


def test_a_logo_that_is_no_picture_is_left_out_and_logged(
    theme: CardTheme, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "logo.png").write_text("no picture")
    spoilt = content(funding=(Funding(logo=tmp_path / "logo.png"), Funding(logo=tmp_path / "gone.png")))
    assert card("title", spoilt, theme, 640, 360).tobytes() == card("title", content(), theme, 640, 360).tobytes()
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2


def test_cards_are_files_that_change_only_when_their_picture_does(theme: CardTheme, tmp_path: Path) -> None:
    made = write_cards(tmp_path, content(), theme, 640, 360)
    assert {kind: path.name for kind, path in made.items()} == {kind: f"{kind}.png" for kind in KINDS}
    before = {path: path.stat().st_ino for path in made.values()}
    write_cards(tmp_path, content(), theme, 640, 360)
    assert before == {path: path.stat().st_ino for path in made.values()}
    write_cards(tmp_path, content(title="Inny"), theme, 640, 360)
    assert not set(before.items()) & {(path, path.stat().st_ino) for path in made.values()}


def test_an_events_cards_lie_in_the_work_folder(tmp_path: Path) -> None:
    loaded = load_station(station(tmp_path), env={})
    made = draw_cards(
        loaded.settings, loaded.card_theme(), loaded.klass("koncert"), "Recital", BEGINS, loaded.encoder("360p25")
    )
    assert made["break"] == tmp_path / "work" / "cards" / "break.png"
    with Image.open(made["break"]) as picture:
        assert picture.size == (640, 360)


def test_the_line_is_filled_or_left_out(theme: CardTheme) -> None:
    assert filled_line(theme.title, content()) == "27 listopada 2026, godz. 17:05"
    assert filled_line(theme.title, content(begins=None)) == ""
    assert filled_line(theme.pause, content(begins=None)) == "Wracamy za kilka minut"


def test_funders_are_shown_in_their_time() -> None:
    funders = tuple(
        Funding(sentence=name, since=since, until=until)
        for name, since, until in [
            ("always", None, None),
            ("then", "2026-11-27", "2026-11-27"),
            ("later", "2026-11-28", None),
            ("before", None, "2026-11-26"),
        ]
    )
    assert [one.sentence for one in current_funding(funders, BEGINS)] == ["always", "then"]


def test_a_one_letter_word_never_ends_a_line() -> None:
    face = font("DejaVuSans.ttf", 40)
    text = "Idziemy w góry i nad wodę z psem o świcie a potem u dr Anny w ul. Ogrodowej"
    for width in range(200, 900, 7):
        lines = wrapped(text, face, width)
        assert all(face.getlength(line) <= width for line in lines)
        assert "".join("".join(lines).split()) == "".join(text.split())
        if width > 300:
            assert " ".join(lines).replace("\u00a0", " ") == text
            assert not [line for line in lines[:-1] if line.split("\u00a0")[-1].split(" ")[-1] in set("wiozau")]


def test_text_that_cannot_fit_is_cut_with_an_ellipsis() -> None:
    block = fitted(
        "słowo " * 200, lambda size: font("DejaVuSans.ttf", size), width=300, largest=60, smallest=20, lines=3
    )
    assert len(block.lines) == 3
    assert block.lines[-1].endswith("…")
    assert block.width <= 300


def test_control_characters_are_no_text() -> None:
    assert printable("a\x00b\n\u2028 c\ud800") == "a b c"


def test_a_font_without_polish_letters_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.font.cache_clear()
    monkeypatch.setattr(fonts, "_has_letters", lambda _: False)
    with pytest.raises(Fatal, match=r"media\.no-font"):
        font("DejaVuSans.ttf", 33)


def test_a_missing_font_falls_back_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    fonts.font.cache_clear()
    assert font("NoSuchFont.ttf", 21).getlength("ż") > 0
    assert "NoSuchFont.ttf" in caplog.text
