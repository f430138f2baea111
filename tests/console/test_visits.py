"""C10 and D9 through the pages: a visit is asked for, approved, agreed to, made; the way is billed where the terms say so."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import cast

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from console.scene import SignIn, page, post
from moments import june
from people import Cast, ask, by, desk_of, with_package
from pomost.billing.queries import cost_so_far
from pomost.config.middleware import CLOCK_KEY
from pomost.contracts.models import Contract
from pomost.people.models import Technician
from pomost.tickets import actions
from pomost.tickets.models import Booking, DecisionKept, Ticket, Visit
from pomost.worklog.models import Entry, Travel
from portal.scene import MovedClock, browser_of, hidden, words
from portal.scene import page as portal_page
from portal.scene import post as portal_post

MONDAY = june(15, 9, 12)


def later(browser: Client, day: int, hour: int, minute: int = 0) -> Client:
    """Let time pass for a browser."""
    cast(dict[str, object], browser.defaults)[CLOCK_KEY] = MovedClock(june(day, hour, minute))
    return browser


def step(browser: Client, ticket: Ticket, verb: str, given: dict[str, object], status: int = 302) -> str:
    """Take one step of a ticket's visit in the console."""
    slug = ticket.vendor.slug
    answer = browser.post(f"/{slug}/console/tickets/{ticket.number}/visits/{verb}/", given)
    said = answer.content.decode()
    assert answer.status_code == status, f"{verb} answers {answer.status_code}: {words(said)[:1500]}"
    return said


@pytest.fixture
def asked(desk: Cast) -> Ticket:
    return ask(desk.ada, "visit", june(15, 9), severity="medium")


def typed(technician: Technician, **changed: object) -> dict[str, object]:
    given = {
        "city": "Samara",
        "address": "Invented Street 3",
        "technician": technician.pk,
        "starts_at": "2026-06-17T10:00",
        "minutes": 120,
        "reason": "",
    }
    return given | changed


def test_c10_a_visit_from_the_portal_to_the_work(desk: Cast, tess: Client, asked: Ticket) -> None:
    ada = later(browser_of(desk.ada), 15, 9, 12)
    address = f"/centaur/requests/{asked.number}/"
    portal_post(ada, f"{address}visit/ask/", city="Samara", wish="After lunch")
    assert "we propose a day" in words(portal_page(ada, address))

    shown = words(page(tess, f"tickets/{asked.number}/visits/"))
    assert "The terms do not settle the visit" in shown
    assert "The terms do not list the cities" in shown
    assert "After lunch" in shown

    refused = step(tess, asked, "propose", typed(desk.tess), 409)
    assert "say why it is made" in words(refused)
    assert 'value="Samara"' in refused
    step(tess, asked, "propose", typed(desk.tess, reason="Our office is near."))

    assert "A day of the visit waits for your answer" in words(portal_page(ada, "/centaur/"))
    html = portal_page(ada, address)
    assert "Wed 17 June, 10:00–12:00" in words(html)
    assert "Samara, Invented Street 3" in words(html)
    assert "Our office is near." not in words(html)
    portal_post(ada, f"{address}visit/answer/", answer="yes", words=hidden(html, "words"))
    assert "Agreed visit" in words(portal_page(ada, address))

    early = step(tess, asked, "made", worked("2026-06-17T10:05"), 409)
    assert "has not begun yet" in words(early)
    step(later(tess, 17, 12, 30), asked, "made", worked("2026-06-17T10:05"))

    entry = Entry.objects.get()
    assert (entry.source, entry.worked_seconds, entry.technician) == ("visit", 90 * 60, desk.tess)
    assert not Travel.objects.exists()
    assert cost_so_far(asked, now=june(17, 13)).bill.net.amount == 0
    assert Visit.objects.get().state == "done"
    kept = DecisionKept.objects.filter(ticket=asked, subject="visit").order_by("id")
    assert [each.outcome for each in kept] == ["unstated", "approved"]
    assert "1 visit was made." in words(portal_page(ada, address))
    assert "made" in words(page(tess, f"tickets/{asked.number}/visits/"))


def worked(started_at: str, **more: object) -> dict[str, object]:
    return {"started_at": started_at, "minutes": 90, "note": "The exchange was put up.", **more}


def test_another_day_is_wanted_and_found(desk: Cast, tess: Client, asked: Ticket) -> None:
    step(tess, asked, "propose", typed(desk.tess, reason="Near."))
    ada = later(browser_of(desk.ada), 15, 10)
    portal_post(
        ada, f"/centaur/requests/{asked.number}/visit/answer/", answer="another", wish="Thursday, please"
    )
    assert "Thursday, please" in words(page(tess, f"tickets/{asked.number}/visits/"))

    step(tess, asked, "propose", typed(desk.tess, starts_at="2026-06-18T10:00"))
    step(tess, asked, "agree", {"who": desk.ada.pk})

    visit = Visit.objects.get()
    assert (visit.state, visit.starts_at) == ("agreed", june(18, 10))
    assert visit.consent is not None
    assert (visit.consent.channel, visit.consent.by) == ("phone", by(desk.tess))


def test_the_customer_calls_it_off(desk: Cast, tess: Client, asked: Ticket) -> None:
    step(tess, asked, "propose", typed(desk.tess, reason="Near."))
    portal_post(later(browser_of(desk.ada), 15, 10), f"/centaur/requests/{asked.number}/visit/cancel/")
    assert Visit.objects.get().state == "cancelled"


def test_once_it_has_begun_the_customer_is_not_offered_to_call_it_off(
    desk: Cast, tess: Client, asked: Ticket
) -> None:
    step(tess, asked, "propose", typed(desk.tess, reason="Near."))
    step(tess, asked, "agree", {"who": desk.ada.pk})
    address = f"/centaur/requests/{asked.number}/"

    assert "Call the visit off" in words(portal_page(later(browser_of(desk.ada), 17, 9), address))
    begun = words(portal_page(later(browser_of(desk.ada), 17, 10), address))
    assert "Agreed visit" in begun
    assert "Call the visit off" not in begun
    assert "Ask for another day" not in begun


def test_outside_the_hours_the_page_says_which_they_are(desk: Cast, tess: Client, asked: Ticket) -> None:
    answer = step(tess, asked, "propose", typed(desk.tess, reason="Near.", starts_at="2026-06-17T16:00"), 409)
    assert "9:00–17:00" in words(answer)
    assert "§ 8.1" in words(answer)


def test_the_count_of_the_contract_is_kept_on_the_customers_page(desk: Cast, sign_in: SignIn) -> None:
    dora = sign_in(desk.dora)
    contract = desk.acme.contracts.get()
    post(dora, f"customers/{desk.acme.pk}/contracts/{contract.pk}/visits/", visits="2")
    assert Contract.objects.get().visits_per_incident == 2
    assert 'value="2"' in page(dora, f"customers/{desk.acme.pk}/")
    post(dora, f"customers/{desk.acme.pk}/contracts/{contract.pk}/visits/", visits="")
    assert Contract.objects.get().visits_per_incident is None
    post(dora, f"customers/{desk.acme.pk}/contracts/{contract.pk}/visits/", 422, visits="-1")
    post(dora, f"customers/{desk.acme.pk}/contracts/{contract.pk}/visits/", 422, visits="100")


# --- D9: the way of a technician whose visit the terms do not describe ---------------------------------------------


def test_d9_a_visit_where_the_terms_name_no_price_of_the_way(db: None, sign_in: SignIn) -> None:
    damal = desk_of("damal")
    with_package(damal.acme, "sla")
    ticket = ask(damal.ada, "remote-consultation", june(15, 9))
    tess = sign_in(damal.tess)
    tess.cookies["language"] = "en"

    step(tess, ticket, "propose", typed(damal.tess), 409)
    step(tess, ticket, "propose", typed(damal.tess, reason="The fault shows only there."), 302)
    step(tess, ticket, "agree", {"who": damal.ada.pk})
    later(tess, 17, 15)
    step(tess, ticket, "made", worked("2026-06-17T10:00"), 422)
    step(tess, ticket, "made", worked("2026-06-17T10:00", agreed_net="150.00"), 302)

    travel = Travel.objects.get()
    assert (travel.key, travel.quantity, travel.agreed_net) == ("travel", Decimal(1), Decimal("150.00"))
    bill = cost_so_far(ticket, now=june(17, 16)).bill
    assert bill.net.amount == Decimal("150.00") + Decimal(
        "270.00"
    )  # 90 minutes: 3 started half-hours at 180 an hour


# --- the calendar --------------------------------------------------------------------------------------------------


def test_the_week_shows_who_has_what_and_where_time_is_free(desk: Cast, tess: Client, asked: Ticket) -> None:
    step(tess, asked, "propose", typed(desk.tess, reason="Near."))
    other = ask(desk.boris, "settings-advice", june(15, 9), severity="low")
    actions.book(other, actions.Slot(desk.dora, june(16, 11), june(16, 12)), by=by(desk.dora), at=MONDAY)

    html = page(tess, "calendar/?day=2026-06-17")
    shown = words(html)
    assert "10:00–12:00" in shown
    assert "Samara" in shown
    assert "11:00–12:00" in shown
    assert other.number in shown
    assert f"technician={desk.tess.pk}&amp;at=2026-06-15T09%3A30" in html
    assert "2026-06-20T" not in html  # a Saturday is nobody's to use


def test_a_holiday_is_named_and_shaded(tess: Client) -> None:
    html = page(tess, "calendar/?day=2026-06-12&view=day")
    assert "День России" in words(html)
    assert "calendar/new/?" not in html


def test_a_day_is_drawn_in_half_hours_and_a_click_leads_to_a_booking(
    desk: Cast, tess: Client, asked: Ticket
) -> None:
    html = page(tess, "calendar/?day=2026-06-17&view=day")
    assert f"technician={desk.tess.pk}&amp;at=2026-06-17T14%3A30" in html
    form = page(tess, f"calendar/new/?technician={desk.tess.pk}&at=2026-06-17T14:30")
    assert 'value="2026-06-17T14:30"' in form
    other = ask(desk.boris, "settings-advice", june(15, 9), severity="low")

    answer = tess.post(
        "/centaur/console/calendar/new/",
        {
            "number": other.number,
            "kind": "booking",
            "technician": desk.tess.pk,
            "starts_at": "2026-06-17T14:30",
            "minutes": 60,
        },
    )
    assert answer["Location"] == "/centaur/console/calendar/?day=2026-06-17"
    assert Booking.objects.get().starts_at == june(17, 14, 30)
    assert 'colspan="2"' in page(tess, "calendar/?day=2026-06-17&view=day")


def test_a_click_leads_to_a_visit_with_the_time_filled_in(desk: Cast, tess: Client, asked: Ticket) -> None:
    answer = tess.post(
        "/centaur/console/calendar/new/",
        {
            "number": asked.number,
            "kind": "visit",
            "technician": desk.tess.pk,
            "starts_at": "2026-06-17T14:30",
            "minutes": 60,
        },
    )
    html = page(tess, answer["Location"].removeprefix("/centaur/console/"))
    assert 'value="2026-06-17T14:30"' in html


@pytest.mark.parametrize(
    "query",
    ["day=9999-99-99", "day=0001-01-01", "day=9999-12-31", "day=%00", "view=x&day=-", "day=2026-06-17&day=x"],
)
def test_an_address_that_names_no_day_shows_one_nevertheless(tess: Client, query: str) -> None:
    answer = tess.get(f"/centaur/console/calendar/?{query}")
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    "at", ["x", "2026-02-30T10:00", "2026-06-17T10:00:00+99:00", "9999-12-31T23:59", "\x7f"]
)
def test_an_address_that_names_no_moment_leaves_the_field_empty(tess: Client, at: str) -> None:
    assert tess.get("/centaur/console/calendar/new/", {"at": at}).status_code == 200


def test_a_request_of_nobody_is_not_found_beside_its_field(desk: Cast, tess: Client) -> None:
    answer = post(
        tess,
        "calendar/new/",
        422,
        number="Ц-9999",
        kind="visit",
        technician=desk.tess.pk,
        starts_at="2026-06-17T14:30",
        minutes=60,
    )
    assert "There is no request Ц-9999 here" in words(answer)


def test_two_things_at_once_stand_in_two_lines(desk: Cast, tess: Client, asked: Ticket) -> None:
    first = ask(desk.boris, "settings-advice", june(15, 9), severity="low")
    second = ask(desk.boris, "settings-advice", june(15, 9), severity="low")
    for ticket, start in ((first, june(17, 10)), (second, june(17, 10, 20))):
        actions.book(
            ticket,
            actions.Slot(desk.tess, start, start + timedelta(minutes=15)),
            by=by(desk.tess),
            at=MONDAY,
        )
    html = page(tess, "calendar/?day=2026-06-17&view=day")
    assert 'rowspan="2"' in html
    assert first.number in html
    assert second.number in html


def test_whoever_is_away_has_no_appointment_by_that(desk: Cast, tess: Client) -> None:
    ticket = ask(desk.boris, "settings-advice", june(15, 9), severity="low")
    actions.book(ticket, actions.Slot(desk.tess, june(17, 10), june(17, 11)), by=by(desk.tess), at=MONDAY)
    actions.note_absence(desk.tess, june(18, 0), june(20, 0), by=by(desk.tess), at=MONDAY)

    week = words(page(tess, "calendar/?day=2026-06-17"))
    assert "1 appointment" in week
    assert "3 appointments" not in week
    assert "appointment" not in words(page(tess, "calendar/?day=2026-06-18&view=day"))


def test_the_calendar_costs_the_same_however_full_it_is(desk: Cast, tess: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(tess, "calendar/?day=2026-06-17")
        return len(seen)

    page(tess, "calendar/?day=2026-06-17")
    before = cost()
    for hour in range(9, 16):
        ticket = ask(desk.boris, "settings-advice", june(15, 9), severity="low")
        actions.book(
            ticket,
            actions.Slot(desk.tess, june(17, hour), june(17, hour, 30)),
            by=by(desk.tess),
            at=MONDAY,
        )
    assert cost() == before


# --- the calendar of one technician, for other programs ------------------------------------------------------------


def feed_of(html: str) -> str:
    found = re.search(r"/centaur/console/calendar/feed/[\w-]+\.ics", html)
    assert found is not None
    return found[0]


def test_who_has_the_address_reads_one_calendar_without_sign_in(
    desk: Cast, tess: Client, asked: Ticket
) -> None:
    step(tess, asked, "propose", typed(desk.tess, reason="Near."))
    step(tess, asked, "agree", {"who": desk.ada.pk})
    other = ask(desk.boris, "settings-advice", june(15, 9), severity="low")
    actions.book(other, actions.Slot(desk.dora, june(16, 11), june(16, 12)), by=by(desk.dora), at=MONDAY)

    address = feed_of(post(tess, "calendar/address/", 200, what="make"))
    answer = later(Client(), 15, 10).get(address)

    assert answer["Content-Type"].startswith("text/calendar")
    content = answer.content.decode()
    assert "METHOD:PUBLISH" in content
    assert "DTSTART;TZID=Europe/Moscow:20260617T100000" in content
    assert asked.number in content
    assert other.number not in content  # a colleague's
    assert address.rpartition("/")[2] not in page(tess, "calendar/address/")


def test_a_full_feed_takes_as_many_queries_as_a_short_one(
    desk: Cast, tess: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = feed_of(post(tess, "calendar/address/", 200, what="make"))

    def book(hour: int) -> None:
        ticket = ask(desk.boris, "settings-advice", june(15, 9), severity="low")
        actions.book(
            ticket, actions.Slot(desk.tess, june(16, hour), june(16, hour + 1)), by=by(desk.dora), at=MONDAY
        )

    nobody = later(Client(), 15, 10)
    book(9)
    with CaptureQueriesContext(connection) as short:
        nobody.get(address)
    for hour in range(10, 16):
        book(hour)
    with django_assert_num_queries(len(short)):
        content = nobody.get(address).content.decode()
    assert content.count("BEGIN:VEVENT") == 7


def test_a_revoked_address_and_an_older_one_find_nothing(desk: Cast, tess: Client) -> None:
    first = feed_of(post(tess, "calendar/address/", 200, what="make"))
    second = feed_of(post(tess, "calendar/address/", 200, what="make"))
    nobody = later(Client(), 15, 10)
    assert [nobody.get(each).status_code for each in (first, second)] == [404, 200]
    assert nobody.get(second.replace("/centaur/", "/neighbour/")).status_code == 404

    post(tess, "calendar/address/", what="revoke")
    assert nobody.get(second).status_code == 404


@pytest.mark.parametrize("secret", ["x", "x" * 2000, "%F0%9F%97%93", "%2e%2e", "-_-"])
def test_an_address_that_nobody_made_finds_nothing(desk: Cast, secret: str) -> None:
    assert later(Client(), 15, 10).get(f"/centaur/console/calendar/feed/{secret}.ics").status_code == 404
