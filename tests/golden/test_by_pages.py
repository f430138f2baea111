"""The golden cases that need no screen, lived through the pages alone: forms are posted, and what is read decides."""

import pytest

from golden.desk import Pages
from pomost.billing.models import Invoice
from pomost.journal.models import Fact
from pomost.tickets.actions import sweep
from pomost.tickets.models import Ticket
from portal.scene import hidden

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"


def plain(text: str) -> str:
    return text.replace(NBSP, " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_b1_the_page_names_what_is_missing_and_35_minutes_cost_an_hour() -> None:
    desk = Pages("bonus", "licence")
    ticket = desk.asked("2026-06-08 10:00", service="backup-by-mail", part=["backup-file"])
    seen = desk.see(desk.cast.ada, "2026-06-08 10:01", f"requests/{ticket.number}/")
    assert "Confirm that you agree to pay for the work: 1,300.00 RUB an hour" in plain(seen)
    assert "Sent by mail" not in seen  # the file is there, so it is not asked for
    desk.staff("2026-06-08 10:05", ticket, "begin", 409)

    page = desk.html(desk.cast.ada, "2026-06-08 10:10", f"requests/{ticket.number}/")
    agreed = {"words-consent-to-pay": hidden(page, "words-consent-to-pay")}
    desk.customer("2026-06-08 10:10", ticket, "complete", part=["consent-to-pay"], **agreed)
    desk.staff("2026-06-08 10:15", ticket, "begin")
    desk.worked("2026-06-08 10:50", ticket, 35)
    desk.solved("2026-06-08 10:55", ticket)

    assert "1,300.00 RUB" in plain(desk.invoice("2026-06-08 11:00", ticket))
    assert Invoice.objects.get().gross == 1300


def test_b2_the_connection_is_paid_once() -> None:
    desk = Pages("bonus", "licence")
    first = desk.called("2026-06-08 10:00", service="direct-connection")
    second = desk.called("2026-06-09 10:00", service="direct-connection")
    desk.worked("2026-06-09 12:00", first, 95)
    desk.solved("2026-06-09 12:01", first)
    desk.worked("2026-06-09 13:00", second, 20)
    desk.solved("2026-06-09 13:01", second)

    invoice = plain(desk.invoice("2026-06-09 14:00", first))
    later = plain(desk.invoice("2026-06-09 14:01", second))

    assert "4,000.00" in invoice
    assert "2,058.33" in invoice
    assert "6,058.33 RUB" in invoice
    assert "1,300.00 RUB" in later
    assert "4,000.00" not in later


@pytest.mark.parametrize(
    ("package", "counted"),
    [("sla", "3 started units of 30 minutes"), ("none", "2 started hours")],
    ids=["with an SLA", "without"],
)
def test_d1_the_contract_decides_the_unit(package: str, counted: str) -> None:
    desk = Pages("damal", "sla" if package == "sla" else "")
    ticket = desk.called("2026-06-16 10:00", service="remote-consultation")
    desk.worked("2026-06-16 11:30", ticket, 61)
    desk.solved("2026-06-16 11:31", ticket)

    assert f"Worked 61 min: {counted}" in plain(desk.invoice("2026-06-16 12:00", ticket))


@pytest.mark.parametrize(
    ("next_at", "complained", "says"),
    [
        ("2026-05-05T10:00", "2026-05-05 09:59", "The complaint is in time."),
        ("2026-05-05T10:00", "2026-05-05 10:00", "guarantee"),
        ("2026-06-02T10:00", "2026-05-06 23:59", "The complaint is in time."),
        ("2026-06-02T10:00", "2026-05-07 00:00", "guarantee"),
        ("2026-06-02T10:00", "2026-05-14 23:59", "guarantee"),
        ("2026-06-02T10:00", "2026-05-15 00:00", "too late"),
    ],
)
def test_d2_a_complaint_is_in_time_until_the_third_working_day_or_the_next_service(
    next_at: str, complained: str, says: str
) -> None:
    desk = Pages("damal", "sla")
    ticket = desk.called("2026-04-30 09:00", service="remote-consultation")
    desk.worked("2026-04-30 11:00", ticket, 61)
    desk.solved("2026-04-30 11:57", ticket)
    following = desk.called("2026-05-04 09:00", service="remote-consultation")
    booked = {"technician": desk.cast.tess.pk, "starts_at": next_at, "minutes": 60}
    desk.staff("2026-05-04 09:05", following, "book", **booked)

    desk.customer(complained, ticket, "complain", text="It prints nothing again.")

    assert says in desk.see(desk.cast.tess, complained, f"tickets/{ticket.number}/complaints/")


@pytest.mark.parametrize(("told", "result"), [("2026-06-15 09:30", True), ("2026-06-15 09:31", False)])
def test_c1_the_reaction_is_due_across_the_holiday_and_met_by_the_call(told: str, result: bool) -> None:
    desk = Pages("centaur", "extended")
    ticket = desk.asked("2026-06-11 16:30", service="remote-connection", severity="critical")
    seen = plain(desk.see(desk.cast.ada, "2026-06-11 16:31", f"requests/{ticket.number}/"))
    assert "Holiday 12.06, Sat, Sun Mon 9:30 Notice of the number § 4.1" in seen

    desk.staff(told, ticket, "told")

    assert ticket.clocks.get(key="reaction").met is result
    seen = plain(desk.see(desk.cast.tess, told, f"tickets/{ticket.number}/"))
    assert ("0:01 late" in seen) is not result


def test_c2_who_cannot_show_extended_is_served_as_basic() -> None:
    desk = Pages("centaur", "extended", shown=False)
    ticket = desk.asked("2026-06-08 09:00", service="remote-connection", severity="low")

    seen = plain(desk.see(desk.cast.ada, "2026-06-08 09:01", f"requests/{ticket.number}/"))

    assert "Tue 17:00 Night Wed 17:00 Notice of the number § 4.1" in seen
    assert "Remote connection Not included. § 2.7" in seen
    assert "The package was not shown, so the base package serves. § 6.4" in seen


def test_c3_nothing_changes_until_the_customer_agrees() -> None:
    desk = Pages("centaur", "extended")
    ticket = desk.asked("2026-06-11 16:30", service="remote-connection", severity="critical")
    desk.staff("2026-06-15 09:04", ticket, "severity", severity="medium")
    ticket.refresh_from_db()
    assert (ticket.severity, ticket.due_at) == ("critical", desk.at("2026-06-15 09:30"))

    shown = desk.words_asked("2026-06-15 09:10", ticket)
    desk.customer("2026-06-15 09:10", ticket, "severity", answer="yes", words=shown)

    ticket.refresh_from_db()
    assert (ticket.severity, ticket.due_at) == ("medium", desk.at("2026-06-15 12:30"))
    assert ticket.clocks.get(key="reaction").started_at == desk.at("2026-06-11 16:30")
    kinds = list(Fact.objects.filter(kind__contains="severity").order_by("id").values_list("kind", flat=True))
    assert kinds == ["ticket.severity-proposed", "ticket.severity-changed"]


@pytest.mark.parametrize(
    ("service", "family", "net", "gross"),
    [
        ("remote-help", "subiekt", "400.00", "492.00 PLN"),
        ("database-repair", "database-repair", "533.33", "656.00 PLN"),
    ],
)
def test_s1_eighty_minutes_after_an_accepted_estimate(
    service: str, family: str, net: str, gross: str
) -> None:
    desk = Pages("satisoft")
    ticket = desk.called("2026-06-16 10:02", service=service, family=family)
    desk.worked("2026-06-16 10:57", ticket, 55)
    asked = plain(desk.priced("2026-06-16 10:58", ticket, "0.5", yes=True))
    assert "If you decline" in asked
    desk.worked("2026-06-16 11:24", ticket, 25)
    desk.solved("2026-06-16 11:25", ticket)

    seen = plain(desk.invoice("2026-06-16 12:00", ticket))

    assert net in seen
    assert gross in seen


def test_s2_after_a_no_nothing_is_to_pay_and_no_invoice_can_be_made() -> None:
    desk = Pages("satisoft")
    ticket = desk.called("2026-06-16 10:02", service="remote-help", family="subiekt")
    desk.worked("2026-06-16 10:57", ticket, 55)
    desk.priced("2026-06-16 10:58", ticket, "3", yes=False)

    ticket.refresh_from_db()
    assert ticket.state == Ticket.State.CLOSED
    assert ticket.number not in desk.see(desk.cast.bela, "2026-06-16 12:00", "invoices/")
    assert "leave nothing to pay" in desk.invoice("2026-06-16 12:00", ticket, status=409)
    assert not Invoice.objects.exists()


def test_k1_both_promises_are_kept_and_at_14_20_a_price_is_due() -> None:
    desk = Pages("kryzhik", "start")
    customer = f"customers/{desk.cast.acme.pk}/contracts/{desk.cast.acme.contracts.get().pk}/allowance/"
    given = {"unit": "requests", "amount": "10", "period": "month", "carry": "one", "beyond": "ask"}
    desk.send(desk.cast.dora, "2026-06-01 09:00", customer, **given, valid_from="2026-06-01")
    ticket = desk.called("2026-06-08 10:00", service="consultation", told="on")
    desk.staff("2026-06-08 10:04", ticket, "decide", outcome="included", reason="Advice always was.")
    desk.staff("2026-06-08 10:20", ticket, "begin")
    desk.staff("2026-06-08 10:45", ticket, "answer", text="Try this.")

    sweep(desk.at("2026-06-08 14:20:01"))

    seen = plain(desk.see(desk.cast.tess, "2026-06-08 14:21", f"tickets/{ticket.number}/"))
    assert "The promised time is over: name the price of going on" in seen
    assert "Work stopped at 14:20." in seen
    assert dict(ticket.clocks.values_list("key", "met")) == {"begin": True, "answer": True, "solve": False}
    assert "9 requests left" in seen


def test_k2_forty_minutes_use_an_hour_and_two_tasks_become_two_requests() -> None:
    desk = Pages("kryzhik", "nadezhny")
    customer = f"customers/{desk.cast.acme.pk}/contracts/{desk.cast.acme.contracts.get().pk}/allowance/"
    given = {"unit": "hours", "amount": "5", "period": "month", "carry": "none", "beyond": "ask"}
    desk.send(desk.cast.dora, "2026-06-01 09:00", customer, **given, valid_from="2026-06-01")
    text = "The report is empty. Please install the signature."
    ticket = desk.called("2026-06-08 10:00", service="solving", text=text)
    desk.staff("2026-06-08 10:05", ticket, "decide", outcome="included", reason="In the column.")
    desk.worked("2026-06-08 11:00", ticket, 40)

    seen = plain(desk.see(desk.cast.tess, "2026-06-08 11:01", f"tickets/{ticket.number}/"))
    message = ticket.messages.get()
    desk.staff(
        "2026-06-08 11:05",
        ticket,
        "split",
        sentences=[f"{message.pk}-1"],
        subject="The signature",
        service="signature-installation",
    )

    assert "Counted from the quota: 1 h" in seen
    assert "Left of the package 4 h left of 5 h" in seen
    listed = desk.see(desk.cast.ada, "2026-06-08 11:10", "requests/")
    assert all(number in listed for number in Ticket.objects.values_list("number", flat=True))
    assert Ticket.objects.count() == 2
