"""The start: what is promised next, what waits for an answer, what is open."""

from datetime import date
from decimal import Decimal
from typing import Final
from urllib.parse import quote

import pytest

from moments import june
from people import Cast, ask, by, cast
from pomost.contracts.queries import contract_of
from pomost.contracts.quotas import set_allowance
from pomost.rules.quota import Beyond, Carry, Grant, Period
from pomost.rules.tariff import QuotaUnit
from pomost.tickets import actions
from pomost.worklog.actions import enter_data_work
from portal.scene import browser_of, page, queries_of, words


def test_the_next_promise_stands_with_its_time_left_and_its_moment(centaur: Cast) -> None:
    ask(centaur.ada, "error-diagnosis", june(15, 9, 40), severity="critical")

    seen = words(page(browser_of(centaur.ada), "/centaur/"))

    assert "0:28 Notice of the number, by 10:40" in seen
    assert "It does not work" in seen


def test_what_is_late_stands_first_and_says_so(centaur: Cast) -> None:
    ask(centaur.ada, "error-diagnosis", june(15, 9, 40), severity="low")
    ask(centaur.ada, "error-diagnosis", june(11, 9), severity="critical")

    seen = words(page(browser_of(centaur.ada), "/centaur/"))

    assert "What is promised next Late" in seen


def test_where_no_promise_runs_the_page_says_so(centaur: Cast) -> None:
    assert "No promise is running now." in words(page(browser_of(centaur.ada), "/centaur/"))


def test_where_the_terms_promise_nothing_the_list_says_so_and_no_card_does(satisoft: Cast) -> None:
    ask(satisoft.ada, "remote-help", june(15, 9), family="subiekt")

    seen = words(page(browser_of(satisoft.ada), "/satisoft/"))

    assert "Not promised" in seen
    assert "What is promised next" not in seen


def test_a_request_that_waits_for_the_customer_is_one_amber_line_with_its_way(centaur: Cast) -> None:
    ticket = ask(centaur.ada, "error-diagnosis", june(15, 9), severity="critical")
    actions.propose_severity(ticket, "medium", by=by(centaur.tess), at=june(15, 9, 30))

    html = page(browser_of(centaur.ada), "/centaur/")

    assert "Another severity is proposed." in words(html)
    assert f'href="/centaur/requests/{quote(ticket.number)}/"' in html
    assert "Waits for you about the severity" in words(html)


def test_a_promise_that_waits_for_the_customer_is_not_called_the_next_one(kryzhik: Cast) -> None:
    ticket = ask(kryzhik.ada, "solving", june(15, 9))
    actions.wait_for_customer(
        ticket, question="Which month?", technician=kryzhik.tess, by=by(kryzhik.tess), at=june(15, 9, 10)
    )

    seen = words(page(browser_of(kryzhik.ada), "/kryzhik/"))

    assert "We asked you something and wait for the answer." in seen
    assert "No promise is running now." in seen


def test_another_customers_requests_are_not_there(centaur: Cast) -> None:
    ticket = ask(centaur.ada, "error-diagnosis", june(15, 9), severity="critical")

    seen = page(browser_of(centaur.boris), "/centaur/")

    assert ticket.number not in seen
    assert "No open requests" in words(seen)


def test_the_package_stands_with_its_contract_and_its_clause(centaur: Cast) -> None:
    seen = words(page(browser_of(centaur.ada), "/centaur/"))

    assert "Extended" in seen
    assert f"Contract K-{centaur.acme.pk}, until 31 December 2026" in seen


def test_who_has_no_contract_is_told_by_which_package_they_are_served(centaur: Cast) -> None:
    assert "Basic § 1.1 · from 1 Jan 2024 Without a contract." in words(
        page(browser_of(centaur.boris), "/centaur/")
    )


def test_used_hours_are_counted_in_the_multiples_of_the_terms(kryzhik: Cast) -> None:
    """G-K2: 40 minutes of solving use 1.0 h, once a person has decided that the package covers it."""
    ticket = ask(kryzhik.ada, "solving", june(15, 9))
    ticket = actions.decide(
        ticket, "included", "Its month has begun.", by=by(kryzhik.owen), at=june(15, 9, 1)
    )
    enter_data_work(
        ticket,
        technician=kryzhik.tess,
        worked_seconds=40 * 60,
        started_at=june(15, 9, 5),
        by=by(kryzhik.tess),
        at=june(15, 9, 50),
    )

    seen = words(page(browser_of(kryzhik.ada), "/kryzhik/"))

    assert "1 h used June 2026" in seen
    assert "One plank: 0.5 h · The contract names no amount" in seen


GIVEN: Final[dict[QuotaUnit, int]] = {"hours": 10, "requests": 3}


def test_what_is_left_of_the_package_is_a_picture_with_its_clause(kryzhik: Cast) -> None:
    contract = contract_of(kryzhik.acme, june(15, 9).date())
    assert contract is not None
    for unit, amount in GIVEN.items():
        grant = Grant(unit, Decimal(amount), Period.MONTH, Carry.NONE, Beyond.ASK, date(2026, 6, 1))
        set_allowance(contract, grant, by=by(kryzhik.owen), at=june(1, 9))
    ticket = ask(kryzhik.ada, "solving", june(15, 9))
    ticket = actions.decide(ticket, "included", "Its month.", by=by(kryzhik.owen), at=june(15, 9, 1))
    enter_data_work(
        ticket,
        technician=kryzhik.tess,
        worked_seconds=40 * 60,
        started_at=june(15, 9, 5),
        by=by(kryzhik.tess),
        at=june(15, 9, 50),
    )

    html = page(browser_of(kryzhik.ada), "/kryzhik/")

    assert "9 h left of 10 h, June 2026" in words(html)
    assert "What is left after 30 Jun 2026 lapses" in words(html)
    assert "§ 4.2" in html
    assert "3 requests left" in words(html)
    assert html.count('<i class="full">') == 2


def test_after_the_work_guarantee_and_complaint_stand_with_their_last_days(damal: Cast) -> None:
    """G-D2, in June: confirmed on Thursday the 11th."""
    ticket = ask(damal.ada, "remote-consultation", june(11, 9))
    ticket = actions.propose_solution(
        ticket, "Done.", technician=damal.tess, by=by(damal.tess), at=june(11, 10)
    )
    actions.confirm_solution(ticket, contact=damal.ada, channel="portal", by=by(damal.ada), at=june(11, 11))

    seen = words(page(browser_of(damal.ada), "/damal/"))

    assert "Complaint about the work until the end of Tue 16 June" in seen
    assert "Guarantee on the work until the end of Thu 25 June" in seen


def test_the_next_service_that_is_ordered_ends_the_time_for_a_complaint(damal: Cast) -> None:
    ticket = ask(damal.ada, "remote-consultation", june(11, 9))
    ticket = actions.propose_solution(
        ticket, "Done.", technician=damal.tess, by=by(damal.tess), at=june(11, 10)
    )
    actions.confirm_solution(ticket, contact=damal.ada, channel="portal", by=by(damal.ada), at=june(11, 11))
    slot = actions.Slot(damal.tess, june(16, 11), june(16, 12))
    ask(damal.ada, "remote-consultation", june(15, 9), slot=slot)

    assert "Complaint about the work until Tue 10:00" in words(page(browser_of(damal.ada), "/damal/"))


@pytest.mark.parametrize("address", ["/centaur/", "/centaur/requests/"])
def test_a_page_costs_the_same_for_one_request_as_for_many(centaur: Cast, address: str) -> None:
    browser = browser_of(centaur.ada)
    ask(centaur.ada, "error-diagnosis", june(15, 9), severity="critical")
    page(browser, address)
    one = queries_of(browser, address)
    for minute in range(10):
        ticket = ask(centaur.ada, "error-diagnosis", june(15, 9, minute), severity="low")
        if minute % 2:
            actions.propose_severity(ticket, "medium", by=by(centaur.tess), at=june(15, 9, 30))

    assert queries_of(browser, address) == one


def test_a_vendor_without_terms_says_so_and_does_not_go_in_circles(db: None) -> None:
    desk = cast()

    assert "has no terms in force" in words(page(browser_of(desk.ada), "/harbour/", status=409))


def test_ended_requests_stand_below_the_open_ones_with_how_they_ended(centaur: Cast) -> None:
    solved = ask(centaur.ada, "error-diagnosis", june(11, 9), severity="low")
    actions.propose_solution(solved, "Done.", technician=centaur.tess, by=by(centaur.tess), at=june(11, 10))
    actions.confirm_solution(
        solved, contact=centaur.ada, channel="app", by=by(centaur.ada), at=june(15, 9, 30)
    )
    closed = ask(centaur.ada, "error-diagnosis", june(11, 9), severity="low")
    actions.close(closed, "Withdrawn.", by=by(centaur.tess), at=june(11, 10))

    seen = words(page(browser_of(centaur.ada), "/centaur/requests/"))

    assert "Open requests 0" in seen
    assert f"{closed.number} closed without a solution" in seen
    assert f"{solved.number} solved, confirmed 9:30" in seen


def test_the_way_to_the_app_names_number_and_address(centaur: Cast) -> None:
    centaur.vendor.phone = "+7 000 000-00-01"
    centaur.vendor.save(update_fields=["phone"])

    html = page(browser_of(centaur.ada), "/centaur/app/")

    assert 'href="tel:+70000000001"' in html
    assert "pomost-agent --desk http://testserver/centaur/" in words(html)
