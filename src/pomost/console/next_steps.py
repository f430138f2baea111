"""The next step of a ticket in words, and what a press of its button does.

Which step is next is tickets.queries' decision; here it only gets its sentence and its button (look.md: one filled
button a view, the next step that the terms ask for).
"""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pomost.tickets.queries import NextStep

STEP_WORDS: Final[dict[NextStep, Promise]] = {
    NextStep.COMPLETE: _("Ask for what is missing"),
    NextStep.NUMBER_ON_ITS_WAY: _("The mail with the number is on its way"),
    NextStep.TELL_NUMBER: _("Tell the number by phone"),
    NextStep.CALL_WITH_NUMBER: _("Call: the mail is not getting through"),
    NextStep.CHECK_PACKAGE: _("Check the package"),
    NextStep.DECIDE: _("Decide: the terms do not say"),
    NextStep.TAKE: _("Take it"),
    NextStep.BEGIN_WORK: _("Begin the work"),
    NextStep.RESTRICTED: _("Support is restricted"),
    NextStep.PROPOSE_ANSWER: _("Propose an answer"),
    NextStep.SOLVE: _("Find the solution"),
    NextStep.AWAIT_CUSTOMER: _("The customer answers"),
    NextStep.AWAIT_SEVERITY: _("The customer decides on the severity"),
    NextStep.BOOKED: _("The time is agreed"),
    NextStep.PROPOSE_VISIT: _("Propose the day of the visit"),
    NextStep.AGREE_PRICE: _("Name the price of going on"),
    NextStep.AWAIT_PRICE: _("The customer decides on the price"),
    NextStep.PRICE_DECLINED: _("The price was declined: name another, or close it"),
    NextStep.DECIDE_OVERRUN: _("Decide how to go on"),
    NextStep.AWAIT_CONFIRMATION: _("The customer confirms the solution"),
    NextStep.INVOICE_MAY_FOLLOW: _("The invoice can be made"),
    NextStep.DONE: _("Nothing more to do"),
}


@dataclass(frozen=True, slots=True)
class Todo:
    """The bar over the conversation: what is next, why, and the one button that does it."""

    icon: str
    title: str
    text: str
    button: str = ""
    verb: str = ""
    """Last part of the address that the button posts to; empty where the customer is next."""
    asks_when: bool = False
    """The press may be about an earlier moment, which can be given."""
    again: bool = False
    """The mail with the number can be sent again."""


BUTTONS: Final[dict[NextStep, tuple[str, Promise, str]]] = {
    NextStep.TELL_NUMBER: ("phone", _("Number told"), "told"),
    NextStep.CALL_WITH_NUMBER: ("phone", _("Number told"), "told"),
    NextStep.CHECK_PACKAGE: ("scale", _("The package was shown"), "package"),
    NextStep.TAKE: ("user-check", _("Take"), "take"),
    NextStep.BEGIN_WORK: ("play", _("Begin the work"), "begin"),
}
"""Icon, button and verb of the steps that one press does; the others are done by writing something."""

TITLES: Final[dict[NextStep, Promise]] = {
    NextStep.TELL_NUMBER: _("The customer does not know the number yet"),
    NextStep.CALL_WITH_NUMBER: _("The customer does not know the number yet"),
    NextStep.CHECK_PACKAGE: _("The package has not been shown"),
    NextStep.DECIDE: _("The terms do not say whether this is included"),
    NextStep.TAKE: _("Nobody has taken it yet"),
    NextStep.BEGIN_WORK: _("The work has not begun"),
    NextStep.RESTRICTED: _("Support is restricted: no work begins"),
    NextStep.AGREE_PRICE: _("The promised time is over: name the price of going on"),
    NextStep.AWAIT_PRICE: _("The promised time is over: the customer decides on the price"),
    NextStep.PRICE_DECLINED: _("The customer declined the price"),
    NextStep.DECIDE_OVERRUN: _("The promised time is over, and the terms do not say what then"),
}
"""How things stand where the button already says what to do."""

ICONS: Final[dict[NextStep, str]] = {
    NextStep.COMPLETE: "file-text",
    NextStep.NUMBER_ON_ITS_WAY: "mail",
    NextStep.DECIDE: "scale",
    NextStep.RESTRICTED: "lock",
    NextStep.PROPOSE_ANSWER: "message-square",
    NextStep.SOLVE: "flag",
    NextStep.AWAIT_CUSTOMER: "hourglass",
    NextStep.AWAIT_SEVERITY: "scale",
    NextStep.BOOKED: "calendar-check",
    NextStep.PROPOSE_VISIT: "calendar",
    NextStep.AGREE_PRICE: "wallet",
    NextStep.AWAIT_PRICE: "wallet",
    NextStep.PRICE_DECLINED: "wallet",
    NextStep.DECIDE_OVERRUN: "scale",
    NextStep.AWAIT_CONFIRMATION: "hourglass",
    NextStep.INVOICE_MAY_FOLLOW: "receipt-text",
    NextStep.DONE: "check",
}


def step_icon(step: NextStep) -> str:
    """Return the icon of a step, a name in ui/icons.txt."""
    return BUTTONS[step][0] if step in BUTTONS else ICONS[step]
