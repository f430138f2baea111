"""A Russian customer orders a direct connection ahead: a backup before control, a fee once (golden case G-B2)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.desk import Desk, OpensDesk
from e2e.papers import invoice_text
from e2e.screen import CustomersComputer
from e2e.steps import agree, compare, connect, give, request, ring, write_into_note
from e2e.technician import AtTheDesk

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("screen")]

TYPED = "«Квартплата» ёж 1300 ₽"
CONSULTANT = "Лидия Выдумкина"
SLOT = datetime.fromisoformat("2026-06-17T10:00:00+03:00")


def work_for(desk: Desk, technician: AtTheDesk, minutes: int) -> None:
    """Let a running session last so many started minutes since its first grant."""
    ((granted,),) = desk.rows("SELECT max(first_grant_at) FROM remote_remotesession")
    begun = datetime.fromisoformat(granted).replace(tzinfo=UTC)
    desk.clock.forward_to(begun + timedelta(minutes=minutes - 1, seconds=10))
    technician.meter_shows(f"{(minutes - 1) // 60}:{(minutes - 1) % 60:02}")


def invoiced(desk: Desk, technician: AtTheDesk, customer: Page, number: str, folder: Path) -> str:
    """Solve, let the customer confirm, invoice; return what stands on the invoice."""
    technician.open_ticket(number)
    technician.do("solve", text="Начисления пересчитаны, квитанции сходятся.")
    customer.goto(desk.url(f"requests/{number}/"))
    customer.locator("form[action$='/confirm/'] button").click()
    customer.wait_for_load_state()
    technician.page.goto(desk.url("console/invoices/"))
    technician.page.locator("form[action$='/invoices/new/'] button").click()
    technician.page.wait_for_load_state()
    return invoice_text(desk, customer, folder)


def test_a_connection_ordered_ahead_is_charged_with_its_fee_once(
    browser: Browser,
    desk_of: OpensDesk,
    computer_of: Callable[[str], CustomersComputer],
    tmp_path: Path,
) -> None:
    with desk_of("bonus", "2026-06-16T11:00:00+03:00") as desk, computer_of("ru") as computer:
        # The day before: ordered in the portal for a free hour of one's own consultant.
        customer = desk.sign_in(browser, "customer@example.org", "ru")
        number = request(
            desk,
            customer,
            {"service": "direct-connection"},
            "Начисление за отопление посчитано дважды",
            slot=SLOT,
        )
        agreed = desk.mailbox.text_with("10:00")
        assert number in agreed
        assert CONSULTANT in agreed
        expect(customer.locator("main")).to_contain_text("10:00–11:00")
        desk.picture(customer, "ordered")

        # On the day the customer calls from the app; the number of the request stands first.
        desk.clock.forward_to(SLOT - timedelta(minutes=1))
        technician = AtTheDesk(desk, desk.sign_in(browser, "staff@example.org", "ru"))
        technician.see_board()
        expect(technician.page.locator(f"[data-ticket='{number}']")).to_contain_text("10:00")
        desk.picture(technician.page, "board")
        computer.start_program()
        computer.start_app(desk.clock_file, desk.url())
        computer.read(computer.word("Who should help?"))
        computer.picture(desk.pictures / "app-list.png")
        ring(technician, computer, CONSULTANT)
        technician.page.locator(".ringing a.btn-primary").click()
        desk.picture(technician.page, "call")
        technician.see_board()
        technician.answer_call(number)

        # The price with the fee is accepted, the words are compared, the screen is shown.
        computer.read("4 000,00")
        agree(computer)
        computer.picture(desk.pictures / "app-words.png")
        compare(technician, computer)
        give(technician, computer, "look")
        technician.picture_is_exact()
        desk.picture(technician.page, "look")

        # Mouse and keyboard wait for the backup: without it there is no yes, and silence or a no changes nothing.
        technician.ask("act")
        allow = computer.word("Allow acting")
        assert computer.read(allow)["state"] == "disabled"
        computer.read("Копия данных сделана до сеанса")
        computer.picture(desk.pictures / "app-backup.png")
        computer.click_at(*computer.middle_of(allow))
        computer.click(computer.word("Don’t allow"))
        technician.is_told("refused")
        technician.level_is("look")
        assert desk.rows("SELECT count(*) FROM tickets_consent WHERE kind = 'backup'") == [(0,)]
        give(technician, computer, "act")
        ((accepted, channel, text),) = desk.rows(
            "SELECT accepted, channel, text FROM tickets_consent WHERE kind = 'backup'"
        )
        assert (accepted, channel) == (1, "app")
        assert text == "Копия данных сделана до сеанса: связь может прерваться."

        # Russian text, Polish quotes of another alphabet and a sign that no layout has arrive as typed.
        write_into_note(technician, computer, TYPED)
        desk.picture(technician.page, "typed")
        computer.picture(desk.pictures / "app-typed.png")

        # 95 minutes later the technician ends it; nothing more gets through.
        work_for(desk, technician, 95)
        technician.end()
        technician.session_is_over()
        computer.read(computer.word("Nobody can return without your consent."))
        computer.picture(desk.pictures / "app-ended.png")
        desk.picture(technician.page, "session-over")
        ((seconds,),) = desk.rows("SELECT worked_seconds FROM worklog_entry")
        assert 94 * 60 < seconds <= 95 * 60
        assert computer.program()["note"] == TYPED

        # G-B2: the fee, the minimum and the minutes above it; no VAT; each line with its clause.
        text = invoiced(desk, technician, customer, number, tmp_path)
        desk.picture(customer, "documents")
        for part in ("4 000,00", "2 058,33", "6 058,33", "§ 3.3.1", "§ 3.3 ·", "Без НДС"):
            assert part in text, text
        assert "Шесть тысяч пятьдесят восемь рублей 33 копейки" in text, text

        # The second time is noted by phone and booked by the dispatcher: the minimum of an hour, and no fee again.
        second = technician.note_call("direct-connection", "Сверка лицевых счетов")
        today = desk.clock.now().astimezone(SLOT.tzinfo)
        technician.do("book", technician="0", starts_at=f"{today:%Y-%m-%d}T14:00", minutes="60")
        expect(technician.page.locator("main")).to_contain_text("14:00")
        desk.picture(technician.page, "booked")
        desk.clock.forward_to(today.replace(hour=14, minute=0))
        technician.see_board()
        computer.click(computer.word("Back to the list"))
        connect(technician, computer, second, CONSULTANT)
        give(technician, computer, "look")
        work_for(desk, technician, 20)
        technician.end()
        technician.session_is_over()
        text = invoiced(desk, technician, customer, second, tmp_path)
        assert "1 300,00" in text
        assert "4 000,00" not in text
        assert "Одна тысяча триста рублей 00 копеек" in text, text
        assert desk.rows("SELECT gross FROM billing_invoice ORDER BY id") == [(6058.33,), (1300,)]
        assert technician.errors == []
