"""A desk with any number of open tickets, for the benches that ask how something grows.

One ticket is registered by the real action; the others are copies of its rows, each with its own number and a clock
that started at a random second of the working day and is due where the calendar says. The database is the
embedded one in a folder of its own, or what POMOST_DATABASE names (an empty database; it is filled, not emptied).
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pomost.config.settings")

import django  # noqa: E402 (the settings are chosen first)

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from people import Cast, ask, desk_of, with_package  # noqa: E402
from pomost.contracts.queries import terms_of  # noqa: E402
from pomost.tickets.models import Clock, Ticket  # noqa: E402

OPENED = datetime(2026, 6, 15, 6, tzinfo=UTC)
"""A Monday morning at nine in Moscow, the zone of the desk."""
NOW = datetime(2026, 6, 15, 13, 59, tzinfo=UTC)
DAY_OFF = date(2026, 6, 16)
AT_ONCE = 20_000


def filled(tickets: int) -> Cast:
    """Return a desk with that many open tickets, each with a clock of 24 working hours that runs over `DAY_OFF`."""
    call_command("migrate", verbosity=0)
    desk = desk_of("centaur")
    with_package(desk.acme, "basic")
    first = ask(desk.ada, "settings-advice", OPENED, severity="low")
    _copy_tickets(first, tickets)
    _copy_clocks(first, tickets)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return desk


def _copy_tickets(first: Ticket, tickets: int) -> None:
    own = {"id": "%s + n", "sequence": "%s + n", "number": "'T-' || n"}
    columns = [field.column for field in Ticket._meta.concrete_fields]
    chosen = ", ".join(own.get(column, column) for column in columns)
    for low in range(1, tickets, AT_ONCE):
        high = min(low + AT_ONCE, tickets) - 1
        numbers = f"SELECT {low} UNION ALL SELECT n + 1 FROM numbers WHERE n < {high}"  # noqa: S608 (our own numbers)
        copies = f"SELECT {chosen} FROM tickets_ticket, numbers WHERE tickets_ticket.id = %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH RECURSIVE numbers(n) AS ({numbers}) INSERT INTO tickets_ticket ({', '.join(columns)}) {copies}",
                [first.pk, first.sequence, first.pk],
            )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('tickets_ticket', 'id'), (SELECT max(id) FROM tickets_ticket))"
            )


def _copy_clocks(first: Ticket, tickets: int) -> None:
    """Copy the first clock, each started at another second of the day, in no order, and due where the calendar says."""
    clock, day = Clock.objects.get(ticket=first), int((NOW - OPENED).total_seconds())
    starts = [OPENED + timedelta(seconds=second) for second in range(day)]
    amount = timedelta(seconds=clock.amount_seconds)
    dues = terms_of(first.terms).calendar("office").add_many(starts, [amount] * day)
    moment = connection.ops.adapt_datetimefield_value
    rows = [
        (second, moment(start), moment(due))
        for second, (start, due) in enumerate(zip(starts, dues, strict=True))
    ]
    own = {"ticket_id": "ticket.id", "started_at": "moment.started_at", "due_at": "moment.due_at"}
    columns = [field.column for field in Clock._meta.concrete_fields if not field.primary_key]
    chosen = ", ".join(own.get(column, f'clock."{column}"') for column in columns)
    quoted = ", ".join(f'"{column}"' for column in columns)
    kind = "timestamptz" if connection.vendor == "postgresql" else "text"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE moment (second integer PRIMARY KEY, started_at {kind}, due_at {kind})"
        )
        cursor.executemany("INSERT INTO moment VALUES (%s, %s, %s)", rows)
    for low in range(first.pk + 1, first.pk + tickets, AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO tickets_clock ({quoted}) SELECT {chosen}"  # noqa: S608 (our own columns)
                " FROM tickets_ticket AS ticket JOIN moment ON moment.second = ticket.id * 7919 %% %s"
                " JOIN tickets_clock AS clock ON clock.id = %s WHERE ticket.id BETWEEN %s AND %s",
                [day, clock.pk, low, low + AT_ONCE - 1],
            )
