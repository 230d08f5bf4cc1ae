"""The miniature, loaded once; sounds and files made once."""

from pathlib import Path

import pytest

from captions.engines import load_engine
from captions.engines.base import Engine, Loading


@pytest.fixture(scope="session")
def miniature(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The miniature Whisper on one thread."""
    cache: Path = tmp_path_factory.mktemp("miniature")
    return load_engine("openai-whisper", "demo", Loading(cache=cache, threads=1))
