"""Work that no request waits for: sealing, telling boards, sweeping, mailing, webhooks. Woken by each commit and every second.

Two things have threads of their own, so that nothing else waits for them: recomputing clocks after an edit of a calendar,
which may take a minute, and webhooks, whose addresses may not answer. Deadlines are columns and untold facts are rows,
so a loop that was killed loses nothing: the next pass finds them.
"""

import logging
import threading
from collections.abc import Callable

from django.db import connections

from pomost.api.once import forget_old
from pomost.config.board_news import BoardNews
from pomost.files.sweeping import Sweeper as FileSweeper
from pomost.journal import actions as journal
from pomost.notices import sender
from pomost.tickets import actions as tickets
from pomost.webhooks import sender as webhooks
from pomost.wire.clock import Clock

PASS_EVERY_S = 1.0
"""How late a sweep may notice that a moment has come. Facts do not wait for it: a commit wakes the loop."""

log = logging.getLogger(__name__)


class Loops:
    """Runs the passes in threads of their own until stopped."""

    def __init__(self, clock: Clock) -> None:
        self._stopped = threading.Event()
        board_news, sweeper = BoardNews(), tickets.Sweeper()
        files = FileSweeper()
        recomputer = tickets.Recomputer(is_stopped=self._stopped.is_set)
        self._loops = (
            _Loop(
                "desk-loops",
                self._stopped,
                lambda: journal.seal_next(),
                board_news.run_once,
                lambda: sweeper.run_once(clock.now()),
                lambda: sender.run_once(clock.now(), moment=clock.now),
                lambda: forget_old(clock.now()),
                lambda: files.run_once(clock.now()),
            ),
            _Loop("desk-recomputing", self._stopped, lambda: recomputer.run_once(clock.now())),
            _Loop(
                "desk-webhooks",
                self._stopped,
                lambda: webhooks.run_once(clock.now(), moment=clock.now),
            ),
        )

    def start(self) -> None:
        """Begin; each commit of a fact wakes the loops."""
        for loop in self._loops:
            loop.start()

    def stop(self) -> None:
        """Finish the pass or batch that runs, then end. Returns when the threads have ended."""
        self._stopped.set()
        for loop in self._loops:
            loop.end()


class _Loop:
    """Some passes in one thread, one after another, over one connection: opening it costs more than an idle pass."""

    def __init__(self, name: str, stopped: threading.Event, *passes: Callable[[], object]) -> None:
        self._passes = passes
        self._wake = threading.Event()
        self._stopped = stopped
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        journal.listen(self._wake.set)
        self._thread.start()

    def end(self) -> None:
        """Wait for the thread, after `stopped` was set."""
        journal.forget(self._wake.set)
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._wake.clear()  # before the passes, so that what comes meanwhile wakes the next round
            for one_pass in self._passes:
                try:
                    one_pass()
                except Exception:
                    log.exception("A pass of the desk's loop failed; it is tried again in %s s", PASS_EVERY_S)
                    connections.close_all()  # a broken one would fail the next pass as well
            self._wake.wait(PASS_EVERY_S)
        connections.close_all()
