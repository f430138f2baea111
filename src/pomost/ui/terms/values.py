"""How single values of terms are written in the language that is active: hours, levels, events, prices, yes and no.

Owns one wording for each word that a terms file may use, so that the document, the differences and the calculator say
the same. Names of packages, services and products are the terms' own, found by their ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final

from babel.dates import get_day_names
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from pomost.people import formats
from pomost.rules.clocks import CLOCK_PREFIX
from pomost.rules.levels import Level
from pomost.rules.money import Money, VatRate, vat_of
from pomost.rules.tariff import Tariff
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import Cell, TariffTerms, Text
from pomost.rules.terms.point import Counted, FeeDue, Price, Remedied, TravelDue, Value, Week
from pomost.ui.parts import LEVEL_WORDS

CELL_WORDS: Final[Mapping[Cell, LazyText]] = {
    Cell.YES: pgettext_lazy("cell", "included"),
    Cell.QUOTA: pgettext_lazy("cell", "counted from the package"),
    Cell.PAID: pgettext_lazy("cell", "paid"),
    Cell.NO: pgettext_lazy("cell", "no"),
    Cell.SOLD_SEPARATELY: pgettext_lazy("cell", "sold separately"),
    Cell.UNSTATED: pgettext_lazy("cell", "not stated: a person decides"),
}

EVENT_WORDS: Final[Mapping[str, LazyText]] = {
    "request.received": gettext_lazy("Received"),
    "request.registered": gettext_lazy("Registered"),
    "request.completed": gettext_lazy("Complete"),
    "notice.accepted": gettext_lazy("Number told"),
    "notice.bounced": gettext_lazy("The notice came back"),
    "work.began": gettext_lazy("Work began"),
    "work.stopped": gettext_lazy("Work was put aside"),
    "answer.proposed": gettext_lazy("Answer proposed"),
    "solution.proposed": gettext_lazy("Solution given"),
    "solution.confirmed": gettext_lazy("Solution confirmed"),
    "solution.rejected": gettext_lazy("Not solved, says the customer"),
    "customer.asked": gettext_lazy("Question to the customer"),
    "customer.answered": gettext_lazy("Answer of the customer"),
    "meter.started": gettext_lazy("The meter starts"),
    "meter.stopped": gettext_lazy("The meter stands still"),
    "estimate.proposed": gettext_lazy("Price named"),
    "estimate.accepted": gettext_lazy("Price accepted"),
    "estimate.declined": gettext_lazy("Price declined"),
    "next.ordered": gettext_lazy("Next service begins"),
    "request.closed": gettext_lazy("Closed"),
}
"""Every event that terms may name (rules/clocks.py)."""

WORDS: Final[Mapping[str, LazyText]] = {
    "customer": pgettext_lazy("who sets severity", "the customer"),
    "technician": pgettext_lazy("who sets severity", "the technician"),
    "with-consent": gettext_lazy("only with the customer's consent"),
    "freely": gettext_lazy("without asking"),
    "working": gettext_lazy("working time"),
    "elapsed": gettext_lazy("all time, nights and holidays included"),
    "metered": gettext_lazy("time on the meter of a session"),
    "may-refuse": gettext_lazy("a service may be refused"),
    "may-end": gettext_lazy("a service may be ended"),
    "agree-paid-work": gettext_lazy("paid work, once its price is agreed"),
    "ask-person": gettext_lazy("a person decides how to go on"),
    "nothing": gettext_lazy("nothing to pay"),
    "worked-time": gettext_lazy("the time already worked is to pay"),
    "after-approval": gettext_lazy("after approval"),
    "no": pgettext_lazy("cell", "no"),
    "none": gettext_lazy("no VAT"),
    "exempt": gettext_lazy("exempt from VAT"),
    "ask-again": gettext_lazy("the customer is asked again"),
    "goes-on": gettext_lazy("it goes on by the same price"),
    "unstated": gettext_lazy("not stated: a person decides"),
    "phone-noted": gettext_lazy("a phone call"),
    "declaration": gettext_lazy("a declaration"),
    "price-accepted": gettext_lazy("consent to the price"),
    "backup-attested": gettext_lazy("a backup copy, confirmed by the customer"),
    "readiness": gettext_lazy("a readiness check"),
    "portal": pgettext_lazy("channel", "portal"),
    "mail": pgettext_lazy("channel", "mail"),
    "phone": pgettext_lazy("channel", "phone"),
    "file": pgettext_lazy("channel", "file"),
    "session": pgettext_lazy("channel", "remote session"),
    "download": pgettext_lazy("channel", "download"),
    "visit": pgettext_lazy("channel", "visit"),
    "text": pgettext_lazy("part of a request", "text"),
    "consent": pgettext_lazy("part of a request", "consent"),
    "choice": pgettext_lazy("part of a request", "choice"),
    "requests": gettext_lazy("in requests"),
    "hours": gettext_lazy("in hours"),
    "plain": gettext_lazy("by time, to the second"),
    "quoted": gettext_lazy("by quotation"),
}
"""Words of the format with one meaning each, wherever they stand."""

SCOPE_WORDS: Final[Mapping[str, LazyText]] = {
    "session": gettext_lazy("counted over a session"),
    "ticket-family": gettext_lazy("counted over a request and a product"),
    "request": gettext_lazy("counted over a request"),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """Writes values of one version of terms in one language, which is the active one."""

    terms: Terms
    language: str

    def named(self, text: Text) -> str:
        """Write a text of the terms."""
        return said(text, self.language)

    def package(self, key: str) -> str:
        """Write a package's name. Raises Unknown."""
        return self.named(self.terms.package(key).name)

    def service(self, key: str) -> str:
        """Write a service's name. Raises Unknown."""
        return self.named(self.terms.service(key).name)

    def family(self, key: str) -> str:
        """Write a product's name. Raises Unknown."""
        return self.named(self.terms.family(key).name)

    def severity(self, key: str) -> str:
        """Write a severity's name. Raises Unknown."""
        return self.named(self.terms.severity(key).name)

    def promise(self, key: str) -> str:
        """Write a promise's name; a key that the terms do not know stays as it is."""
        found = next((each for each in self.terms.promises if each.id == key), None)
        return self.named(found.name) if found else key

    def event(self, name: str) -> str:
        """Write an event, or the stop of another clock."""
        if name.startswith(CLOCK_PREFIX):
            promise = self.promise(name.removeprefix(CLOCK_PREFIX))
            return _("after “%(promise)s”") % {"promise": promise}
        return str(EVENT_WORDS[name])

    def price(self, price: Price | TariffTerms, day: date) -> str:
        """Write a rate in the terms' words, net and with VAT."""
        rate = (price.tariff if isinstance(price, TariffTerms) else price).rate_per_hour
        return self._rate(rate, price.says, price.vat, day)

    def _rate(self, rate: Money | None, says: Text, vat: VatRate | None, day: date) -> str:
        if rate is None:
            return self.named(says)
        return self.named(says).replace("{rate}", money(rate)) + self._gross(rate, vat, day)

    def fee(self, fee: FeeDue, day: date) -> str:
        """Write a one-off fee net and with VAT, and for which services it is due."""
        services = ", ".join(self.service(each) for each in fee.services)
        words = self.named(fee.says).replace("{amount}", money(fee.amount))
        return f"{words}{self._gross(fee.amount, fee.vat, day)} ({services})"

    def travel(self, travel: TravelDue, day: date) -> str:
        """Write what a technician's way costs net and with VAT, and with which services."""
        words = self._rate(travel.rate, travel.says, travel.vat, day)
        services = ", ".join(self.service(each) for each in travel.services)
        return f"{words} ({services})" if services else words

    def _gross(self, net: Money, own: VatRate | None, day: date) -> str:
        vat = self.vat_on(day) if own is None else own
        if vat.percent is None:
            return ""
        gross = net.rounded() + vat_of(net, vat)
        return _(" (%(gross)s with VAT)") % {"gross": money(gross)}

    def vat_on(self, day: date) -> VatRate:
        """Return the VAT rate of a day; none where no prices hold."""
        prices = self.terms.price_list(day)
        return prices.vat if prices else VatRate(None)

    def remedy(self, then: Remedied) -> str:
        """Write what follows when the time of a promise has run out."""
        words = str(WORDS[then.remedy])
        return f"{words}: {self.service(then.service)}" if then.service else words

    def value(self, value: Value, day: date) -> str:
        """Write any value of a point whose kind alone says how; a bare word must be one of WORDS or a name."""
        match value:
            case bool():
                return yes_no(value)
            case Level():
                return level_words(value)
            case Cell():
                return str(CELL_WORDS[value])
            case int():
                return formats.number(value)
            case Decimal():
                return percent(value)
            case timedelta():
                return length(value)
            case date():
                return formats.date_words(value)
            case Money():
                return money(value)
            case Price():
                return self.price(value, day)
            case FeeDue():
                return self.fee(value, day)
            case TravelDue():
                return self.travel(value, day)
            case Remedied():
                return self.remedy(value)
            case Counted():
                return counting(value)
            case str():
                return str(WORDS.get(value, value))
            case tuple():
                return ", ".join(str(WORDS.get(str(each), each)) for each in value)
            case _:
                return self.named(value)


def money(amount: Money) -> str:
    """Write an amount with its currency."""
    return formats.money(amount.amount, amount.currency)


def percent(value: Decimal) -> str:
    """Write a rate of VAT: `23 %`."""
    return f"{formats.number(value)}{formats.NBSP}%"


def yes_no(value: bool) -> str:
    """Write yes or no."""
    return pgettext("answer", "yes") if value else pgettext("answer", "no")


def level_words(level: Level) -> str:
    """Write how far a session may go."""
    return str(LEVEL_WORDS[level.word]) if level is not Level.NONE else pgettext("level", "no connection")


def counting(counted: Counted) -> str:
    """Write how use of a package is counted."""
    multiple = formats.number(counted.multiple.normalize())
    return _("%(unit)s, by %(multiple)s") % {"unit": WORDS[counted.counts], "multiple": multiple}


def counted_words(tariff: Price | Tariff) -> str:
    """Write how time becomes billed time: each started unit, a minimum and steps, or by time; and over what."""
    over = str(SCOPE_WORDS[tariff.scope])
    if tariff.kind == "started-unit":
        words = _("each started %(unit)s") % {"unit": _length(tariff.unit_seconds)}
    elif tariff.kind == "minimum-then":
        words = _("at least %(minimum)s, then each started %(step)s") % {
            "minimum": _length(tariff.minimum_seconds),
            "step": _length(tariff.step_seconds),
        }
    else:
        return str(WORDS[tariff.kind])
    return f"{words}, {over}"


def _length(seconds: int) -> str:
    return length(timedelta(seconds=seconds))


def length(amount: timedelta) -> str:
    """Write a promised or budgeted time, hours and minutes in words: `1 hour 30 minutes`."""
    hours = timedelta(hours=amount // timedelta(hours=1))
    if hours and amount > hours and not amount % timedelta(minutes=1):
        return f"{formats.length_words(hours)} {formats.length_words(amount - hours)}"
    return formats.length_words(amount)


def days(count: int) -> str:
    """Write a number of days."""
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def working_days(count: int) -> str:
    """Write a number of working days."""
    return ngettext("%(count)d working day", "%(count)d working days", count) % {"count": count}


def week_words(week: Week) -> str:
    """Write opening hours of a week, days with the same hours together: `Mon–Fri 9:00–17:00; Sat 10:00–13:00`."""
    by_day = {
        weekday: ", ".join(f"{_clock(opens)}–{_clock(closes)}" for _day, opens, closes in spans)
        for weekday, spans in groupby(week, key=lambda span: span[0])
    }
    if not by_day:
        return _("closed")
    names = get_day_names("abbreviated", locale=formats.current_locale())
    runs: list[tuple[list[int], str]] = []
    for weekday, hours in by_day.items():
        if runs and runs[-1][1] == hours and runs[-1][0][-1] == weekday - 1:
            runs[-1][0].append(weekday)
        else:
            runs.append(([weekday], hours))
    return "; ".join(f"{_run(each, names)} {hours}" for each, hours in runs)


def _run(weekdays: list[int], names: Mapping[int, str]) -> str:
    first, last = names[weekdays[0]], names[weekdays[-1]]
    return first if len(weekdays) == 1 else f"{first}–{last}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def anchor_of(clause: str) -> str:
    """Return the name under which a clause can be linked to within the page of its terms."""
    return f"c-{clause}"
