"""A Polish customer, started hours, a quote before the second hour: from the request to the invoice (golden case G-S1)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from e2e.desk import OpensDesk
from e2e.papers import invoice_text
from e2e.screen import CustomersComputer, eventually
from e2e.technician import AtTheDesk

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("screen")]

WORD = "Zażółć gęślą jaźń"


def test_a_polish_request_becomes_an_invoice(
    browser: Browser,
    desk_of: OpensDesk,
    computer_of: Callable[[str], CustomersComputer],
) -> None:
    with desk_of("satisoft", "2026-06-11T09:00:00+02:00") as desk, computer_of("pl") as computer:
        # The customer asks in the portal and is told the number by mail.
        customer = desk.sign_in(browser, "customer@example.org", "pl")
        desk.picture(customer, "customer-start")
        customer.goto(desk.url("requests/new/"))
        customer.locator("input[name=family][value=subiekt]").check()
        customer.locator("[name=subject]").fill("VAT na fakturze 406 nie zgadza się z ewidencją")
        customer.locator("[name=text]").fill("Różnica wynosi 5 groszy.")
        expect(customer.locator("[data-preview-part]")).to_contain_text("200,00")
        desk.picture(customer, "new-request")
        customer.locator("aside.preview button.btn-primary").click()
        customer.wait_for_url(re.compile(r"/requests/Z-\d{4}/$"))
        number = customer.url.rstrip("/").rsplit("/", 1)[1]
        assert number in desk.mailbox.text_with(number)
        desk.picture(customer, "request-registered")

        # The technician takes it and they speak on the phone.
        technician = AtTheDesk(desk, desk.sign_in(browser, "staff@example.org", "pl"))
        technician.see_board()
        expect(technician.page.locator("#board")).to_contain_text(number)
        desk.picture(technician.page, "board")
        technician.open_ticket(number)
        technician.do("take")
        desk.picture(technician.page, "ticket")
        technician.see_board()

        # The customer starts the app, picks the name, and the call rings at the desk.
        computer.start_program()
        computer.start_app(desk.clock_file, desk.url())
        computer.read("może pomóc")
        computer.picture(desk.pictures / "app-list.png")
        computer.click("Ewa Przykładowa", twice=True)
        technician.page.locator(".ringing").wait_for()
        desk.picture(technician.page, "ringing")
        technician.answer_call(number)

        # The price is accepted, the words are compared; only then anything can be asked.
        computer.read("200,00")
        computer.tick("Akceptuję cenę")
        computer.picture(desk.pictures / "app-before.png")
        computer.click("Zgadzam się, zacznij")
        assert technician.words() == eventually(
            "the words in the app", lambda: computer.reads("Czy słowa") and computer.words()
        )
        computer.picture(desk.pictures / "app-words.png")
        desk.picture(technician.page, "words")
        technician.words_are_the_same()
        computer.click("Takie same")

        # Look: the picture comes with the click, exact to the pixel.
        technician.ask("look")
        computer.read("Pokaż ekran")
        computer.picture(desk.pictures / "app-look.png")
        computer.click("Pokaż ekran")
        technician.level_is("look")
        technician.picture_is_exact()
        desk.picture(technician.page, "look")

        # Looking moves nothing.
        x, y, width, height = computer.program()["places"]["note"]
        before = computer.program()["note"]
        technician.click_on_screen(x + width // 2, y + height // 2)
        technician.type_on_screen("nic")

        # Act: a word is typed into the accounting program and read back there.
        technician.ask("act")
        computer.read("Pozwól działać")
        computer.picture(desk.pictures / "app-act.png")
        computer.click("Pozwól działać")
        technician.level_is("act")
        assert computer.program()["note"] == before
        technician.click_on_screen(x + width // 2, y + height // 2)
        eventually("the cursor in the note", lambda: computer.program()["focus"] == "note")
        technician.page.keyboard.press("Control+a")
        technician.type_on_screen(WORD)
        eventually(
            f"“{WORD}” in the program, which shows {computer.program()['note']!r}",
            lambda: computer.program()["note"] == WORD,
        )
        desk.picture(technician.page, "act")
        computer.picture(desk.pictures / "app-bar.png")

        # The customer takes it back by the hot key: nothing more gets through, until a new click.
        computer.press("ctrl+alt+Pause")
        expect(technician.page.locator(".ladder [data-level=act]")).not_to_have_class(re.compile(r"\bon\b"))
        technician.type_on_screen("za późno")
        desk.picture(technician.page, "withdrawn")
        technician.ask("look")
        computer.click("Pokaż ekran")
        technician.level_is("look")
        technician.ask("act")
        computer.click("Pozwól działać")
        technician.level_is("act")
        assert computer.program()["note"] == WORD

        # Before the first hour is over the price of the second is named and accepted, side by side with zero.
        desk.clock.forward(timedelta(minutes=50))
        technician.meter_shows("0:50")
        technician.send_estimate("0.5", "Poprawa ewidencji za kwiecień")
        computer.read("Kontynuować za tę cenę?")
        computer.read("400,00")
        computer.read("0,00")
        computer.picture(desk.pictures / "app-estimate.png")
        computer.click("Zaakceptuj cenę")
        computer.app_is_hidden()
        technician.meter_runs()
        desk.clock.forward(timedelta(minutes=29, seconds=30))
        technician.meter_shows("1:19")
        desk.picture(technician.page, "second-hour")

        # The end is the customer's click, and nobody comes back.
        computer.end_by_the_bar()
        computer.read("Nikt nie wróci bez Twojej zgody")
        computer.picture(desk.pictures / "app-ended.png")
        technician.session_is_over()
        desk.picture(technician.page, "session-over")

        # No invoice before the solution is confirmed.
        technician.page.goto(desk.url("console/invoices/"))
        expect(technician.page.locator("input[name=ticket]")).to_have_count(0)
        technician.open_ticket(number)
        technician.do("solve", text="Ewidencja poprawiona, faktura 406 się zgadza.")
        customer.goto(desk.url(f"requests/{number}/"))
        desk.picture(customer, "solution")
        customer.locator("form[action$='/confirm/'] button").click()
        customer.wait_for_load_state()
        technician.page.goto(desk.url("console/invoices/"))
        desk.picture(technician.page, "may-be-invoiced")
        technician.page.locator("form[action$='/invoices/new/'] button").click()
        technician.page.wait_for_load_state()

        # G-S1: 80 minutes are two started hours.
        customer.goto(desk.url("documents/"))
        expect(customer.locator("main")).to_contain_text("492,00")
        desk.picture(customer, "documents")
        text = invoice_text(desk, customer, desk.pictures)
        assert "400,00" in text
        assert "492,00" in text
        assert "czterysta dziewięćdziesiąt dwa złote 00/100" in text
        assert technician.errors == []
