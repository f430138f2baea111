"""A ticket's page: what was promised, what the terms say, and what each button does."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from console.scene import june, page, post
from people import Cast, ask, by
from pomost.tickets import actions
from pomost.tickets.models import Booking, Consent, Message, Ticket
from pomost.worklog.models import Entry


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    """A critical request of a customer with a package, not told its number yet."""
    return ask(desk.ada, "remote-connection", june(11, 16, 30), severity="critical")


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_the_page_says_what_is_left_and_why(ticket: Ticket, tess: Client) -> None:
    html = page(tess, f"tickets/{ticket.number}/")

    assert "0:18" in html
    assert "§ 4.1" in html
    assert "Holiday" in html


def test_the_ceiling_of_the_ladder_is_drawn_before_any_question(ticket: Ticket, tess: Client) -> None:
    html = page(tess, f"tickets/{ticket.number}/")

    assert html.index("Look") < html.index("Point") < html.index("Act") < html.index("Change many")
    assert "not in the terms" in html


def test_number_told_stops_the_reaction_clock(ticket: Ticket, tess: Client) -> None:
    actions.notice_refused(ticket, answer="550 no such user", by="desk", at=june(11, 16, 31))
    assert "Number told" in page(tess, f"tickets/{ticket.number}/")

    post(tess, f"tickets/{ticket.number}/told/")

    assert fresh(ticket).told_at == june(15, 9, 12)
    assert "0:18 early" in page(tess, f"tickets/{ticket.number}/").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("verb", "kind"),
    [("reply", Message.Kind.REPLY), ("note", Message.Kind.NOTE), ("call", Message.Kind.CALL)],
)
def test_what_is_written_stands_in_the_conversation(
    ticket: Ticket, tess: Client, verb: str, kind: str
) -> None:
    post(tess, f"tickets/{ticket.number}/{verb}/", text="Restart <b>the</b> gateway.")

    assert Message.objects.filter(ticket=ticket, kind=kind, text="Restart <b>the</b> gateway.").count() == 1
    assert "Restart &lt;b&gt;the&lt;/b&gt; gateway." in page(tess, f"tickets/{ticket.number}/")


def test_a_reply_with_the_box_ticked_waits_for_the_customer(ticket: Ticket, tess: Client) -> None:
    post(tess, f"tickets/{ticket.number}/reply/", text="Which version is it?", wait="1")

    assert fresh(ticket).state == Ticket.State.WAITING


def test_an_empty_reply_is_refused_beside_the_field(ticket: Ticket, tess: Client) -> None:
    html = post(tess, f"tickets/{ticket.number}/reply/", status=422, text="  ")

    assert "Write something first." in html
    assert 'aria-invalid="true"' in html


def test_a_refusal_keeps_what_was_typed(ticket: Ticket, tess: Client, desk: Cast) -> None:
    actions.close(ticket, "withdrawn", by=by(desk.tess), at=june(15, 9, 10))

    html = post(tess, f"tickets/{ticket.number}/solve/", status=409, text="A long and careful answer")

    assert "closed" in html
    assert Message.objects.filter(ticket=ticket, text="A long and careful answer").count() == 0


def test_a_proposed_severity_changes_nothing_until_the_customer_agrees(ticket: Ticket, tess: Client) -> None:
    post(tess, f"tickets/{ticket.number}/severity/", severity="medium")
    assert fresh(ticket).severity == "critical"

    post(tess, f"tickets/{ticket.number}/severity/answer/", agreed="yes")

    assert fresh(ticket).severity == "medium"
    assert Consent.objects.get(ticket=ticket, kind="severity").channel == "phone"


def test_a_severity_that_the_terms_do_not_know_is_refused(ticket: Ticket, tess: Client) -> None:
    post(tess, f"tickets/{ticket.number}/severity/", status=422, severity="apocalyptic")

    assert fresh(ticket).severity_proposed == ""


def test_a_solution_waits_for_the_customer_and_can_be_confirmed_by_phone(
    ticket: Ticket, tess: Client
) -> None:
    post(tess, f"tickets/{ticket.number}/solve/", text="The queue has an operator again.")
    assert fresh(ticket).state == Ticket.State.SOLVED

    post(tess, f"tickets/{ticket.number}/confirm/")

    assert fresh(ticket).state == Ticket.State.CONFIRMED


def test_a_time_is_agreed_in_the_vendors_zone(ticket: Ticket, tess: Client, desk: Cast) -> None:
    post(
        tess,
        f"tickets/{ticket.number}/book/",
        technician=desk.tess.pk,
        starts_at="2026-06-16T10:00",
        minutes="60",
    )

    assert Booking.objects.get(ticket=ticket).starts_at == june(16, 10)


def test_a_time_in_the_past_is_refused_with_the_form_open(ticket: Ticket, tess: Client, desk: Cast) -> None:
    html = post(
        tess,
        f"tickets/{ticket.number}/book/",
        status=409,
        technician=desk.tess.pk,
        starts_at="2026-06-01T10:00",
        minutes="60",
    )

    assert "past" in html
    assert "2026-06-01T10:00" in html


def test_work_by_phone_is_entered_by_hand(ticket: Ticket, tess: Client) -> None:
    post(tess, f"tickets/{ticket.number}/work/", source="call", minutes="20", note="Explained the queue")

    assert Entry.objects.get(ticket=ticket).worked_seconds == 1200


@pytest.mark.parametrize("minutes", ["0", "-5", "1441", "many", ""])
def test_time_that_cannot_be_is_refused(ticket: Ticket, tess: Client, minutes: str) -> None:
    post(tess, f"tickets/{ticket.number}/work/", status=422, source="call", minutes=minutes, note="x")

    assert Entry.objects.count() == 0


def test_a_long_conversation_needs_no_more_queries(
    ticket: Ticket, tess: Client, desk: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for minute in range(12):
        actions.note(ticket, f"Note {minute}", technician=desk.tess, by=by(desk.tess), at=june(15, 9, minute))

    with django_assert_max_num_queries(30):
        page(tess, f"tickets/{ticket.number}/")


def test_a_get_changes_nothing(ticket: Ticket, tess: Client) -> None:
    page(tess, f"tickets/{ticket.number}/take/", status=405)

    assert fresh(ticket).assigned_to is None
