"""A declined estimate leaves nothing to pay, whoever tries to charge it (golden case G-S2)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from e2e.desk import OpensDesk
from e2e.screen import CustomersComputer
from e2e.steps import connect, give, request
from e2e.technician import AtTheDesk

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("screen")]


def test_a_declined_estimate_leaves_nothing_to_pay(
    browser: Browser,
    desk_of: OpensDesk,
    computer_of: Callable[[str], CustomersComputer],
) -> None:
    with desk_of("satisoft", "2026-06-11T09:00:00+02:00") as desk, computer_of("pl") as computer:
        customer = desk.sign_in(browser, "customer@example.org", "pl")
        number = request(desk, customer, {"family": "subiekt"}, "Baza działa coraz wolniej")
        technician = AtTheDesk(desk, desk.sign_in(browser, "staff@example.org", "pl"))
        technician.open_ticket(number)
        technician.do("take")
        technician.see_board()
        computer.start_program()
        computer.start_app(desk.clock_file, desk.url())
        connect(technician, computer, number, "Ewa Przykładowa")
        give(technician, computer, "look")

        # After 55 minutes three more hours are quoted. The customer reads both results and says no.
        desk.clock.forward(timedelta(minutes=55))
        technician.meter_shows("0:55")
        technician.send_estimate("3", "Baza wymaga przebudowy")
        computer.read(computer.word("Go on for this price?"))
        computer.read("800,00")
        computer.read("0,00")
        computer.picture(desk.pictures / "app-estimate.png")
        computer.click(computer.word("Decline"))

        # The session ends on both sides, and the request is closed.
        computer.read(computer.word("The session has ended"))
        computer.picture(desk.pictures / "app-ended.png")
        technician.session_is_over()
        desk.picture(technician.page, "session-over")
        assert desk.rows("SELECT state FROM tickets_ticket WHERE number = ?", number) == [("closed",)]
        assert desk.rows("SELECT state, decline_leaves_zero FROM billing_estimate") == [("declined", 1)]
        (worked,) = desk.rows("SELECT worked_seconds FROM worklog_entry")
        assert 55 * 60 <= worked[0] < 60 * 60

        # Nothing can be charged: not by the page …
        technician.page.goto(desk.url("console/invoices/"))
        expect(technician.page.locator("input[name=ticket]")).to_have_count(0)
        desk.picture(technician.page, "nothing-to-invoice")
        answer = technician.page.request.post(
            desk.url("console/invoices/new/"),
            form={"ticket": number, "csrfmiddlewaretoken": technician.csrf()},
            headers={"Referer": desk.url("console/invoices/")},
            max_redirects=0,
        )
        assert answer.status == 409, answer.text()
        assert desk.rows("SELECT count(*) FROM billing_invoice") == [(0,)]

        # The customer reads that it cost nothing.
        customer.goto(desk.url(f"requests/{number}/"))
        expect(customer.locator("main aside p.between b")).to_have_text(re.compile(r"^0,00"))
        desk.picture(customer, "nothing-to-pay")
        customer.goto(desk.url("documents/"))
        expect(customer.locator("a[href$='.pdf']")).to_have_count(0)

        # … and not by who writes into the database itself.
        ((ticket,),) = desk.rows("SELECT id FROM tickets_ticket WHERE number = ?", number)
        settle = "INSERT INTO billing_settlement (ticket_id, settled_at, clause) VALUES (?, '2026-06-11 10:00', 'x')"
        assert desk.attack(settle, ticket).startswith("billing: ")
        as_if = (
            "UPDATE tickets_ticket SET state = 'confirmed', confirmed_at = '2026-06-11 10:00' WHERE id = ?"
        )
        desk.attack(as_if, ticket)
        assert "declined, which leaves nothing to pay" in desk.attack(settle, ticket)
        assert "a consent of the customer" in desk.attack("UPDATE billing_estimate SET state = 'accepted'")
        assert "never deleted" in desk.attack("DELETE FROM billing_estimate")
        assert desk.rows("SELECT count(*) FROM billing_settlement") == [(0,)]
        assert technician.errors == []
