from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from people import Cast, ask, by, desk_of, with_package
from pomost.contracts.errors import NoTermsInForce
from pomost.journal.models import Fact
from pomost.people.models import Contact
from pomost.tickets.actions import register
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Message, Ticket

MOSCOW = ZoneInfo("Europe/Moscow")
THURSDAY = datetime(2026, 6, 11, 16, 30, tzinfo=MOSCOW)


@pytest.fixture
def centaur(db: None) -> Cast:
    return desk_of("centaur")


def test_a_request_gets_the_next_number_of_the_vendors_pattern(centaur: Cast) -> None:
    numbers = [
        ask(who, "settings-advice", THURSDAY, severity="low").number for who in (centaur.ada, centaur.boris)
    ]

    assert numbers == ["Ц-2001", "Ц-2002"]


def test_registering_writes_the_request_its_events_and_one_fact(centaur: Cast) -> None:
    ticket = ask(
        centaur.ada,
        "settings-advice",
        THURSDAY,
        severity="low",
        registered_at=THURSDAY + timedelta(minutes=5),
    )

    assert list(ticket.messages.values_list("kind", "author", "author_name")) == [
        (Message.Kind.REQUEST, by(centaur.ada), "Ada")
    ]
    assert [(event.name, event.at) for event in ticket.clock_events.order_by("at", "id")] == [
        ("request.received", THURSDAY),
        ("request.registered", THURSDAY + timedelta(minutes=5)),
        ("request.completed", THURSDAY + timedelta(minutes=5)),
    ]
    fact = Fact.objects.get(kind="ticket.registered")
    assert (fact.subject, fact.by, fact.data["number"]) == (
        f"ticket:{ticket.pk}",
        by(centaur.ada),
        ticket.number,
    )


def test_the_verdict_is_kept_with_its_clause_and_the_version_of_the_terms(centaur: Cast) -> None:
    with_package(centaur.acme, "extended")
    ticket = ask(centaur.ada, "remote-connection", THURSDAY, severity="low")

    assert ticket.verdict["outcome"] == "included"
    assert ticket.verdict["clause"] == "2.7"
    assert ticket.verdict["version"] == "1"
    assert ticket.verdict["level"] == "act"


def test_the_customers_own_consultant_is_given_the_request(centaur: Cast) -> None:
    centaur.acme.consultant = centaur.tess
    centaur.acme.save(update_fields=["consultant"])

    assert ask(centaur.ada, "settings-advice", THURSDAY, severity="low").assigned_to == centaur.tess


def test_who_has_no_mail_address_has_to_be_called(centaur: Cast) -> None:
    Contact.objects.filter(pk=centaur.ada.pk).update(email="")
    centaur.ada.refresh_from_db()

    assert ask(centaur.ada, "settings-advice", THURSDAY, severity="low").notice == Ticket.Notice.BY_HAND


@pytest.mark.parametrize(
    ("service", "severity", "says"),
    [
        ("settings-advise", "low", "Did you mean “settings-advice”"),
        ("settings-advice", "", "Choose how badly it hurts"),
        ("settings-advice", "awful", "no severity “awful”"),
    ],
)
def test_what_does_not_fit_the_terms_is_refused_and_takes_no_number(
    centaur: Cast, service: str, severity: str, says: str
) -> None:
    with pytest.raises(TicketRefused, match=says):
        ask(centaur.ada, service, THURSDAY, severity=severity)

    assert not Ticket.objects.exists()
    assert not Fact.objects.filter(kind__startswith="ticket.").exists()


def test_a_product_must_be_chosen_where_the_terms_have_products(db: None) -> None:
    satisoft = desk_of("satisoft")

    with pytest.raises(TicketRefused, match="Choose the product"):
        ask(satisoft.ada, "remote-help", THURSDAY)


def test_a_contact_of_another_vendor_is_refused(centaur: Cast) -> None:
    with pytest.raises(TicketRefused, match="Ada is not at a customer of Neighbour"):
        register(
            vendor=centaur.neighbour,
            contact=centaur.ada,
            channel="phone",
            subject="x",
            text="x",
            service="settings-advice",
            received_at=THURSDAY,
            by="technician:1",
            at=THURSDAY,
        )


def test_a_request_of_a_day_without_terms_is_refused(centaur: Cast) -> None:
    with pytest.raises(NoTermsInForce, match="2023-12-31"):
        ask(centaur.ada, "settings-advice", datetime(2023, 12, 31, 12, tzinfo=MOSCOW), severity="low")


def test_a_request_cannot_come_after_it_was_registered(centaur: Cast) -> None:
    with pytest.raises(TicketRefused, match="cannot have come later"):
        ask(
            centaur.ada,
            "settings-advice",
            THURSDAY,
            severity="low",
            registered_at=THURSDAY - timedelta(seconds=1),
        )


@pytest.mark.parametrize(
    ("subject", "says"), [("  \n ", "There is no text"), ("x" * 201, "201 characters; 200 fit")]
)
def test_a_subject_that_does_not_fit_is_refused(centaur: Cast, subject: str, says: str) -> None:
    with pytest.raises(TicketRefused, match=says):
        register(
            vendor=centaur.vendor,
            contact=centaur.ada,
            channel="portal",
            subject=subject,
            text="x",
            service="settings-advice",
            severity="low",
            received_at=THURSDAY,
            by="contact:1",
            at=THURSDAY,
        )
