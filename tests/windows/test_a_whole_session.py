"""A Polish customer at Windows calls; the technician looks, writes in a notepad, is stopped by the hot key, and is gone after the end.

The app is the one of the zip, under Wine; the desk, the engine and the technician's browser are the real ones. The notepad's text is read from its own
window. What Wine cannot show is listed in docs/operate/windows.md.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from e2e.desk import OpensDesk
from e2e.screen import PATIENCE_S, NotThere, eventually
from e2e.steps import connect, give, request
from e2e.technician import AtTheDesk
from windows.computer import WindowsComputer

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("screen")]

POLISH = "Zażółć gęślą jaźń: 1300,50 zł (§ 4)"
RUSSIAN = "«Квартплата» ёж № 77 – 1300 ₽"
TECHNICIAN = "Ewa Przykładowa"


def reach_notepad(technician: AtTheDesk, computer: WindowsComputer) -> None:
    """The technician clicks into the notepad and types a letter, and again until it arrives.

    The customer has just clicked, and for half a second their own hand wins over all that the technician does.
    """
    x, y, width, height = computer.notepad()["place"]

    def a_letter_arrives() -> bool:
        before = computer.notepad()["text"]
        technician.click_on_screen(x + width // 2, y + height // 2)
        technician.type_on_screen("x")
        try:
            eventually("another text", lambda: computer.notepad()["text"] != before, PATIENCE_S)
        except NotThere:
            return False
        return True

    eventually("a letter in the notepad", a_letter_arrives)


def write_into_notepad(technician: AtTheDesk, computer: WindowsComputer, text: str) -> None:
    """The technician replaces what stands in the notepad; it is read back from the window itself."""
    reach_notepad(technician, computer)
    technician.page.keyboard.press("Control+a")
    technician.type_on_screen(text)
    eventually(f"“{text}” in the notepad", lambda: computer.notepad()["text"] == text)


def test_a_whole_session_on_windows(
    browser: Browser,
    desk_of: OpensDesk,
    windows_computer_of: Callable[[str], WindowsComputer],
) -> None:
    with (
        desk_of("satisoft", "2026-06-11T09:00:00+02:00") as desk,
        windows_computer_of("pl") as computer,
    ):
        customer = desk.sign_in(browser, "customer@example.org", "pl")
        number = request(desk, customer, {"family": "subiekt"}, "Baza działa coraz wolniej")
        technician = AtTheDesk(desk, desk.sign_in(browser, "staff@example.org", "pl"))
        technician.open_ticket(number)
        technician.do("take")
        technician.see_board()
        computer.start_program()
        computer.start_app(desk.clock_file, desk.url())
        computer.read(computer.word("Who should help?"))
        computer.picture(desk.pictures / "app-list.png")

        # The double-click, the conditions, the words: nothing is shown yet.
        connect(technician, computer, number, TECHNICIAN)
        technician.level_is_nothing()

        # Looking: every pixel of the Windows desktop.
        give(technician, computer, "look")
        technician.picture_is_exact()
        desk.picture(technician.page, "look")

        # Acting: both languages arrive in the notepad as typed, and a sign that no keyboard has.
        give(technician, computer, "act")
        for text in (POLISH, RUSSIAN):
            write_into_notepad(technician, computer, text)
        desk.picture(technician.page, "typed")
        computer.picture(desk.pictures / "app-typed.png")

        # The customer takes it back by the hot key. What the technician types now goes nowhere, until a new click.
        computer.press("ctrl+alt+Pause")
        technician.level_is_nothing()
        technician.type_on_screen("za późno")
        desk.picture(technician.page, "withdrawn")
        give(technician, computer, "look")
        give(technician, computer, "act")
        assert computer.notepad()["text"] == RUSSIAN
        write_into_notepad(technician, computer, POLISH)

        # The end is the customer's click on the bar, and nothing is accepted any more.
        computer.end_by_the_bar()
        computer.read(computer.word("Nobody can return without your consent."))
        computer.picture(desk.pictures / "app-ended.png")
        technician.session_is_over()
        technician.page.keyboard.type("i tak nie")
        desk.picture(technician.page, "session-over")
        computer.click(computer.word("Back to the list"))
        computer.read(computer.word("Who should help?"))
        assert computer.notepad()["text"] == POLISH
        assert technician.errors == []

        # The customer's own way in: the .exe, with the vendor's address in the file beside it.
        computer.start_exe(desk.url())
        eventually("the window of Pomost.exe", lambda: len(computer.titles("SatiSoft")) == 2)
        computer.picture(desk.pictures / "app-exe.png")
