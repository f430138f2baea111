"""Where each promise of a ticket stands: the terms' promises, run over events.

Owns the pair of a promise and its state. Reads no row and writes none; which events, and what is kept of the states, is
clockwork.py's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pomost.rules.clocks import ClockState, Event, run_all
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import RunningPromise


@dataclass(frozen=True, slots=True)
class Running:
    """A promise of the terms and where it stands."""

    promise: RunningPromise
    state: ClockState


@dataclass(frozen=True, slots=True)
class Standing:
    """All clocks of a ticket at one moment, and the events they were run over."""

    events: Sequence[Event]
    clocks: Sequence[Running]

    @property
    def others(self) -> dict[str, ClockState]:
        """The states by key, for clocks that are chained to one another."""
        return {each.promise.promise.key: each.state for each in self.clocks}


def promises_of(terms: Terms, package: str, severity: str) -> tuple[RunningPromise, ...]:
    """Return what is promised to a package at a severity; nothing where no package serves."""
    return terms.promises_for(package, severity or None) if package else ()


def states(promises: Iterable[RunningPromise], events: Iterable[Event], now: datetime) -> tuple[Running, ...]:
    """Return where each promise stands at `now`, in the order given."""
    kept = tuple(promises)
    found = run_all([(each.promise, each.calendar) for each in kept], events, now)
    return tuple(Running(each, found[each.promise.key]) for each in kept)
