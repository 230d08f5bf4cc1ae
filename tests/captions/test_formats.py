"""Formats: small goldens, round trips, and text that means harm."""

from html.parser import HTMLParser
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captions.errors import CaptionError
from captions.formats import FORMATS, Reader
from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, Style
from captions.text import clean, has_sight

_READABLE = sorted(name for name, form in FORMATS.items() if form.read)
_HOSTILE = st.sampled_from(
    [
        "-->",
        "<b>",
        "</b>",
        "<script>alert(1)</script>",
        "{\\an8}",
        "{x}",
        "\\N",
        "\\h",
        "\\",
        "&lt;",
        "&",
        "1",
        "NOTE",
        "00:00:01,000 --> 00:00:02,000",
        "WEBVTT",
        "[Events]",
        "Dialogue: 0,0:00:00.00",
        "łódź",
        "שלום",
        "👍🏽",
        "{",
        "}",
    ]
)
_LINE = (
    st.lists(st.one_of(_HOSTILE, st.text(min_size=1, max_size=8)), min_size=1, max_size=4)
    .map(lambda parts: clean(" ".join(parts)))
    .filter(has_sight)
)
_CUES = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 500), st.lists(_LINE, min_size=1, max_size=2)), max_size=6
)


def _track(raw: list[tuple[int, int, list[str]]]) -> Track:
    cues, at = [], 0
    for wait, length, lines in raw:
        cues.append(Cue(at + wait * 10, at + (wait + length) * 10, tuple(lines)))
        at = cues[-1].end_ms
    return Track(tuple(cues))


def _reader(name: str) -> Reader:
    reader = FORMATS[name].read
    assert reader is not None
    return reader


_TRACK = Track((Cue(1000, 2500, ("Dzień dobry,", "witam państwa.")), Cue(3_661_080, 3_663_000, ("A <b> & {c}",))))


def test_srt() -> None:
    assert FORMATS["srt"].write(_TRACK) == (
        "1\n00:00:01,000 --> 00:00:02,500\nDzień dobry,\nwitam państwa.\n\n"
        "2\n01:01:01,080 --> 01:01:03,000\nA <\u2060b> & {\u2060c}\n"
    )


def test_vtt() -> None:
    assert FORMATS["vtt"].write(_TRACK) == (
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nDzień dobry,\nwitam państwa.\n\n"
        "2\n01:01:01.080 --> 01:01:03.000\nA &lt;b&gt; &amp; {c}\n"
    )


def test_ass_has_the_styles_look_and_escapes() -> None:
    text = FORMATS["ass"].write(_TRACK, style=Style(position="top", color="FFFF00", font="Arial"), title="Próba\nx")
    assert "Style: Default,Arial,37.4,&H0000FFFF," in text
    assert ",8,64,64,43,1" in text
    assert "Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,Dzień dobry,\\Nwitam państwa." in text
    assert "A <b> & \\{c\\}" in text
    assert "Title: Próba x\n" in text


def test_txt_is_running_text_in_paragraphs() -> None:
    assert FORMATS["txt"].write(_TRACK, title="Lekcja") == "Lekcja\n\nDzień dobry, witam państwa.\n\nA <b> & {c}\n"


def test_html_is_well_formed_and_escaped() -> None:
    class Tags(HTMLParser):
        seen: ClassVar[list[str]] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.seen.append(tag)

    page = FORMATS["html"].write(_TRACK, title="</title><script>x</script>")
    Tags().feed(page)
    assert "script" not in Tags.seen
    assert "b" not in Tags.seen
    assert Tags.seen.count("time") == 2
    assert '<html lang="pl">' in page


@pytest.mark.parametrize("name", _READABLE)
@settings(max_examples=40, deadline=None)
@given(raw=_CUES)
def test_written_and_read_it_is_the_same(name: str, raw: list[tuple[int, int, list[str]]]) -> None:
    track = _track(raw)
    assert _reader(name)(FORMATS[name].write(track)).cues == track.cues


@pytest.mark.parametrize("name", _READABLE)
def test_an_empty_track_is_a_valid_file(name: str) -> None:
    assert _reader(name)(FORMATS[name].write(Track(()))).cues == ()


@pytest.mark.parametrize("name", _READABLE)
@pytest.mark.parametrize("text", ["co to jest", "1\n00:00:xx,000 --> 00:00:02,000\nx\n", "<html>"])
def test_what_is_no_caption_file_is_refused(name: str, text: str) -> None:
    with pytest.raises(CaptionError) as caught:
        _reader(name)(text)
    assert caught.value.code == "captions.bad-file"
    assert caught.value.fields["format"] == name


def test_srt_of_others_is_read() -> None:
    text = (
        "\ufeff1\r\n0:00:01.5 --> 00:00:02,500 X1:10\r\n<i>Tak.</i>\r\n{\\an8}Nie.\r\n"
        "2\r\n00:00:03,000 --> 00:00:04,000\r\nx\r\n"
    )
    assert FORMATS["srt"].read is not None
    assert FORMATS["srt"].read(text).cues == (Cue(1500, 2500, ("Tak.", "Nie.")), Cue(3000, 4000, ("x",)))


def test_vtt_of_others_is_read() -> None:
    head = "WEBVTT - x\n\nNOTE --\nx\n\nSTYLE\n::cue{}\n\n"
    text = head + "00:01.000 --> 00:02.000 align:left\n<v Anna>Tak &amp; nie</v>\n"
    assert FORMATS["vtt"].read is not None
    assert FORMATS["vtt"].read(text).cues == (Cue(1000, 2000, ("Tak & nie",)),)


def test_every_writer_takes_style_and_title() -> None:
    for form in FORMATS.values():
        assert form.write(_TRACK, style=DEFAULT_STYLE, title="x")
