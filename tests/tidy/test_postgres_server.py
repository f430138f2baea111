"""The PostgreSQL of the tests ends with those who started it, whatever ends them."""

import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

PROGRAM = Path(__file__).resolve().parents[1] / "postgres_server.py"
ENDS_S = 60


def test_a_server_whose_owner_was_killed_ends_and_leaves_nothing() -> None:
    folder = Path(tempfile.mkdtemp(prefix="pomost-pg-", dir="/tmp"))
    with (
        subprocess.Popen(["sleep", "infinity"]) as owner,
        subprocess.Popen(
            [sys.executable, PROGRAM, folder, str(owner.pid)], stdout=subprocess.PIPE, text=True
        ) as server,
    ):
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        with psycopg.connect(f"postgresql://pomost@/postgres?host={folder}") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)

        owner.kill()

        assert server.wait(ENDS_S) == 0
    assert not folder.exists()
