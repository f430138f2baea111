"""Who may open which console page: staff of this vendor, and the rest nothing."""

import pytest
from django.test import Client
from django.urls import URLPattern

from console.scene import SignIn, page, post
from moments import june
from people import Cast, ask
from pomost.console.urls import urlpatterns
from pomost.tickets.models import Ticket
from pomost.ui import pages

PAGES = ["", "board/", "calls/new/", "sessions/", "sessions/ringing/", "customers/"]
FOR_BOOKKEEPERS = ["invoices/"]


@pytest.mark.parametrize("address", PAGES + FOR_BOOKKEEPERS)
def test_nobody_comes_in_without_signing_in(desk: Cast, address: str) -> None:
    answer = Client().get(f"/centaur/console/{address}")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("address", PAGES + FOR_BOOKKEEPERS)
def test_another_vendors_staff_is_told_only_that_it_is_not_for_them(
    desk: Cast, sign_in: SignIn, address: str
) -> None:
    html = page(sign_in(desk.nils), address, status=403)

    assert "Acme" not in html


@pytest.mark.parametrize("address", PAGES)
def test_staff_of_the_vendor_opens_every_page(desk: Cast, sign_in: SignIn, address: str) -> None:
    page(sign_in(desk.tess), address)


def test_invoices_are_for_the_bookkeeper_and_the_page_says_who_can(desk: Cast, sign_in: SignIn) -> None:
    assert "bookkeeper" in page(sign_in(desk.tess), "invoices/", status=403)
    page(sign_in(desk.bela), "invoices/")
    page(sign_in(desk.owen), "invoices/")


def test_a_customer_is_not_staff(desk: Cast) -> None:
    assert desk.ada.person is not None
    browser = Client()
    browser.force_login(desk.ada.person)

    assert browser.get("/centaur/console/").status_code == 403


def test_a_ticket_of_another_vendor_does_not_exist_here(desk: Cast, sign_in: SignIn) -> None:
    ticket = ask(desk.ada, "settings-advice", june(15, 9), severity="low")

    assert sign_in(desk.nils).get(f"/neighbour/console/tickets/{ticket.number}/").status_code == 404
    assert sign_in(desk.nils).post(f"/neighbour/console/tickets/{ticket.number}/take/").status_code == 404
    assert Ticket.objects.get(pk=ticket.pk).assigned_to is None


def test_a_customer_of_another_vendor_does_not_exist_here(desk: Cast, sign_in: SignIn) -> None:
    assert sign_in(desk.nils).get(f"/neighbour/console/customers/{desk.acme.pk}/").status_code == 404


def test_an_unknown_ticket_is_said_in_the_look(tess: Client) -> None:
    assert "Z-9999" in page(tess, "tickets/Z-9999/", status=404)


OPENED_BY_A_SECRET = "calendar/feed/<str:secret>.ics"
"""Calendar programs cannot sign in; whom its address lets in, and whom not any more, test_visits.py asks."""


def is_guarded(view: object) -> bool:
    code = getattr(view, "__code__", None)
    return code is not None and code.co_name == "guarded"


def test_every_address_wears_the_guard() -> None:
    bare = [
        str(each.pattern)
        for each in urlpatterns
        if isinstance(each, URLPattern) and not is_guarded(each.callback)
    ]

    assert bare == [OPENED_BY_A_SECRET]


def test_the_check_of_guards_can_fail() -> None:
    assert not is_guarded(pages.home)


def test_a_presence_that_does_not_exist_changes_nothing(desk: Cast, tess: Client) -> None:
    html = post(tess, "presence/", status=409, presence="superhuman")

    desk.tess.refresh_from_db()
    assert desk.tess.presence == "off"
    assert "Choose whether you can help" in html
