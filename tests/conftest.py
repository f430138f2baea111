"""Fixtures that every folder of tests shares."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from databases import IN_MEMORY, Postgres, fill_from, sqlite_settings, sqlite_template, using

# No test is timed, so none may fail because the machine is busy.
hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("untimed")

Vendor = Literal["sqlite", "postgresql"]


@pytest.fixture(scope="session")
def shared_by_workers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this run know."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def _sqlite_template(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, shared_by_workers: Path
) -> Path:
    with django_db_blocker.unblock():
        return sqlite_template(shared_by_workers)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker, _sqlite_template: Path) -> Iterator[None]:
    """Fill the database in memory that `db` works on. Stands in for pytest-django's own, which migrates in each worker."""
    with using(sqlite_settings(IN_MEMORY)):
        with django_db_blocker.unblock():
            fill_from(_sqlite_template)
        yield


@pytest.fixture
def disk_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, _sqlite_template: Path, tmp_path: Path
) -> Iterator[Path]:
    """A database of the test's own in a file, migrated and empty, with real commits and visible to every thread.

    Stands in for `transaction=True`, which empties the tables afterwards: ours refuse to be emptied.
    """
    file = tmp_path / "desk.sqlite3"
    shutil.copyfile(_sqlite_template, file)
    with django_db_blocker.unblock(), using(sqlite_settings(str(file))):
        yield file


@pytest.fixture(scope="session")
def postgres(django_db_setup: None, django_db_blocker: DjangoDbBlocker, shared_by_workers: Path) -> Postgres:
    """The PostgreSQL of this run, shared by its workers; it ends with the run."""
    with django_db_blocker.unblock():
        return Postgres.of_this_run(shared_by_workers)


@pytest.fixture
def postgres_database(postgres: Postgres, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A PostgreSQL database of the test's own, like `disk_database`; the address that POMOST_DATABASE would hold."""
    with (
        django_db_blocker.unblock(),
        postgres.own_database() as name,
        using(postgres.settings(name)),
    ):
        yield postgres.address(name)


@pytest.fixture(scope="session")
def _postgres_of_worker(postgres: Postgres) -> Iterator[str]:
    with postgres.own_database() as name:
        yield name


@pytest.fixture(params=["sqlite", "postgresql"])
def which_database(request: pytest.FixtureRequest) -> Iterator[Vendor]:
    """What `both_databases` stands on; parametrise it indirectly where a test is about one of them."""
    vendor: Vendor = request.param
    if vendor == "sqlite":
        yield vendor
        return
    server: Postgres = request.getfixturevalue("postgres")
    with using(server.settings(request.getfixturevalue("_postgres_of_worker"))):
        yield vendor


@pytest.fixture
def both_databases(which_database: Vendor, db: None) -> Vendor:
    """Run a test once on each database, in a transaction that is taken back: `db`, which is SQLite alone, twice.

    A test that takes this must not be marked `django_db`: its transaction would begin before the database is chosen.
    """
    return which_database


@pytest.fixture(params=["sqlite", "postgresql"])
def both_own_databases(request: pytest.FixtureRequest) -> Vendor:
    """Run a test once on each database, one of its own with real commits, visible to every thread."""
    vendor: Vendor = request.param
    request.getfixturevalue({"sqlite": "disk_database", "postgresql": "postgres_database"}[vendor])
    return vendor
