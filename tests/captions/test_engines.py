"""One contract, every engine: the same weights hear the same sentences, one sound or several at once."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from captions.audio import RATE, Samples
from captions.engines import ENGINES, load_engine
from captions.engines.base import Engine, Loading
from captions.engines.converted import converted
from captions.engines.faster import FasterWhisper
from captions.errors import CaptionError
from captions.miniature import expanded, sentences
from captions.score import word_error_rate
from tests.support.speech import speech

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, cache: Path) -> Engine:
    return load_engine(request.param, "demo", Loading(cache=cache, threads=1))


@pytest.fixture(scope="module")
def three() -> list[tuple[Samples, str]]:
    known = sentences()
    made = []
    for at in (0, 20, 40):
        sound, spoken = speech(known[at : at + 4])
        made.append((sound, " ".join(one.text for one in spoken)))
    return made


def test_it_says_who_it_is(engine: Engine) -> None:
    assert engine.name in ENGINES
    assert engine.model == "demo"
    assert engine.batch >= 1


def test_one_sound_or_several_at_once(engine: Engine, three: list[tuple[Samples, str]]) -> None:
    several = engine.hear_several([sound for sound, _ in three], "pl", None)
    assert len(several) == 3
    for (sound, said), heard in zip(three, several, strict=True):
        alone = engine.hear(sound, "pl", None)
        for given in (heard, alone):
            assert word_error_rate(said, " ".join(one.text for one in given)) <= 0.25
            assert all(0 <= one.start_ms <= one.end_ms <= 30_000 for one in given)
            assert [one.start_ms for one in given] == sorted(one.start_ms for one in given)
            assert all(0 < one.probability <= 1 for one in given)


def test_an_unknown_language(engine: Engine) -> None:
    for hear in (
        lambda: engine.hear(np.zeros(RATE, np.float32), "xx", None),
        lambda: engine.hear_several([np.zeros(RATE, np.float32)] * 2, "xx", None),
    ):
        with pytest.raises(CaptionError) as caught:
            hear()
        assert caught.value.code == "captions.unknown-language"


def test_the_longest_prompt_leaves_room_for_the_words(engine: Engine, three: list[tuple[Samples, str]]) -> None:
    sound, said = three[0]
    heard = engine.hear(sound, "pl", "Zażółć gęślą jaźń. " * 200)
    assert heard
    assert len(" ".join(one.text for one in heard).split()) < 4 * len(said.split())


def test_what_one_pass_left_out_is_heard_again(cache: Path, three: list[tuple[Samples, str]]) -> None:
    """The pass over several sounds stops early, and the sentence behind is not lost."""
    engine = load_engine("faster-whisper", "demo", Loading(cache=cache, threads=1))
    assert isinstance(engine, FasterWhisper)
    whole = engine._several
    short = [
        SimpleNamespace(start=0.0, end=1.0, seek=0, text="Dzień", words=None, compression_ratio=1, avg_logprob=0)
    ]
    engine._several = SimpleNamespace(transcribe=lambda *_, **__: (short, None))
    try:
        heard = engine.hear_several([sound for sound, _ in three[:2]], "pl", None)
    finally:
        engine._several = whole
    for (_, said), given in zip(three, heard, strict=False):
        assert word_error_rate(said, " ".join(one.text for one in given)) <= 0.25


def test_a_file_that_is_no_checkpoint_leaves_nothing_behind(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"no weights" * 1000)
    for name in ("faster-whisper", "auto"):
        with pytest.raises(CaptionError) as caught:
            load_engine(name, str(broken), Loading(cache=tmp_path / "cache"))
        assert caught.value.code == "captions.model-broken"
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_conversion_is_made_once_and_not_for_other_weights(cache: Path, tmp_path: Path) -> None:
    source = expanded(cache)
    first = converted(source, "float32", cache)
    before = (first / "model.bin").stat().st_mtime_ns
    assert converted(source, "float32", cache) == first
    assert (first / "model.bin").stat().st_mtime_ns == before
    other = tmp_path / source.name
    data = bytearray(source.read_bytes())
    data[-100] ^= 1
    other.write_bytes(data)
    assert converted(other, "float32", cache) != first


def test_auto_falls_back_to_what_works(
    cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing() -> int:
        raise ImportError("no CTranslate2 here")

    monkeypatch.setattr("captions.engines.faster.cards", missing)
    assert load_engine("auto", "demo", Loading(cache=cache)).name == "openai-whisper"
    assert "faster-whisper cannot be used" in caplog.text
    with pytest.raises(CaptionError) as caught:
        load_engine("faster-whisper", "demo", Loading(cache=cache))
    assert caught.value.code == "captions.engine-missing"


def test_converted_weights_need_no_torch(cache: Path) -> None:
    """The memory of a second framework is not paid for hearing."""
    load_engine("faster-whisper", "demo", Loading(cache=cache))
    code = (
        "import sys\nfrom pathlib import Path\nfrom captions.engines import load_engine\n"
        "from captions.engines.base import Loading\n"
        "engine = load_engine('auto', 'demo', Loading(cache=Path(sys.argv[1]), threads=1))\n"
        "sys.exit('torch' in sys.modules or engine.name != 'faster-whisper')"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(cache)], capture_output=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
