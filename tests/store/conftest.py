"""Databases for the tests of the store: SQLite always, PostgreSQL among the heavy ones."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from pipeline.model.config import Folders, Settings, Station
from pipeline.store.database import Database, open_database
from tests.support import postgres


def station(folder: Path, address: str | None = None) -> Settings:
    return Settings(
        station=Station(name="Dom Kultury"),
        folders=Folders(recordings=folder / "recordings", archive=folder / "archive", work=folder / "work"),
        database=SecretStr(address) if address else None,
    )


@pytest.fixture(scope="session")
def pg_cluster() -> Iterator[postgres.Cluster]:
    with postgres.cluster() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.heavy)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return station(tmp_path)
    cluster = request.getfixturevalue("pg_cluster")
    return station(tmp_path, cluster.create(f"t{secrets.token_hex(6)}"))


@pytest.fixture
def db(settings: Settings) -> Iterator[Database]:
    database = open_database(settings, migrate=True)
    yield database
    database.close()
