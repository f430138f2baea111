"""The demo's people and history come onto an empty desk, by actions alone, at any moment of the week."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import connection
from django.test import override_settings

from pomost.billing.models import Estimate, Invoice
from pomost.demo.post import Box, serve, special_answers
from pomost.demo.roster import PASSWORD, sign_ins, vendor_files
from pomost.demo.seed import seed
from pomost.journal.models import Fact
from pomost.people.models import Technician, Vendor
from pomost.remote.models import RemoteSession
from pomost.tickets.models import QuotaDraw, Ticket, Visit
from pomost.tickets.queries import absences, board

WEDNESDAY_NOON = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
SATURDAY_NIGHT = datetime(2026, 6, 20, 20, 30, tzinfo=UTC)
FAR_AHEAD = datetime(2041, 3, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    """The demo's mailbox, taking mail on a port of its own."""
    kept = Box(tmp_path / "mailbox")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(serve(kept, 0, special_answers()), loop).result()
    monkeypatch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
    monkeypatch.setattr(settings, "EMAIL_PORT", server.sockets[0].getsockname()[1])
    yield kept
    loop.call_soon_threadsafe(server.close)
    asyncio.run_coroutine_threadsafe(server.wait_closed(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def everything() -> dict[str, int]:
    """How many rows each table of the desk has."""
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608  # our own tables' names
            counts[table] = cursor.fetchone()[0]
    return counts


@pytest.mark.django_db
@pytest.mark.parametrize(
    "now", [SATURDAY_NIGHT, FAR_AHEAD], ids=["on a Saturday night", "in a year without a calendar"]
)
def test_the_board_is_alive_whenever_the_demo_starts(box: Box, now: datetime) -> None:
    # Quick to hash; Django forgets the hashers it keeps only when it is told so by this way of changing settings.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        seed(now)

    busy = max(Vendor.objects.all(), key=lambda vendor: vendor.tickets.count())
    open_ones = busy.tickets.exclude(state__in=[Ticket.State.CONFIRMED, Ticket.State.CLOSED])
    assert 12 <= open_ones.count() <= 20
    assert {row.notice for row in open_ones} >= {"told", "by-hand", "refused"}
    assert open_ones.filter(state=Ticket.State.WAITING).count() >= 2
    assert open_ones.filter(booking__starts_at__gte=now).count() == 2
    assert Fact.objects.filter(kind="ticket.promise-missed", vendor=busy.slug).exists() == (now != FAR_AHEAD)
    assert len(board(busy, now, language="en").rows) == open_ones.count()
    assert not Fact.objects.filter(at__gt=now).exists()


@pytest.mark.django_db
def test_history_is_whole_everybody_can_sign_in_and_a_second_run_changes_nothing(box: Box) -> None:
    assert len(seed(WEDNESDAY_NOON)) == 5

    assert {session.state for session in RemoteSession.objects.all()} == {"ended"}
    assert {session.words_matched for session in RemoteSession.objects.all()} == {True}
    assert not RemoteSession.objects.filter(metered_ms=0).exists()
    assert {estimate.state for estimate in Estimate.objects.all()} == {"accepted", "declined"}
    assert Invoice.objects.count() >= 5
    agreed = Visit.objects.get(state=Visit.State.AGREED)
    assert agreed.starts_at is not None
    assert agreed.starts_at > WEDNESDAY_NOON
    assert agreed.ticket.contact.person is not None, "who signs in sees it in the portal"
    away = absences(agreed.ticket.vendor, WEDNESDAY_NOON)
    assert len(away) == 2
    assert not any(row.collisions for row in away)
    drawn = QuotaDraw.objects.filter(ticket__vendor__slug="kryzhik").order_by("id")
    assert [(each.kind, each.amount) for each in drawn] == [
        ("drawn", Decimal("1.0")),
        ("drawn", Decimal("0.5")),
        ("drawn", Decimal("1.0")),
    ]
    assert not Technician.objects.exclude(presence="off").exists()
    moments = list(Fact.objects.order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert box.count() > 80

    people = sign_ins(vendor_files())
    assert {each.vendor for each in people} == {vendor.slug for vendor in Vendor.objects.all()}
    for each in people:
        assert authenticate(username=each.email, password=PASSWORD) is not None, each.email

    after_first, mails = everything(), box.count()
    assert seed(WEDNESDAY_NOON) == []
    assert everything() == after_first
    assert box.count() == mails


def test_nobody_in_the_demo_could_be_somebody() -> None:
    contacts = [
        contact for file in vendor_files() for customer in file.customers for contact in customer.contacts
    ]
    emails = [contact.email for contact in contacts] + [
        staff.email for file in vendor_files() for staff in file.technicians
    ]

    assert all(email.endswith("example.org") for email in emails if email)
    assert all(each.phone.startswith(("+7 000 000", "+48 00 000")) for each in contacts)
