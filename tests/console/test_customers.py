"""Customers and their contacts."""

from typing import Any

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from console.scene import page, post
from moments import june
from people import Cast, ask, customer_of
from pomost.people.models import Contact, Customer


def test_the_list_shows_this_vendors_customers_only(desk: Cast, tess: Client) -> None:
    customer_of(desk.neighbour, "Elsewhere", "Eve", "en")

    html = page(tess, "customers/")

    assert "Acme" in html
    assert "Elsewhere" not in html


def test_a_customer_is_added_once(desk: Cast, tess: Client) -> None:
    typed: dict[str, Any] = {"name": "Delta", "language": "pl"}
    post(tess, "customers/", **typed)

    html = post(tess, "customers/", status=409, **typed)

    assert "Delta" in html
    assert Customer.objects.filter(name="Delta").count() == 1


def test_a_contact_needs_a_way_to_be_reached(desk: Cast, tess: Client) -> None:
    address = f"customers/{desk.acme.pk}/"

    assert "no mail address and no phone" in post(tess, address, status=409, name="Abe", language="en")
    post(tess, address, name="Abe", language="en", phone="+48 000 000 002")

    assert Contact.objects.filter(customer=desk.acme, name="Abe").count() == 1


def test_a_mail_address_that_cannot_be_is_said_beside_its_field(desk: Cast, tess: Client) -> None:
    html = post(
        tess, f"customers/{desk.acme.pk}/", status=422, name="Abe", language="en", email="abe at acme"
    )

    assert 'aria-invalid="true"' in html
    assert "abe at acme" in html


def test_a_customers_page_shows_contract_contacts_and_requests(desk: Cast, tess: Client) -> None:
    ticket = ask(desk.ada, "settings-advice", june(15, 9), severity="low")

    html = page(tess, f"customers/{desk.acme.pk}/")

    assert ticket.number in html
    assert "K-" in html
    assert "Ada" in html


def test_more_customers_need_no_more_queries(
    desk: Cast, tess: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(10):
        customer_of(desk.vendor, f"Firm-{place}", f"Contact{place}", "en")

    with django_assert_max_num_queries(12):
        page(tess, "customers/")
