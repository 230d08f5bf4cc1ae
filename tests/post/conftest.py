"""A station with its database, in a temporary folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.model.config import Settings
from pipeline.store.database import Database, open_database
from tests.support import afterwork


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return afterwork.station(tmp_path)


@pytest.fixture
def db(settings: Settings) -> Iterator[Database]:
    database = open_database(settings, migrate=True)
    yield database
    database.close()
