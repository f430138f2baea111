"""Attacks on what customers agreed to, and on the times of technicians, with raw SQL."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from attacks import refusal, run_sql, truncation
from people import Cast, ask, desk_of
from pomost.tickets import actions
from pomost.tickets.actions import ConsentGiven
from pomost.tickets.models import Consent, Ticket

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)


@pytest.fixture
def consent(both_databases: object) -> Consent:
    """Somebody said no."""
    desk = desk_of("centaur")
    ticket = ask(desk.ada, "settings-advice", NOW, severity="critical")
    return actions.record_consent(
        ticket, ConsentGiven("price", False, "x", "en"), contact=desk.ada, channel="portal", by="x", at=NOW
    )


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tickets_consent SET accepted = (1 = 1) WHERE id = %s",
        "UPDATE tickets_consent SET text = 'something else' WHERE id = %s",
        "UPDATE tickets_consent SET at = '2020-01-01' WHERE id = %s",
        "DELETE FROM tickets_consent WHERE id = %s",
    ],
    ids=["a no into a yes", "the words", "the moment", "deleting"],
)
def test_raw_sql_cannot_touch_a_consent(consent: Consent, sql: str) -> None:
    assert "consent: an answer is never" in refusal(sql, consent.pk)

    assert Consent.objects.get().accepted is False


@pytest.mark.parametrize("which_database", ["sqlite"], indirect=True)
def test_replace_cannot_either(consent: Consent) -> None:
    names = ", ".join(field.attname for field in Consent._meta.concrete_fields)
    values = names.replace("accepted", "1")

    assert "never replaced" in refusal(
        f"INSERT OR REPLACE INTO tickets_consent ({names}) SELECT {values} FROM tickets_consent WHERE id = %s",  # noqa: S608 (our own column names)
        consent.pk,
    )


@pytest.mark.parametrize("which_database", ["postgresql"], indirect=True)
def test_consents_are_not_emptied(consent: Consent) -> None:
    assert "consent: an answer is never" in truncation("tickets_consent")


# --- bookings --------------------------------------------------------------------------------------------------------

BOOK = "INSERT INTO tickets_booking (ticket_id, technician_id, starts_at, ends_at) VALUES (%s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Day:
    """Tess is booked from ten to eleven; two more tickets wait for a time."""

    desk: Cast
    booked: Ticket
    waiting: Ticket


@pytest.fixture
def day(both_databases: object) -> Day:
    desk = desk_of("centaur")
    booked, waiting = (ask(who, "settings-advice", NOW, severity="low") for who in (desk.ada, desk.boris))
    run_sql(BOOK, booked.pk, desk.tess.pk, june(10), june(11))
    return Day(desk, booked, waiting)


def june(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, 16, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        (june(10), june(11)),
        (june(9, 30), june(10, 1)),
        (june(10, 59), june(12)),
        (june(10, 15), june(10, 30)),
        (june(9), june(12)),
    ],
    ids=["the same", "into its beginning", "into its end", "within", "around"],
)
def test_a_technician_is_not_booked_twice(day: Day, starts_at: datetime, ends_at: datetime) -> None:
    assert "booking" in refusal(BOOK, day.waiting.pk, day.desk.tess.pk, starts_at, ends_at)
    assert run_sql(BOOK, day.waiting.pk, day.desk.dora.pk, starts_at, ends_at) == 1


def test_a_booking_is_not_moved_or_handed_into_another(day: Day) -> None:
    run_sql(BOOK, day.waiting.pk, day.desk.dora.pk, june(10, 30), june(11, 30))
    hand_over = "UPDATE tickets_booking SET technician_id = %s WHERE ticket_id = %s"
    later = "UPDATE tickets_booking SET starts_at = %s, ends_at = %s WHERE ticket_id = %s"

    assert "booking" in refusal(hand_over, day.desk.tess.pk, day.waiting.pk)
    assert run_sql(later, june(11), june(12), day.waiting.pk) == 1
    assert run_sql(hand_over, day.desk.tess.pk, day.waiting.pk) == 1
    assert "booking" in refusal(later, june(10, 59), june(12), day.waiting.pk)


def test_one_booking_may_begin_when_another_ends(day: Day) -> None:
    assert run_sql(BOOK, day.waiting.pk, day.desk.tess.pk, june(11), june(12)) == 1
