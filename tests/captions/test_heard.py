"""The whole real path: espeak-ng speaks, ffmpeg decodes, silero finds the voice, the miniature Whisper hears."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from captions.engines import load_engine
from captions.engines.base import Engine, Loading
from captions.errors import CaptionError
from captions.miniature import COMPACT, expanded, sentences
from captions.model import Track
from captions.quality import check, hard
from captions.score import word_error_rate
from captions.segment import segment
from captions.transcribe import transcribe
from tests.support.speech import RATE, Spoken, music, speech, write_wav

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(240)]


def _some(count: int, seed: int) -> list[str]:
    known = sentences()
    return [known[at] for at in np.random.default_rng(seed).permutation(len(known))[:count]]


def _errors(track: Track, spoken: Sequence[Spoken]) -> list[int]:
    return [min(abs(cue.start_ms - one.start_ms) for cue in track.cues) for one in spoken]


def test_a_minute_of_speech_word_for_word_and_in_time(tmp_path: Path, miniature: Engine) -> None:
    sound, spoken = speech(_some(16, 1))
    assert len(sound) > 55 * RATE
    heard = transcribe(write_wav(tmp_path / "a.wav", sound), engine=miniature)
    said = " ".join(one.text for one in spoken)
    assert word_error_rate(said, " ".join(word.text for word in heard.words)) <= 0.15
    track = segment(heard.words, duration_ms=heard.duration_ms)
    assert hard(check(track, duration_ms=heard.duration_ms)) == []
    errors = _errors(track, spoken)
    assert median(errors) <= 200
    assert sorted(errors)[int(len(errors) * 0.9)] <= 500


def test_speech_between_silence_and_music(tmp_path: Path, miniature: Engine) -> None:
    first, spoken_first = speech(_some(4, 2), lead_ms=8000)
    second, spoken_second = speech(_some(4, 3), lead_ms=3000)
    between = np.concatenate((np.zeros(5 * RATE, np.float32), music(20), np.zeros(5 * RATE, np.float32)))
    later = (len(first) + len(between)) * 1000 // RATE
    moved = [Spoken(one.start_ms + later, one.end_ms + later, one.text) for one in spoken_second]
    path = write_wav(tmp_path / "a.wav", np.concatenate((first, between, second)))
    heard = transcribe(path, engine=miniature)
    spoken = [*spoken_first, *moved]
    said = " ".join(one.text for one in spoken)
    assert word_error_rate(said, " ".join(word.text for word in heard.words)) <= 0.25
    low, high = len(first) * 1000 // RATE, later
    assert [word for word in heard.words if low < word.start_ms < high] == []
    track = segment(heard.words, duration_ms=heard.duration_ms)
    assert median(_errors(track, spoken)) <= 300


@pytest.mark.parametrize("kind", ["silence", "music", "noise"])
def test_where_nobody_speaks_there_are_no_words(tmp_path: Path, miniature: Engine, kind: str) -> None:
    noise = (0.02 * np.random.default_rng(3).standard_normal(40 * RATE)).astype(np.float32)
    sound = {"silence": np.zeros(40 * RATE, np.float32), "music": music(40), "noise": noise}[kind]
    heard = transcribe(write_wav(tmp_path / "a.wav", sound), engine=miniature)
    assert heard.words == ()
    assert "captions.no-speech" in [finding.code for finding in heard.findings]
    assert segment(heard.words).cues == ()


def test_the_prompt_is_not_said_back(tmp_path: Path, miniature: Engine) -> None:
    sound, spoken = speech(_some(3, 5))
    heard = transcribe(
        write_wav(tmp_path / "a.wav", sound), engine=miniature, prompt="Zespół Jarzębina, Olga Boznańska"
    )
    text = " ".join(word.text for word in heard.words)
    assert word_error_rate(" ".join(one.text for one in spoken), text) <= 1.0
    assert "Boznańska" not in text or "Boznańska" in " ".join(one.text for one in spoken)


def test_the_miniature_is_expanded_once_and_again_when_damaged(tmp_path: Path) -> None:
    path = expanded(tmp_path)
    first = path.stat().st_mtime_ns
    assert expanded(tmp_path) == path
    assert path.stat().st_mtime_ns == first
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    assert expanded(tmp_path) == path
    assert path.read_bytes() == whole
    assert not list(tmp_path.glob("*.part"))


def test_a_damaged_miniature_and_a_file_that_is_no_model(tmp_path: Path) -> None:
    broken = tmp_path / "a.pt"
    broken.write_bytes(COMPACT.read_bytes()[:5000])
    with pytest.raises(CaptionError) as caught:
        expanded(tmp_path, broken)
    assert caught.value.code == "captions.miniature-broken"
    broken.write_text("to nie jest model", encoding="utf-8")
    with pytest.raises(CaptionError) as caught:
        load_engine("auto", str(broken), Loading(cache=tmp_path))
    assert caught.value.code == "captions.model-broken"
