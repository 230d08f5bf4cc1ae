"""A PostgreSQL cluster of its own in a temporary folder, listening on a socket there and on a free port."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BINARIES = Path("/usr/lib/postgresql/15/bin")


@dataclass(frozen=True)
class Cluster:
    """A running cluster; `address(name)` is SQLAlchemy's URL of a database in it."""

    port: int

    def address(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def create(self, name: str) -> str:
        """A new empty database; its address."""
        argv = [str(BINARIES / "createdb"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", name]
        subprocess.run(argv, check=True, capture_output=True, timeout=60)
        return self.address(name)


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """Started, and stopped and removed afterwards; as the user postgres where we are root."""
    folder = Path(tempfile.mkdtemp(prefix="ekultura-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data, port = folder / "data", _free_port()
        _as_postgres("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
        _as_postgres("pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "-t", "60", "start")
        try:
            yield Cluster(port)
        finally:
            _as_postgres("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_postgres(program: str, *options: object) -> None:
    argv = [str(BINARIES / program), *map(str, options)]
    if os.geteuid() == 0:
        argv = ["runuser", "-u", "postgres", "--", *argv]
    # pg_ctl's server inherits the pipes: files of null keep this call from waiting for it.
    subprocess.run(argv, check=True, timeout=120, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
