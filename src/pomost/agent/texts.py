"""The app's words in the customer's language, by gettext.

It owns the choice of the language and the reading of the catalogues (locale/LANGUAGE/LC_MESSAGES/agent.po, compiled to .mo by
`make`). Where a catalogue has not been compiled the English originals are shown: an app that says nothing would be worse.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from pathlib import Path

from pomost.wire.control import Because, Language

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "agent"

OURS = (Language.EN, Language.PL, Language.RU)
"""All languages the app speaks; the first is for people whose own it does not speak."""

Translate = Callable[[str], str]


def translator(language: Language) -> Translate:
    """What turns an English original into `language`."""
    return gettext.translation(DOMAIN, str(LOCALE), [language.value], fallback=True).gettext


def language_of(environment: Mapping[str, str], offered: tuple[Language, ...]) -> Language:
    """The person's language by LC_ALL, LC_MESSAGES and LANG, if the vendor speaks it; else the vendor's first."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        word = environment.get(name, "")[:2]
        if word in [language.value for language in offered]:
            return Language(word)
    return offered[0] if offered else Language.EN


def reason(_: Translate, why: str, because: Because | None) -> str:
    """Why the desk refuses or ends: its word in the customer's language, else the sentence as it came."""
    return {
        None: why,
        Because.HUNG_UP: _("The call was given up."),
        Because.NOT_TAKEN: _("Nobody took the call within two minutes."),
        Because.PAGE_DID_NOT_OPEN: _("The technician’s page did not open."),
        Because.APP_LOST: _("The link to this computer was away for too long."),
        Because.TECHNICIAN_LOST: _("The technician left and did not come back."),
        Because.WORDS_DIFFER: _(
            "The words differ: somebody may be listening in between. Nothing was shared."
        ),
        Because.BROKEN_PROTOCOL: _("One side sent something that is not allowed, so the session was closed."),
        Because.NOT_STORED: _(
            "The desk could not store what happened, so the session was closed. Call again."
        ),
        Because.RESTARTED: _("The desk was restarted. Call again."),
        Because.OVER: _("That session is over. Call again."),
    }[because]
