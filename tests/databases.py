"""The databases of the tests: SQLite, and PostgreSQL, which is started for those that ask.

Owns how a test is moved from one to the other. In each, a template is migrated once a run, by the first worker that needs
it, and the others copy it; one server serves a whole run. Read on in postgres_server.py, conftest.py and
docs/decisions/0007-two-databases.md.
"""

import copy
import fcntl
import itertools
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from django.core.management import call_command
from django.db import connections

from pomost.config.database import database_settings

TEMPLATE: Final = "template_pomost"
IN_MEMORY: Final = "file:tests?mode=memory&cache=shared"
_numbers = itertools.count(1)


def sqlite_settings(name: str) -> dict[str, Any]:
    """Return Django's settings of a file, or of `IN_MEMORY`, as the desk has them."""
    return database_settings("", Path()) | {"NAME": name}


def sqlite_template(shared: Path) -> Path:
    """Return a migrated and empty file of this run, which nobody writes to.

    Args:
        shared: a folder that all workers of this run know.
    """
    file = shared / "template.sqlite3"
    with _one_worker(shared / "sqlite.lock"):
        if not file.exists():
            unfinished = file.with_suffix(".unfinished")
            with using(sqlite_settings(str(unfinished))):
                call_command("migrate", verbosity=0, interactive=False)
            unfinished.rename(file)
    return file


def fill_from(template: Path) -> None:
    """Copy a template into the database that Django uses now."""
    connections["default"].ensure_connection()
    with closing(sqlite3.connect(template)) as source:
        source.backup(connections["default"].connection)


@contextmanager
def _one_worker(lock: Path) -> Iterator[None]:
    """Let one worker of this run in at a time."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


class Postgres:
    """The server of this run. `start` may be called by every worker; only the first does something."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of_this_run(cls, shared: Path) -> "Postgres":
        """Return the running server with its template.

        Args:
            shared: a folder that all workers of this run know.
        """
        note = shared / "postgres"
        with _one_worker(shared / "postgres.lock"):
            if note.exists():
                return cls(Path(note.read_text()))
            server = cls(_started())
            server.make(TEMPLATE, of="template0")
            with using(server.settings(TEMPLATE)):
                call_command("migrate", verbosity=0, interactive=False)
            note.write_text(str(server.folder))
            return server

    def address(self, database: str) -> str:
        """Return what POMOST_DATABASE would say."""
        return f"postgresql://pomost@/{database}?host={self.folder}"

    def settings(self, database: str) -> dict[str, Any]:
        """Return Django's settings, those of the desk but without a pool: a thread's connection ends with its test."""
        settings = database_settings(self.address(database), Path())
        del settings["OPTIONS"]["pool"]
        return settings

    def run(self, statement: str) -> None:
        """Run a statement about databases."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def make(self, database: str, *, of: str = TEMPLATE) -> None:
        """Copy a database."""
        self.run(f"CREATE DATABASE {database} TEMPLATE {of}")

    @contextmanager
    def own_database(self) -> Iterator[str]:
        """Give a migrated and empty database of one's own; returns its name."""
        name = f"own_{os.getpid()}_{next(_numbers)}"
        self.make(name)
        try:
            yield name
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


def _started() -> Path:
    """Start the server of this run, in a session of its own so that Ctrl+C does not reach it; return its folder."""
    folder = Path(tempfile.mkdtemp(prefix="pomost-pg-", dir="/tmp"))  # short, as a socket's path must be
    owner = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    program = Path(__file__).with_name("postgres_server.py")
    server = subprocess.Popen(
        [sys.executable, program, folder, str(owner)],
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    assert server.stdout is not None
    with server.stdout:
        if server.stdout.readline() != "ready\n":
            raise RuntimeError("PostgreSQL did not start; what it said stands above.")
    _kept.append(server)
    return folder


_kept: list["subprocess.Popen[str]"] = []
"""Keeps the server's process object: one that is forgotten while the process runs warns."""


@contextmanager
def using(settings: Mapping[str, Any]) -> Iterator[None]:
    """Let Django use another database inside, in this thread and in those that are started; SQLite is back afterwards.

    The connection outside is kept as it is, since closing it would empty a database in memory.
    """
    outside, before = connections["default"], connections.settings["default"]
    connections.settings["default"] = _complete(settings)
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = before
        connections["default"] = outside


def _complete(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings with Django's defaults filled in."""
    made = connections.configure_settings({"default": copy.deepcopy(dict(settings))})
    complete: dict[str, Any] = made["default"]
    return complete
