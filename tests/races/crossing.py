"""Races that depend on no luck: a place in the code where each racer stops until all others have come.

A racer has come when it stands at the crossing, has passed it, has finished, or is seen to wait for a lock. So with the
lock in place one stands there while the others wait for it; without it all stand there, each having read the same, and
what the lock is for happens every time. Nothing is timed: a race in which nobody moves ends with an error.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.db.models import QuerySet

LOOK_AGAIN_S = 0.01
STUCK_S = 60.0
LOOKS_MAX = int(STUCK_S / LOOK_AGAIN_S)

WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


class Crossing:
    """One race. Wrap a step of the code with `before` or `after`, then `run` the racers.

    `one_by_one`: who stands at the crossing goes on when all who came before have finished, so that it sees what they did.
    """

    def __init__(self, *, one_by_one: bool = False) -> None:
        self._one_by_one = one_by_one
        self._finished: set[int] = set()
        self._change = threading.Condition()
        self._racers = 0
        self._come: set[int] = set()
        """Threads that have reached the crossing, or finished without it."""
        self._beginning: set[int] = set()
        """Threads that wait for SQLite's one writer to end."""
        self._backends: dict[int, int] = {}
        """PostgreSQL's process of each thread."""

    def before(self, step: Callable[..., Any]) -> Callable[..., Any]:
        """Return `step` with the crossing in front of it."""

        def wrapped(*args: object, **kwargs: object) -> object:
            self.arrive()
            return step(*args, **kwargs)

        return wrapped

    def after(self, step: Callable[..., Any]) -> Callable[..., Any]:
        """Return `step` with the crossing behind it."""

        def wrapped(*args: object, **kwargs: object) -> object:
            result = step(*args, **kwargs)
            self.arrive()
            return result

        return wrapped

    def later(self, racer: Callable[[], object]) -> Callable[[], object]:
        """Return `racer` so that it starts when another one has come."""

        def waits() -> object:
            with self._change:
                if not self._change.wait_for(lambda: self._come, STUCK_S):
                    raise AssertionError("Nobody came.")
            return racer()

        return waits

    def arrive(self) -> None:
        """Stop until all others have come. Each racer stops once; who is no racer goes on.

        Raises:
            AssertionError: somebody neither comes nor waits for a lock.
        """
        me = threading.get_ident()
        with self._change:
            if not self._racers or me in self._come:
                return
            earlier = set(self._come) if self._one_by_one else set()
            self._come.add(me)
            self._change.notify_all()
            for _look in range(LOOKS_MAX):
                come = self._come | self._beginning | self._waiting_backends()
                if len(come) >= self._racers and earlier <= self._finished:
                    return
                self._change.wait(LOOK_AGAIN_S)
        raise AssertionError(f"Of {self._racers} racers only {len(self._come)} have come.")

    def run(self, *racers: Callable[[], object]) -> list[object]:
        """Run them at once, each in a thread with a connection of its own.

        Returns what each returned or the exception that ended it, in the order of the racers.
        """
        self._racers = len(racers)
        ends: list[object] = [None] * len(racers)
        ready = threading.Barrier(len(racers))

        def race(number: int, racer: Callable[[], object]) -> None:
            try:
                with self._watched():
                    ready.wait(STUCK_S)
                    ends[number] = racer()
            except Exception as error:  # noqa: BLE001 (how a racer ends is what the test asks)
                ends[number] = error
            finally:
                connections.close_all()
                with self._change:
                    self._come.add(threading.get_ident())
                    self._finished.add(threading.get_ident())
                    self._change.notify_all()

        threads = [threading.Thread(target=race, args=pair) for pair in enumerate(racers)]
        with self._looking():
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self._racers = 0
        return ends

    @contextmanager
    def _looking(self) -> Iterator[None]:
        """Keep a connection of one's own to look who waits."""
        self._look: psycopg.Connection | None = None
        if connection.vendor == "sqlite":
            yield
            return
        settings = connections.settings["default"]
        address = {"dbname": settings["NAME"], "user": settings["USER"], "host": settings["HOST"]}
        with closing(psycopg.connect(**address, autocommit=True)) as self._look:
            yield

    def _waiting_backends(self) -> set[int]:
        """Return the threads whose statement waits for a lock of PostgreSQL."""
        if self._look is None:
            return set()
        waiting = {pid for (pid,) in self._look.execute(WAITING)}
        return {thread for thread, pid in self._backends.items() if pid in waiting}

    @contextmanager
    def _watched(self) -> Iterator[None]:
        me = threading.get_ident()
        connection.ensure_connection()
        if connection.vendor == "postgresql":
            with self._change:
                self._backends[me] = connection.connection.info.backend_pid
        with connection.execute_wrapper(self._see_begin):
            yield

    def _see_begin(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not sql.startswith("BEGIN IMMEDIATE"):
            return execute(sql, *rest)
        me = threading.get_ident()
        with self._change:
            self._beginning.add(me)
            self._change.notify_all()
        try:
            return execute(sql, *rest)
        finally:
            with self._change:
                self._beginning.discard(me)


def remove_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what keeps writers apart: locks on rows in PostgreSQL, the early lock of a transaction in SQLite."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda query, **_how: query.all())
    if connection.vendor == "sqlite":
        # Read by each new connection; the database is the test's own.
        connections.settings["default"]["OPTIONS"]["transaction_mode"] = "DEFERRED"


def of_kind(ends: list[object], kind: type) -> list[Any]:
    """Return the ends of one kind: exceptions, or what came out."""
    return [end for end in ends if isinstance(end, kind)]
