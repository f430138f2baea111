"""When staff are told about a promise: the next warning or escalation of a clock that runs.

Owns the moment. It is that of the same clock with a shorter or longer amount, so it pauses, moves and reopens with it,
in the promise's own time. Telling each moment once, and whom, is tickets/alerting.py. Read on: docs/explain/clocks.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pomost.rules.calendar import NeverDue
from pomost.rules.clocks import ClockState, Event, run
from pomost.rules.terms.parts import Alert, RunningPromise


@dataclass(frozen=True, slots=True)
class AlertDue:
    """An alert of a clock, and the moment from which it is to be told."""

    alert: Alert
    at: datetime


def alerts_ahead(
    running: RunningPromise,
    state: ClockState,
    events: Iterable[Event],
    now: datetime,
    others: Mapping[str, ClockState],
) -> Iterator[AlertDue]:
    """Yield the alerts of a clock with their moments, past ones included; none while it stands still or once it stopped.

    A warning is over when the promise is: who missed it hears of that instead. `others` as in clocks.run.
    """
    if state.due_at is None or state.stopped_at is not None:
        return
    happened = list(events)
    for alert in running.terms.alerts:
        if alert.kind == "warning" and now > state.due_at:
            continue
        shifted = replace(running.promise, amount=alert.amount(running.promise.amount))
        try:
            at = run(shifted, running.calendar, happened, now, others).due_at
        except NeverDue:
            continue
        if at is not None:
            yield AlertDue(alert, at)
