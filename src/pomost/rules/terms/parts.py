"""The parts that a vendor's terms consist of, as plain values.

Owns their shapes. Every part knows its clause, and what the vendor never said
carries the id of the assumption. Refuses to judge or to look things up: the
whole is model.py, the file's grammar parse.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal, Self

from pomost.rules.calendar import Calendar
from pomost.rules.clocks import Promise, Time
from pomost.rules.estimate import EstimateRule
from pomost.rules.hours import Hours as WeekdayHours
from pomost.rules.levels import Level
from pomost.rules.money import VatRate
from pomost.rules.tariff import Fee, QuotaUnit, Tariff, TravelRate
from pomost.rules.terms.values import NumberPattern

Text = Mapping[str, str]
"""The same sentence in each language of the vendor, by language code."""


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The public holidays of a country over some years."""

    days_off: Mapping[date, str]
    working_days: frozenset[date]
    """Days of a weekend that an official transfer makes working days."""
    confirmed_until: date | None
    """Last day whose holidays are known; None where there are none to know."""


HolidaySource = Callable[[str, str | None, Sequence[int]], PublicHolidays]
"""Holidays of (country, subdivision, years). Raises LookupError with a sentence for a country it does not know."""


class Cell(StrEnum):
    """What the matrix says of one service in one package."""

    YES = "yes"
    QUOTA = "quota"
    PAID = "paid"
    NO = "no"
    SOLD_SEPARATELY = "sold-separately"
    UNSTATED = "unstated"


class GateKind(StrEnum):
    """What must be on record before a service goes on."""

    PHONE_NOTED = "phone-noted"
    DECLARATION = "declaration"
    PRICE_ACCEPTED = "price-accepted"
    BACKUP_ATTESTED = "backup-attested"
    READINESS = "readiness"


class Channel(StrEnum):
    """How a service reaches the customer."""

    PORTAL = "portal"
    MAIL = "mail"
    PHONE = "phone"
    FILE = "file"
    SESSION = "session"
    DOWNLOAD = "download"
    VISIT = "visit"


class PartKind(StrEnum):
    """What kind of thing a request must carry."""

    TEXT = "text"
    PHONE = "phone"
    FILE = "file"
    CONSENT = "consent"
    CHOICE = "choice"


class Remedy(StrEnum):
    """What follows when the time of a promise has run out."""

    AGREE_PAID_WORK = "agree-paid-work"
    ASK_PERSON = "ask-person"


@dataclass(frozen=True, slots=True)
class Assumption:
    """A decision where the vendor's own text is silent, so that the vendor sees what it never said."""

    id: str
    says: Text


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence of the terms that decisions point at."""

    id: str
    sentence: Text
    source_file: str
    """Number of the published document the clause comes from."""
    source_at: str
    """Heading or clause number in that document."""
    assumed: str | None

    @property
    def label(self) -> str:
        """What a chip shows: `§ 3.2`."""
        return f"§ {self.id}"


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who gives the support."""

    slug: str
    name: str
    mark: str
    """One or two letters for places where the name does not fit."""
    languages: tuple[str, ...]
    """The vendor's own language first."""
    zone: str
    currency: str
    country: str
    legal_name: str
    tax_id: str
    address: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Numbering:
    """How requests and invoices are numbered."""

    ticket: NumberPattern
    ticket_first: int
    invoice: NumberPattern
    correction: NumberPattern
    """Of documents that take back part of an invoice."""


@dataclass(frozen=True, slots=True)
class Family:
    """A product, or a kind of work, that has its own price."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Package:
    """What a customer can have: a support package, a tariff, a contract, or none of them."""

    id: str
    name: Text
    clause: str
    default: bool
    """Whoever has no other package is served by this one."""
    if_not_shown: str | None
    """Package that serves a customer who cannot show this one; None: the terms are silent."""
    if_not_shown_clause: str | None
    assumed: str | None


@dataclass(frozen=True, slots=True)
class Service:
    """Something that the vendor does for a customer."""

    id: str
    name: Text
    clause: str
    channels: tuple[Channel, ...]
    level: Level
    """The highest level of access that the service may ever reach."""
    gates: tuple[str, ...]
    """Keys of gates, in the order in which they are put to the customer."""
    families: tuple[str, ...]
    """Products it is given for; empty: the service does not ask."""
    booked_clause: str | None
    """The clause by which a time is agreed beforehand; None: it may be had at once."""
    outdated_stays: bool
    """Also given in full for outdated versions of the product."""
    assumed: str | None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One service in all packages."""

    service: str
    clause: str
    cells: Mapping[str, Cell]
    assumed: str | None


@dataclass(frozen=True, slots=True)
class Severity:
    """How badly a problem hurts, by its effect."""

    id: str
    name: Text
    definition: Text
    clause: str


@dataclass(frozen=True, slots=True)
class SeverityRule:
    """Who says how severe a request is."""

    set_by: Literal["customer", "technician"]
    change: Literal["with-consent", "freely"]
    """"with-consent": staff change it only when the customer agrees."""
    clause: str


@dataclass(frozen=True, slots=True)
class VersionRule:
    """What users of an outdated version get: known solutions, apart from services that stay."""

    clause: str
    assumed: str | None


@dataclass(frozen=True, slots=True)
class Hours:
    """A calendar of the terms, with where it comes from."""

    id: str
    name: Text
    """Its id in every language where the terms give it no name."""
    clause: str
    country: str
    """Whose public holidays close it, by ISO 3166-1; empty: it knows none."""
    subdivision: str
    """The part of that country, by the second half of its ISO 3166-2 code; empty: the whole."""
    calendar: Calendar
    holiday_names: Mapping[date, str]
    assumed: str | None

    def knowing(self, more: PublicHolidays) -> Self:
        """Return these hours with further public holidays known; days that the terms name themselves stay as they say."""
        calendar = self.calendar
        moved = {day: hours_by_transfer(day, calendar.week) for day in sorted(more.working_days)}
        known = replace(
            calendar,
            holidays=frozenset((*calendar.holidays, *more.days_off)),
            overrides={**moved, **calendar.overrides},
            confirmed_until=more.confirmed_until,
        )
        return replace(self, calendar=known, holiday_names={**self.holiday_names, **more.days_off})


def hours_by_transfer(day: date, week: Mapping[int, WeekdayHours]) -> WeekdayHours:
    """Return the hours of a weekend day that works by official transfer: those of the last weekday that has any."""
    before = ((day - timedelta(days=back)).weekday() for back in range(1, 8))
    return next((week[weekday] for weekday in before if week.get(weekday)), ())


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What follows for some packages when the time of a promise has run out."""

    packages: tuple[str, ...]
    remedy: Remedy
    service: str | None
    """The paid service to agree on, where that is the remedy."""
    clause: str


class AlertTo(StrEnum):
    """Who of the staff is told."""

    ASSIGNEE = "assignee"
    """Whoever has the request; the dispatchers while nobody has it."""
    DISPATCHER = "dispatcher"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Alert:
    """When staff are told about a promise: before it falls due, or after it was missed. The vendor's inner matter."""

    kind: Literal["warning", "escalation"]
    to: tuple[AlertTo, ...]
    seconds: int = 0
    """Of the promise's own time, before or after the due moment."""
    percent: int = 0
    """Of the promised amount, instead of seconds; warnings only."""

    @property
    def step(self) -> str:
        """What tells it from the promise's other alerts: `warning:25%`, `escalation:3600s`."""
        return f"{self.kind}:{f'{self.percent}%' if self.percent else f'{self.seconds}s'}"

    def amount(self, promised: timedelta) -> timedelta:
        """Return after how much of the promise's time it is told; whole seconds."""
        if self.percent:
            rest = promised // timedelta(seconds=1) * (100 - self.percent) // 100
            return timedelta(seconds=max(1, rest))
        shift = timedelta(seconds=self.seconds)
        return promised + shift if self.kind == "escalation" else promised - shift


DESK_ALERTS: Final = (
    Alert("warning", (AlertTo.ASSIGNEE,), percent=25),
    Alert("escalation", (AlertTo.DISPATCHER,)),
)
"""What the desk does where a file names no alerts: it warns in the last quarter, and tells of what was missed."""


@dataclass(frozen=True, slots=True)
class PromiseTerms:
    """A promise with its amounts for every package and severity."""

    id: str
    name: Text
    clause: str
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    pauses: tuple[str, ...]
    resumes: tuple[str, ...]
    reopens: tuple[str, ...]
    time: Time
    hours: str | None
    """Key of the calendar; None for elapsed and metered time."""
    amounts: Mapping[tuple[str, str | None], timedelta | None]
    """By (package, severity); severity None where the promise does not depend on it. None: nothing is promised."""
    aftermaths: tuple[Aftermath, ...]
    alerts: tuple[Alert, ...]
    """Whom of the staff it is told to, and when."""
    assumed: str | None

    def amount(self, package: str, severity: str | None) -> timedelta | None:
        """Return the promised time, or None where nothing is promised."""
        if (package, None) in self.amounts:
            return self.amounts[package, None]
        return self.amounts[package, severity]

    def promised(self, package: str, severity: str | None) -> bool:
        """Whether anything is promised; also where the file leaves a case out (which is a problem of its own)."""
        return (
            self.amounts.get((package, None)) is not None or self.amounts.get((package, severity)) is not None
        )

    def by_severity(self, package: str) -> bool:
        """Whether the amount for this package depends on the severity."""
        return (package, None) not in self.amounts


@dataclass(frozen=True, slots=True)
class RunningPromise:
    """A promise as it holds for one request: what clocks.run needs, and what its page shows."""

    promise: Promise
    calendar: Calendar
    terms: PromiseTerms
    aftermath: Aftermath | None


@dataclass(frozen=True, slots=True)
class TariffTerms:
    """A tariff and what it is for. An empty tuple means: for all."""

    tariff: Tariff
    name: Text
    says: Text
    """The price in words, with {rate} to be filled in."""
    families: tuple[str, ...]
    services: tuple[str, ...]
    packages: tuple[str, ...]
    vat: VatRate | None
    """Where it is another one than the price list's."""
    assumed: str | None

    def fits(self, service: str | None, package: str | None, family: str | None) -> bool:
        """Whether the tariff is for these; what is None is not asked about."""
        asked = ((self.services, service), (self.packages, package), (self.families, family))
        return all(key is None or not keys or key in keys for keys, key in asked)


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """A fee, its kind and the services that make it due."""

    fee: Fee
    kind: str
    """The word on the invoice line, such as `connection`."""
    name: Text
    says: Text
    """The fee in words, with {amount} to be filled in."""
    services: tuple[str, ...]
    vat: VatRate | None
    """Where it is another one than the price list's."""
    assumed: str | None


@dataclass(frozen=True, slots=True)
class TravelTerms:
    """What a technician's way costs, and with which services."""

    travel: TravelRate
    name: Text
    says: Text
    """In words, with {rate} to be filled in."""
    services: tuple[str, ...]
    """Empty: all."""
    vat: VatRate | None
    """Where it is another one than the price list's."""
    assumed: str | None


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices from one day on."""

    id: str
    valid_from: date
    valid_until: date | None
    vat: VatRate
    sample: bool
    """The rates are examples, because the vendor published none."""
    tariffs: tuple[TariffTerms, ...]
    fees: tuple[FeeTerms, ...]
    travels: tuple[TravelTerms, ...]
    assumed: str | None

    def vat_of(self, price: TariffTerms | FeeTerms | TravelTerms) -> VatRate:
        """Return the VAT rate of one price: its own, or that of the whole list."""
        return self.vat if price.vat is None else price.vat


@dataclass(frozen=True, slots=True)
class Quota:
    """How use of a package is counted."""

    packages: tuple[str, ...]
    services: tuple[str, ...]
    """Empty: every service."""
    counts: QuotaUnit
    multiple: Decimal
    clause: str
    assumed: str | None


@dataclass(frozen=True, slots=True)
class RequestRule:
    """How many tasks one request may hold."""

    tasks: int
    clause: str


@dataclass(frozen=True, slots=True)
class RequestPart:
    """Something that a request must carry before work on it begins."""

    id: str
    kind: PartKind
    name: Text
    """In the accusative or nominative, to stand in a list of what is missing."""
    ask: Text
    """The request to the customer to send it."""
    services: tuple[str, ...]
    """Empty: every service."""
    clause: str


@dataclass(frozen=True, slots=True)
class Gate:
    """Something that must be on record before a level of access is reached."""

    id: str
    kind: GateKind
    clause: str
    before: Level
    """The first level that the gate holds back. LOOK: nothing at all happens before it."""
    text: Text
    """What the customer reads and agrees to; in a price gate {price} stands for the price in words."""
    waivable: bool
    """The customer may go on without it, knowingly."""
    assumed: str | None


@dataclass(frozen=True, slots=True)
class EstimateTerms:
    """When an estimate is demanded, and what a "no" leaves."""

    rule: EstimateRule
    decline_clause: str
    services: tuple[str, ...]
    """Empty: every paid service."""
    assumed: str | None


@dataclass(frozen=True, slots=True)
class InvoiceTerms:
    """The event after which an invoice can be made."""

    after: str
    clause: str
    assumed: str | None


@dataclass(frozen=True, slots=True)
class WarrantyTerms:
    """Guarantee and complaints about work done."""

    guarantee_days: int
    complaint_working_days: int
    hours: str
    clause: str
    service: str | None
    """The service of a free repair; None: that of the work complained of."""
    liability_cap_clause: str | None
    """The clause by which nobody is liable for more than the pay received for the work; None: the terms do not say."""
    liability_clauses: tuple[str, ...]
    assumed: str | None


@dataclass(frozen=True, slots=True)
class ConfirmationTerms:
    """When a solution that the customer neither confirms nor rejects counts as confirmed."""

    silence_working_days: int
    hours: str
    clause: str
    assumed: str | None


@dataclass(frozen=True, slots=True)
class BookingTerms:
    """How times are agreed beforehand: within which hours, how long, and how late one may still ask or change."""

    services: tuple[str, ...]
    """Empty: every service that is booked."""
    hours: str
    slot_seconds: int
    lead_seconds: int
    """Nobody is booked sooner than this from now, and the customer changes or cancels until so long before."""
    clause: str
    assumed: str | None

    def fits(self, service: str) -> bool:
        """Whether it is for the service."""
        return not self.services or service in self.services


@dataclass(frozen=True, slots=True)
class VisitTerms:
    """Where and when a technician travels."""

    cities: tuple[str, ...] | None
    """None: the vendor's list is not known, a person is asked."""
    hours: str
    elsewhere: Literal["after-approval", "no"]
    clause: str
    elsewhere_clause: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason for which the vendor may refuse or end a service; a person decides."""

    id: str
    name: Text
    effect: Literal["may-refuse", "may-end"]
    clause: str
