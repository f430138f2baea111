"""What a sentence is made of: the fact, what it is about, and the words for moments, amounts and levels."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from pomost.people import formats
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import GateKind
from pomost.tickets.models import Ticket

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as a line of the timeline."""

    text: str
    icon: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What a sentence may need besides the fact's own data."""

    ticket: Ticket
    terms: Terms
    names: Mapping[str, str]
    language: str

    def technician(self, key: object) -> str:
        """Return a technician's name."""
        return self.names.get(f"technician:{key}", "")

    def severity(self, key: str) -> str:
        """Return the name of a severity."""
        return said(self.terms.severity(key).name, self.language) if key else ""

    def package(self, key: str) -> str:
        """Return the name of a package."""
        return said(self.terms.package(key).name, self.language) if key else "–"

    def parts(self, keys: list[str]) -> str:
        """Return the names of parts of a request."""
        names = {part.id: said(part.name, self.language) for part in self.terms.parts}
        return ", ".join(names.get(key, key) for key in keys)

    def consent(self, kind: str) -> str:
        """Return what a consent is about: a question of the desk's own, a gate or a part of the request."""
        asked = {
            "estimate": _("the price of going on"),
            "severity": _("another severity"),
            "solution": _("the solution"),
            "travel": _("the price of the travel"),
            "visit": _("the day of the visit"),
        }
        gates = {
            GateKind.PHONE_NOTED: _("talking before the connection"),
            GateKind.DECLARATION: _("these terms"),
            GateKind.PRICE_ACCEPTED: _("the price"),
            GateKind.BACKUP_ATTESTED: _("the backup before the session"),
            GateKind.READINESS: _("the check of the programs"),
        }
        asked |= {gate.id: gates[gate.kind] for gate in self.terms.gates}
        return asked.get(kind) or self.parts([kind])

    def promise(self, key: str) -> str:
        """Return the name of a promise."""
        return next((said(each.name, self.language) for each in self.terms.promises if each.id == key), key)

    def moment(self, written: str) -> str:
        """Return a moment of the fact in the vendor's zone, with its day."""
        return moment_words(datetime.fromisoformat(written))


Writer = Callable[[Data, About], Told]


def plain(text: Callable[[], str], icon: str, *, is_bad: bool = False) -> Callable[[Data, About], Told]:
    """Return a writer for a fact whose sentence needs no data. `text` is called late, when the language is known."""
    return lambda data, about: Told(text(), icon, is_bad)


def moment_words(at: datetime) -> str:
    """Return a moment with its day, in the current zone and language; it is read later, so no day is left out."""
    return f"{formats.day(at, at)}, {formats.clock_time(at)}"


def last_day_words(midnight: datetime) -> str:
    """Return the day that a midnight ends: people read "by the end of Thursday", not "Friday, 0:00"."""
    return formats.day(midnight - timedelta(seconds=1), midnight)


def quantity_words(amount: Decimal, unit: str) -> str:
    """Return an amount of a quota that no line breaks: `1 request`, `0.5 h`."""
    count = formats.number(amount)
    if unit == "hours":
        words = _("%(amount)s h") % {"amount": count}
    else:
        words = ngettext("%(count)s request", "%(count)s requests", int(amount)) % {"count": count}
    return words.replace(" ", formats.NBSP)


def level_words(level: str) -> str:
    """Return the name of a session's level in the middle of a sentence."""
    known = {
        "none": pgettext("level", "nothing"),
        "look": pgettext("level", "look"),
        "point": pgettext("level", "point"),
        "act": pgettext("level", "act"),
        "change-many": pgettext("level", "change many"),
    }
    return known[level]
