"""Clauses of one file that cannot both hold, each pair by name.

Owns the search for rules that say two things of one case, or a thing that another rule makes impossible: work that is
paid and included, consent that comes too late, promises that differ between the same two events, hours in which nothing
is ever due. The desk would have to pick one of them, and it never does: such a file is refused (check.py calls this).
Every problem names both clauses, so that the author sees what to change.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import combinations, product
from typing import Final

from pomost.rules.calendar import Calendar, NeverDue, NotPromised
from pomost.rules.levels import Level
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import (
    Cell,
    Channel,
    FeeTerms,
    GateKind,
    MatrixRow,
    PartKind,
    PromiseTerms,
    Remedy,
    TariffTerms,
)
from pomost.rules.terms.reading import Reading
from pomost.rules.terms.worded import Worded, worded

FREE: Final = frozenset({Cell.YES, Cell.QUOTA, Cell.NO})
"""Cells for which no price is ever looked up."""

CONSENTS: Final = frozenset({GateKind.PRICE_ACCEPTED, GateKind.DECLARATION})
"""Gates by which a customer agrees to pay."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """Two clauses that cannot both hold."""

    path: Path
    key: str
    one: str
    other: str
    what: Worded
    """Without the clauses and without a full stop: `report` adds both."""
    do: Worded


def report(terms: Terms, reading: Reading) -> None:
    """Report every pair of clauses that disagree."""
    for search in _SEARCHES:
        for clash in search(terms):
            both = (
                worded("clash-in-one", what=clash.what, one=clash.one)
                if clash.one == clash.other
                else worded("clash-of-two", what=clash.what, one=clash.one, other=clash.other)
            )
            reading.problem(clash.path, clash.key, both, clash.do)


def _chargeable(terms: Terms) -> set[tuple[str, str]]:
    """Return the services and packages for which something may be to pay, work after a broken promise included."""
    found = {
        (row.service, package)
        for row in terms.matrix
        for package, cell in row.cells.items()
        if cell not in FREE
    }
    for promise in terms.promises:
        for then in promise.aftermaths:
            if then.remedy is Remedy.AGREE_PAID_WORK and then.service:
                found |= {(then.service, package) for package in then.packages}
    return found


def _rows(terms: Terms) -> dict[str, MatrixRow]:
    return {row.service: row for row in terms.matrix}


def _packages_that_point_in_circles(terms: Terms) -> Iterator[Clash]:
    packages = {each.id: each for each in terms.packages}
    for index, package in enumerate(terms.packages):
        instead = packages.get(package.if_not_shown or "")
        if instead is None:
            continue
        clause = package.if_not_shown_clause or package.clause
        path: Path = ("package", index, "if_not_shown")
        key = f"package[{package.id}].if_not_shown"
        if package.default:
            yield Clash(
                path,
                key,
                package.clause,
                clause,
                worded("default-needs-no-proof"),
                worded("default-out"),
            )
        elif instead.if_not_shown == package.id and instead.id != package.id:
            yield Clash(
                path,
                key,
                clause,
                instead.if_not_shown_clause or instead.clause,
                worded("stand-in-for-each-other", one=package.id, other=instead.id),
                worded("name-without-proof"),
            )


def _prices_of_what_is_never_paid(terms: Terms) -> Iterator[Clash]:
    chargeable, rows = _chargeable(terms), _rows(terms)
    for index, prices in enumerate(terms.price_lists):
        for position, tariff in enumerate(prices.tariffs):
            if row := _row_that_makes_it_free(terms, tariff, chargeable):
                yield Clash(
                    ("price_list", index, "tariff", position),
                    f"price_list[{prices.id}].tariff[{tariff.tariff.key}]",
                    tariff.tariff.clause,
                    row.clause,
                    worded("priced-never-paid", service=row.service),
                    worded("cell-paid-or-price-out"),
                )
        for position, fee in enumerate(prices.fees):
            free = [key for key in fee.services if key in rows and not _is_ever_paid(key, chargeable)]
            if free and len(free) == len(fee.services):
                yield _clash_of_fee(("price_list", index, "fee", position), prices.id, fee, rows[free[0]])


def _clash_of_fee(path: Path, prices: str, fee: FeeTerms, row: MatrixRow) -> Clash:
    return Clash(
        path,
        f"price_list[{prices}].fee[{fee.fee.key}]",
        fee.fee.clause,
        row.clause,
        worded("fee-never-paid", service=row.service),
        worded("cell-paid-or-fee-out"),
    )


def _is_ever_paid(service: str, chargeable: set[tuple[str, str]]) -> bool:
    return any(service == each for each, _package in chargeable)


def _prices_by_products_that_nobody_names(terms: Terms) -> Iterator[Clash]:
    """Yield paid services that ask for no product although their price depends on it."""
    for index, row in enumerate(terms.matrix):
        service = next((each for each in terms.services if each.id == row.service), None)
        paid = [package for package, cell in row.cells.items() if cell is Cell.PAID]
        if service is None or service.families or not paid:
            continue
        for prices, package in product(terms.price_lists, paid):
            by_product = [
                each for each in prices.tariffs if each.families and each.fits(service.id, package, None)
            ]
            if by_product:
                yield Clash(
                    ("matrix", index, "cells", package),
                    f"matrix[{row.service}].cells.{package}",
                    row.clause,
                    by_product[0].tariff.clause,
                    worded("price-by-product", price=by_product[0].tariff.key),
                    worded("families-or-services"),
                )
                break


def _row_that_makes_it_free(
    terms: Terms, tariff: TariffTerms, chargeable: set[tuple[str, str]]
) -> MatrixRow | None:
    """Return a row by which a tariff prices nothing, or None where it can price something."""
    first = None
    for row in terms.matrix:
        service = next((each for each in terms.services if each.id == row.service), None)
        if service is None:
            continue
        for package, family in product(row.cells, service.families or (None,)):
            if tariff.families and family is None:
                continue
            if tariff.fits(row.service, package, family):
                if (row.service, package) in chargeable:
                    return None
                first = first or row
    return first


def _estimates_of_what_is_never_paid(terms: Terms) -> Iterator[Clash]:
    rule, chargeable, rows = terms.estimate, _chargeable(terms), _rows(terms)
    if rule is None:
        return
    for service in rule.services:
        if service in rows and not _is_ever_paid(service, chargeable):
            yield Clash(
                ("estimate", "services"),
                "estimate.services",
                rule.rule.clause,
                rows[service].clause,
                worded("estimate-never-paid", service=service),
                worded("cell-paid-or-service-out"),
            )
    if not rule.services and not chargeable and terms.matrix:
        yield Clash(
            ("estimate",),
            "estimate",
            rule.rule.clause,
            terms.matrix[0].clause,
            worded("estimate-of-nothing"),
            worded("take-section-out"),
        )


def _quotas_that_nothing_draws(terms: Terms) -> Iterator[Clash]:
    for index, quota in enumerate(terms.quotas):
        for package in quota.packages:
            cells = {
                row.cells.get(package): row
                for row in terms.matrix
                if not quota.services or row.service in quota.services
            }
            if cells and not {Cell.QUOTA, Cell.UNSTATED} & cells.keys():
                yield Clash(
                    ("quota", index, "packages"),
                    f"quota[#{index + 1}].packages",
                    quota.clause,
                    (cells.get(Cell.YES) or next(iter(cells.values()))).clause,
                    worded("quota-never-drawn", package=package),
                    worded("cell-quota-or-package-out"),
                )


def _remedies_against_the_matrix(terms: Terms) -> Iterator[Clash]:
    rows = _rows(terms)
    said = {
        Cell.YES: "then-included",
        Cell.QUOTA: "then-quota",
        Cell.NO: "then-refused",
    }
    for index, promise in enumerate(terms.promises):
        for position, then in enumerate(promise.aftermaths):
            path: Path = ("promise", index, "then", position)
            for package in then.packages:
                if not _is_promised(terms, promise, package):
                    yield Clash(
                        (*path, "packages"),
                        f"promise[{promise.id}].then.packages",
                        then.clause,
                        promise.clause,
                        worded("then-not-promised", package=package),
                        worded("promise-or-package-out"),
                    )
                cell = rows[then.service].cells.get(package) if then.service in rows else None
                if then.remedy is Remedy.AGREE_PAID_WORK and cell in said:
                    yield Clash(
                        (*path, "service"),
                        f"promise[{promise.id}].then.service",
                        then.clause,
                        rows[then.service or ""].clause,
                        worded(said[cell], service=then.service or "", package=package),
                        worded("cell-paid-or-other-service"),
                    )


def _is_promised(terms: Terms, promise: PromiseTerms, package: str) -> bool:
    severities = terms.severities or (None,)
    return any(promise.promised(package, each.id if each else None) for each in severities)


def _promises_that_differ(terms: Terms) -> Iterator[Clash]:
    """Yield promises between the same events that give one case two times."""
    for (_, before), (index, after) in combinations(enumerate(terms.promises), 2):
        if set(before.starts) != set(after.starts) or set(before.stops) != set(after.stops):
            continue
        for package, severity in product(terms.packages, terms.severities or (None,)):
            case = (package.id, severity.id if severity else None)
            if before.promised(*case) and after.promised(*case):
                words = ", ".join(filter(None, case))
                yield Clash(
                    ("promise", index),
                    f"promise[{after.id}]",
                    before.clause,
                    after.clause,
                    worded("promise-same-events", other=before.id, case=words),
                    worded("one-per-package"),
                )
                break


def _gates_against_levels(terms: Terms) -> Iterator[Clash]:
    chargeable, rows = _chargeable(terms), _rows(terms)
    gates = {each.id: each for each in terms.gates}
    for index, service in enumerate(terms.services):
        path: Path = ("service", index, "gates")
        key = f"service[{service.id}].gates"
        for gate in (gates[each] for each in service.gates if each in gates):
            if gate.before > max(service.level, Level.LOOK):
                yield Clash(
                    path,
                    key,
                    gate.clause,
                    service.clause,
                    worded("gate-above-level", gate=gate.id, level=gate.before.word, most=service.level.word),
                    worded("gate-lower-or-out"),
                )
        if _is_ever_paid(service.id, chargeable) and service.id in rows:
            yield from _late_consents(terms, index, rows[service.id])


def _late_consents(terms: Terms, index: int, row: MatrixRow) -> Iterator[Clash]:
    """Yield consents to a price that come after paid work may have begun, or that may be left out."""
    service = terms.services[index]
    if any(part.kind is PartKind.CONSENT for part in terms.parts_for(service.id)):
        return
    consents = [each for each in terms.gates if each.id in service.gates and each.kind in CONSENTS]
    binding = [each for each in consents if each.before is Level.LOOK and not each.waivable]
    if consents and not binding:
        gate = consents[0]
        late = "consent-left-out" if gate.waivable else "consent-late"
        yield Clash(
            ("service", index, "gates"),
            f"service[{service.id}].gates",
            gate.clause,
            row.clause,
            worded(late, gate=gate.id),
            worded("before-look"),
        )


def _hours_in_which_nothing_is_due(terms: Terms) -> Iterator[Clash]:
    """Yield promises and waits that their hours can never end."""
    calendars = {each.id: each for each in terms.hours}
    begin = datetime.combine(terms.in_force_from, time(), UTC)
    for index, promise in enumerate(terms.promises):
        hours = calendars.get(promise.hours or "")
        if promise.hours is not None and hours is None:
            continue
        calendar = hours.calendar if hours else Calendar.always("UTC")
        longest = max((each for each in promise.amounts.values() if each is not None), default=timedelta(0))
        if longest and not _ends(calendar, begin, longest):
            yield Clash(
                ("promise", index, "amounts"),
                f"promise[{promise.id}].amounts",
                promise.clause,
                hours.clause if hours else promise.clause,
                worded("never-due"),
                worded("promise-less"),
            )
    for section, days, key, clause in _waits(terms):
        hours = calendars.get(key)
        if hours is not None and not _has_working_days(hours.calendar, begin, days):
            yield Clash(
                (section, "calendar"),
                f"{section}.calendar",
                clause,
                hours.clause,
                worded("waits-never-open"),
                worded("give-hours"),
            )


def _waits(terms: Terms) -> Iterator[tuple[str, int, str, str]]:
    """Yield (section, working days, calendar, clause) of what counts working days."""
    if terms.warranty is not None:
        warranty = terms.warranty
        yield "warranty", warranty.complaint_working_days, warranty.hours, warranty.clause
    if terms.confirmation is not None:
        wait = terms.confirmation
        yield "confirmation", wait.silence_working_days, wait.hours, wait.clause
    if terms.visits is not None:
        yield "visits", 1, terms.visits.hours, terms.visits.clause


def _ends(calendar: Calendar, begin: datetime, amount: timedelta) -> bool:
    try:
        calendar.add(begin, amount)
    except NotPromised:
        return True  # not known yet is not never: the desk says so then
    except NeverDue:
        return False
    return True


def _has_working_days(calendar: Calendar, begin: datetime, days: int) -> bool:
    try:
        calendar.working_day_after(begin.date(), days)
    except NotPromised:
        return True
    except NeverDue:
        return False
    return True


def _invoices_after_a_no(terms: Terms) -> Iterator[Clash]:
    invoice, estimate = terms.invoice, terms.estimate
    if invoice is None or estimate is None:
        return
    if invoice.after == "estimate.declined" and estimate.rule.declined_leaves == "nothing":
        yield Clash(
            ("invoice", "after"),
            "invoice.after",
            invoice.clause,
            estimate.decline_clause,
            worded("invoice-after-no"),
            worded("write-key", key="after", example='"solution.confirmed"'),
        )


def _visits_against_channels(terms: Terms) -> Iterator[Clash]:
    """Yield visits that terms describe and that no service makes."""
    visits = terms.visits
    if (
        visits is not None
        and terms.services
        and not any(Channel.VISIT in each.channels for each in terms.services)
    ):
        service = terms.services[0]
        yield Clash(
            ("visits",),
            "visits",
            visits.clause,
            service.clause,
            worded("visits-without-channel"),
            worded("add-visit-channel"),
        )


def _outdated_without_a_rule(terms: Terms) -> Iterator[Clash]:
    if terms.version_rule is not None:
        return
    for index, service in enumerate(terms.services):
        if service.outdated_stays:
            yield Clash(
                ("service", index, "outdated_stays"),
                f"service[{service.id}].outdated_stays",
                service.clause,
                service.clause,
                worded("outdated-without-rule"),
                worded("add-versions-or-out"),
            )


_SEARCHES: Final[tuple[Callable[[Terms], Iterator[Clash]], ...]] = (
    _packages_that_point_in_circles,
    _prices_of_what_is_never_paid,
    _prices_by_products_that_nobody_names,
    _estimates_of_what_is_never_paid,
    _quotas_that_nothing_draws,
    _remedies_against_the_matrix,
    _promises_that_differ,
    _gates_against_levels,
    _hours_in_which_nothing_is_due,
    _invoices_after_a_no,
    _visits_against_channels,
    _outdated_without_a_rule,
)
