"""What `pomost serve` says when it cannot start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://u:geheim@h/desk", "Give postgresql://USER:PASSWORD@HOST:PORT/NAME"),
        ("postgresql:///desk?host=/nowhere", "Look at POMOST_DATABASE and at the server."),
    ],
)
def test_a_database_that_cannot_be_used_is_a_sentence_and_no_traceback(
    tmp_path: Path, address: str, says: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from pomost.cli.main import main; sys.exit(main())", "serve"],
        env=os.environ | {"POMOST_DATABASE": address, "POMOST_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.startswith("pomost: ")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
