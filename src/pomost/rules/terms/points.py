"""Terms laid out as points: what is said, about what, for whom, and by which clause.

Owns the way from a version to all that it says to somebody. A matrix cell is a point for a package and a service; a
promised time for a package and a severity; a price for a package, a service and a product on a day. diff.py compares
points; a key of the format that no point holds would be a change that nobody hears of (tests/rules/test_terms_diff.py).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Final

from pomost.rules.money import VatRate
from pomost.rules.terms.contradictions import FREE
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import Hours, PriceList, PromiseTerms, Service, TariffTerms
from pomost.rules.terms.point import (
    About,
    Counted,
    FeeDue,
    Point,
    Price,
    Remedied,
    Stated,
    TravelDue,
    Value,
    Week,
    Whom,
)

Said = Iterator[tuple[Point, Stated]]


def points(terms: Terms, on: date, last: date = date.max) -> Mapping[Point, Stated]:
    """Return everything that `terms` say from the vendor's day `on`, with the prices of that day.

    Single days of calendars are those from `on` to `last`.
    """
    found: dict[Point, Stated] = {}
    for part in _PARTS:
        found.update(part(terms))
    for hours in terms.hours:
        found.update(_calendar(hours, on, last))
    found.update(price_points(terms, on))
    return found


def price_points(terms: Terms, on: date) -> Mapping[Point, Stated]:
    """Return the prices, fees and VAT of one day of the vendor's calendar."""
    prices = terms.price_list(on)
    if prices is None:
        return {}
    return dict([*_prices(terms, on), *_fees(prices), *_vat(prices), *_assumed_prices(prices)])


def _frame(terms: Terms) -> Said:
    yield Point(About.TITLE), Stated(terms.title)
    if terms.in_force_until is not None:
        yield Point(About.UNTIL), Stated(terms.in_force_until)
    vendor = terms.vendor
    for key in (
        "name",
        "mark",
        "zone",
        "currency",
        "country",
        "legal_name",
        "tax_id",
        "address",
        "email",
        "phone",
    ):
        yield Point(About.VENDOR, key), Stated(str(getattr(vendor, key)))
    yield Point(About.VENDOR, "languages"), Stated(vendor.languages)
    yield Point(About.NUMBERING, "ticket"), Stated(terms.numbering.ticket.text)
    yield Point(About.NUMBERING, "first"), Stated(terms.numbering.ticket_first)
    yield Point(About.NUMBERING, "invoice"), Stated(terms.numbering.invoice.text)
    yield Point(About.NUMBERING, "correction"), Stated(terms.numbering.correction.text)


def _packages(terms: Terms) -> Said:
    for each in terms.packages:
        whom = Whom(package=each.id)
        yield Point(About.PACKAGE, each.id), Stated(each.name, each.clause)
        if each.default:
            yield Point(About.PACKAGE_DEFAULT, each.id, whom), Stated(True, each.clause)
        if each.if_not_shown:
            clause = each.if_not_shown_clause
            yield Point(About.PACKAGE_IF_NOT_SHOWN, each.id, whom), Stated(each.if_not_shown, clause)
    for family in terms.families:
        yield Point(About.FAMILY, family.id), Stated(family.name)


def _services(terms: Terms) -> Said:
    for each in terms.services:
        whom = Whom(service=each.id)
        yield Point(About.SERVICE, each.id), Stated(each.name, each.clause)
        for about, value in _of_service(each):
            yield Point(about, each.id, whom), Stated(value, each.clause)
        if each.booked_clause:
            yield Point(About.SERVICE_BOOKED, each.id, whom), Stated(True, each.booked_clause)
    for row in terms.matrix:
        for package, cell in row.cells.items():
            yield Point(About.CELL, "", Whom(package, row.service)), Stated(cell, row.clause)
    if terms.version_rule is not None:
        yield Point(About.OUTDATED), Stated(True, terms.version_rule.clause)


def _of_service(service: Service) -> Iterator[tuple[About, Value]]:
    yield About.SERVICE_CHANNELS, tuple(channel.value for channel in service.channels)
    yield About.SERVICE_LEVEL, service.level
    yield About.SERVICE_GATES, service.gates
    yield About.SERVICE_FAMILIES, service.families
    yield About.SERVICE_OUTDATED_STAYS, service.outdated_stays


def _severities(terms: Terms) -> Said:
    for each in terms.severities:
        whom = Whom(severity=each.id)
        yield Point(About.SEVERITY, each.id), Stated(each.name, each.clause)
        yield Point(About.SEVERITY_DEFINITION, each.id, whom), Stated(each.definition, each.clause)
    if terms.severities:
        yield Point(About.SEVERITY_ORDER), Stated(tuple(each.id for each in terms.severities))
    if terms.severity_rule is not None:
        clause = terms.severity_rule.clause
        yield Point(About.SEVERITY_SET_BY), Stated(terms.severity_rule.set_by, clause)
        yield Point(About.SEVERITY_CHANGE), Stated(terms.severity_rule.change, clause)


def _requests(terms: Terms) -> Said:
    if terms.request_rule is not None:
        yield Point(About.TASKS), Stated(terms.request_rule.tasks, terms.request_rule.clause)
    for refusal in terms.refusals:
        yield Point(About.REFUSAL, refusal.id), Stated(refusal.name, refusal.clause)
        yield Point(About.REFUSAL_EFFECT, refusal.id), Stated(refusal.effect, refusal.clause)
    for part in terms.parts:
        yield Point(About.PART, part.id), Stated(part.name, part.clause)
        yield Point(About.PART_KIND, part.id), Stated(part.kind.value, part.clause)
        yield Point(About.PART_ASK, part.id), Stated(part.ask, part.clause)
        yield Point(About.PART_SERVICES, part.id), Stated(part.services, part.clause)
    for gate in terms.gates:
        yield Point(About.GATE, gate.id), Stated(gate.text, gate.clause)
        yield Point(About.GATE_KIND, gate.id), Stated(gate.kind.value, gate.clause)
        yield Point(About.GATE_BEFORE, gate.id), Stated(gate.before, gate.clause)
        yield Point(About.GATE_WAIVABLE, gate.id), Stated(gate.waivable, gate.clause)


def _calendar(hours: Hours, on: date, last: date) -> Said:
    calendar = hours.calendar
    week = tuple(
        (weekday, opens, closes)
        for weekday in sorted(calendar.week)
        for opens, closes in sorted(calendar.week[weekday])
    )
    yield Point(About.CALENDAR, hours.id), Stated(week, hours.clause)
    yield Point(About.CALENDAR_NAME, hours.id), Stated(hours.name, hours.clause)
    yield Point(About.CALENDAR_ZONE, hours.id), Stated(calendar.zone, hours.clause)
    if calendar.confirmed_until is not None:
        yield Point(About.CALENDAR_HOLIDAYS, hours.id), Stated(True, hours.clause)
    special: dict[date, Week] = dict.fromkeys(calendar.holidays, ())
    special |= {
        day: tuple((day.weekday(), opens, closes) for opens, closes in spans)
        for day, spans in calendar.overrides.items()
    }
    for day in sorted(special):
        if on <= day <= last:
            yield Point(About.CALENDAR_DAY, f"{hours.id} {day}"), Stated(special[day], hours.clause)


def _promises(terms: Terms) -> Said:
    for each in terms.promises:
        yield Point(About.PROMISE, each.id), Stated(each.name, each.clause)
        for about, names in (
            (About.PROMISE_STARTS, each.starts),
            (About.PROMISE_STOPS, each.stops),
            (About.PROMISE_PAUSES, each.pauses),
            (About.PROMISE_RESUMES, each.resumes),
            (About.PROMISE_REOPENS, each.reopens),
        ):
            yield Point(about, each.id), Stated(names, each.clause)
        yield Point(About.PROMISE_TIME, each.id), Stated(each.time, each.clause)
        if each.hours is not None:
            yield Point(About.PROMISE_CALENDAR, each.id), Stated(each.hours, each.clause)
        alerts = tuple(f"{alert.step} ({', '.join(alert.to)})" for alert in each.alerts)
        yield Point(About.PROMISE_ALERTS, each.id), Stated(alerts, each.clause)
        yield from _amounts(terms, each)
        for then in each.aftermaths:
            for package in then.packages:
                follows = Stated(Remedied(then.remedy.value, then.service), then.clause)
                yield Point(About.AFTERWARDS, each.id, Whom(package)), follows


def _amounts(terms: Terms, promise: PromiseTerms) -> Said:
    """Yield the promised time for every package and severity; nothing where nothing is promised."""
    for package in terms.packages:
        for severity in _severity_ids(terms):
            amount = promise.amount(package.id, severity)
            if amount is not None:
                whom = Whom(package=package.id, severity=severity)
                yield Point(About.AMOUNT, promise.id, whom), Stated(amount, promise.clause)


def _severity_ids(terms: Terms) -> list[str | None]:
    return [each.id for each in terms.severities] or [None]


def _prices(terms: Terms, on: date) -> Said:
    for row in terms.matrix:
        service = terms.service(row.service)
        for package, cell in row.cells.items():
            if cell in FREE and not _is_sold_afterwards(terms, service.id, package):
                continue
            for family in service.families or (None,):
                fitting = terms.tariffs(on, service=service.id, package=package, family=family)
                for place, each in enumerate(fitting):
                    key = str(place) if place else ""
                    stated = Stated(_price(each), each.tariff.clause)
                    yield Point(About.PRICE, key, Whom(package, service.id, family)), stated


def _is_sold_afterwards(terms: Terms, service: str, package: str) -> bool:
    """Whether a promise that has run out leads to paid work on this service."""
    return any(
        then.service == service and package in then.packages
        for promise in terms.promises
        for then in promise.aftermaths
    )


def _price(terms: TariffTerms) -> Price:
    tariff = terms.tariff
    return Price(
        rate_per_hour=tariff.rate_per_hour,
        kind=tariff.kind,
        unit_seconds=tariff.unit_seconds,
        minimum_seconds=tariff.minimum_seconds,
        step_seconds=tariff.step_seconds,
        scope=tariff.scope,
        name=terms.name,
        says=terms.says,
        vat=terms.vat,
    )


def _fees(prices: PriceList) -> Said:
    for each in prices.fees:
        fee = each.fee
        due = FeeDue(fee.amount, fee.per, each.kind, each.name, each.says, each.services, each.vat)
        yield Point(About.FEE, fee.key), Stated(due, fee.clause)
    for way in prices.travels:
        travel = way.travel
        costs = TravelDue(travel.rate, travel.per, way.name, way.says, way.services, way.vat)
        yield Point(About.TRAVEL, travel.key), Stated(costs, travel.clause)


def vat_value(rate: VatRate) -> Value:
    """Return a rate as the file writes it: a percentage, "none" or "exempt"."""
    return rate.percent if rate.percent is not None else "exempt" if rate.exempt else "none"


def _vat(prices: PriceList) -> Said:
    rate = prices.vat
    yield Point(About.VAT), Stated(vat_value(rate), rate.clause)
    if prices.sample:
        yield Point(About.SAMPLE), Stated(True, rate.clause)


def _assumed_prices(prices: PriceList) -> Said:
    yield from _assumed_of("prices", ((prices.assumed, "", prices.vat.clause),))
    tariffs = ((each.assumed, each.tariff.clause, each.tariff.clause) for each in prices.tariffs)
    yield from _assumed_of("tariff", tariffs)
    yield from _assumed_of("fee", ((each.assumed, each.fee.key, each.fee.clause) for each in prices.fees))
    ways = ((each.assumed, each.travel.key, each.travel.clause) for each in prices.travels)
    yield from _assumed_of("travel", ways)


def _money(terms: Terms) -> Said:
    for quota in terms.quotas:
        counted = Stated(Counted(quota.counts, quota.multiple), quota.clause)
        for package, service in product(quota.packages, quota.services or (None,)):
            yield Point(About.QUOTA, "", Whom(package, service)), counted
    estimate = terms.estimate
    if estimate is not None:
        for service in estimate.services or (None,):
            whom = Whom(service=service)
            budget = timedelta(seconds=estimate.rule.budget_seconds)
            yield Point(About.ESTIMATE, "", whom), Stated(budget, estimate.rule.clause)
            yield Point(About.BEYOND, "", whom), Stated(estimate.rule.beyond, estimate.rule.clause)
            yield (
                Point(About.DECLINED, "", whom),
                Stated(estimate.rule.declined_leaves, estimate.decline_clause),
            )
    if terms.invoice is not None:
        yield Point(About.INVOICE), Stated(terms.invoice.after, terms.invoice.clause)


def _afterwards(terms: Terms) -> Said:
    warranty = terms.warranty
    if warranty is not None:
        yield Point(About.GUARANTEE), Stated(warranty.guarantee_days, warranty.clause)
        yield Point(About.COMPLAINT), Stated(warranty.complaint_working_days, warranty.clause)
        yield Point(About.COMPLAINT, "calendar"), Stated(warranty.hours, warranty.clause)
        if warranty.liability_clauses:
            yield Point(About.LIABILITY), Stated(warranty.liability_clauses, warranty.clause)
        if warranty.liability_cap_clause is not None:
            cap = warranty.liability_cap_clause
            yield Point(About.LIABILITY_CAP), Stated((cap,), cap)
    if terms.confirmation is not None:
        clause = terms.confirmation.clause
        yield Point(About.SILENCE), Stated(terms.confirmation.silence_working_days, clause)
        yield Point(About.SILENCE, "calendar"), Stated(terms.confirmation.hours, clause)
    for booking in terms.bookings:
        for key in booking.services or (None,):
            whom = Whom(service=key)
            yield Point(About.SLOT, "", whom), Stated(timedelta(seconds=booking.slot_seconds), booking.clause)
            yield Point(About.LEAD, "", whom), Stated(timedelta(seconds=booking.lead_seconds), booking.clause)
            yield Point(About.SLOT_CALENDAR, "", whom), Stated(booking.hours, booking.clause)
    if terms.visits is not None:
        visits = terms.visits
        cities = "unstated" if visits.cities is None else visits.cities
        yield Point(About.VISIT_CITIES), Stated(cities, visits.clause)
        yield Point(About.VISIT_CALENDAR), Stated(visits.hours, visits.clause)
        yield Point(About.VISIT_ELSEWHERE), Stated(visits.elsewhere, visits.elsewhere_clause)


def _text(terms: Terms) -> Said:
    for clause in terms.clauses:
        yield Point(About.CLAUSE, clause.id), Stated(clause.sentence, clause.id)
        source = (clause.source_file, clause.source_at)
        yield Point(About.CLAUSE_SOURCE, clause.id), Stated(source, clause.id)
        if clause.assumed:
            yield Point(About.ASSUMED, f"clause {clause.id}"), Stated(clause.assumed, clause.id)
    for assumption in terms.assumptions:
        yield Point(About.ASSUMPTION, assumption.id), Stated(assumption.says)


def _assumed(terms: Terms) -> Said:
    """Yield what the vendor never said: by the clause that it stands with, where it has one."""
    yield from _assumed_of("terms", ((terms.assumed, "", None),))
    yield from _assumed_of("package", ((each.assumed, each.id, each.clause) for each in terms.packages))
    yield from _assumed_of("service", ((each.assumed, each.id, each.clause) for each in terms.services))
    yield from _assumed_of("matrix", ((each.assumed, each.service, each.clause) for each in terms.matrix))
    yield from _assumed_of("calendar", ((each.assumed, each.id, each.clause) for each in terms.hours))
    yield from _assumed_of("promise", ((each.assumed, each.id, each.clause) for each in terms.promises))
    yield from _assumed_of("gate", ((each.assumed, each.id, each.clause) for each in terms.gates))
    quotas = ((quota.assumed, package, quota.clause) for quota in terms.quotas for package in quota.packages)
    yield from _assumed_of("quota", quotas)
    booked = (
        (booking.assumed, key, booking.clause)
        for booking in terms.bookings
        for key in booking.services or ("",)
    )
    yield from _assumed_of("booking", booked)
    rule, estimate = terms.version_rule, terms.estimate
    yield from _assumed_of("versions", ((rule.assumed, "", rule.clause),) if rule else ())
    yield from _assumed_of("estimate", ((estimate.assumed, "", estimate.rule.clause),) if estimate else ())
    for thing, section in (
        ("invoice", terms.invoice),
        ("warranty", terms.warranty),
        ("confirmation", terms.confirmation),
    ):
        yield from _assumed_of(thing, ((section.assumed, "", section.clause),) if section else ())


def _assumed_of(thing: str, found: Iterable[tuple[str | None, str, str | None]]) -> Said:
    for assumed, key, clause in found:
        if assumed:
            yield Point(About.ASSUMED, f"{thing} {key}".strip()), Stated(assumed, clause)


_PARTS: Final[tuple[Callable[[Terms], Said], ...]] = (
    _frame,
    _packages,
    _services,
    _severities,
    _promises,
    _requests,
    _money,
    _afterwards,
    _text,
    _assumed,
)
