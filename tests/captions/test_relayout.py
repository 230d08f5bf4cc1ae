"""A track for another style: every word kept, labels and speakers left where they are."""

from captions.model import Cue, Track
from captions.quality import check, hard
from captions.relayout import relaid
from captions.style import Style

_TALL = Style(chars_per_line=24, lines=3, aspect="9:16")
_TRACK = Track(
    (
        Cue(1000, 4500, ("Zatrzymajmy się na chwilę", "przy drugim takcie."), "Anna"),
        Cue(4580, 9000, ("Potrzebne będą klej, sznurek", "i dwie drewniane listewki."), "Anna"),
        Cue(9080, 12_000, ("[muzyka: Fryderyk Chopin, Mazurek a-moll]",)),
        Cue(12_080, 15_000, ("Dziękuję państwu za uwagę.",), "Jan"),
    ),
    state="approved",
)


def test_a_tall_picture_gets_short_lines_and_every_word() -> None:
    made = relaid(_TRACK, _TALL, 16_000)
    assert " ".join(cue.text for cue in made.cues) == " ".join(cue.text for cue in _TRACK.cues)
    assert hard(check(made, _TALL, 16_000)) == []
    assert made.state == "approved"
    label = next(cue for cue in made.cues if cue.kind == "sound")
    assert (label.start_ms, label.end_ms) == (9080, 12_000)
    assert [cue.speaker for cue in made.cues if cue.start_ms >= 12_000] == ["Jan"]


def test_what_fits_no_line_stays_as_it_was() -> None:
    cue = Cue(0, 2000, ("[" + "x" * 30 + "]",))
    assert relaid(Track((cue,)), _TALL).cues == (cue,)
