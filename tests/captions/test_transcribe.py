"""The way from sound to words with a made-up engine: times, phantoms, lost speech, stop and progress."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from captions import voice
from captions.audio import RATE, Samples
from captions.engines.base import Utterance
from captions.errors import CaptionError
from captions.model import Span
from captions.transcribe import Heard, transcribe, transcribe_chunks
from tests.support.speech import write_wav


class Parrot:
    """Hears what it is told to, call after call."""

    name = "parrot"
    model = "test"
    batch = 1

    def __init__(self, *answers: list[Utterance]) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[int, str, str | None]] = []

    def hear(self, samples: Samples, language: str, prompt: str | None) -> list[Utterance]:
        self.calls.append((len(samples) * 1000 // RATE, language, prompt))
        return self.answers.pop(0) if self.answers else []

    def hear_several(self, sounds: Sequence[Samples], language: str, prompt: str | None) -> list[list[Utterance]]:
        return [self.hear(sound, language, prompt) for sound in sounds]


@pytest.fixture
def voices(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Samples]:
    """Sound of the given length whose voices are at the given seconds."""

    def make(length_s: float, *spans: tuple[float, float]) -> Samples:
        sound = np.full(round(length_s * RATE), 0.0, np.float32)
        for start, end in spans:
            sound[round(start * RATE) : round(end * RATE)] = 0.5
        return sound

    def found(samples: Samples, offset_ms: int = 0) -> list[Span]:
        edges = np.flatnonzero(np.diff(np.concatenate(([0], (np.abs(samples) > 0.1).astype(int), [0]))))
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return [Span(int(a) * 1000 // RATE + offset_ms, int(b) * 1000 // RATE + offset_ms) for a, b in pairs]

    monkeypatch.setattr(voice, "speech_spans", found)
    return make


def _said(start_ms: int, end_ms: int, text: str) -> Utterance:
    return Utterance(start_ms, end_ms, text, 0.9)


def _heard(sound: Samples, parrot: Parrot, **options: object) -> list[Heard]:
    return list(transcribe_chunks([sound], parrot, **options))  # type: ignore[arg-type]


def test_words_are_in_media_time_on_their_voice(voices: Callable[..., Samples]) -> None:
    parrot = Parrot([_said(0, 1300, "Dzień dobry.")])
    heard, end = _heard(voices(10, (5, 6)), parrot)
    assert [(word.start_ms, word.end_ms, word.text) for word in heard.words] == [
        (5000, 5461, "Dzień"),
        (5461, 6000, "dobry."),
    ]
    assert heard.speech == (Span(5000, 6000),)
    assert end == Heard(10_000)


def test_text_without_a_voice_is_dropped_and_told(voices: Callable[..., Samples]) -> None:
    answers = [_said(200, 1200, "Tak."), _said(2400, 3000, "Dziękuję za uwagę.")]
    sound = voices(10, (1, 2), (5, 5.5))
    heard = _heard(sound, Parrot(answers))[0]
    assert [word.text for word in heard.words] == ["Tak."]
    assert [finding.code for finding in heard.findings] == ["captions.phantom-dropped"]
    assert heard.findings[0].at == "0:00:03"


def test_speech_that_gave_no_words_is_heard_again_alone(voices: Callable[..., Samples]) -> None:
    parrot = Parrot([_said(200, 1200, "Tak.")], [_said(0, 2500, "Drugie zdanie.")])
    heard = _heard(voices(10, (1, 2), (4, 6.5)), parrot)[0]
    assert [word.text for word in heard.words] == ["Tak.", "Drugie", "zdanie."]
    assert heard.words[1].start_ms == 4000
    assert [call[0] for call in parrot.calls] == [5900, 2500]


def test_speech_that_stays_without_words_is_told(voices: Callable[..., Samples]) -> None:
    heard = _heard(voices(10, (4, 6.5)), Parrot())[0]
    assert heard.words == ()
    assert [(finding.code, finding.start_ms) for finding in heard.findings] == [
        ("captions.speech-without-words", 4000)
    ]


def test_a_loop_is_cut_and_told(voices: Callable[..., Samples]) -> None:
    parrot = Parrot([_said(0, 9000, "no tak " * 12)])
    heard = _heard(voices(10, (0, 9)), parrot)[0]
    assert " ".join(word.text for word in heard.words) == "no tak no tak"
    assert [finding.code for finding in heard.findings] == ["captions.loop-cut"]


def test_the_prompt_goes_with_every_chunk(voices: Callable[..., Samples]) -> None:
    parrot = Parrot()
    _heard(voices(40, (1, 2), (20, 21)), parrot, prompt="Jutrzenka", language="pl")
    assert {call[1:] for call in parrot.calls} == {("pl", "Jutrzenka")}
    assert len(parrot.calls) == 2


def test_resumed_it_gives_the_same(voices: Callable[..., Samples]) -> None:
    sound = voices(60, (1, 2), (20, 21), (40, 41))

    def answers() -> list[list[Utterance]]:
        return [[_said(200, 1200, f"Zdanie {number}.")] for number in range(3)]

    whole = _heard(sound, Parrot(*answers()))
    done = whole[0].done_ms
    rest = _heard(sound[done * RATE // 1000 :], Parrot(*answers()[1:]), start_ms=done)
    assert rest == whole[1:]


def test_a_whole_file_with_progress(voices: Callable[..., Samples], tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", voices(40, (1, 2), (20, 21)))
    shares: list[float] = []
    parrot = Parrot([_said(200, 1200, "Raz.")], [_said(200, 1200, "Dwa.")])
    transcript = transcribe(path, engine=parrot, progress=shares.append)
    assert [word.text for word in transcript.words] == ["Raz.", "Dwa."]
    assert transcript.duration_ms == pytest.approx(40_000, abs=5)
    assert (transcript.engine, transcript.model) == ("parrot", "test")
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    silence = transcript.silence()
    assert [span.start_ms for span in silence] == pytest.approx([0, 2000, 21_000], abs=5)


def test_a_file_without_speech_is_no_error(voices: Callable[..., Samples], tmp_path: Path) -> None:
    transcript = transcribe(write_wav(tmp_path / "a.wav", voices(3)), engine=Parrot())
    assert transcript.words == ()
    assert [finding.code for finding in transcript.findings] == ["captions.no-speech"]


def test_it_stops_when_told_to(voices: Callable[..., Samples], tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(CaptionError) as caught:
        transcribe(write_wav(tmp_path / "a.wav", voices(3)), engine=Parrot(), stop=stop)
    assert caught.value.code == "captions.stopped"


def test_bad_media_is_told_before_a_model_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    with pytest.raises(CaptionError) as caught:
        transcribe(tmp_path / "a.mp4", model="nie ma takiego")
    assert caught.value.code == "captions.not-media"
