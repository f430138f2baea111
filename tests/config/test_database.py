"""Which database the desk uses, and what it says when it cannot."""

from pathlib import Path

import pytest

from databases import Postgres
from pomost.config.database import database_settings, refuse_unusable
from pomost.config.errors import CannotStart

DATA = Path("/srv/pomost")


def test_without_an_address_the_data_lie_with_sqlite_in_the_folder() -> None:
    settings = database_settings("", DATA)

    assert settings["ENGINE"] == "django.db.backends.sqlite3"
    assert settings["NAME"] == DATA / "pomost.sqlite3"
    assert settings["CONN_MAX_AGE"] is None, "a thread keeps its connection"


def test_an_address_names_server_person_and_database() -> None:
    settings = database_settings(
        "postgresql://pomost:p%40ss@db.example.org:5433/desk?sslmode=verify-full", DATA
    )

    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert {key: settings[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "desk",
        "USER": "pomost",
        "PASSWORD": "p@ss",
        "HOST": "db.example.org",
        "PORT": "5433",
    }
    assert settings["OPTIONS"]["sslmode"] == "verify-full"


def test_a_socket_on_the_same_machine_needs_no_host_and_no_password() -> None:
    settings = database_settings("postgresql:///desk?host=/run/postgresql", DATA)

    assert (settings["HOST"], settings["PORT"], settings["PASSWORD"]) == ("/run/postgresql", "", "")


def test_with_postgresql_the_pool_keeps_connections_and_no_thread_does() -> None:
    settings = database_settings("postgresql://h/desk", DATA)

    assert settings["CONN_MAX_AGE"] == 0
    assert settings["OPTIONS"]["pool"]["max_size"] >= settings["OPTIONS"]["pool"]["min_size"] > 0


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://u:geheim@h/desk", "beginning with “mysql://”"),
        ("/var/lib/desk.sqlite3", "Give postgresql://"),
        ("desk", "Give postgresql://"),
        ("postgresql:desk", "Give postgresql://"),
        ("host=h dbname=desk", "Give postgresql://"),
        ("postgresql://u:geheim@h", "names no database"),
        ("postgresql://u:geheim@h/", "names no database"),
        ("postgresql://", "names no database"),
        ("postgresql://u:geheim@h:0/desk", "port that is no number from 1 to 65535"),
        ("postgresql://u:geheim@h:65536/desk", "port that is no number from 1 to 65535"),
        ("postgresql://u:geheim@h:x/desk", "port that is no number from 1 to 65535"),
        ("postgresql://u:geheim%zz@h/desk", "%40"),
        ("postgresql://u:ge@heim@h/desk", "%40"),
        ("postgresql://u:geheim@h/desk?color=red", "only parameters that PostgreSQL knows"),
        ("postgresql://[::1/desk", "cannot be read"),
        ("postgresql://h/desk?client_encoding=LATIN1", "may not set client_encoding"),
        ("postgresql://h/desk?service=other", "may not set service"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_a_sentence_and_without_its_password(
    address: str, says: str
) -> None:
    with pytest.raises(CannotStart) as refusal:
        database_settings(address, DATA)

    assert says in str(refusal.value)
    assert "heim" not in str(refusal.value)
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


def test_a_good_database_is_taken(postgres: Postgres) -> None:
    with postgres.own_database() as name:
        refuse_unusable(database_settings(postgres.address(name), DATA))


def test_a_database_that_is_not_there_is_named(postgres: Postgres) -> None:
    with pytest.raises(CannotStart, match=r'database "nowhere" does not exist\. Look at POMOST_DATABASE'):
        refuse_unusable(database_settings(postgres.address("nowhere"), DATA))


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="PostgreSQL said: connection"):
        refuse_unusable(database_settings(f"postgresql:///desk?host={tmp_path}", DATA))


@pytest.mark.parametrize("encoding", ["UTF8", "SQL_ASCII"])
def test_a_database_that_does_not_know_its_letters_is_refused(postgres: Postgres, encoding: str) -> None:
    name = f"letters_{encoding.lower()}"
    postgres.run(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(CannotStart, match="other letters than people write in"):
            refuse_unusable(database_settings(postgres.address(name), DATA))
    finally:
        postgres.run(f"DROP DATABASE {name}")
