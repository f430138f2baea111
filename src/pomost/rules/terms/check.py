"""Whether the sections of a terms file agree with one another.

Owns the checks across sections: the matrix is whole, every clock can stop,
prices are unambiguous, nothing is paid without consent. Names that must exist
were checked while reading (reading.py). An unused clause is allowed: a vendor
may say more than a machine decides by. Each check reports and goes on.
"""

from collections import Counter
from datetime import date, timedelta
from itertools import combinations, product
from typing import Final

from pomost.rules.calendar import Calendar
from pomost.rules.clocks import CLOCK_PREFIX
from pomost.rules.quota import STEP
from pomost.rules.terms import contradictions
from pomost.rules.terms.contradictions import FREE
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import Cell, GateKind, PartKind, PriceList, PromiseTerms, Remedy, TariffTerms
from pomost.rules.terms.reading import Reading
from pomost.rules.terms.worded import worded
from pomost.rules.timetable import merged

TRIALS_MAX: Final = 300_000
"""Comparisons of tariffs in all cases: well under a second. Our longest file needs fewer than 1,000."""


def check(terms: Terms, reading: Reading) -> None:
    """Report every disagreement between the sections of `terms`."""
    _check_dates(terms, reading)
    _check_packages(terms, reading)
    _check_matrix(terms, reading)
    _check_promises(terms, reading)
    if _is_checkable(terms, reading):
        _check_price_lists(terms, reading)
        _check_paid(terms, reading)
    _check_quotas(terms, reading)
    _check_severities(terms, reading)
    _check_bookings(terms, reading)
    if (
        not reading.problems
    ):  # of a file that reads well: what a missing part makes impossible is told already
        contradictions.report(terms, reading)


def _is_checkable(terms: Terms, reading: Reading) -> bool:
    """Whether prices can be tried in every case; a file built to keep us busy is refused instead."""
    families = sum(len(service.families) or 1 for service in terms.services)
    tariffs = sum(len(prices.tariffs) ** 2 for prices in terms.price_lists)
    if families * len(terms.packages) * tariffs <= TRIALS_MAX:
        return True
    reading.problem(("price_list",), "price_list", worded("too-many-prices"), worded("leave-old-prices"))
    return False


def _check_dates(terms: Terms, reading: Reading) -> None:
    if terms.in_force_until is not None and terms.in_force_until < terms.in_force_from:
        reading.problem(
            ("terms", "until"),
            "terms.until",
            worded("terms-end-early", until=str(terms.in_force_until), begin=str(terms.in_force_from)),
            worded("dates-in-order"),
        )


def _check_packages(terms: Terms, reading: Reading) -> None:
    defaults = [index for index, package in enumerate(terms.packages) if package.default]
    for index in defaults[1:]:
        reading.problem(
            ("package", index, "default"),
            f"package[{terms.packages[index].id}].default",
            worded("default-twice"),
            worded("default-twice-do"),
        )
    for index, package in enumerate(terms.packages):
        if package.if_not_shown and package.if_not_shown == package.id:
            reading.problem(
                ("package", index, "if_not_shown"),
                f"package[{package.id}].if_not_shown",
                worded("stands-in-for-itself"),
                worded("name-who-serves"),
            )


def _check_matrix(terms: Terms, reading: Reading) -> None:
    rows = Counter(row.service for row in terms.matrix)
    for index, service in enumerate(terms.services):
        if service.id and not rows[service.id]:
            reading.problem(
                ("service", index),
                f"matrix[{service.id}]",
                worded("row-missing"),
                worded("add-row", service=service.id),
            )
    seen: set[str] = set()
    for index, row in enumerate(terms.matrix):
        if row.service and row.service in seen:
            reading.problem(
                ("matrix", index),
                f"matrix[{row.service}]",
                worded("row-twice"),
                worded("keep-one"),
            )
        seen.add(row.service)
        _check_quota_cells(terms, reading, index)


def _check_quota_cells(terms: Terms, reading: Reading, index: int) -> None:
    row = terms.matrix[index]
    for package, cell in row.cells.items():
        if cell is Cell.QUOTA and terms.quota_for(package, row.service) is None:
            reading.problem(
                ("matrix", index, "cells", package),
                f"matrix[{row.service}].cells.{package}",
                worded("quota-not-had"),
                worded("add-quota", package=package),
            )


def _check_promises(terms: Terms, reading: Reading) -> None:
    for index, promise in enumerate(terms.promises):
        key = f"promise[{promise.id}]"

        def say(field: str, what: str, do: str, index: int = index, key: str = key) -> None:
            reading.problem(("promise", index, field), f"{key}.{field}", what, do)

        if not promise.starts and not reading.has_problem(f"{key}.starts"):
            say(
                "starts",
                worded("clock-never-starts"),
                worded("add-key", key="starts", example='["request.received"]'),
            )
        if not promise.stops and not reading.has_problem(f"{key}.stops"):
            say(
                "stops",
                worded("clock-never-stops"),
                worded("add-key", key="stops", example='["notice.accepted"]'),
            )
        if both := set(promise.starts) & set(promise.stops):
            say("stops", worded("clock-both", event=min(both)), worded("take-it-out-of-one"))
        if promise.pauses and not promise.resumes:
            say(
                "resumes",
                worded("clock-pauses-for-good"),
                worded("add-key", key="resumes", example='["customer.answered"]'),
            )
        if promise.resumes and not promise.pauses:
            say(
                "pauses",
                worded("clock-resumes-only"),
                worded("add-key", key="pauses", example='["customer.asked"]'),
            )
        if promise.pauses and promise.time == "metered":
            say("pauses", worded("clock-metered-pauses"), worded("clock-metered-do"))
        if late := _warning_before_the_start(promise):
            say(
                "warning",
                worded("warning-early", case=late),
                worded("warning-shorter"),
            )
        if _chain_is_circular(terms, promise.id):
            say("starts", worded("clock-circle"), worded("clock-circle-do"))
        elif broken := _broken_chain(terms, reading, promise):
            say(
                "starts",
                worded("clock-not-promised", other=broken[0], case=broken[1]),
                worded("clock-not-promised-do"),
            )


def _warning_before_the_start(promise: PromiseTerms) -> str | None:
    """Return the case whose whole amount is no longer than a warning, in words; or None."""
    for (package, severity), amount in promise.amounts.items():
        for alert in promise.alerts:
            if amount is not None and alert.amount(amount) <= timedelta(0):
                return ", ".join(filter(None, (package, severity)))
    return None


def _broken_chain(terms: Terms, reading: Reading, promise: PromiseTerms) -> tuple[str, str] | None:
    """Return the clock that this one waits for without its being promised, and to whom, in words; or None."""
    others = {each.id: each for each in terms.promises}
    for start in promise.starts:
        other = others.get(start.removeprefix(CLOCK_PREFIX)) if start.startswith(CLOCK_PREFIX) else None
        if other is None or reading.has_problem(f"promise[{other.id}].amounts"):
            continue
        for package, severity in product(terms.packages, terms.severities or (None,)):
            case = (package.id, severity.id if severity else None)
            if promise.promised(*case) and not other.promised(*case):
                return other.id, ", ".join(filter(None, case))
    return None


def _chain_is_circular(terms: Terms, start: str) -> bool:
    waits = {
        each.id: [s.removeprefix(CLOCK_PREFIX) for s in each.starts if s.startswith(CLOCK_PREFIX)]
        for each in terms.promises
    }
    open_, seen = list(waits.get(start, [])), set[str]()
    while open_:
        name = open_.pop()
        if name == start:
            return True
        if name not in seen:
            seen.add(name)
            open_ += waits.get(name, [])
    return False


def _check_price_lists(terms: Terms, reading: Reading) -> None:
    for index, prices in enumerate(terms.price_lists):
        key = f"price_list[{prices.id}]"
        if prices.valid_until is not None and prices.valid_until < prices.valid_from:
            reading.problem(
                ("price_list", index, "until"),
                f"{key}.until",
                worded("prices-end-early", until=str(prices.valid_until), begin=str(prices.valid_from)),
                worded("dates-in-order"),
            )
        for earlier in terms.price_lists[:index]:
            if (
                earlier.valid_from >= prices.valid_from
                or (earlier.valid_until or date.min) >= prices.valid_from
            ):
                reading.problem(
                    ("price_list", index, "from"),
                    f"{key}.from",
                    worded(
                        "prices-overlap",
                        day=str(prices.valid_from),
                        other=earlier.id,
                        one=earlier.vat.clause or "",
                        two=prices.vat.clause or "",
                    ),
                    worded("begin-later-and-lower"),
                )
        _check_tariffs(terms, reading, index, prices)


def _check_tariffs(terms: Terms, reading: Reading, index: int, prices: PriceList) -> None:
    """Report tariffs of one list that have the same id, or would both price the same work."""
    keys = [each.tariff.key for each in prices.tariffs] + [each.fee.key for each in prices.fees]
    keys += [each.travel.key for each in prices.travels]
    for key in sorted(key for key, count in Counter(keys).items() if key and count > 1):
        reading.problem(
            ("price_list", index),
            f"price_list[{prices.id}]",
            worded("price-id-twice", word=key),
            worded("id-of-its-own"),
        )
    for (_, before), (position, after) in combinations(enumerate(prices.tariffs), 2):
        if case := _same_case(terms, before, after):
            reading.problem(
                ("price_list", index, "tariff", position),
                f"price_list[{prices.id}].tariff[{after.tariff.key}]",
                worded(
                    "prices-the-same",
                    other=before.tariff.key,
                    case=case,
                    clause_before=before.tariff.clause,
                    clause_after=after.tariff.clause,
                ),
                worded("tell-apart"),
            )


def _same_case(terms: Terms, before: TariffTerms, after: TariffTerms) -> str | None:
    """Return a case that may have to be paid and that both tariffs are for, in words, or None."""
    never_paid = {
        (row.service, package) for row in terms.matrix for package, cell in row.cells.items() if cell in FREE
    }
    for service in terms.services:
        if not service.families and (before.families or after.families):
            continue  # the service asks for no product, so a price by product is not for it
        for package, family in product(terms.packages, service.families or (None,)):
            if (service.id, package.id) in never_paid:
                continue
            if all(each.fits(service.id, package.id, family) for each in (before, after)):
                return ", ".join(filter(None, (service.id, package.id, family)))
    return None


def _check_paid(terms: Terms, reading: Reading) -> None:
    """Report paid services without a price, and those that could be billed without the customer's consent."""
    begins = min((each.valid_from for each in terms.price_lists), default=None)
    consents = {
        gate.id for gate in terms.gates if gate.kind in (GateKind.PRICE_ACCEPTED, GateKind.DECLARATION)
    }
    for index, row in enumerate(terms.matrix):
        paid = [package for package, cell in row.cells.items() if cell is Cell.PAID]
        service = next((each for each in terms.services if each.id == row.service), None)
        if not paid or service is None:
            continue
        key = f"matrix[{row.service}]"
        unclear = reading.has_problem("terms.from") or reading.has_problem("price_list")
        if not unclear and (begins is None or begins > terms.in_force_from):
            reading.problem(
                ("matrix", index),
                key,
                worded("paid-without-prices", day=str(terms.in_force_from)),
                worded("add-earlier-prices"),
            )
        for prices in terms.price_lists:
            for package, family in product(paid, service.families or (None,)):
                if not any(each.fits(service.id, package, family) for each in prices.tariffs):
                    case = ", ".join(filter(None, (package, family)))
                    reading.problem(
                        ("matrix", index, "cells", package),
                        f"{key}.cells.{package}",
                        worded("paid-without-tariff", prices=prices.id, case=case),
                        worded("add-if-price-known"),
                    )
        if not consents & set(service.gates) and not _asks_consent(terms, service.id):
            reading.problem(
                ("matrix", index),
                key,
                worded("paid-without-consent"),
                worded("give-consent", one=GateKind.PRICE_ACCEPTED.value, other=GateKind.DECLARATION.value),
            )
    _check_aftermaths(terms, reading, consents)


def _asks_consent(terms: Terms, service: str) -> bool:
    return any(part.kind is PartKind.CONSENT for part in terms.parts_for(service))


def _check_aftermaths(terms: Terms, reading: Reading, consents: set[str]) -> None:
    for index, promise in enumerate(terms.promises):
        for position, then in enumerate(promise.aftermaths):
            service = next((each for each in terms.services if each.id == then.service), None)
            if then.remedy is not Remedy.AGREE_PAID_WORK or service is None:
                continue
            if not consents & set(service.gates) and not _asks_consent(terms, service.id):
                reading.problem(
                    ("promise", index, "then", position, "service"),
                    f"promise[{promise.id}].then.service",
                    worded("then-without-consent", service=service.id),
                    worded("give-gate", gate=GateKind.PRICE_ACCEPTED.value),
                )


def _check_quotas(terms: Terms, reading: Reading) -> None:
    everything = tuple(service.id for service in terms.services)
    seen: set[tuple[str, str]] = set()
    for index, quota in enumerate(terms.quotas):
        for package in quota.packages:
            counted = {(package, service) for service in quota.services or everything}
            if counted & seen:
                reading.problem(
                    ("quota", index, "packages"),
                    f"quota[#{index + 1}].packages",
                    worded("quota-twice", package=package),
                    worded("count-one-way"),
                )
            seen |= counted
        if quota.multiple % STEP:
            reading.problem(
                ("quota", index, "multiple"),
                f"quota[#{index + 1}].multiple",
                worded("multiple-too-fine", multiple=str(quota.multiple)),
                worded("count-multiples", step=str(STEP)),
            )


def _check_severities(terms: Terms, reading: Reading) -> None:
    if terms.severities and terms.severity_rule is None:
        reading.problem(
            (),
            "severity_rule",
            worded("severity-nobody-sets"),
            worded("add-severity-rule"),
        )
    if terms.severity_rule is not None and not terms.severities:
        reading.problem(
            ("severity_rule",),
            "severity_rule",
            worded("severity-none"),
            worded("add-severity-or-out"),
        )


def _check_bookings(terms: Terms, reading: Reading) -> None:
    booked = [each.id for each in terms.services if each.booked_clause is not None]
    for index, booking in enumerate(terms.bookings):
        for key in booking.services:
            if key not in booked:
                reading.problem(
                    ("booking", index, "services"),
                    f"booking[{index}].services",
                    worded("booked-at-once", service=key),
                    worded("booked-clause-or-out"),
                )
        twice = [
            key for key in booked if booking.fits(key) and any(e.fits(key) for e in terms.bookings[:index])
        ]
        if twice:
            reading.problem(
                ("booking", index, "services"),
                f"booking[{index}].services",
                worded("booked-twice", service=twice[0]),
                worded("name-services-apart"),
            )
        hours = next((each.calendar for each in terms.hours if each.id == booking.hours), None)
        if hours is not None and booking.slot_seconds > _longest_stretch_s(hours):
            reading.problem(
                ("booking", index, "slot"),
                f"booking[{index}].slot",
                worded("slot-too-long"),
                worded("shorten-slot"),
            )


def _longest_stretch_s(hours: Calendar) -> int:
    days = [*hours.week.values(), *hours.overrides.values()]
    return max((last - first for day in days for first, last in merged(day)), default=0) * 60
