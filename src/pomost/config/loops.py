"""Work that no request waits for: sealing, telling boards, sweeping, mailing. One thread; woken by each commit and every second.

A second thread recomputes clocks after an edit of a calendar: that may take a minute, and nothing else waits for it.

Deadlines are columns and untold facts are rows, so a loop that was killed loses nothing: the next pass finds them.
"""

import logging
import threading
from collections.abc import Callable

from django.db import close_old_connections

from pomost.config.board_news import BoardNews
from pomost.journal import actions as journal
from pomost.notices import sender
from pomost.tickets import actions as tickets
from pomost.wire.clock import Clock

PASS_EVERY_S = 1.0
"""How late a sweep may notice that a moment has come. Facts do not wait for it: a commit wakes the loop."""

log = logging.getLogger(__name__)


class Loops:
    """Runs the passes in a thread of their own until stopped."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="desk-loops", daemon=True)
        self._recomputing = threading.Thread(target=self._recompute, name="desk-recomputing", daemon=True)

    def start(self) -> None:
        """Begin; each commit of a fact wakes the loop."""
        journal.listen(self._wake.set)
        self._thread.start()
        self._recomputing.start()

    def stop(self) -> None:
        """Finish the pass or batch that runs, then end. Returns when the threads have ended."""
        journal.forget(self._wake.set)
        self._stopped.set()
        self._wake.set()
        self._thread.join()
        self._recomputing.join()

    def _run(self) -> None:
        board_news, sweeper = BoardNews(), tickets.Sweeper()
        passes: tuple[Callable[[], object], ...] = (
            lambda: journal.seal_next(),
            board_news.run_once,
            lambda: sweeper.run_once(self._clock.now()),
            lambda: sender.run_once(self._clock.now(), moment=self._clock.now),
        )
        while not self._stopped.is_set():
            self._wake.clear()
            for one_pass in passes:
                try:
                    one_pass()
                except Exception:
                    log.exception("A pass of the desk's loop failed; it is tried again in %s s", PASS_EVERY_S)
                finally:
                    close_old_connections()
            self._wake.wait(PASS_EVERY_S)

    def _recompute(self) -> None:
        recomputer = tickets.Recomputer(is_stopped=self._stopped.is_set)
        while not self._stopped.is_set():
            try:
                recomputer.run_once(self._clock.now())
            except Exception:
                log.exception("Recomputing clocks failed; it goes on in %s s", PASS_EVERY_S)
            finally:
                close_old_connections()
            self._stopped.wait(PASS_EVERY_S)
