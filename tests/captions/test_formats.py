"""Formats: small goldens, round trips, and text that means harm."""

from html.parser import HTMLParser
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from captions.errors import CaptionError
from captions.formats import BINARY, FORMATS, Reader, Reading, iso6937
from captions.model import Cue, Track
from captions.style import DEFAULT_STYLE, Style
from captions.text import clean, has_sight

_EXACT = sorted({*FORMATS, *BINARY} - {"txt", "stl"})
_TEXT = ["ass", "ebu-tt-d", "html", "imsc", "srt", "vtt"]
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
    return FORMATS[name].read


def _again(name: str, track: Track) -> Reading:
    """Written and read."""
    if name in BINARY:
        return BINARY[name].read(BINARY[name].write(track, title="Próba"))
    return FORMATS[name].read(FORMATS[name].write(track, title="Próba"))


_TRACK = Track((Cue(1000, 2500, ("Dzień dobry,", "witam państwa.")), Cue(3_661_080, 3_663_000, ("A <b> & {c}",))))


def test_srt() -> None:
    assert FORMATS["srt"].write(_TRACK) == (
        "1\n00:00:01,000 --> 00:00:02,500\nDzień dobry,\nwitam państwa.\n\n"
        "2\n01:01:01,080 --> 01:01:03,000\nA <\u2060b> & {\u2060c}\n"
    )


def test_vtt() -> None:
    assert FORMATS["vtt"].write(_TRACK) == (
        "WEBVTT\n\nREGION\nid:bottom\nwidth:100%\nlines:2\nregionanchor:50%,100%\nviewportanchor:50%,94%\n\n"
        "1\n00:00:01.000 --> 00:00:02.500 region:bottom\nDzień dobry,\nwitam państwa.\n\n"
        "2\n01:01:01.080 --> 01:01:03.000 region:bottom\nA &lt;b&gt; &amp; {c}\n"
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
    assert Tags.seen.count("script") == 1
    assert "b" not in Tags.seen
    assert Tags.seen.count("time") == 2
    assert 'data-at="3661080" aria-label="Przejdź do 01:01:01"' in page
    assert '<html lang="pl">' in page


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=_CUES)
def test_written_and_read_it_is_the_same(raw: list[tuple[int, int, list[str]]]) -> None:
    track = _track(raw)
    for name in sorted({*_EXACT} - {"docx"}):  # whose template alone takes a twentieth of a second
        assert _again(name, track) == Reading(track), name


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=_CUES)
def test_a_word_document_written_and_read_is_the_same(raw: list[tuple[int, int, list[str]]]) -> None:
    assert _again("docx", _track(raw)) == Reading(_track(raw))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=_CUES)
def test_stl_is_the_same_within_its_table_and_frames(raw: list[tuple[int, int, list[str]]]) -> None:
    track = _track([(wait * 4, length * 4, lines) for wait, length, lines in raw])

    def known(line: str) -> str:
        return clean(iso6937.decoded(iso6937.encoded(line)))

    expected = [Cue(cue.start_ms, cue.end_ms, tuple(map(known, cue.lines))) for cue in track.cues]
    assert [cue for cue in _again("stl", track).track.cues] == [cue for cue in expected if all(cue.lines)]


@pytest.mark.parametrize("name", ["ass", "docx", "ebu-tt-d", "html", "imsc", "vtt"])
@pytest.mark.parametrize("speaker", ["Anna Nowak", "A <b>&amp; 'x' \"y\" z", "</v>-->", "{\\b1} \\N"])
def test_a_speaker_stays(name: str, speaker: str) -> None:
    track = Track((Cue(0, 1000, ("Tak.", "Nie.")), Cue(2000, 3000, ("Może.", "I <v x>"), speaker)))
    assert _again(name, track) == Reading(track)


@pytest.mark.parametrize("name", _EXACT)
def test_an_empty_track_is_a_valid_file(name: str) -> None:
    assert _again(name, Track(())).track.cues == ()


@pytest.mark.parametrize("name", _EXACT)
def test_lines_that_nobody_cleaned_inject_nothing(name: str) -> None:
    evil = "a\n\n2\n00:00:00,000 --> 00:00:09,000\nx\x00\x1b\u2028b\r\nDialogue: 0,0:00:00.00,0:00:09.00,,,,,,,y"
    (cue,) = _again(name, Track((Cue(1000, 2000, (evil, "\ufeff", "z")),))).track.cues
    assert (cue.start_ms, cue.end_ms, len(cue.lines)) == (1000, 2000, 2)


@pytest.mark.parametrize("name", _TEXT)
@pytest.mark.parametrize("text", ["co to jest", "1\n00:00:xx,000 --> 00:00:02,000\nx\n", "<html>"])
def test_what_is_no_caption_file_is_refused(name: str, text: str) -> None:
    with pytest.raises(CaptionError) as caught:
        _reader(name)(text)
    assert caught.value.code == "captions.bad-file"
    assert caught.value.fields["format"] == {"imsc": "ttml", "ebu-tt-d": "ttml"}.get(name, name)


def test_srt_of_others_is_read() -> None:
    text = (
        "\ufeff1\r\n0:00:01.5 --> 00:00:02,500 X1:10\r\n<i>Tak.</i>\r\n{\\an8}Nie.\r\n"
        "2\r\n00:00:03,000 --> 00:00:04,000\r\nx\r\n"
    )
    assert FORMATS["srt"].read(text).track.cues == (Cue(1500, 2500, ("Tak.", "Nie.")), Cue(3000, 4000, ("x",)))


def test_vtt_of_others_is_read() -> None:
    head = "WEBVTT - x\n\nNOTE --\nx\n\nSTYLE\n::cue{}\n\n"
    text = head + "00:01.000 --> 00:02.000 align:left\n<v.loud Anna><c.red>Tak &amp; nie</c></v>\n"
    assert FORMATS["vtt"].read(text) == Reading(Track((Cue(1000, 2000, ("Tak & nie",), "Anna"),)))


def test_a_drawing_is_no_text() -> None:
    head = FORMATS["ass"].write(Track(()))
    text = head + "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\an7\\p1}m 0 0 l 9 9{\\p0}Tak.{\\p2}m 1 1\n"
    assert FORMATS["ass"].read(text).track.cues == (Cue(1000, 2000, ("Tak.",)),)


def test_a_tall_picture_gets_letters_that_fit() -> None:
    text = FORMATS["ass"].write(_TRACK, style=Style(aspect="9:16"))
    assert "PlayResX: 720" in text
    assert "Style: Default,DejaVu Sans,29.7," in text


def test_a_page_with_a_strange_section_is_read_up_to_it() -> None:
    page = FORMATS["html"].write(_TRACK)
    at = page.index('<p id="p2"')
    track, faults = FORMATS["html"].read(page[:at] + "<![x [" + page[at:])
    assert track.cues == _TRACK.cues[:1]
    assert [fault.code for fault in faults] == ["captions.fault-stray"]


def test_ass_ends_before_ten_hours() -> None:
    late = Track((Cue(1000, 40_000_000, ("Tak.",)),))
    assert FORMATS["ass"].read(FORMATS["ass"].write(late)).track.cues == (Cue(1000, 35_999_990, ("Tak.",)),)


def test_plain_text_becomes_a_draft() -> None:
    track, faults = FORMATS["txt"].read("Dzień dobry państwu.\n\nZaczynamy od rozgrzewki.\n")
    assert [cue.text for cue in track.cues] == ["Dzień dobry państwu.", "Zaczynamy od rozgrzewki."]
    assert [fault.code for fault in faults] == ["captions.fault-no-times"]


def test_every_writer_takes_style_and_title() -> None:
    for form in (*FORMATS.values(), *BINARY.values()):
        assert form.write(_TRACK, style=DEFAULT_STYLE, title="x")
