"""A desk that is killed in the middle of its work loses nothing that it had told anybody."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]


def started(data: Path, what: str) -> "subprocess.Popen[str]":
    """Start `killed_desk.work` or `.look` in a process of its own."""
    code = f"import django; django.setup(); from journal.killed_desk import {what}; {what}()"
    settings = {
        "POMOST_DATA": str(data),
        "PYTHONPATH": str(TESTS),
        "DJANGO_SETTINGS_MODULE": "pomost.config.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | settings, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("lines", [1, 7, 23])
def test_a_killed_desk_has_whole_tickets_an_unbroken_chain_and_every_recorded_minute(
    tmp_path: Path, lines: int
) -> None:
    with started(tmp_path, "work") as desk:
        assert desk.stdout is not None
        told = [json.loads(desk.stdout.readline()) for _line in range(lines)]
        desk.kill()
        told += [json.loads(line) for line in desk.stdout if line.endswith("]\n")]
        assert desk.wait() == -signal.SIGKILL

    with started(tmp_path, "look") as again:
        output, _errors = again.communicate()
        assert again.returncode == 0
    found: dict[str, Any] = json.loads(output)

    numbers = [number for number, _metered_ms in told]
    assert set(numbers) <= set(found["numbers"])
    assert found["sequences"] == list(range(found["sequences"][0], found["sequences"][-1] + 1))
    assert found["board"] == sorted(found["numbers"])
    for nothing in ("without_fact", "broken"):
        assert not found[nothing], nothing
    for nothing in ("facts_without_ticket", "without_message", "without_events", "clocks_of_nothing"):
        assert found[nothing] == 0, nothing
    assert found["consents"] >= len(told)
    assert found["session"] == "ended"
    assert found["metered_ms"] >= told[-1][1]
    assert found["worked_seconds"] == [found["metered_ms"] // 1000]
