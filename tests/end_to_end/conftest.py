"""The class that the end-to-end tests share, and the one broadcast that most of them look at."""

from collections.abc import Iterator

import pytest

from pipeline.standins.lesson import SCORE, Lesson, make_lesson
from tests.support.aired import Aired, aired

ON_AIR_S = 34.0


@pytest.fixture(scope="session")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return make_lesson(tmp_path_factory.mktemp("lesson"), SCORE[:14])


@pytest.fixture(scope="session")
def chain(lesson: Lesson, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aired]:
    """One broadcast with everything done to it; see `tests.support.aired`."""
    with aired(tmp_path_factory.mktemp("stage") / "dom kultury", lesson, ON_AIR_S) as one:
        yield one
