"""How long a draft of the terms takes to try on a month, by how many requests the month had; prints JSON.

    python bench/trial.py [--tickets 1000 5000] [--rounds 3]

Each desk lies in a folder of its own and is filled by desk_of_size.py; every request has its events and two entries of
work. Times are the processor's of this process, with and without the page; the draft changes every request's promise.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from typing import cast

if "POMOST_DATA" not in os.environ:
    os.environ["POMOST_DATA"] = tempfile.gettempdir()  # the outer process opens no database
from desk_of_size import NOW, OPENED, filled  # isort: skip (it chooses the settings)

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people import Cast, by
from pomost.billing.trials import gathered, tried
from pomost.config.middleware import CLOCK_KEY
from pomost.contracts import drafts
from pomost.contracts.drafts import start_draft
from pomost.contracts.models import TermsVersion
from pomost.contracts.queries import terms_of
from pomost.tickets.models import ClockEvent, Ticket
from pomost.worklog.models import Entry
from portal.scene import MovedClock

DAY = date(2026, 7, 1)
LATER = NOW + timedelta(days=10)
LOW = 'basic = { low = "24h"'
LIFE = ("notice.accepted", "work.began", "solution.proposed", "solution.confirmed")


def main() -> None:
    """Measure each size in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        print(json.dumps(measured(chosen.tickets[0], chosen.rounds)))
        return
    for tickets in chosen.tickets:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [
                    sys.executable,
                    __file__,
                    "--inside",
                    "--tickets",
                    str(tickets),
                    "--rounds",
                    str(chosen.rounds),
                ],
                check=True,
                env=os.environ | {"POMOST_DATA": folder},
            )


def measured(tickets: int, rounds: int) -> dict[str, object]:
    """Fill a desk and return the figures of its trial, the best of the rounds."""
    desk = filled(tickets)
    _history(desk)
    draft = start_draft(
        TermsVersion.objects.get(vendor=desk.vendor), version="2", first_day=DAY, by=by(desk.owen), at=NOW
    )
    text = draft.text.replace(LOW, LOW.replace("24h", "4h"))
    assert text != draft.text
    before, after = terms_of(draft.based_on), drafts.checked(desk.vendor, text).terms
    assert after is not None
    browser = Client(SERVER_NAME="localhost")
    cast(dict[str, object], browser.defaults)[CLOCK_KEY] = MovedClock(LATER)
    browser.force_login(desk.owen.person)
    asked = {"text": text, "version": "2", "first_day": DAY.isoformat(), "edition": "1", "month": "2026-06"}
    found: dict[str, list[float]] = {"gather_s": [], "try_s": [], "page_s": []}
    for _round in range(rounds):
        begin = time.process_time()
        facts = gathered(desk.vendor, DAY.replace(month=6), LATER)
        found["gather_s"].append(time.process_time() - begin)
        begin = time.process_time()
        trial = tried(desk.vendor, facts, before, after)
        found["try_s"].append(time.process_time() - begin)
        begin = time.process_time()
        with CaptureQueriesContext(connection) as queries:
            answer = browser.post("/centaur/console/terms/draft/try/", asked)
        found["page_s"].append(time.process_time() - begin)
        assert answer.status_code == 200, answer.content[:500]
    return {
        "tickets": tickets,
        "differ": len(trial.differing),
        "queries": len(queries),
        "page_kb": len(answer.content) // 1024,
        **{key: round(min(each), 2) for key, each in found.items()},
    }


def _history(desk: Cast) -> None:
    """Give every request the events of its life and two entries of work."""
    keys = list(Ticket.objects.order_by("pk").values_list("pk", flat=True))
    life = [(each.name, each.at) for each in ClockEvent.objects.filter(ticket=keys[0])]
    later = [(name, OPENED + timedelta(hours=hour)) for hour, name in enumerate(LIFE, start=5)]
    ClockEvent.objects.bulk_create(
        (
            ClockEvent(ticket_id=key, name=name, at=at, recorded_at=at)
            for key in keys
            for name, at in (later if key == keys[0] else [*life, *later])
        ),
        batch_size=5000,
    )
    Entry.objects.bulk_create(
        (
            Entry(
                ticket_id=key,
                technician=desk.tess,
                source=Entry.Source.CALL,
                service="settings-advice",
                started_at=OPENED + timedelta(hours=hour),
                worked_seconds=1800,
                recorded_at=NOW,
            )
            for key in keys
            for hour in range(2)
        ),
        batch_size=5000,
    )


if __name__ == "__main__":
    main()
