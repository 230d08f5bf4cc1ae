"""Opening the database: migrations, revisions, refusals, and writers that wait for each other."""

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from pipeline import platform
from pipeline.errors import PipelineError, Refused, Temporary
from pipeline.model.config import Settings
from pipeline.store import migrations
from pipeline.store.database import Database, open_database
from pipeline.store.tables import metadata, recording
from tests.store.conftest import station


def refusal(settings: Settings, *, migrate: bool = True) -> PipelineError:
    with pytest.raises(PipelineError) as caught:
        open_database(settings, migrate=migrate)
    return caught.value


def set_revision(db: Database, revision: str) -> None:
    with db.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :r"), {"r": revision})


def test_migrations_make_exactly_the_tables(db: Database) -> None:
    with db.read() as connection:
        schema = "ekultura" if db.dialect == "postgresql" else None
        told = sa.inspect(connection)
        for table in metadata.tables.values():
            columns = {c["name"]: c["nullable"] for c in told.get_columns(table.name, schema=schema)}
            assert columns == {c.name: c.nullable for c in table.columns}
            primary = told.get_pk_constraint(table.name, schema=schema)["constrained_columns"]
            assert primary == [c.name for c in table.primary_key.columns]
            assert {i["name"] for i in told.get_indexes(table.name, schema=schema)} >= {
                i.name for i in table.indexes
            }


def test_the_named_revisions_are_the_scripts() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert tuple(s.revision for s in reversed(list(scripts.walk_revisions()))) == migrations.REVISIONS


def test_opening_again_changes_nothing(settings: Settings, db: Database) -> None:
    again = open_database(settings, migrate=False)
    with again.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(recording)).scalar() == 0
    again.close()


def test_a_newer_database_is_refused(settings: Settings, db: Database) -> None:
    set_revision(db, "9999")
    error = refusal(settings)
    assert isinstance(error, Refused)
    assert (error.code, error.fields["found"]) == ("store.newer-database", "9999")


def test_an_older_database_needs_a_migrator(
    settings: Settings, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.store.database.HEAD", "0002")
    assert refusal(settings, migrate=False).code == "store.older-database"


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    settings = station(tmp_path)
    settings.folders.work.mkdir(parents=True, exist_ok=True)
    (settings.folders.work / "station.sqlite").write_bytes(b"no database at all " * 300)
    assert refusal(settings).code == "store.damaged"


def test_network_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "on_network_folder", lambda path: True)
    assert refusal(station(tmp_path)).code == "store.network-folder"
    assert not (tmp_path / "work").exists()


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "work").write_text("a file where the folder should be")
    assert refusal(station(tmp_path)).code == "store.folder-not-writable"


@pytest.mark.parametrize("address", ["mysql://u:geheim@h/x", "not an address"])
def test_bad_address_keeps_its_password(tmp_path: Path, address: str) -> None:
    error = refusal(station(tmp_path, address))
    assert error.code == "store.bad-address"
    assert "geheim" not in repr(error) + str(error.__cause__)


def test_server_that_does_not_answer(tmp_path: Path) -> None:
    error = refusal(station(tmp_path, "postgresql+psycopg://u:geheim@127.0.0.1:9/x"))
    assert isinstance(error, Temporary)
    assert error.code == "store.unreachable"
    assert "geheim" not in f"{error} {error.__cause__}"


def test_sqlite_is_durable(tmp_path: Path) -> None:
    db = open_database(station(tmp_path), migrate=True)
    with db.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000
    db.close()


def write_and_fail(db: Database) -> None:
    values = {"id": "a", "folder": "a", "klass": "", "title": "", "started": "", "state": "done", "revision": 1}
    with db.write() as connection:
        connection.execute(sa.insert(recording).values(values))
        raise ZeroDivisionError


def test_a_failed_write_leaves_nothing(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail(db)
    with db.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(recording)).scalar() == 0


def test_writers_that_read_first_wait_for_each_other(settings: Settings, db: Database) -> None:
    with db.write() as connection:
        connection.execute(
            sa.insert(recording).values(
                id="a", folder="a", klass="", title="", started="", state="done", revision=0
            )
        )

    def count_up() -> None:
        own = open_database(settings, migrate=False)
        for _ in range(20):
            with own.write() as connection:
                query = sa.select(recording.c.revision)
                if own.dialect == "postgresql":
                    query = query.with_for_update()
                held = connection.execute(query).scalar_one()
                connection.execute(sa.update(recording).values(revision=held + 1))
        own.close()

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with db.read() as connection:
        assert connection.execute(sa.select(recording.c.revision)).scalar() == 80
