"""A whole version of terms as a document for the customer: sections of lines and tables, each with its clause.

Owns the order and the sentences; the sentences of clauses are the terms' own. It leaves nothing out that the file says,
and says of what is not stated that it is not stated. The page draws it, the command prints it. Values are values.py's.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pomost.people import formats
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import PriceList, PromiseTerms, Service
from pomost.rules.terms.point import Counted, FeeDue, Remedied, TravelDue
from pomost.rules.terms.points import vat_value
from pomost.ui.terms.values import (
    CELL_WORDS,
    WORDS,
    Wording,
    counted_words,
    counting,
    days,
    length,
    level_words,
    week_words,
    working_days,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the terms say."""

    label: str
    text: str = ""
    clause: str = ""
    """Id of the clause; empty where there is none to name."""
    assumed: str = ""
    """Id of the assumption, where the vendor never said it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, with the clause behind it."""

    cells: tuple[str, ...]
    clause: str = ""
    assumed: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """What stands beside the row's head."""
        return self.cells[1:]

    @property
    def is_same(self) -> bool:
        """Whether it is the same for every package."""
        return len(self.values) > 1 and len(set(self.values)) == 1


@dataclass(frozen=True, slots=True)
class Table:
    """Things against packages."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One chapter of the document."""

    key: str
    title: str
    lines: tuple[Line, ...] = ()
    table: Table | None = None
    note: str = ""


def document(terms: Terms, language: str, *, on: date) -> list[Section]:
    """Return the terms as a document in the active language, which is `language`.

    Prices are those from the vendor's day `on`: the list of that day and the later ones.
    """
    say = Wording(terms, language)
    sections = [
        *(Section(key, title(), tuple(lines(say))) for key, title, lines in _BEFORE),
        _matrix(say),
        _severities(say),
        *_promises(say),
        *(Section(key, title(), tuple(lines(say))) for key, title, lines in _BETWEEN),
        *_prices(say, on),
        *(Section(key, title(), tuple(lines(say))) for key, title, lines in _AFTER),
    ]
    return [each for each in sections if each.lines or (each.table and each.table.rows)]


def _packages(say: Wording) -> Iterator[Line]:
    for each in say.terms.packages:
        notes = []
        if each.default:
            notes.append(_("serves whoever has no other"))
        if each.if_not_shown:
            notes.append(
                _("who cannot show it is served as: %(package)s")
                % {"package": say.package(each.if_not_shown)}
            )
        elif not each.default and len(say.terms.packages) > 1:
            notes.append(_("who cannot show it: not stated, a person decides"))
        yield Line(say.named(each.name), "; ".join(notes), each.clause, each.assumed or "")


def _matrix(say: Wording) -> Section:
    packages = say.terms.packages
    rows = tuple(
        Row(
            (say.service(row.service), *(str(CELL_WORDS[row.cells[each.id]]) for each in packages)),
            row.clause,
            row.assumed or "",
        )
        for row in say.terms.matrix
    )
    head = (_("Service"), *(say.named(each.name) for each in packages))
    return Section("matrix", _("What is included"), table=Table(head, rows))


def _services(say: Wording) -> Iterator[Line]:
    for each in say.terms.services:
        yield Line(say.named(each.name), "; ".join(_of_service(each, say)), each.clause, each.assumed or "")
    if say.terms.version_rule is not None:
        rule = say.terms.version_rule
        text = _("only known solutions, and the advice to update")
        yield Line(_("Outdated versions of the product"), text, rule.clause, rule.assumed or "")


def _of_service(service: Service, say: Wording) -> Iterator[str]:
    yield ", ".join(str(WORDS[each.value]) for each in service.channels)
    if service.level:
        yield _("connection up to: %(level)s") % {"level": level_words(service.level)}
    if service.families:
        yield _("for: %(products)s") % {"products": ", ".join(say.family(each) for each in service.families)}
    if service.booked_clause:
        yield _("at an agreed time (§ %(clause)s)") % {"clause": service.booked_clause}
    if service.outdated_stays:
        yield _("also for outdated versions")
    if service.gates:
        gates = (str(WORDS[say.terms.gate(each).kind.value]) for each in service.gates)
        yield _("first: %(gates)s") % {"gates": ", ".join(gates)}


def _severities(say: Wording) -> Section:
    lines = [
        Line(say.named(each.name), say.named(each.definition), each.clause) for each in say.terms.severities
    ]
    rule = say.terms.severity_rule
    if rule is not None:
        lines.append(Line(_("Who sets the severity"), str(WORDS[rule.set_by]), rule.clause))
        lines.append(Line(_("How a severity may be changed"), str(WORDS[rule.change]), rule.clause))
    return Section("severities", _("Severity"), tuple(lines))


def _promises(say: Wording) -> Iterator[Section]:
    for each in say.terms.promises:
        yield Section(
            f"promise-{each.id}",
            _("Promise: %(name)s") % {"name": say.named(each.name)},
            tuple(_of_promise(each, say)),
            _amounts(each, say),
        )


def _amounts(promise: PromiseTerms, say: Wording) -> Table:
    packages, severities = say.terms.packages, [each.id for each in say.terms.severities]
    by_severity = any(promise.by_severity(each.id) for each in packages)
    rows = tuple(
        Row(
            (
                say.severity(severity) if severity else _("Time"),
                *(_amount(promise.amount(each.id, severity)) for each in packages),
            ),
            promise.clause,
        )
        for severity in (severities if by_severity else [None])
    )
    head = (_("Severity") if by_severity else "", *(say.named(each.name) for each in packages))
    return Table(head, rows)


def _amount(amount: timedelta | None) -> str:
    return length(amount) if amount is not None else _("nothing promised")


def _of_promise(promise: PromiseTerms, say: Wording) -> Iterator[Line]:
    starts = ", ".join(say.event(each) for each in promise.starts)
    stops = ", ".join(say.event(each) for each in promise.stops)
    yield Line(_("The clock runs"), f"{starts} → {stops}", promise.clause, promise.assumed or "")
    counted = str(WORDS[promise.time])
    if promise.hours is not None:
        hours = next(each for each in say.terms.hours if each.id == promise.hours)
        counted = f"{counted}: {_hours(hours.id, say)}"
        yield Line(_("What counts"), counted, hours.clause, hours.assumed or "")
    else:
        yield Line(_("What counts"), counted, promise.clause)
    if promise.pauses:
        pauses = ", ".join(say.event(each) for each in promise.pauses)
        resumes = ", ".join(say.event(each) for each in promise.resumes)
        yield Line(_("It stands still"), f"{pauses} → {resumes}", promise.clause)
    if promise.reopens:
        yield Line(
            _("It runs on again"), ", ".join(say.event(each) for each in promise.reopens), promise.clause
        )
    for then in promise.aftermaths:
        packages = ", ".join(say.package(each) for each in then.packages)
        text = say.remedy(Remedied(then.remedy.value, then.service))
        yield Line(_("When the time is over (%(packages)s)") % {"packages": packages}, text, then.clause)


def _hours(key: str, say: Wording) -> str:
    """Write the opening hours of a calendar, its zone and whether public holidays are closed."""
    calendar = say.terms.calendar(key)
    week = tuple(
        (day, opens, closes) for day in sorted(calendar.week) for opens, closes in calendar.week[day]
    )
    holidays = (
        _("closed on public holidays")
        if calendar.confirmed_until is not None
        else _("open on public holidays as well")
    )
    return f"{week_words(week)}; {calendar.zone}; {holidays}"


def _calendars(say: Wording) -> Iterator[Line]:
    for each in say.terms.hours:
        yield Line(say.named(each.name), _hours(each.id, say), each.clause, each.assumed or "")


def _requests(say: Wording) -> Iterator[Line]:
    if say.terms.request_rule is not None:
        rule = say.terms.request_rule
        text = ngettext("%(count)d task", "%(count)d tasks", rule.tasks) % {"count": rule.tasks}
        yield Line(_("One request holds"), text, rule.clause)
    for part in say.terms.parts:
        services = ", ".join(say.service(each) for each in part.services) or _("every service")
        yield Line(say.named(part.name), _("needed for: %(services)s") % {"services": services}, part.clause)


def _gates(say: Wording) -> Iterator[Line]:
    for gate in say.terms.gates:
        notes = [say.named(gate.text).replace("{price}", _("the price, in figures"))]
        notes.append(_("before: %(level)s") % {"level": level_words(gate.before)})
        if gate.waivable:
            notes.append(_("the customer may go on without it, knowingly"))
        yield Line(str(WORDS[gate.kind.value]), "; ".join(notes), gate.clause, gate.assumed or "")


def _prices(say: Wording, on: date) -> Iterator[Section]:
    lists = [each for each in say.terms.price_lists if each.valid_until is None or each.valid_until >= on]
    held = say.terms.price_list(on)
    later = [each for each in lists if each is held or each.valid_from > on] or lists
    for prices in later:
        day = max(prices.valid_from, min(on, prices.valid_until or on))
        yield Section(
            f"prices-{prices.valid_from}",
            _("Prices from %(day)s") % {"day": formats.date_words(prices.valid_from)},
            tuple(_of_list(prices, say, day)),
            note=_("The rates are examples: the vendor has published none.") if prices.sample else "",
        )


def _of_list(prices: PriceList, say: Wording, day: date) -> Iterator[Line]:
    for each in prices.tariffs:
        tariff = each.tariff
        label = say.named(each.name)
        text = "; ".join((say.price(each, day), counted_words(tariff), *_for_whom(each.packages, say)))
        yield Line(label, text, tariff.clause, each.assumed or "")
    for fee in prices.fees:
        due = FeeDue(fee.fee.amount, fee.fee.per, fee.kind, fee.name, fee.says, fee.services, fee.vat)
        text = _("%(fee)s; once for each customer") % {"fee": say.fee(due, day)}
        yield Line(say.named(fee.name), text, fee.fee.clause, fee.assumed or "")
    for way in prices.travels:
        costs = TravelDue(way.travel.rate, way.travel.per, way.name, way.says, way.services, way.vat)
        yield Line(say.named(way.name), say.travel(costs, day), way.travel.clause, way.assumed or "")
    yield Line(_("VAT"), say.value(vat_value(prices.vat), day), prices.vat.clause, prices.assumed or "")


def _for_whom(packages: Iterable[str], say: Wording) -> Iterator[str]:
    names = ", ".join(say.package(each) for each in packages)
    if names:
        yield _("for: %(products)s") % {"products": names}


def _paying(say: Wording) -> Iterator[Line]:
    estimate = say.terms.estimate
    if estimate is not None:
        services = ", ".join(say.service(each) for each in estimate.services) or _("every paid service")
        budget = length(timedelta(seconds=estimate.rule.budget_seconds))
        text = _("%(budget)s, then only with an accepted estimate (%(services)s)") % {
            "budget": budget,
            "services": services,
        }
        yield Line(_("Work without an accepted estimate"), text, estimate.rule.clause, estimate.assumed or "")
        beyond = str(WORDS[estimate.rule.beyond])
        yield Line(_("Work beyond an accepted sum"), beyond, estimate.rule.clause)
        declined = str(WORDS[estimate.rule.declined_leaves])
        yield Line(_("After a declined estimate"), declined, estimate.decline_clause)
    for quota in say.terms.quotas:
        packages = ", ".join(say.package(each) for each in quota.packages)
        label = _("How use is counted (%(packages)s)") % {"packages": packages}
        yield Line(label, counting(Counted(quota.counts, quota.multiple)), quota.clause, quota.assumed or "")
    if say.terms.invoice is not None:
        invoice = say.terms.invoice
        yield Line(
            _("An invoice can be made after"), say.event(invoice.after), invoice.clause, invoice.assumed or ""
        )


def _afterwards(say: Wording) -> Iterator[Line]:
    confirmation, warranty = say.terms.confirmation, say.terms.warranty
    if confirmation is not None:
        text = working_days(confirmation.silence_working_days)
        label = _("An unanswered solution counts as confirmed after")
        yield Line(label, text, confirmation.clause, confirmation.assumed or "")
    if warranty is not None:
        yield Line(
            _("Guarantee on the work"), days(warranty.guarantee_days), warranty.clause, warranty.assumed or ""
        )
        text = _("%(days)s, and until the next ordered service at the latest") % {
            "days": working_days(warranty.complaint_working_days)
        }
        yield Line(_("Time for a complaint"), text, warranty.clause, warranty.assumed or "")
        for clause in warranty.liability_clauses:
            yield Line(_("Liability"), say.named(say.terms.clause(clause).sentence), clause)


def _bookings(say: Wording) -> Iterator[Line]:
    for each in say.terms.bookings:
        for_whom = ", ".join(say.named(say.terms.service(key).name) for key in each.services)
        behind = f" ({for_whom})" if for_whom else ""
        assumed = each.assumed or ""
        for label, text in (
            (_("Length of an agreed time"), length(timedelta(seconds=each.slot_seconds))),
            (
                _("An agreed time may be asked for and changed until so long before"),
                length(timedelta(seconds=each.lead_seconds)),
            ),
            (_("Hours of agreed times"), _hours(each.hours, say)),
        ):
            yield Line(f"{label}{behind}", text, each.clause, assumed)


def _visits(say: Wording) -> Iterator[Line]:
    visits = say.terms.visits
    if visits is not None:
        cities = str(WORDS["unstated"]) if visits.cities is None else ", ".join(visits.cities)
        yield Line(_("Cities for visits"), cities, visits.clause)
        yield Line(_("Hours of visits"), _hours(visits.hours, say), visits.clause)
        yield Line(_("Visits to other places"), str(WORDS[visits.elsewhere]), visits.elsewhere_clause)


def _refusals(say: Wording) -> Iterator[Line]:
    for each in say.terms.refusals:
        yield Line(say.named(each.name), str(WORDS[each.effect]), each.clause)


def _assumptions(say: Wording) -> Iterator[Line]:
    for each in say.terms.assumptions:
        yield Line(each.id, say.named(each.says))


def _clauses(say: Wording) -> Iterator[Line]:
    for each in say.terms.clauses:
        source = _("source %(file)s, %(place)s") % {"file": each.source_file, "place": each.source_at}
        yield Line(each.label, f"{say.named(each.sentence)} ({source})", each.id, each.assumed or "")


Chapter = tuple[str, Callable[[], str], Callable[[Wording], Iterator[Line]]]

_BEFORE: Final[tuple[Chapter, ...]] = (("packages", lambda: _("Packages"), _packages),)
_BETWEEN: Final[tuple[Chapter, ...]] = (
    ("services", lambda: _("Services"), _services),
    ("hours", lambda: _("Hours"), _calendars),
    ("requests", lambda: _("What a request must carry"), _requests),
    ("gates", lambda: _("What must come first"), _gates),
)
_AFTER: Final[tuple[Chapter, ...]] = (
    ("paying", lambda: _("Estimates, use and invoice"), _paying),
    ("afterwards", lambda: _("After the work"), _afterwards),
    ("bookings", lambda: _("Agreed times"), _bookings),
    ("visits", lambda: _("Visits"), _visits),
    ("refusals", lambda: _("When a service may be refused or ended"), _refusals),
    ("assumed", lambda: _("Assumed, because the vendor never said it"), _assumptions),
    ("clauses", lambda: _("Clauses"), _clauses),
)
"""Chapters around the tables, in the order in which they are read."""
