"""SQLite and PostgreSQL side by side: making the tables, registering requests, getting a connection. Prints JSON.

    python bench/databases.py [--requests 200] [--hands 4]

PostgreSQL is started for the run, on a socket in a temporary folder, and waits for the disk as SQLite does.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parent.parent / "tests"
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
sys.path.insert(0, str(TESTS))


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(requests: int, hands: int) -> dict[str, Any]:
    """Measure the database of this process's settings."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, connections, transaction

    from people import ask, desk_of

    found: dict[str, Any] = {
        "migrate_s": round(seconds(lambda: call_command("migrate", verbosity=0, interactive=False)), 2)
    }
    with transaction.atomic():
        desk = desk_of("centaur")
    at = datetime(2026, 6, 15, 6, tzinfo=UTC)

    def register(count: int) -> None:
        for _request in range(count):
            ask(desk.ada, "settings-advice", at, severity="low")
        connections.close_all()

    def together() -> None:
        threads = [threading.Thread(target=register, args=(requests // hands,)) for _hand in range(hands)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    register(5)
    found["registered_per_second_by_one"] = round(requests / seconds(lambda: register(requests)), 1)
    found["registered_per_second_by_several"] = round(requests / seconds(together), 1)

    def connect(times: int = 200) -> None:
        for _time in range(times):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            connection.close()

    found["connection_ms"] = round(seconds(connect) / 200 * 1000, 3)
    if connection.vendor == "postgresql":
        connection.close_pool()
        connections.settings["default"]["OPTIONS"].pop("pool")
        connections["default"].settings_dict["OPTIONS"].pop("pool", None)
        found["connection_without_pool_ms"] = round(seconds(connect) / 200 * 1000, 3)
    return found


def in_a_process(address: str, arguments: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as data:
        given = {
            "POMOST_DATABASE": address,
            "POMOST_DATA": data,
            "DJANGO_SETTINGS_MODULE": "pomost.config.settings",
        }
        sizes = ["--requests", str(arguments.requests), "--hands", str(arguments.hands)]
        done = subprocess.run(
            [sys.executable, __file__, "--inside", *sizes],
            env=os.environ | given,
            capture_output=True,
            text=True,
            check=True,
        )
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def on_postgresql(arguments: argparse.Namespace) -> dict[str, Any]:
    """Start a server and measure a database of it."""
    import psycopg

    folder = tempfile.mkdtemp(prefix="pomost-pg-", dir="/tmp")
    program = [sys.executable, str(TESTS / "postgres_server.py"), folder, str(os.getpid())]
    server = subprocess.Popen(program, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert server.stdout is not None
    assert server.stdout.readline() == "ready\n"
    with psycopg.connect(f"postgresql://pomost@/postgres?host={folder}", autocommit=True) as connection:
        for setting in DURABLE:
            connection.execute(f"ALTER SYSTEM SET {setting} = 'on'".encode())
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE bench")
    return in_a_process(f"postgresql://pomost@/bench?host={folder}", arguments)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--hands", type=int, default=4)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        print(json.dumps(measure(arguments.requests, arguments.hands)))
        return
    measured = {
        "requests": arguments.requests,
        "hands": arguments.hands,
        "load_before": os.getloadavg()[0],
        "sqlite": in_a_process("", arguments),
        "postgresql": on_postgresql(arguments),
    }
    print(json.dumps(measured, indent=2))


if __name__ == "__main__":
    main()
