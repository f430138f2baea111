"""Where all promises of a request stand: each with its own calendar, chained ones after those they wait for.

Owns the joining of terms with clocks.py, nothing else. Read next: clocks.py.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pomost.rules.clocks import CLOCK_PREFIX, ClockState, Event, run
from pomost.rules.terms.parts import RunningPromise


def clock_states(
    promises: Sequence[RunningPromise], events: Iterable[Event], now: datetime
) -> dict[str, ClockState]:
    """Return the state of each promise at `now` by its key, in the order given; events after `now` are left out.

    `promises` are those of Terms.promises_for, whose chains the checks of the terms have found whole and open.

    Raises:
        ValueError: a promise waits for a clock that is not among them, or the chain goes round in a circle.
    """
    happened = list(events)
    states: dict[str, ClockState] = {}
    waiting = list(promises)
    while waiting:
        ready = [each for each in waiting if _waits_for(each) <= states.keys()]
        if not ready:
            keys = ", ".join(each.promise.key for each in waiting)
            raise ValueError(f"These clocks wait for clocks that never run: {keys}. Check the terms.")
        for each in ready:
            states[each.promise.key] = run(each.promise, each.calendar, happened, now, states)
        waiting = [each for each in waiting if each.promise.key not in states]
    return {each.promise.key: states[each.promise.key] for each in promises}


def _waits_for(running: RunningPromise) -> set[str]:
    """Return the keys of the clocks whose stop starts this one."""
    starts = running.promise.starts
    return {start.removeprefix(CLOCK_PREFIX) for start in starts if start.startswith(CLOCK_PREFIX)}
