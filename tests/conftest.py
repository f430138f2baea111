"""Fixtures that every folder of tests shares."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

# No test is timed, so none may fail because the machine is busy.
hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("untimed")


@pytest.fixture
def disk_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> Iterator[Path]:
    """A database of the test's own in a file, migrated and empty, with real commits and visible to every thread.

    Stands in for `transaction=True`, which empties the tables afterwards: ours refuse to be emptied.
    """
    file = tmp_path / "desk.sqlite3"
    with django_db_blocker.unblock():
        connection.ensure_connection()
        shared, settings = connection.connection, connections.settings["default"]
        name = settings["NAME"]
        with sqlite3.connect(file) as copy:
            shared.backup(copy)
        copy.close()
        connection.connection = None
        _point_at(settings, str(file))
        try:
            yield file
        finally:
            connection.close()
            _point_at(settings, name)
            connection.connection = shared


def _point_at(settings: dict[str, Any], name: str) -> None:
    # Threads make their connection from the handler's settings, this thread has its own copy.
    settings["NAME"] = name
    connection.settings_dict["NAME"] = name
