"""The class found again in a recording, and captions judged against it."""

from pathlib import Path

import numpy as np
import pytest

from captions.model import Cue
from pipeline.errors import Fatal
from pipeline.standins import alignment
from pipeline.standins.alignment import RATE, Placed, placed
from pipeline.standins.hearing import judge
from pipeline.standins.lesson import Lesson, Spoken

SENTENCES = (Spoken(1000, 2500, "Raz i dwa."), Spoken(4000, 6000, "Trzy i cztery."), Spoken(8000, 9500, "Pięć."))
LESSON = Lesson(Path("lesson"), 10_000, SENTENCES)


@pytest.fixture
def known() -> alignment.Sound:
    """Ten seconds of noise that is loud where somebody speaks."""
    sound = np.random.default_rng(3).normal(0, 0.01, 10 * RATE)
    for one in SENTENCES:
        sound[one.start_ms * RATE // 1000 : one.end_ms * RATE // 1000] *= 20
    return sound.astype(np.float32)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, known: alignment.Sound) -> dict[str, alignment.Sound]:
    """Recordings by name, instead of decoded files."""
    files = {LESSON.sound.name: known}
    monkeypatch.setattr(alignment, "sound_of", lambda path, audio=0: files[path.name])
    return files


def test_a_recording_is_found_and_its_sentences_are_told_in_its_own_time(
    known: alignment.Sound, heard: dict[str, alignment.Sound]
) -> None:
    heard["r"] = known[3 * RATE : 9 * RATE] * np.float32(0.4)
    found = placed(LESSON, Path("r"))
    assert found.offset_ms == 3000
    assert found.spoken == (Spoken(1000, 3000, "Trzy i cztery."),)
    assert [one.text for one in found.torn] == ["Pięć."], "cut at the end"


def test_the_class_comes_round(known: alignment.Sound, heard: dict[str, alignment.Sound]) -> None:
    heard["r"] = np.concatenate([known[7 * RATE :], known[: 3 * RATE]])
    found = placed(LESSON, Path("r"))
    assert [(one.start_ms, one.text) for one in found.spoken] == [(1000, "Pięć."), (4000, "Raz i dwa.")]


def test_what_a_card_silenced_is_not_held_against_the_captions(
    known: alignment.Sound, heard: dict[str, alignment.Sound]
) -> None:
    silenced = known.copy()
    silenced[: 5 * RATE] = 0
    heard["r"] = silenced
    found = placed(LESSON, Path("r"))
    assert [one.text for one in found.spoken] == ["Pięć."]
    assert [one.text for one in found.torn] == ["Trzy i cztery."]


def test_another_sound_fits_nowhere(heard: dict[str, alignment.Sound]) -> None:
    heard["r"] = np.random.default_rng(9).normal(0, 0.1, 6 * RATE).astype(np.float32)
    with pytest.raises(Fatal) as refused:
        placed(LESSON, Path("r"))
    assert refused.value.code == "standin.not-placed"


def test_captions_are_judged_by_words_and_by_time() -> None:
    where = Placed(0, 10_000, 9.0, SENTENCES[:2], SENTENCES[2:])
    right = [Cue(1100, 2600, ("Raz i dwa.",)), Cue(3900, 5000, ("Trzy",)), Cue(5000, 6100, ("i cztery.",))]
    torn = Cue(8000, 9000, ("Sześć.",))
    fine = judge([*right, torn], where)
    assert (fine.errors, fine.start_ms, fine.invented) == (0.0, 100, ())
    assert [row.late_ms for row in fine.rows] == [100, -100]
    invented = Cue(6500, 7500, ("Nikt tego nie mówił.",))
    assert judge([*right, invented], where).errors == pytest.approx(4 / 6)
    assert judge([], where).errors == 1.0
    assert judge([], where).start_ms is None
