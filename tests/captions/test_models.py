"""Names of engines and models, and what is said when the weights are not here."""

from pathlib import Path
from typing import ClassVar

import pytest

from captions.engines import ENGINES, load_engine
from captions.engines.models import weights
from captions.engines.openai_whisper import _fetched
from captions.errors import CaptionError


def test_an_unknown_engine() -> None:
    with pytest.raises(CaptionError) as caught:
        load_engine("siri")
    assert caught.value.fields == {"engine": "siri", "known": ", ".join(ENGINES)}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("small", "captions.model-missing"),
        ("auto", "captions.model-missing"),
        ("huge", "captions.unknown-model"),
        ("nie ma.pt", "captions.model-missing"),
    ],
)
def test_missing_weights(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(CaptionError) as caught:
        weights(name, tmp_path)
    assert caught.value.code == code


def test_a_size_may_be_fetched_only_when_allowed(tmp_path: Path) -> None:
    assert weights("small", tmp_path, may_fetch=True) == "small"


def test_auto_takes_the_best_that_is_here_and_never_the_miniature(tmp_path: Path) -> None:
    for size in ("tiny", "small"):
        (tmp_path / f"{size}.pt").touch()
    assert weights("auto", tmp_path) == str(tmp_path / "small.pt")
    assert weights("tiny", tmp_path) == str(tmp_path / "tiny.pt")


def test_weights_that_the_network_does_not_give(tmp_path: Path) -> None:
    class Whisper:
        _MODELS: ClassVar[dict[str, str]] = {"tiny": "http://127.0.0.1:9/x/tiny.pt"}

        @staticmethod
        def _download(url: str, folder: str, in_memory: bool) -> str:
            (Path(folder) / "tiny.pt").write_bytes(b"half")
            raise OSError("unreachable")

    with pytest.raises(CaptionError) as caught:
        _fetched(Whisper, "tiny", tmp_path)
    assert caught.value.code == "captions.model-missing"
    assert list(tmp_path.iterdir()) == []
