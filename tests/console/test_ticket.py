"""A ticket's page: what was promised, what the terms say, and what each button does."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from console.scene import NOW, page, post
from moments import june
from people import BEFORE, Cast, ask, by
from pomost.people.actions import add_contact
from pomost.tickets import actions
from pomost.tickets.actions import Slot
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


def test_a_failed_mail_says_what_the_server_said_and_offers_both_ways(ticket: Ticket, tess: Client) -> None:
    actions.notice_delayed(
        ticket,
        answer="450 try again later",
        next_try_at=june(15, 9, 20),
        by="desk",
        at=june(11, 16, 31),
    )

    html = page(tess, f"tickets/{ticket.number}/")

    assert "The customer does not know the number yet" in html
    assert "450 try again later" in html
    assert "Next try: 9:20" in html
    assert "Send the mail again" in html
    assert "Number told" in html


def test_the_mail_is_sent_again_on_demand(ticket: Ticket, tess: Client) -> None:
    actions.notice_refused(ticket, answer="550 no such user", by="desk", at=june(11, 16, 31))

    post(tess, f"tickets/{ticket.number}/mail-again/")

    assert fresh(ticket).notice == Ticket.Notice.SENDING
    assert "The mail with the number is sent again." in page(tess, f"tickets/{ticket.number}/")


def test_a_mail_cannot_be_sent_again_once_the_number_is_told(ticket: Ticket, tess: Client) -> None:
    post(tess, f"tickets/{ticket.number}/told/")

    assert "knows the number already" in post(tess, f"tickets/{ticket.number}/mail-again/", status=409)


def test_a_call_noted_later_stops_the_clock_at_the_time_of_the_call(ticket: Ticket, tess: Client) -> None:
    post(tess, f"tickets/{ticket.number}/told/", told_at="2026-06-15T09:03")

    assert fresh(ticket).told_at == june(15, 9, 3)


def test_the_minute_of_the_registration_counts_from_the_registration(desk: Cast, tess: Client) -> None:
    registered = june(15, 9, 2).replace(second=30)
    ticket = ask(desk.ada, "settings-advice", registered, severity="critical")

    post(tess, f"tickets/{ticket.number}/told/", told_at="2026-06-15T09:02")

    assert fresh(ticket).told_at == registered


@pytest.mark.parametrize(
    ("typed", "status"),
    [("2026-06-15T09:13", 409), ("2026-06-11T16:00", 409), ("yesterday", 422), ("0000-13-99T99:99", 422)],
)
def test_a_time_of_the_call_that_cannot_be_is_refused_and_stays_in_the_field(
    ticket: Ticket, tess: Client, typed: str, status: int
) -> None:
    html = post(tess, f"tickets/{ticket.number}/told/", status=status, told_at=typed)

    assert fresh(ticket).told_at is None
    if status == 409:
        assert f'value="{typed}"' in html


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
    assert "A long and careful answer</textarea>" in html
    assert Message.objects.filter(ticket=ticket, text="A long and careful answer").count() == 0


def test_a_refusal_opens_the_tab_that_was_written_in_with_its_tick(
    ticket: Ticket, tess: Client, desk: Cast
) -> None:
    actions.close(ticket, "withdrawn", by=by(desk.tess), at=june(15, 9, 10))

    html = post(tess, f"tickets/{ticket.number}/reply/", status=409, text="Which version?", wait="1")

    assert re.search(r'id="tab-reply"[^>]*aria-selected="true"', html)
    assert re.search(r'name="wait"[^>]*checked', html)


@pytest.mark.parametrize(
    ("verb", "typed"),
    [
        ("work", {"source": "call", "minutes": "20", "note": "Explained the queue"}),
        ("estimate", {"more_hours": "2", "reason": "Rebuild the index"}),
        ("close", {"reason": "Wanted something else"}),
    ],
)
def test_a_form_that_came_too_late_is_shown_open_with_what_was_typed(
    ticket: Ticket, tess: Client, desk: Cast, verb: str, typed: dict[str, str]
) -> None:
    actions.close(ticket, "withdrawn", by=by(desk.tess), at=june(15, 9, 10))

    html = post(tess, f"tickets/{ticket.number}/{verb}/", status=409, **typed)

    for text in typed.values():
        assert text in html


def test_a_ticket_is_not_closed_without_a_reason(ticket: Ticket, tess: Client) -> None:
    html = post(tess, f"tickets/{ticket.number}/close/", status=422, reason="  ")

    assert "Say why" in html
    assert fresh(ticket).state == Ticket.State.OPEN


def test_each_label_of_the_page_finds_a_field_of_its_own(ticket: Ticket, tess: Client) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page(tess, f"tickets/{ticket.number}/"))

    assert sorted(ids) == sorted(set(ids))


def test_a_proposed_severity_changes_nothing_until_the_customer_agrees(ticket: Ticket, tess: Client) -> None:
    post(tess, f"tickets/{ticket.number}/severity/", severity="medium")
    assert fresh(ticket).severity == "critical"

    html = page(tess, f"tickets/{ticket.number}/")
    assert "до пн 15 июня, 12:30; сейчас до пн 15 июня, 9:30" in html.replace("\N{NO-BREAK SPACE}", " ")
    post(tess, f"tickets/{ticket.number}/severity/answer/", agreed="yes", who=ticket.contact_id)

    assert fresh(ticket).severity == "medium"
    assert Consent.objects.get(ticket=ticket, kind="severity").channel == "phone"


def test_a_call_about_the_severity_is_noted_with_who_and_when(
    desk: Cast, ticket: Ticket, tess: Client
) -> None:
    colleague = add_contact(
        customer=desk.acme, name="Cleo", language="ru", phone="+7 000 000 00 09", by="system", at=BEFORE
    )
    actions.propose_severity(ticket, "medium", by=by(desk.tess), at=NOW - timedelta(minutes=20))
    earlier = NOW - timedelta(minutes=7)

    post(
        tess,
        f"tickets/{ticket.number}/severity/answer/",
        agreed="no",
        who=colleague.pk,
        said_at=earlier.astimezone(ZoneInfo("Europe/Moscow")).strftime("%Y-%m-%dT%H:%M"),
    )

    kept = Consent.objects.get(ticket=ticket, kind="severity")
    assert (kept.contact, kept.accepted, kept.by) == (colleague, False, by(desk.tess))
    assert kept.at == earlier.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    "wrong", [{"agreed": ""}, {"agreed": "perhaps"}, {"who": ""}, {"who": "999999"}, {"said_at": "yesterday"}]
)
def test_a_call_about_the_severity_is_no_answer_before_it_says_all_three(
    desk: Cast, ticket: Ticket, tess: Client, wrong: dict[str, str]
) -> None:
    actions.propose_severity(ticket, "medium", by=by(desk.tess), at=NOW - timedelta(minutes=20))
    form = {"agreed": "yes", "who": str(ticket.contact_id)} | wrong

    post(tess, f"tickets/{ticket.number}/severity/answer/", status=422, **form)

    assert fresh(ticket).severity_proposed == "medium"
    assert not Consent.objects.filter(kind="severity").exists()


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
    ticket: Ticket, tess: Client, desk: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for minute in range(12):
        actions.note(ticket, f"Note {minute}", technician=desk.tess, by=by(desk.tess), at=june(15, 9, minute))

    with django_assert_num_queries(29):
        page(tess, f"tickets/{ticket.number}/")


def test_a_get_changes_nothing(ticket: Ticket, tess: Client) -> None:
    page(tess, f"tickets/{ticket.number}/take/", status=405)

    assert fresh(ticket).assigned_to is None


def test_an_agreed_time_is_told_once_and_is_no_promise(desk: Cast, tess: Client) -> None:
    ticket = ask(desk.ada, "remote-connection", june(11, 9), severity="critical")
    ticket = actions.number_told(ticket, how="phone", at_told=june(11, 9), by=by(desk.tess), at=june(11, 9))
    actions.book(ticket, Slot(desk.tess, june(15, 10), june(15, 11)), by=by(desk.tess), at=june(11, 9, 1))

    html = page(tess, f"tickets/{ticket.number}/")

    assert html.count("Agreed for") == 1
    assert "Promised" not in html
