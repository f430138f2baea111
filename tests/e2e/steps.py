"""The steps that every session has, played by both people: the call, the words, a level asked for and given.

What the customer reads and clicks is named by its English original and found in the customer's language, so that a better
translation breaks no story.
"""

import re
from datetime import UTC, datetime

from playwright.sync_api import Page

from e2e.desk import Desk
from e2e.screen import CustomersComputer, eventually
from e2e.technician import AtTheDesk

ALLOW = {
    "look": "Allow looking",
    "point": "Allow pointing",
    "act": "Allow acting",
    "change-many": "Allow many changes",
}
"""The button by which the customer gives a level."""


def request(
    desk: Desk,
    customer: Page,
    choices: dict[str, str],
    subject: str,
    text: str = "",
    slot: datetime | None = None,
    *,
    told: bool = True,
) -> str:
    """The customer asks in the portal; return the number, which they are told by mail unless `told` says otherwise.

    `choices` are radio buttons or lists, by name; `slot` is the beginning of a free hour that is offered.
    """
    customer.goto(desk.url("requests/new/"))
    for name, value in choices.items():
        _choose(customer, name, value)
    if slot is not None:
        customer.locator(f"input[name=slot][value^='{slot.astimezone(UTC).isoformat()}/']").check()
    customer.locator("[name=subject]").fill(subject)
    customer.locator("[name=text]").fill(text)
    customer.locator("aside.preview button.btn-primary").click()
    customer.wait_for_url(re.compile(r"/requests/[^/]+-[0-9]+/$"))
    number = customer.locator("main .num").first.inner_text()
    if told:
        desk.mailbox.text_with(number)
    return number


def _choose(customer: Page, name: str, value: str) -> None:
    """Make a choice of the form, and wait for the cards that it brings with it."""
    field = customer.locator(f"[name={name}]").first
    is_list = field.evaluate("(element) => element.tagName") == "SELECT"
    if not is_list:
        field = customer.locator(f"input[name={name}][value='{value}']")
    chosen = field.input_value() == value if is_list else field.is_checked()
    brings_cards = not chosen and field.get_attribute("data-changes-choices") is not None
    customer.locator("[data-cards=second]").evaluate("(cards) => { cards.dataset.old = 'yes'; }")
    if is_list:
        field.select_option(value)
    else:
        field.check()
    if brings_cards:
        customer.locator("[data-cards=second]:not([data-old])").wait_for(state="attached")


def call(technician: AtTheDesk, computer: CustomersComputer, number: str, name: str) -> None:
    """The customer calls by a double-click on the technician's name; the technician takes the call for a ticket."""
    ring(technician, computer, name)
    technician.answer_call(number)


def ring(technician: AtTheDesk, computer: CustomersComputer, name: str) -> None:
    """The customer double-clicks on a name, and the technician's page rings."""
    computer.read(computer.word("can help"))
    computer.click(name, twice=True)
    technician.page.locator(".ringing").wait_for()


def agree(computer: CustomersComputer) -> None:
    """The customer reads the conditions, ticks each and begins."""
    computer.read(computer.word("Agree and begin"))
    computer.tick_all()
    computer.click(computer.word("Agree and begin"))


def words_of(computer: CustomersComputer) -> str:
    """Return the four words on the customer's screen."""
    computer.read(computer.word("Are the words the same?"))
    found: str = eventually("the four words in the app", computer.words)
    return found


def compare(technician: AtTheDesk, computer: CustomersComputer) -> None:
    """Both read the four words, which are the same, and say so."""
    assert technician.words() == words_of(computer)
    technician.words_are_the_same()
    computer.click(computer.word("The same"))


def connect(technician: AtTheDesk, computer: CustomersComputer, number: str, name: str) -> None:
    """From the double-click to compared words; nothing is granted yet."""
    call(technician, computer, number, name)
    agree(computer)
    compare(technician, computer)


def give(technician: AtTheDesk, computer: CustomersComputer, level: str) -> None:
    """The technician asks for a level, and the customer gives it, with every condition ticked."""
    technician.ask(level)
    computer.read(computer.word(ALLOW[level]))
    computer.tick_all()
    computer.click(computer.word(ALLOW[level]))
    computer.app_is_hidden()
    technician.level_is(level)


def write_into_note(technician: AtTheDesk, computer: CustomersComputer, text: str) -> None:
    """The technician types a text into the note of the accounting program; it is read back there."""
    click_into_note(technician, computer)
    for keys in ("Home", "Shift+End"):
        technician.page.keyboard.press(keys)
    technician.type_on_screen(text)
    eventually(f"“{text}” in the program", lambda: computer.program()["note"] == text)


def click_into_note(technician: AtTheDesk, computer: CustomersComputer) -> None:
    """The technician puts the cursor into the note of the accounting program.

    By way of the field beside it: the program tells when a field gains the keyboard and not when a window of the app takes it away, so only
    a change proves that the keyboard is there now.
    """
    for field in ("contractor", "note"):
        _click_into(field, technician, computer)


def _click_into(field: str, technician: AtTheDesk, computer: CustomersComputer) -> None:
    x, y, width, height = computer.program()["places"][field]
    technician.click_on_screen(x + width // 2, y + height // 2)
    eventually(f"the cursor in the {field}", lambda: computer.program()["focus"] == field)
