"""The hand-over sheet: complete in both languages, escaped, without a key; and what is typed in, checked."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from babel.messages.pofile import read_po

from pipeline.errors import Refused
from pipeline.live import handover, handover_texts
from pipeline.live.handover import Answers, Sheet, captions_name, lay_captions, read_answers, write_sheet

PO = Path(handover.__file__).parents[1] / "cli" / "locale" / "pl" / "facebook.po"


def polish(text: str) -> str:
    with PO.open("rb") as file:
        message = read_po(file).get(text)
    assert message is not None, text
    return str(message.string)


def english(text: str) -> str:
    return text


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(
        recording="8k2m4x7q",
        title='Zajęcia: "Muzyka" <na żywo> & więcej',
        description="Pierwszy wiersz.\nDrugi </textarea><script>alert(1)</script> wiersz.",
        station="Gminny Ośrodek Kultury",
        klass="Zajęcia muzyczne",
        start=datetime(2026, 11, 27, 17, 0, tzinfo=ZoneInfo("Europe/Warsaw")),
        command="ekultura handover 8k2m4x7q",
        captions=tmp_path / "captions" / "zajecia.pl_PL.srt",
    )


def test_page_and_text_carry_what_is_pasted(tmp_path: Path, sheet: Sheet) -> None:
    html, text = write_sheet(tmp_path, sheet, polish)
    page = lxml.html.fromstring(html.read_text(encoding="utf-8"))
    assert page.get_element_by_id("title").text == sheet.title
    assert page.get_element_by_id("description").text == sheet.description
    plain = text.read_text(encoding="utf-8")
    assert sheet.title in plain
    assert sheet.description in plain
    assert "27.11.2026, 17:00" in plain
    boxes = len(handover_texts.BEFORE + handover_texts.DURING + handover_texts.AFTER)
    assert len(page.xpath("//input[@type='checkbox']")) == boxes == plain.count("[ ] ")


def test_every_control_has_a_name_and_the_page_a_language(tmp_path: Path, sheet: Sheet) -> None:
    page = lxml.html.parse(str(write_sheet(tmp_path, sheet, polish)[0])).getroot()
    assert page.get("lang") == "pl"
    labelled = {label.get("for") for label in page.xpath("//label[@for]")}
    for control in page.xpath("//input|//textarea"):
        assert control.get("id") in labelled or control.getparent().tag == "label", control.get("id")
    shown = [button.text_content().strip() for button in page.xpath("//button")]
    assert shown == ["Kopiuj", "Kopiuj", "Przygotuj polecenie"]
    assert [heading.tag for heading in page.xpath("//h1|//h2")] == ["h1", "h2", "h2", "h2", "h2"]
    assert len(page.xpath("//script")) == 1, "the description's own script stays text"


def test_the_polish_sheet_holds_no_english(tmp_path: Path, sheet: Sheet) -> None:
    text = write_sheet(tmp_path, sheet, polish)[1].read_text(encoding="utf-8")
    assert not re.findall(r"\b(the|and|are|with)\b", text)


def test_nothing_from_elsewhere_is_loaded(tmp_path: Path, sheet: Sheet) -> None:
    html = write_sheet(tmp_path, sheet, english)[0].read_text(encoding="utf-8")
    assert "default-src 'none'" in html
    assert not re.findall(r"(?:src|href)=\"(?!https://www\.facebook\.com/live/producer)", html)


def test_participants_and_minors_change_the_boxes(tmp_path: Path, sheet: Sheet) -> None:
    text = write_sheet(tmp_path, replace(sheet, public=False, minors=True), english)[1].read_text()
    assert "NOT Public" in text
    assert "The audience is set to Public." not in text
    assert "check the consents" in text


def test_captions_are_laid_ready_under_facebooks_name(tmp_path: Path, sheet: Sheet) -> None:
    assert captions_name("Zajęcia. Muzyka") == "zajecia-muzyka.pl_PL.srt"
    before = write_sheet(tmp_path, sheet, english)[1].read_text()
    assert "will lie here" in before
    srt = tmp_path / "a.srt"
    srt.write_text("1\n00:00:01,000 --> 00:00:02,000\nTak.\n")
    laid = lay_captions(srt, tmp_path, "Zajęcia. Muzyka")
    assert laid.read_bytes() == srt.read_bytes()
    assert "is ready" in write_sheet(tmp_path, replace(sheet, captions=laid), english)[1].read_text()
    laid.write_bytes(b"x" * 200_001)
    assert "more than 200 KB" in write_sheet(tmp_path, replace(sheet, captions=laid), english)[1].read_text()


@pytest.mark.parametrize(
    ("permalink", "viewers", "answers"),
    [
        (" https://www.facebook.com/gok/videos/12/ ", "1 037", ("https://www.facebook.com/gok/videos/12/", 1037)),
        ("https://fb.watch/abc/", "", ("https://fb.watch/abc/", None)),
        ("", "0", (None, 0)),
    ],
)
def test_answers_are_read(permalink: str, viewers: str, answers: tuple[str | None, int | None]) -> None:
    assert read_answers(permalink, viewers) == Answers(*answers)


@pytest.mark.parametrize(
    ("permalink", "viewers", "code"),
    [
        ("http://www.facebook.com/x", "", "facebook.permalink-wrong"),
        ("https://facebook.com.example/x", "", "facebook.permalink-wrong"),
        ("https://www.facebook.com/", "", "facebook.permalink-wrong"),
        ("javascript:alert(1)", "", "facebook.permalink-wrong"),
        ("", "wielu", "facebook.viewers-wrong"),
        ("", "-3", "facebook.viewers-wrong"),
        ("", "٣", "facebook.viewers-wrong"),
        ("", "99999999999", "facebook.viewers-wrong"),
    ],
)
def test_answers_that_make_no_sense_are_refused(permalink: str, viewers: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read_answers(permalink, viewers)
    assert caught.value.code == code
