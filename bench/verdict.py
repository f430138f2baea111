"""How long the verdict for one new ticket takes, alone and with everything that registering it writes; prints JSON.

    POMOST_DATA=/tmp/scratch python bench/verdict.py --tickets 10000

The verdict is what the rules decide: entitlement, promises and where their clocks stand. Registering is the whole action,
on a desk that has so many open tickets already.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from datetime import timedelta

from desk_of_size import NOW, filled
from django.db import connection

from people import Cast, ask
from pomost.contracts.queries import terms_in_force
from pomost.rules.clocks import Event
from pomost.tickets.clockwork import promises_of, states
from pomost.tickets.judgement import Wanted, claim_of, judge

VERDICTS = 2_000
REGISTRATIONS = 500


def times(n: int, work: Callable[[], object]) -> dict[str, float]:
    took = []
    processor = time.process_time()
    for _ in range(n):
        begun = time.perf_counter()
        work()
        took.append((time.perf_counter() - begun) * 1000)
    processor = time.process_time() - processor
    took.sort()
    return {
        "median_ms": round(took[n // 2], 3),
        "p99_ms": round(took[int(n * 0.99)], 3),
        "longest_ms": round(took[-1], 3),
        "processor_ms": round(processor * 1000 / n, 3),
    }


def verdict(desk: Cast) -> Callable[[], object]:
    """Return the decision as the rules make it; the customer's claim is read once, before."""
    _version, terms = terms_in_force(desk.vendor, NOW.date())
    claim = claim_of(desk.acme, NOW.date(), "")
    wanted = Wanted("settings-advice", severity="low")
    events = [Event("request.received", NOW), Event("request.registered", NOW)]

    def decide() -> object:
        found = judge(terms, wanted, claim, NOW.date())
        return states(promises_of(terms, found.package or "", "low"), events, NOW)

    return decide


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tickets", type=int, default=1_000)
    given = arguments.parse_args()
    desk = filled(given.tickets)
    decide = verdict(desk)
    decide()
    answer = {
        "figure": "verdict for one new ticket",
        "database": connection.vendor,
        "tickets": given.tickets,
        "load": round(os.getloadavg()[0], 2),
        "verdict": times(VERDICTS, decide),
        "registration": times(
            REGISTRATIONS,
            lambda: ask(desk.ada, "settings-advice", NOW + timedelta(minutes=1), severity="low"),
        ),
    }
    print(json.dumps(answer, indent=1))


if __name__ == "__main__":
    main()
