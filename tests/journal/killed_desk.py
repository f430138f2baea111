"""A desk that works without pause until it is killed, in a process of its own and the database of POMOST_DATA.

It registers requests with a consent each, runs a session's meter, and seals the journal beside it. Each line that it
prints is a promise: this much was committed. `look` starts again as a desk does, and prints what it finds.
"""

import json
import sys
from datetime import timedelta

from django.core.management import call_command

from billing.stories import Story, story_of
from pomost.config.loops import Loops
from pomost.config.session_gateway import SessionGateway
from pomost.journal.actions import seal_next, verify_chain
from pomost.journal.models import Fact
from pomost.remote import actions as remote
from pomost.remote.models import RemoteSession
from pomost.tickets.actions import ConsentGiven, record_consent
from pomost.tickets.models import Clock, ClockEvent, Consent, Message, Ticket
from pomost.tickets.queries import board
from pomost.wire.clock import SystemClock
from pomost.worklog.models import Entry

METERED_MS = 1_500


def work() -> None:
    """Register, ask and measure until the end."""
    call_command("migrate", verbosity=0)
    story: Story = story_of("satisoft")
    at = story.at("2026-06-16 10:00")
    session = story.granted(story.ticket("remote-help", at, family="subiekt"), at)
    loops = Loops(SystemClock())
    loops.start()
    done = 0
    while True:
        done += 1
        at += timedelta(milliseconds=METERED_MS)
        ticket = story.ticket("remote-help", at, family="subiekt")
        words = ConsentGiven("price", accepted=True, text="Zgoda.", language="pl")
        record_consent(ticket, words, contact=story.ada, channel="phone", by="desk", at=at)
        remote.metered(session, done * METERED_MS, at=at)
        sys.stdout.write(f"{json.dumps([ticket.number, done * METERED_MS])}\n")
        sys.stdout.flush()


def look() -> None:
    """Start as the server does, then say what is there."""
    SessionGateway(SystemClock()).close_abandoned()
    while seal_next():
        pass
    tickets = list(Ticket.objects.order_by("sequence"))
    session = RemoteSession.objects.get()
    registered = set(Fact.objects.filter(kind="ticket.registered").values_list("subject", flat=True))
    consented = Fact.objects.filter(kind="ticket.consent", data__consent__isnull=False)
    shown = board(tickets[0].vendor, session.rung_at, language="pl")
    found = {
        "numbers": [ticket.number for ticket in tickets],
        "sequences": [ticket.sequence for ticket in tickets],
        "without_fact": [each.number for each in tickets if f"ticket:{each.pk}" not in registered],
        "facts_without_ticket": len(registered) - len(tickets),
        "without_message": Ticket.objects.exclude(pk__in=Message.objects.values("ticket")).count(),
        "without_events": Ticket.objects.exclude(pk__in=ClockEvent.objects.values("ticket")).count(),
        "clocks_of_nothing": Clock.objects.exclude(ticket__in=Ticket.objects.all()).count(),
        "consents": Consent.objects.filter(kind="price").exclude(session=str(session.pk)).count(),
        "consent_facts": consented.filter(subject__in=registered).values("data").distinct().count(),
        "board": sorted(row.ticket.number for row in shown.rows),
        "broken": str(verify_chain() or ""),
        "session": session.state,
        "metered_ms": session.metered_ms,
        "worked_seconds": list(Entry.objects.values_list("worked_seconds", flat=True)),
    }
    sys.stdout.write(json.dumps(found))
