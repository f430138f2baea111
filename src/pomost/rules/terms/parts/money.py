"""What it costs, what is paid for already, and what holds after the work."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pomost.rules.estimate import EstimateRule
from pomost.rules.money import VatRate
from pomost.rules.tariff import Fee, QuotaUnit, Tariff, TravelRate
from pomost.rules.terms.parts.vendor import Text


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
