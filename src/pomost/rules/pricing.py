"""From terms and worked time to a bill: which tariff, which fees, what a "no" leaves, and the price in words.

Owns the joining of a price list with the arithmetic of tariff.py and estimate.py,
for one stretch of work in the scope of its tariff (A9: the caller adds up the time
of a session, of a request and product, or of a request). Refuses to price what the
terms leave open: NoPrice says which. Read next: tariff.py.
"""

from collections.abc import Callable, Collection
from datetime import date

from pomost.rules.estimate import Answer, payable_seconds
from pomost.rules.money import Money
from pomost.rules.tariff import Bill, Charge, charge, fee_line, price_job, work_line
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import EstimateTerms, FeeTerms, TariffTerms


class NoPrice(LookupError):
    """The terms give no single price for this: none at all, none with a rate, or more than one that could be meant."""


def tariff_for(
    terms: Terms,
    on: date,
    *,
    service: str | None = None,
    package: str | None = None,
    family: str | None = None,
) -> TariffTerms:
    """Return the one tariff for some work on a day (the vendor's local date); what is None is not asked about.

    Raises:
        NoPrice: no tariff fits, or several do because too little is known of the work.
    """
    found = terms.tariffs(on, service=service, package=package, family=family)
    case = ", ".join(filter(None, (service, package, family))) or "anything"
    if not found:
        raise NoPrice(
            f"The terms have no tariff for {case} on {on}. Add it to the price list, or ask a person."
        )
    if len(found) > 1:
        keys = ", ".join(each.tariff.key for each in found)
        raise NoPrice(
            f"Several tariffs could price {case} on {on}: {keys}. Say which product or package it is."
        )
    return found[0]


def fees_due(terms: Terms, on: date, service: str, paid: Collection[str] = ()) -> tuple[FeeTerms, ...]:
    """Return the fees that a service makes due on a day for a customer who has paid those named in `paid`."""
    return tuple(each for each in terms.fees(on, service) if each.fee.key not in paid)


def estimate_terms(terms: Terms, service: str | None) -> EstimateTerms | None:
    """Return the rule of estimates that holds for a service, or None where the terms ask for none."""
    rule = terms.estimate
    if rule is None or (rule.services and service is not None and service not in rule.services):
        return None
    return rule


def charge_work(
    terms: Terms,
    on: date,
    worked_seconds: int,
    *,
    service: str | None = None,
    package: str | None = None,
    family: str | None = None,
    estimate: Answer = "none",
    quoted: Money | None = None,
) -> Charge:
    """Return the units, billed time and net sum of some work; the sum is None where the terms give no rate.

    `estimate` is how the customer answered an estimate, `quoted` a fixed net sum accepted with it.

    Raises:
        NoPrice: as tariff_for.
        ValueError: negative time.
    """
    found = tariff_for(terms, on, service=service, package=package, family=family)
    rule = estimate_terms(terms, service)
    payable = worked_seconds if rule is None else payable_seconds(rule.rule, worked_seconds, estimate)
    return charge(found.tariff, payable, quoted)


def bill_work(
    terms: Terms,
    on: date,
    worked_seconds: int,
    *,
    service: str | None = None,
    package: str | None = None,
    family: str | None = None,
    fees_paid: Collection[str] = (),
    estimate: Answer = "none",
    quoted: Money | None = None,
) -> Bill:
    """Return the bill for some work: fees that are due with it, then the work. No time to pay makes no line at all.

    Arguments as in charge_work; `fees_paid` are the keys of the fees that the customer has paid once before.

    Raises:
        NoPrice: as tariff_for, or the tariff has no rate.
        ValueError: negative time.
    """
    charged = charge_work(
        terms,
        on,
        worked_seconds,
        service=service,
        package=package,
        family=family,
        estimate=estimate,
        quoted=quoted,
    )
    currency = terms.vendor.currency
    prices = terms.price_list(on)
    if prices is None or charged.billed_seconds == 0:
        return price_job((), currency)
    if charged.net is None:
        raise NoPrice(
            f"The terms give no rate (§ {charged.clause}). Agree on a price with the customer first."
        )
    fees = fees_due(terms, on, service, fees_paid) if service else ()
    lines = [fee_line(each.fee, prices.vat_of(each), each.kind) for each in fees]
    found = tariff_for(terms, on, service=service, package=package, family=family)
    return price_job([*lines, work_line(charged, prices.vat_of(found))], currency)


def price_words(
    terms: Terms,
    on: date,
    language: str,
    show: Callable[[Money], str],
    *,
    service: str | None = None,
    package: str | None = None,
    family: str | None = None,
    fees_paid: Collection[str] = (),
) -> str:
    """Return the price of a service as the customer reads it before agreeing; `show` writes an amount.

    Raises:
        NoPrice: as tariff_for.
    """
    found = tariff_for(terms, on, service=service, package=package, family=family)
    rate = found.tariff.rate_per_hour
    words = [said(found.says, language).replace("{rate}", show(rate) if rate else "")]
    fees = fees_due(terms, on, service, fees_paid) if service else ()
    words += [said(each.says, language).replace("{amount}", show(each.fee.amount)) for each in fees]
    return "; ".join(words)
