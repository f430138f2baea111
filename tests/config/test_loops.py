"""The work that no request waits for: one connection a thread, and a pass that fails is tried again."""

import logging
import threading

import pytest
from django.db import connections

from pomost.config import loops


def test_a_loop_closes_its_connection_when_a_pass_failed_and_at_the_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(loops, "PASS_EVERY_S", 0.001)
    stopped = threading.Event()
    passes: list[str] = []
    closed_after: list[int] = []
    monkeypatch.setattr(connections, "close_all", lambda: closed_after.append(len(passes)))

    def one_pass() -> None:
        passes.append(threading.current_thread().name)
        if len(passes) == 2:
            raise ValueError("the base went away")
        if len(passes) == 4:
            stopped.set()

    loop = loops._Loop("under-test", stopped, one_pass)
    with caplog.at_level(logging.CRITICAL):
        loop.start()
        assert stopped.wait(30)
        loop.end()

    assert closed_after == [2, 4]
