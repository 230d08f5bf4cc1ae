"""The fault suite's own parts: its film, made once."""

from pathlib import Path

import pytest

from benchmarks.faults import film as films
from benchmarks.faults.film import Film


@pytest.fixture(scope="session")
def short_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return films.make(tmp_path_factory.mktemp("film") / "film.mkv", seconds=40)


@pytest.fixture(scope="session")
def film(short_film: Path) -> Film:
    return films.read(short_film)
