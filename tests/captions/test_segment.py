"""Whatever the words, no hard rule is broken and no text is lost."""

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from captions import costs
from captions.model import Cue, Word
from captions.quality import check, hard
from captions.segment import segment
from captions.style import DEFAULT_STYLE, Style
from captions.tidy import tidy

_TEXTS = st.one_of(
    st.sampled_from(
        [
            "a",
            "i",
            "w",
            "z",
            "dr",
            "ks.",
            "ul.",
            "25",
            "10",
            "000",
            "zł",
            "minut",
            "nie",
            "Jan",
            "Kowalski",
            "–",
            "-",
        ]
    ),
    st.sampled_from(
        ["Dzień", "dobry,", "państwu.", "że", "„tak”", '"cytat"', "...", "koniec....", "no…", "?", "--"]
    ),
    st.sampled_from(["-->", "<b>x</b>", "{\\an8}", "&amp;", "\\N", "WEBVTT", "\n\n1\n00:00:01,000", "a\u2028b"]),
    st.sampled_from(
        ["שלום", "مرحبا", "\u202eabc", "👩‍👩‍👧‍👦", "👍🏽", "🇵🇱", "e\u0301", "x" + "\u0301" * 30, "\ufffe", "\ud800"]
    ),
    st.text(max_size=12),
    st.integers(1, 1200).map(lambda n: "ą" * n),
    st.integers(30, 200).map(lambda n: "👩‍👩‍👧" * n),
    st.integers(38, 90).map(lambda n: "-" * n),
    st.integers(1, 60).map(lambda n: "漢" * n),
    st.sampled_from(["e\u0301\u0323", "נִקּוּד", "❤️", "0️⃣", "1" * 50, "3,14", "1 000 000", "\u2067", "☺\ufe0e"]),
)
_WORDS = st.lists(
    st.builds(
        lambda start, length, text: Word(start, start + length, text),
        st.one_of(st.integers(0, 60_000), st.integers(-500, 500), st.just(7_000)),
        st.one_of(st.just(0), st.integers(-300, 900), st.integers(0, 30_000)),
        _TEXTS,
    ),
    max_size=60,
)
_CHILDREN = Style(chars_per_line=36, cps_aim=11, cps_max=13, cps_fast=15, shortest_ms=1200)
_CONFERENCE = Style(lines=3, chars_per_line=20, fps=30)
_SHOTS = st.lists(st.integers(-100, 60_000), max_size=8)
_STYLES = st.sampled_from([DEFAULT_STYLE, _CHILDREN, _CONFERENCE])


def _letters(text: str) -> str:
    """The text without what laying out may add or change: spaces, hyphens and dashes."""
    return re.sub(r"[\s\-–]", "", text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_WORDS, _STYLES, st.one_of(st.none(), st.integers(0, 100_000)), _SHOTS)
@example([Word(0, 0, "i")] * 60, DEFAULT_STYLE, None, [])
@example([Word(0, 0, "x" * 1000)], DEFAULT_STYLE, 500, [100])
@example([Word(9_000, 9_100, "w"), Word(2_000, 2_100, "domu")], DEFAULT_STYLE, 10_000, [9_000])
def test_no_hard_rule_is_broken_by_any_stream(
    words: list[Word], style: Style, duration_ms: int | None, shots: list[int]
) -> None:
    track = segment(words, style, duration_ms=duration_ms, shots=shots)
    assert hard(check(track, style, duration_ms)) == []
    assert all(cue.start_ms % 10 == 0 and cue.end_ms % 10 == 0 for cue in track.cues)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_WORDS, _STYLES)
def test_no_text_is_lost_or_reordered(words: list[Word], style: Style) -> None:
    cleaned = "".join(word.text for word in tidy(words, style))
    assert _letters("".join(cue.text for cue in segment(words, style).cues)) == _letters(cleaned)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_WORDS, _STYLES)
def test_working_in_blocks_changes_nothing(words: list[Word], style: Style) -> None:
    whole = segment(words, style)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(costs, "_BLOCK", 3)
        assert segment(words, style) == whole


def _spoken(text: str, ms_a_word: int = 400, start_ms: int = 1000) -> list[Word]:
    return [
        Word(start_ms + at * ms_a_word, start_ms + at * ms_a_word + ms_a_word - 60, word)
        for at, word in enumerate(text.split())
    ]


def test_a_sentence_is_a_cue_that_begins_with_its_first_word() -> None:
    words = _spoken("Dzień dobry, witam państwa na zajęciach rytmiki.")
    later = _spoken("Klaśnijcie ze mną na raz i na trzy.", start_ms=6_000)
    track = segment(words + later, duration_ms=20_000)
    assert [cue.text for cue in track.cues] == [
        "Dzień dobry, witam państwa na zajęciach rytmiki.",
        "Klaśnijcie ze mną na raz i na trzy.",
    ]
    assert [cue.start_ms for cue in track.cues] == [1000, 6000]


def test_a_short_cue_stays_for_five_sixths_of_a_second() -> None:
    assert segment([Word(5000, 5100, "Tak.")]).cues == (Cue(5000, 5840, ("Tak.",)),)


def test_a_cue_may_linger_until_it_can_be_read() -> None:
    (cue,) = segment([Word(0, 900, "Zaczynamy"), Word(900, 1000, "od"), Word(1000, 1500, "rozgrzewki.")]).cues
    assert cue.characters * 1000 / cue.duration_ms <= DEFAULT_STYLE.cps_aim


def test_close_cues_are_two_frames_apart() -> None:
    first = _spoken("Teraz zaśpiewamy gamę w górę i w dół.")
    second = _spoken("Usiądźcie wygodnie i wyprostujcie plecy.", start_ms=first[-1].end_ms + 700)
    one, two = segment(first + second).cues
    assert two.start_ms - one.end_ms == 80


def test_nothing_to_say_gives_an_empty_track() -> None:
    assert segment([]).cues == ()
    assert segment([Word(0, 100, " \n"), Word(100, 200, "\u200b")]).cues == ()


def test_a_word_stretched_over_a_pause_does_not_hold_its_cue() -> None:
    words = [Word(0, 30_000, "Brawo."), Word(30_000, 30_400, "Dziękuję.")]
    one, two = segment(words).cues
    assert one.end_ms <= 7_000
    assert two.start_ms == 30_000


def test_a_one_letter_word_before_a_pause_goes_to_its_noun() -> None:
    words = [Word(0, 400, "Poszli"), Word(400, 450, "w"), Word(9_000, 9_500, "góry.")]
    assert [(cue.start_ms, cue.text) for cue in segment(words).cues] == [(0, "Poszli"), (8_950, "w góry.")]


def test_a_cue_ends_where_the_picture_changes() -> None:
    words = _spoken("teraz wszyscy razem klaszczemy w dłonie potem wolno idziemy dookoła sali tanecznej prosto")
    plain = segment(words)
    at = words[4].end_ms + 30
    cut = segment(words, shots=[at])
    assert plain.cues[0].text != "teraz wszyscy razem klaszczemy w dłonie"
    assert words[5].text == "dłonie"
    assert at not in [cue.start_ms for cue in plain.cues]
    later = segment(words, shots=[words[5].end_ms + 30])
    assert later.cues[0].text == "teraz wszyscy razem klaszczemy w dłonie"
    assert abs(later.cues[1].start_ms - (words[5].end_ms + 30)) < 10
    assert cut.cues[0].text != later.cues[0].text


def test_a_cue_does_not_linger_over_a_change_of_picture() -> None:
    words = [Word(0, 2000, "Klaszczemy."), Word(9000, 9900, "Koniec.")]
    assert segment(words).cues[0].end_ms == 2480
    assert segment(words, shots=[2300]).cues[0].end_ms == 2220
    assert segment(words, shots=[2040]).cues[0].end_ms == 2480


def test_columns_count_not_characters() -> None:
    (one, *_) = segment([Word(0, 3000, "漢" * 42)]).cues
    assert len(one.lines[0]) == 21
    assert segment([Word(0, 3000, "👩\u200d👩\u200d👧" * 20)]).cues[0].lines == ("👩\u200d👩\u200d👧" * 20,)


def test_speech_too_fast_to_read_is_reported_and_keeps_every_word() -> None:
    words = _spoken(" ".join(f"nadzwyczajn{at:03}" for at in range(60)), ms_a_word=300)
    track = segment(words)
    assert " ".join(cue.text for cue in track.cues) == " ".join(word.text for word in words)
    found = check(track)
    assert hard(found) == []
    assert {violation.code for violation in found} == {"captions.check-speed"}
