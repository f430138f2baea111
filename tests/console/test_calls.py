"""Noting a call: the request is registered with what the caller says, and the number is told at once."""

from typing import Any

import pytest
from django.test import Client

from console.scene import page, post
from moments import june
from people import Cast
from pomost.people.models import Contact, Customer
from pomost.tickets.models import Ticket

SAID: dict[str, Any] = {
    "subject": "No calls come in",
    "text": "Since noon.",
    "service": "settings-advice",
    "severity": "critical",
}


def test_a_call_becomes_a_request_whose_number_is_told(desk: Cast, tess: Client) -> None:
    post(tess, "calls/new/", contact=desk.ada.pk, told="on", **SAID)

    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.contact, ticket.severity) == ("phone", desk.ada, "critical")
    assert ticket.told_at == june(15, 9, 12)


def test_without_the_box_the_clock_runs_until_the_number_is_told(desk: Cast, tess: Client) -> None:
    post(tess, "calls/new/", contact=desk.ada.pk, **SAID)

    assert Ticket.objects.get().told_at is None


def test_what_is_missing_is_said_beside_the_fields_and_nothing_is_registered(
    desk: Cast, tess: Client
) -> None:
    html = post(tess, "calls/new/", status=422, text="Hello?")

    assert "Choose who calls." in html
    assert "Say in one line what it is about." in html
    assert "Hello?" in html
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize("wrong", [{"service": "teleport"}, {"severity": ""}, {"severity": "apocalyptic"}])
def test_what_the_terms_do_not_know_is_refused_and_the_form_kept(
    desk: Cast, tess: Client, wrong: dict[str, Any]
) -> None:
    html = post(tess, "calls/new/", status=409, contact=desk.ada.pk, **{**SAID, **wrong})

    assert "No calls come in" in html
    assert Ticket.objects.count() == 0


def test_a_contact_of_another_vendor_cannot_be_chosen(desk: Cast, tess: Client) -> None:
    stranger = Customer.objects.create(vendor=desk.neighbour, name="Stranger", language="en")
    contact = Contact.objects.create(customer=stranger, name="Sue", phone="1", language="en")

    post(tess, "calls/new/", status=404, contact=contact.pk, **SAID)

    assert Ticket.objects.count() == 0


def test_the_preview_says_when_and_why_before_anything_is_written(desk: Cast, tess: Client) -> None:
    html = page(tess, f"calls/preview/?contact={desk.ada.pk}&service=settings-advice&severity=critical")

    assert "by 10:12" in html
    assert Ticket.objects.count() == 0


def test_the_preview_says_what_the_package_does_not_include(desk: Cast, tess: Client) -> None:
    html = page(tess, f"calls/preview/?contact={desk.boris.pk}&service=remote-connection&severity=low")

    assert "§ 2.7" in html


@pytest.mark.parametrize(
    "query", ["", "contact=x&service=y", "contact=999999&service=settings-advice", "contact=-1"]
)
def test_a_damaged_question_for_a_preview_is_answered_calmly(desk: Cast, tess: Client, query: str) -> None:
    assert tess.get(f"/centaur/console/calls/preview/?{query}").status_code in {200, 404}
