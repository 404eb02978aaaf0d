"""A throw-away PostgreSQL cluster: on a port of its own, in a folder that is gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql

CREATION = ("--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
# Nothing here outlives a test, so nothing needs to reach the disk.
SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "listen_addresses=127.0.0.1",
    "max_connections=60",
    "shared_buffers=32MB",
)
EMPTY = "template0"
# As one would run it: what was acknowledged is on the disk.
DURABLE = ("listen_addresses=127.0.0.1", "max_connections=100", "shared_buffers=256MB")


def find_server() -> Path | None:
    """The folder of PostgreSQL's server programs: the newest of Debian's, else what is on the path."""
    debian = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "pg_ctl").exists()]
    if debian:
        return max(debian, key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("pg_ctl")
    return Path(on_path).resolve().parent if on_path else None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server that trusts whoever can reach it, which is this machine alone."""

    port: int
    _numbers: Iterator[int] = field(default_factory=count)

    @classmethod
    @contextmanager
    def started(cls, server: Path, settings: Sequence[str] = SETTINGS) -> Iterator[Self]:
        """Start a cluster with the programs in `server`; stop it and remove its files at the end."""
        with tempfile.TemporaryDirectory(prefix="tillid-postgres-", ignore_cleanup_errors=True) as name:
            folder, port = Path(name), _free_port()
            if os.geteuid() == 0:
                shutil.chown(folder, "postgres", "postgres")  # the server refuses to run as root
            data = str(folder / "data")
            options = " ".join(f"-c {setting}" for setting in (*settings, f"port={port}"))
            control = [str(server / "pg_ctl"), "--silent", "--pgdata", data]
            _run([str(server / "initdb"), *CREATION, data])
            _run([*control, "start", "--log", str(folder / "log"), "--options", f"{options} -k {folder}"])
            try:
                yield cls(port)
            finally:
                _run([*control, "stop", "--mode", "immediate"])

    def url(self, database: str) -> str:
        """The address SQLAlchemy reaches `database` at, through psycopg."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def create_database(self, template: str = EMPTY) -> str:
        """Make an empty database, or a copy of another that nobody is connected to, and return its name."""
        name = f"test_{next(self._numbers)}"
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._execute(made.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, and end the connections that are still open to it."""
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        address = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _run(command: Sequence[str]) -> None:
    """Run one of the server's programs as the user postgres, who is not root."""
    user = "postgres" if os.geteuid() == 0 else None
    done = subprocess.run(
        command, check=False, user=user, group=user, cwd="/", capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
