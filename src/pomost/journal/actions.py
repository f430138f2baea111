"""Write a fact, wake those who wait for one, seal the facts into their chain, and check the chain.

A fact is written in the transaction of the change it tells of: both happen or neither. The chain is not: it is made
shortly after by one sealer, so that no write waits for another's hash. The tables' triggers (see the migration) hold
that a fact is never changed or deleted and that a sealed one never moves.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from pomost.journal.chain import GENESIS, Content, link
from pomost.journal.models import Fact

SEALERS: Final = 0x5EA1
"""Names the lock of the sealers; the database has no other advisory lock."""

_listeners: list[Callable[[], None]] = []
_listeners_lock = threading.Lock()


def record(
    kind: str, *, vendor: str, subject: str, by: str, at: datetime, data: Mapping[str, object] | None = None
) -> Fact:
    """Write down one thing that happened; call it inside the transaction of the change itself.

    Args:
        kind: noun and verb in the past, "ticket.registered".
        vendor: slug of the vendor; empty for what belongs to none.
        subject: "ticket:17".
        by: "technician:3", "contact:8", "token:2", "desk" or "system".
        at: aware.
        data: whatever JSON can hold.

    Raises:
        RuntimeError: no transaction is open, so the fact could outlive a change that failed.
        ValueError: `at` is naive, or `data` holds what JSON cannot.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(
            f"{kind} of {subject} would be recorded outside a transaction. Wrap the action in atomic()."
        )
    if at.tzinfo is None:
        raise ValueError(
            f"{kind} of {subject} has the moment {at}, which names no zone. Give an aware datetime."
        )
    kept = dict(data or {})
    try:
        json.dumps(kept, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{kind} of {subject} carries what JSON cannot hold: {error}. Give text or whole numbers."
        ) from error
    fact = Fact.objects.create(vendor=vendor, kind=kind, subject=subject, by=by, at=at, data=kept)
    transaction.on_commit(_poke, robust=True)
    return fact


def listen(callback: Callable[[], None]) -> None:
    """Call `callback` after each commit that brought facts, on the thread that committed. It must return at once."""
    with _listeners_lock:
        _listeners.append(callback)


def forget(callback: Callable[[], None]) -> None:
    """Stop calling `callback`. Forgetting one that does not listen is harmless."""
    with _listeners_lock:
        if callback in _listeners:
            _listeners.remove(callback)


def _poke() -> None:
    with _listeners_lock:
        called = list(_listeners)
    for callback in called:
        callback()


def seal_next(batch: int = 500) -> int:
    """Give the oldest unsealed facts their place in the chain; return how many there were, at most `batch`.

    Two sealers may run: the second waits for the first and finds less to do.
    """
    if not Fact.objects.filter(sequence=None).exists():
        return 0
    with transaction.atomic():
        _keep_other_sealers_out()
        sequence, previous = _end_of_chain()
        facts = list(Fact.objects.filter(sequence=None).order_by("id")[:batch])
        for fact in facts:
            sequence += 1
            previous = link(previous, sequence, _content(fact))
            Fact.objects.filter(pk=fact.pk, sequence=None).update(sequence=sequence, hash=previous)
    return len(facts)


def _keep_other_sealers_out() -> None:
    """Be the only sealer until the transaction ends. A transaction that writes is alone on SQLite anyway.

    Not a lock on the last fact: who waited for it would then go on from a fact that is no longer the last.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALERS])


def _end_of_chain() -> tuple[int, str]:
    """Return the place and the hash of the last sealed fact."""
    last = Fact.objects.exclude(sequence=None).order_by("-sequence").first()
    return (last.sequence or 0, last.hash) if last else (0, GENESIS)


@dataclass(frozen=True, slots=True)
class Broken:
    """The first fact at which the chain does not hold."""

    sequence: int
    """The place that was looked at."""
    what: str


def verify_chain() -> Broken | None:
    """Return the first place where the chain does not hold, or None.

    It sees a changed fact, a missing one and one put in between. It cannot see that the newest facts were cut off:
    for that, compare the last hash with one noted elsewhere.
    """
    previous = GENESIS
    sealed = Fact.objects.exclude(sequence=None).order_by("sequence").iterator()
    for expected, fact in enumerate(sealed, start=1):
        if fact.sequence != expected:
            return Broken(expected, f"Fact {expected} is missing: the next one is {fact.sequence}.")
        previous = link(previous, expected, _content(fact))
        if fact.hash != previous:
            return Broken(expected, f"Fact {expected} ({fact.kind} {fact.subject}) does not match its hash.")
    return None


def _content(fact: Fact) -> Content:
    return Content(fact.vendor, fact.kind, fact.subject, fact.by, fact.at, fact.data)
