import json
from dataclasses import replace

import pytest
from lxml import etree

from pipeline.archive.describe import DCTERMS, Description, as_json, dublin_core, iso_duration


def terms(xml: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in etree.fromstring(xml):
        found.setdefault(etree.QName(element).localname, []).append(element.text or "")
        assert etree.QName(element).namespace == DCTERMS
    return found


def test_dublin_core_holds_what_the_record_says(description: Description) -> None:
    found = terms(dublin_core(description, ("objects/masters/feed.mkv", "objects/captions/web.pl_PL.srt")))
    assert found["title"] == ["Gęślą jaźń & <próba>"]
    assert found["identifier"] == [
        "k7d2m9xa",
        "2026-11-27_1700_muzyka_probka_k7d2m9xa",
        "https://www.facebook.com/1/videos/2",
    ]
    assert found["created"] == ["2026-11-27T16:00:00.000Z"]
    assert found["extent"] == ["PT1H2M3.5S"]
    assert found["creator"] == ["Dom Kultury w Żółwinie"]
    assert found["format"] == ["application/x-subrip", "video/x-matroska"]
    assert found["hasPart"][-1] == "web.pl_PL.srt · pl · automatic · openai-whisper 20250625, model small"
    assert "rights" not in found


def test_characters_that_xml_cannot_hold_are_left_out(description: Description) -> None:
    title = "A\x00B\x0bC\ud800D\ufffeE\U0001f40f"
    assert terms(dublin_core(replace(description, title=title)))["title"] == ["ABCDE🐏"]


def test_the_record_is_the_same_bytes_each_time(description: Description) -> None:
    assert as_json(description) == as_json(replace(description))
    assert json.loads(as_json(description))["captions"][0]["state"] == "automatic"


@pytest.mark.parametrize(("seconds", "text"), [(0, "PT0H0M0S"), (59.9996, "PT0H1M0S"), (7325.04, "PT2H2M5.04S")])
def test_durations(seconds: float, text: str) -> None:
    assert iso_duration(seconds) == text
