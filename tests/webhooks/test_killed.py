"""A desk that is killed while it sends loses no fact, and sends none under a new id."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from webhooks.receiver import Receiver

TESTS = Path(__file__).parents[1]


def started(data: Path, what: str, hook: str) -> "subprocess.Popen[str]":
    """Start `killed_sender.work` or `.finish` in a process of its own."""
    code = f"import django; django.setup(); from webhooks.killed_sender import {what}; {what}()"
    settings = {
        "POMOST_DATA": str(data),
        "POMOST_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "HOOK": hook,
        "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "DJANGO_SETTINGS_MODULE": "pomost.config.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | settings, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("arrived", [1, 8])
def test_a_killed_desk_tells_every_fact_in_the_end_and_each_under_one_id(
    tmp_path: Path, receiver: Receiver, arrived: int
) -> None:
    # Killed by the very request that arrives: the answer is never noted.
    with started(tmp_path, "work", receiver.url) as desk:
        receiver.at(arrived, desk.kill)
        assert desk.stdout is not None
        told = [json.loads(line) for line in desk.stdout if line.endswith('"\n')]
        assert desk.wait() == -signal.SIGKILL
    before = len(receiver.got)

    with started(tmp_path, "finish", receiver.url) as again:
        output, _errors = again.communicate()
        assert again.returncode == 0
    found = json.loads(output)

    ids_of = defaultdict(set)
    for got in receiver.got:
        ids_of[json.loads(got.body)["data"]["ticket"]].add(got.headers["webhook-id"])
    assert before >= arrived
    assert set(told) <= set(found["numbers"])
    assert sorted(ids_of) == sorted(found["numbers"])
    assert {number: ids for number, ids in ids_of.items() if len(ids) != 1} == {}
    assert found["states"] == ["delivered"]
    assert len(set(found["ids"])) == len(found["numbers"])
    # What the killed desk had sent without noting it comes twice, and that is all that comes twice.
    twice = {
        name
        for name, count in Counter(got.headers["webhook-id"] for got in receiver.got).items()
        if count > 1
    }
    assert len(twice) <= before
