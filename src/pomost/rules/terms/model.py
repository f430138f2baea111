"""One version of a vendor's terms as a whole, and how to find things in it.

Owns the look-ups. They find, they do not judge: who is entitled to what is
entitlement.py, what must come first consent.py. A Terms has passed every check
(check.py), so a look-up by a name from the file cannot fail; a name from
elsewhere raises Unknown with the names there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Protocol, Self, TypeVar

from pomost.rules.calendar import Calendar
from pomost.rules.clocks import Promise
from pomost.rules.terms.parts import (
    Aftermath,
    Assumption,
    BookingTerms,
    Cell,
    Clause,
    ConfirmationTerms,
    EstimateTerms,
    Family,
    FeeTerms,
    Gate,
    Hours,
    InvoiceTerms,
    MatrixRow,
    Numbering,
    Package,
    PriceList,
    PromiseTerms,
    Quota,
    Refusal,
    RequestPart,
    RequestRule,
    RunningPromise,
    Service,
    Severity,
    SeverityRule,
    TariffTerms,
    Text,
    TravelTerms,
    Vendor,
    VersionRule,
    VisitTerms,
    WarrantyTerms,
)


class Unknown(LookupError):
    """The terms know no such name; the sentence says which they know."""


class _Keyed(Protocol):
    @property
    def id(self) -> str: ...


K = TypeVar("K", bound=_Keyed)


def _find(what: str, things: Iterable[K], key: str) -> K:
    found = {thing.id: thing for thing in things}
    if key in found:
        return found[key]
    near = get_close_matches(key, found, n=1)
    advice = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(found) or 'none'}."
    raise Unknown(f"The terms have no {what} “{key}”. {advice}")


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a vendor's terms."""

    file: str
    sha256: str
    """Of the file's text in UTF-8, hexadecimal."""
    version: str
    in_force_from: date
    in_force_until: date | None
    """The last day; None: until a later version."""
    assumed: str | None
    title: Text
    vendor: Vendor
    numbering: Numbering
    assumptions: tuple[Assumption, ...]
    clauses: tuple[Clause, ...]
    families: tuple[Family, ...]
    packages: tuple[Package, ...]
    services: tuple[Service, ...]
    matrix: tuple[MatrixRow, ...]
    severities: tuple[Severity, ...]
    severity_rule: SeverityRule | None
    version_rule: VersionRule | None
    hours: tuple[Hours, ...]
    promises: tuple[PromiseTerms, ...]
    price_lists: tuple[PriceList, ...]
    """In the order of their first days."""
    quotas: tuple[Quota, ...]
    request_rule: RequestRule | None
    parts: tuple[RequestPart, ...]
    gates: tuple[Gate, ...]
    estimate: EstimateTerms | None
    invoice: InvoiceTerms | None
    """None: the terms do not say; the desk invoices after the confirmed solution."""
    warranty: WarrantyTerms | None
    confirmation: ConfirmationTerms | None
    bookings: tuple[BookingTerms, ...]
    visits: VisitTerms | None
    refusals: tuple[Refusal, ...]

    def clause(self, key: str) -> Clause:
        """Return a clause. Raises Unknown."""
        return _find("clause", self.clauses, key)

    def package(self, key: str) -> Package:
        """Return a package. Raises Unknown."""
        return _find("package", self.packages, key)

    def service(self, key: str) -> Service:
        """Return a service. Raises Unknown."""
        return _find("service", self.services, key)

    def severity(self, key: str) -> Severity:
        """Return a severity. Raises Unknown."""
        return _find("severity", self.severities, key)

    def family(self, key: str) -> Family:
        """Return a product family. Raises Unknown."""
        return _find("family", self.families, key)

    def refusal(self, key: str) -> Refusal:
        """Return a reason for which a service may be refused or ended. Raises Unknown."""
        return _find("refusal", self.refusals, key)

    def gate(self, key: str) -> Gate:
        """Return a gate. Raises Unknown."""
        return _find("gate", self.gates, key)

    def assumption(self, key: str) -> Assumption:
        """Return an assumption. Raises Unknown."""
        return _find("assumption", self.assumptions, key)

    def calendar(self, key: str) -> Calendar:
        """Return the calendar of some hours. Raises Unknown."""
        return self.hours_called(key).calendar

    def hours_called(self, key: str) -> Hours:
        """Return some hours. Raises Unknown."""
        return _find("calendar", self.hours, key)

    def with_calendars(
        self, calendars: Mapping[str, Calendar], names: Mapping[str, Mapping[date, str]]
    ) -> Self:
        """Return these terms with other calendars by the key of their hours, and more names of days."""
        hours = tuple(
            replace(
                each,
                calendar=calendars.get(each.id, each.calendar),
                holiday_names={**each.holiday_names, **names.get(each.id, {})},
            )
            for each in self.hours
        )
        return replace(self, hours=hours)

    def row(self, service: str) -> MatrixRow:
        """Return the matrix row of a service. Raises Unknown."""
        self.service(service)
        return next(row for row in self.matrix if row.service == service)

    def cell(self, package: str, service: str) -> Cell:
        """Return what the matrix says of a service in a package. Raises Unknown."""
        return self.row(service).cells[self.package(package).id]

    @property
    def default_package(self) -> Package | None:
        """The package of whoever shows no other; None where the terms have no such rule."""
        return next((package for package in self.packages if package.default), None)

    def price_list(self, on: date) -> PriceList | None:
        """Return the price list in force on a day, or None."""
        lists = [each for each in self.price_lists if each.valid_from <= on]
        if not lists or (lists[-1].valid_until is not None and lists[-1].valid_until < on):
            return None
        return lists[-1]

    def tariffs(
        self, on: date, *, service: str | None = None, package: str | None = None, family: str | None = None
    ) -> tuple[TariffTerms, ...]:
        """Return the tariffs in force on a day that are for these; what is None is not asked about.

        With service, package and (where the service has families) family given there is at most one: the checks
        refuse terms in which two would fit.
        """
        prices = self.price_list(on)
        if prices is None:
            return ()
        return tuple(each for each in prices.tariffs if each.fits(service, package, family))

    def fees(self, on: date, service: str) -> tuple[FeeTerms, ...]:
        """Return the fees that a service makes due on a day."""
        prices = self.price_list(on)
        return tuple(fee for fee in prices.fees if service in fee.services) if prices else ()

    def travels(self, on: date, service: str) -> tuple[TravelTerms, ...]:
        """Return what a technician's way costs on a day with a service; none where the price list does not say."""
        prices = self.price_list(on)
        fitting = prices.travels if prices else ()
        return tuple(each for each in fitting if not each.services or service in each.services)

    def promises_for(self, package: str, severity: str | None = None) -> tuple[RunningPromise, ...]:
        """Return what is promised to a package at a severity, in the order of the file.

        Raises:
            Unknown: no such package or severity.
            ValueError: a promise depends on the severity and none was given.
        """
        self.package(package)
        if severity is not None:
            self.severity(severity)
        found = []
        for terms in self.promises:
            if severity is None and terms.by_severity(package):
                raise ValueError(
                    f"The promise “{terms.id}” depends on the severity, and none was given. "
                    f"Choose one of: {', '.join(each.id for each in self.severities)}."
                )
            amount = terms.amount(package, severity)
            if amount is None:
                continue
            after = next((each for each in terms.aftermaths if package in each.packages), None)
            promise = Promise(
                key=terms.id,
                clause=terms.clause,
                starts=terms.starts,
                stops=terms.stops,
                amount=amount,
                pauses=terms.pauses,
                resumes=terms.resumes,
                reopens=terms.reopens,
                time=terms.time,
                then=after.remedy.value if after else None,
            )
            found.append(RunningPromise(promise, self._calendar_of(terms), terms, after))
        return tuple(found)

    def _calendar_of(self, promise: PromiseTerms) -> Calendar:
        return Calendar.always(self.vendor.zone) if promise.hours is None else self.calendar(promise.hours)

    def aftermath_of(self, promise: str, package: str) -> Aftermath | None:
        """Return what follows for a package when a promise has run out. Raises Unknown."""
        terms = _find("promise", self.promises, promise)
        return next((each for each in terms.aftermaths if package in each.packages), None)

    def quotas_of(self, package: str) -> tuple[Quota, ...]:
        """Return how use of a package is counted, in the order of the file; empty where it is not."""
        return tuple(quota for quota in self.quotas if package in quota.packages)

    def quota(self, package: str) -> Quota | None:
        """Return the first way in which use of a package is counted, or None where it is not."""
        return next(iter(self.quotas_of(package)), None)

    def quota_for(self, package: str, service: str) -> Quota | None:
        """Return how the use of a service in a package is counted, or None where it is not."""
        fitting = (each for each in self.quotas_of(package) if not each.services or service in each.services)
        return next(fitting, None)

    def parts_for(self, service: str) -> tuple[RequestPart, ...]:
        """Return what a request for a service must carry."""
        return tuple(part for part in self.parts if not part.services or service in part.services)

    def booking_for(self, service: str) -> BookingTerms | None:
        """Return how a time is agreed beforehand for a service; None where it is not, or the terms do not say how."""
        if self.service(service).booked_clause is None:
            return None
        return next((each for each in self.bookings if each.fits(service)), None)

    def ticket_number(self, n: int, on: date) -> str:
        """Return the unique number of the n-th request (the first is `numbering.ticket_first`)."""
        return self.numbering.ticket.number(n, on)

    def invoice_number(self, n: int, on: date) -> str:
        """Return the number of the n-th invoice, made on `on`."""
        return self.numbering.invoice.number(n, on)

    def correction_number(self, n: int, on: date) -> str:
        """Return the number of the n-th correction of an invoice, made on `on`."""
        return self.numbering.correction.number(n, on)

    def is_in_force(self, on: date) -> bool:
        """Whether this version holds on a day, later versions left aside."""
        return self.in_force_from <= on and (self.in_force_until is None or on <= self.in_force_until)


def in_force(versions: Sequence[Terms], on: date) -> Terms | None:
    """Return the version that holds on a day: the one that began last; None where none does."""
    begun = [terms for terms in versions if terms.is_in_force(on)]
    return max(begun, key=lambda terms: terms.in_force_from, default=None)


def said(text: Text, language: str) -> str:
    """Return a text in a language, in English where the terms have no such language."""
    return text.get(language) or text["en"]
