"""Fixtures of the studio's tests: the real OBS, small media, a studio that is closed at the end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.adapters.obs.studio import ObsStudio
from pipeline.model.config import Obs
from tests.support.obs import obs_session, studio_obs
from tests.support.studio_plan import make_media

__all__ = ["obs_session", "studio_obs"]


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studio-media")
    make_media(folder)
    return folder


@pytest.fixture
def studio_of(tmp_path: Path) -> Iterator[Callable[[Obs], ObsStudio]]:
    """Makes studios that work in this test's folder, and closes them."""
    made: list[ObsStudio] = []

    def make(settings: Obs) -> ObsStudio:
        made.append(ObsStudio(settings, tmp_path / "work"))
        return made[-1]

    yield make
    for studio in made:
        studio.close()
