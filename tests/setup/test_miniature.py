"""The miniature's making: the compact vocabulary is the full one, windows say what is heard, two steps run."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from miniature.batch import IGNORED, log_mel, made
from miniature.data import Composer
from miniature.speech import RATE, Clip
from miniature.vocabulary import EMBEDDING, FULL_ROWS, Vocabulary, expand, save_compact

SENTENCES = ["Zapraszamy na koncert.", "Do zobaczenia za tydzień!"]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(SENTENCES)


@pytest.fixture
def composer(vocabulary: Vocabulary) -> Composer:
    tone = (np.sin(np.arange(RATE) / 9) * 9_000).astype(np.int16)
    return Composer(vocabulary, [Clip(number, "pl", tone) for number in range(len(SENTENCES))], seed=5)


def test_expanding_gives_each_token_its_row_and_all_others_the_last(vocabulary: Vocabulary, tmp_path: Path) -> None:
    table = torch.arange(vocabulary.size * 2, dtype=torch.float16).reshape(-1, 2)
    save_compact(tmp_path / "small.pt", {"n_mels": 80}, vocabulary.rows, {EMBEDDING: table})
    expand(tmp_path / "small.pt", tmp_path / "full.pt")
    full = torch.load(tmp_path / "full.pt", weights_only=True)
    weights = full["model_state_dict"][EMBEDDING]
    assert full["dims"]["n_vocab"] == len(weights) == FULL_ROWS
    for row, token in enumerate(vocabulary.rows):
        assert torch.equal(weights[token], table[row])
    others = sorted(set(range(FULL_ROWS)) - set(vocabulary.rows))
    assert torch.equal(weights[others].unique(dim=0), table[-1:])


def test_middles_of_tokens_rise_within_the_sentence(vocabulary: Vocabulary) -> None:
    for sentence, tokens in enumerate(vocabulary.tokens):
        middles = vocabulary.middles(sentence)
        assert len(middles) == len(tokens)
        assert middles == sorted(middles)
        assert 0 < middles[0] < middles[-1] < 1


def test_timestamps_stand_where_the_sound_is(composer: Composer, vocabulary: Vocabulary) -> None:
    composer.untimed = 0.0
    first = vocabulary.tokenizer.timestamp_begin
    for _ in range(40):
        window = composer.window(10.0, offset=100)
        assert len(window.tokens) == len(window.focus)
        stamps = [
            (token, focus) for token, focus in zip(window.tokens, window.focus, strict=True) if token >= first
        ]
        for token, focus in stamps:
            if focus is not None:
                assert abs((token - first - 100) / 50 - focus.at) <= 0.011
        assert [token for token, _ in stamps] == sorted(token for token, _ in stamps)


def test_a_silent_window_asks_for_no_speech(composer: Composer, vocabulary: Vocabulary) -> None:
    windows = [composer.window(4.0, 0) for _ in range(80)]
    batch = made(windows, 0, vocabulary)
    silence = vocabulary.row(vocabulary.tokenizer.no_speech)
    assert any(window.silent for window in windows)
    for window, written in zip(windows, batch.write, strict=True):
        assert (silence in written.tolist()) == window.silent


def test_a_prompt_is_read_but_not_learnt(composer: Composer, vocabulary: Vocabulary) -> None:
    composer.prompted = 1.0
    window = composer.window(8.0, 0)
    batch = made([window], 0, vocabulary)
    ignored = len(window.prompt) + 1
    assert batch.write[0, :ignored].tolist() == [IGNORED] * ignored
    assert batch.write[0, ignored] != IGNORED


def test_the_spectrum_is_whispers_own() -> None:
    from whisper.audio import log_mel_spectrogram

    sound = torch.from_numpy(np.random.default_rng(1).standard_normal((1, RATE)).astype(np.float32))
    assert torch.allclose(log_mel(sound)[0], log_mel_spectrogram(sound[0]), atol=1e-4)


@pytest.mark.heavy
def test_two_steps_make_a_checkpoint_that_whisper_loads(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", str(root / "tools" / "train_miniature.py"), str(tmp_path), "--smoke"]
    done = subprocess.run([*command, "--threads", "1"], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "mini-pl.compact.pt").stat().st_size < 4_000_000
    import whisper

    model = whisper.load_model(str(tmp_path / "mini-pl.pt"), device="cpu")
    assert model.dims.n_vocab == FULL_ROWS
    assert whisper.decode(
        model, torch.zeros(80, 3_000), whisper.DecodingOptions(language="pl", fp16=False, sample_len=4)
    )
