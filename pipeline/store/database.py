"""Opening our database: SQLite in the work folder, or PostgreSQL; reading and writing it in short transactions.

Every write of SQLite begins IMMEDIATE: a transaction that reads first and writes later would fail at once when
another process wrote in between, whatever the time-out.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from pipeline import platform
from pipeline.errors import Fatal, Refused, Temporary
from pipeline.model.config import Settings
from pipeline.store.migrations import HEAD, REVISIONS

SCHEMA = "ekultura"
FILE = "station.sqlite"
_BUSY_MS = 10_000
_MIGRATION_LOCK = 0x656B756C  # an advisory lock of PostgreSQL: one migration at a time


class Database:
    """A migrated database. `read()` and `write()` give a connection inside one short transaction.

    Both raise Temporary `store.unreachable` when the database does not answer, `store.busy` when another
    process held it for longer than ten seconds. Safe to share between threads.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        with _told_apart(), self._engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        with (
            _told_apart(),
            self._engine.connect().execution_options(immediate=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        self._engine.dispose()

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name


def open_database(settings: Settings, migrate: bool) -> Database:
    """The station's database.

    An empty one gets its tables from whoever comes first; an older one is brought up to date where `migrate`.
    Raises Refused `store.network-folder`, `store.folder-not-writable`, `store.older-database` (not `migrate`),
    `store.newer-database`; Temporary `store.unreachable`, `store.busy`; Fatal `store.damaged`.
    """
    engine = _postgresql(settings) if settings.database is not None else _sqlite(settings.folders.work)
    database = Database(engine)
    try:
        revision = _revision(database)
        if revision not in (None, *REVISIONS):
            raise Refused("store.newer-database", found=revision, known=HEAD)
        if revision is not None and revision != HEAD and not migrate:
            raise Refused("store.older-database", found=revision, needed=HEAD)
        if revision != HEAD:
            _migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def _sqlite(work: Path) -> Engine:
    if platform.on_network_folder(work):
        raise Refused("store.network-folder", folder=str(work))
    try:
        work.mkdir(parents=True, exist_ok=True)
        with (work / FILE).open("ab"):
            pass
    except OSError as error:
        raise Refused("store.folder-not-writable", folder=str(work), detail=error.strerror) from error
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(work / FILE)),
        connect_args={"timeout": _BUSY_MS / 1000},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where we say so
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={_BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _postgresql(settings: Settings) -> Engine:
    assert settings.database is not None
    try:
        url = sa.make_url(settings.database.get_secret_value())
    except sa.exc.ArgumentError:
        raise Refused("store.bad-address") from None  # the address may hold a password
    if url.drivername != "postgresql+psycopg":
        raise Refused("store.bad-address")
    return sa.create_engine(
        url,
        connect_args={"connect_timeout": 5, "options": f"-c search_path={SCHEMA}"},
        pool_pre_ping=True,
        hide_parameters=True,
    )


def _revision(database: Database) -> str | None:
    with database.read() as connection:
        if not sa.inspect(connection).has_table("alembic_version", schema=_schema(database)):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(database: Database) -> None:
    from pipeline.store.migrations.run import upgrade

    with database.write() as connection:
        if database.dialect == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            connection.execute(sa.schema.CreateSchema(SCHEMA, if_not_exists=True))
        upgrade(connection, schema=_schema(database))


def _schema(database: Database) -> str | None:
    return SCHEMA if database.dialect == "postgresql" else None


@contextlib.contextmanager
def _told_apart() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        code = "store.busy" if "locked" in str(error.orig) else "store.unreachable"
        raise Temporary(code, detail=type(error.orig).__name__) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Temporary("store.unreachable", detail=type(error.orig).__name__) from error
        if getattr(error.orig, "sqlite_errorname", "") in ("SQLITE_CORRUPT", "SQLITE_NOTADB"):
            raise Fatal("store.damaged", file=FILE, detail=str(error.orig)) from error
        raise
