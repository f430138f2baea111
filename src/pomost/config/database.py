"""Which database the desk uses: reads POMOST_DATABASE and turns it into what Django wants.

Owns the two shapes there are, SQLite in a file and PostgreSQL with a pool, and refuses every other address. Knows no
Django. Read next: docs/operate/postgresql.md, docs/decisions/0007-two-databases.md.
"""

from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from pomost.config.errors import CannotStart

SCHEMES: Final = ("postgresql", "postgres")

POOL: Final = {"min_size": 1, "max_size": 20, "timeout": 10}
"""Connections of one process: kept open, at most, and seconds that a request waits for a free one.

PostgreSQL allows 100 in all unless told otherwise, so that four processes and an operator's own fit.
"""

KEPT_BY_US: Final = {
    "client_encoding": "the desk speaks UTF-8",
    "service": "a service file may name another database than the address",
}
"""Parameters of libpq that an address may not set, each with the reason."""

UNREADABLE: Final = (
    "POMOST_DATABASE cannot be read. Give postgresql://USER:PASSWORD@HOST:PORT/NAME and behind “?” only parameters that "
    "PostgreSQL knows; characters such as @ : / ? # % in a password are written with a percent sign: @ is %40."
)


def database_settings(address: str, data: Path) -> dict[str, Any]:
    """Return Django's settings of the one database.

    Args:
        address: postgresql://USER:PASSWORD@HOST:PORT/NAME, with libpq's parameters behind "?"; empty means SQLite.
        data: the folder in which SQLite's file lies.

    Raises:
        CannotStart: the address is none of PostgreSQL, or cannot be read.
    """
    return _postgresql(address) if address else _sqlite(data)


def _sqlite(data: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data / "pomost.sqlite3",
        # A thread keeps its connection as long as it lives: opening one reads the whole schema (config/threads.py).
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A writer takes its lock when the transaction begins, so that two of them queue instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def _postgresql(address: str) -> dict[str, Any]:
    parts = _parts(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        # The pool keeps connections; a thread that waits for its next request would keep one from it.
        "CONN_MAX_AGE": 0,
        # A connection that died with its server is replaced before a request gets it.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10, "application_name": "pomost", **parts, "pool": dict(POOL)},
    }


def _parts(address: str) -> dict[str, str]:
    """Take an address apart as libpq does. What is refused is never repeated: it may hold a password."""
    scheme, colon, _rest = address.partition("://")
    if not colon or scheme not in SCHEMES:
        named = f" beginning with “{scheme}://”" if colon and scheme.isalnum() else ""
        raise CannotStart(
            f"POMOST_DATABASE holds an address{named}. Give postgresql://USER:PASSWORD@HOST:PORT/NAME, or leave it "
            "unset to keep the data with SQLite in POMOST_DATA."
        )
    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(address).items() if value is not None}
    except psycopg.ProgrammingError:
        raise CannotStart(UNREADABLE) from None  # libpq's own sentence quotes the password
    if "@" in parts.get("host", ""):
        raise CannotStart(UNREADABLE)
    if not parts.get("dbname"):
        raise CannotStart(
            "POMOST_DATABASE names no database. Put its name after the host: postgresql://USER@HOST/NAME."
        )
    if not all(port.isdecimal() and 0 < int(port) < 65536 for port in parts.get("port", "5432").split(",")):
        raise CannotStart("POMOST_DATABASE has a port that is no number from 1 to 65535.")
    for name, reason in KEPT_BY_US.items():
        if name in parts:
            raise CannotStart(f"POMOST_DATABASE may not set {name}: {reason}. Leave it out.")
    return parts


def refuse_unusable(settings: dict[str, Any]) -> None:
    """Try a PostgreSQL database before the desk starts on it.

    It must keep every letter and know that Ж and ж are one; clusters that were made where no language was set do not,
    and names would be kept as bytes and never found.

    Raises:
        CannotStart: it does not answer, or does not know its letters.
    """
    options = {name: value for name, value in settings["OPTIONS"].items() if name != "pool"}
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: settings[key] for name, key in named.items() if settings[key]}
    try:
        with psycopg.connect(**options, **given, client_encoding="UTF8") as connection:
            encoding = connection.info.parameter_status("server_encoding") or ""
            row = (
                connection.execute("SELECT upper('ж') || upper('ł')").fetchone()
                if encoding == "UTF8"
                else None
            )
    except psycopg.Error as error:
        said = " ".join(str(error).split()).rstrip(".?")
        raise CannotStart(f"PostgreSQL said: {said}. Look at POMOST_DATABASE and at the server.") from error
    if row != ("ЖŁ",):
        raise CannotStart(
            f"The database {settings['NAME']} was made for other letters than people write in ({encoding}). Make it anew "
            "with ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0; docs/operate/postgresql.md shows how."
        )
