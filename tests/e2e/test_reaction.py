"""Reaction is the customer knowing the number, not the desk knowing the request (golden cases G-C1 and G-C2)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from e2e.desk import Desk, OpensDesk
from e2e.screen import CustomersComputer, eventually
from e2e.steps import request, ring
from e2e.technician import AtTheDesk

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("screen")]

MOSCOW = datetime.fromisoformat("2026-06-11T16:30:20+03:00")
PUT_OFF = "450 4.2.1 Mailbox busy, try again"
NO_SUCH = "550 5.1.1 No such mailbox"
CRITICAL = {"service": "remote-connection", "severity": "critical"}


def reaction(desk: Desk, number: str) -> tuple[datetime, datetime | None, bool | None]:
    """Return when the reaction to a ticket is due, when it came, and whether the promise was kept."""
    ((due, stopped, met),) = desk.rows(
        "SELECT c.due_at, c.stopped_at, c.met FROM tickets_clock c JOIN tickets_ticket t ON t.id = c.ticket_id"
        " WHERE t.number = ? AND c.key = 'reaction'",
        number,
    )
    return moment(due), moment(stopped) if stopped else None, None if met is None else bool(met)


def moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).astimezone(MOSCOW.tzinfo)


def notice(desk: Desk, number: str, state: str) -> None:
    """Wait until the notice with the number stands so."""
    eventually(
        f"the notice of {number} to be {state}",
        lambda: desk.rows("SELECT notice FROM tickets_ticket WHERE number = ?", number) == [(state,)],
    )


def no_invoice(desk: Desk, technician: AtTheDesk, number: str) -> None:
    """See that a ticket can be charged by no page."""
    technician.page.goto(desk.url("console/invoices/"))
    expect(technician.page.locator("input[name=ticket]")).to_have_count(0)
    answer = technician.page.request.post(
        desk.url("console/invoices/new/"),
        form={"ticket": number, "csrfmiddlewaretoken": technician.csrf()},
        max_redirects=0,
    )
    assert answer.status == 409, answer.status
    assert desk.rows("SELECT count(*) FROM billing_invoice") == [(0,)]


def test_the_clock_stops_when_the_customers_mail_server_takes_the_number(
    browser: Browser, desk_of: OpensDesk
) -> None:
    with desk_of("centaur", "2026-06-11T16:29:00+03:00") as desk:
        customer = desk.sign_in(browser, "customer@example.org", "ru")
        technician = AtTheDesk(desk, desk.sign_in(browser, "staff@example.org", "ru"))
        technician.see_board()
        technician.page.evaluate("() => { document.body.dataset.loaded = 'once'; }")
        rows = technician.page.locator("#board [data-ticket]")
        expect(rows).to_have_count(0)

        # On Thursday at 16:30 a request comes. Its number is put off, and the board shows it by itself.
        desk.clock.forward_to(MOSCOW)
        desk.mailbox.answer = PUT_OFF
        number = request(desk, customer, CRITICAL, "Не проходят исходящие вызовы", told=False)
        expect(rows).to_have_count(1)
        notice(desk, number, "delayed")
        assert technician.page.locator("body").get_attribute("data-loaded") == "once"

        # Friday is a holiday: due on Monday at 9:30, and registration stopped nothing.
        expect(technician.page.locator(f"[data-ticket='{number}']")).to_contain_text("пн\u00a09:30")
        desk.picture(technician.page, "put-off")
        due, stopped, met = reaction(desk, number)
        assert f"{due:%Y-%m-%d %H:%M}" == "2026-06-15 09:30"
        assert (stopped, met) == (None, None)

        # On Monday at 9:12 the server takes it: kept, 18 minutes early, and the board says so by itself.
        desk.mailbox.answer = "250 OK"
        desk.clock.forward_to(MOSCOW.replace(day=15, hour=9, minute=12, second=0))
        desk.mailbox.text_with(number)
        notice(desk, number, "told")
        due, stopped, met = reaction(desk, number)
        assert stopped is not None
        assert f"{stopped:%H:%M}" == "09:12"
        assert met is True
        expect(technician.page.locator("[data-group=none]")).to_contain_text(number)
        assert technician.page.locator("body").get_attribute("data-loaded") == "once"
        desk.picture(technician.page, "kept-on-the-board")
        technician.open_ticket(number)
        expect(technician.page.locator(".rail .chain")).to_contain_text("0:18")
        desk.picture(technician.page, "kept")

        # Solved and confirmed, it is still included: there is nothing to invoice.
        technician.do("take")
        technician.do("solve", text="Исправлены настройки линии.")
        technician.do("confirm")
        no_invoice(desk, technician, number)
        assert technician.errors == []


def test_a_number_told_late_is_late_however_early_it_was_registered(
    browser: Browser, desk_of: OpensDesk
) -> None:
    with desk_of("centaur", "2026-06-11T16:29:00+03:00") as desk:
        customer = desk.sign_in(browser, "customer@example.org", "ru")
        technician = AtTheDesk(desk, desk.sign_in(browser, "staff@example.org", "ru"))
        desk.clock.forward_to(MOSCOW)
        desk.mailbox.answer = PUT_OFF
        number = request(desk, customer, CRITICAL, "Пропадает звук через минуту", told=False)
        notice(desk, number, "delayed")

        # The server takes it on Monday at 9:31: a minute late.
        desk.mailbox.answer = "250 OK"
        desk.clock.forward_to(MOSCOW.replace(day=15, hour=9, minute=31, second=0))
        notice(desk, number, "told")
        due, stopped, met = reaction(desk, number)
        assert f"{due:%Y-%m-%d %H:%M}" == "2026-06-15 09:30"
        assert stopped is not None
        assert f"{stopped:%H:%M}" == "09:31"
        assert met is False
        technician.open_ticket(number)
        expect(technician.page.locator(".rail .chain .r-late").first).to_be_visible()
        desk.picture(technician.page, "missed")

        # A mailbox that does not exist: the next step is a call, and the number told on it stops the clock.
        desk.mailbox.answer = NO_SUCH
        called = request(desk, customer, CRITICAL, "Не слышно второй линии", told=False)
        notice(desk, called, "refused")
        assert reaction(desk, called)[1:] == (None, None)
        technician.open_ticket(called)
        expect(technician.page.locator(".todo form[action$='/told/'] button")).to_be_visible()
        desk.picture(technician.page, "call-with-the-number")
        desk.clock.forward(timedelta(minutes=5))
        technician.do("told")
        notice(desk, called, "told")
        due, stopped, met = reaction(desk, called)
        assert stopped is not None
        assert due - stopped < timedelta(minutes=56)
        assert met is True
        desk.picture(technician.page, "told-by-phone")
        assert technician.errors == []


def test_who_cannot_show_the_package_gets_no_connection(
    browser: Browser, desk_of: OpensDesk, computer_of: Callable[[str], CustomersComputer]
) -> None:
    # Just before nine, so that the clock begins with the working day.
    with (
        desk_of("centaur", "2026-06-08T08:58:00+03:00", contract=False) as desk,
        computer_of("ru") as computer,
    ):
        technician = AtTheDesk(desk, desk.sign_in(browser, "staff@example.org", "ru"))
        desk.mailbox.answer = PUT_OFF
        number = technician.note_call(
            "remote-connection", "Настроить маршруты", package="extended", severity="low", told=False
        )
        clause = "Подключаемся и помогаем с настройкой в пределах руководства. Только пакет «Расширенный»."

        # Served as Basic: 24 working hours, and the row of the matrix is the reason.
        assert f"{reaction(desk, number)[0]:%Y-%m-%d %H:%M}" == "2026-06-10 17:00"
        ((package, claimed),) = desk.rows("SELECT package, package_claimed FROM tickets_ticket")
        assert (package, claimed) == ("basic", "extended")
        rail = technician.page.locator(".rail")
        expect(rail).to_contain_text("Базовый")
        expect(rail.locator("[popover], .clause, [title]").filter(has_text=clause).first).to_be_attached()
        desk.picture(technician.page, "served-as-basic")
        technician.see_board()
        expect(technician.page.locator(f"[data-ticket='{number}']")).to_contain_text("ср\u00a017:00")
        desk.picture(technician.page, "board")

        # A call from the app cannot be answered with that ticket, by the page or past it.
        computer.start_program()
        computer.start_app(desk.clock_file, desk.url())
        ring(technician, computer, "Игорь Небылицын")
        technician.page.locator(".ringing a.btn-primary").click()
        technician.page.locator(f"input[name=ticket][value='{number}'][type=radio]").check()
        expect(technician.page.locator("[role=alert]")).to_contain_text(clause)
        expect(technician.page.locator("form[action$='/answer/'] button[type=submit]")).to_have_count(0)
        desk.picture(technician.page, "refused")
        answer = technician.page.request.post(
            technician.page.url.split("?")[0] + "answer/",
            form={"ticket": number, "csrfmiddlewaretoken": technician.csrf()},
            max_redirects=0,
        )
        assert answer.status == 409, answer.status
        assert clause in answer.text()
        assert desk.rows("SELECT state, ticket_id FROM remote_remotesession") == [("ringing", None)]

        # The technician does not take it; the app is back at its list and nothing was shared.
        technician.page.locator("form[action$='/decline/'] button").first.click()
        computer.read(computer.word("Who should help?"))
        computer.picture(desk.pictures / "app-declined.png")
        assert desk.rows("SELECT state FROM remote_remotesession") == [("ended",)]
        no_invoice(desk, technician, number)
        assert technician.errors == []
