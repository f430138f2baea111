"""The sections of a terms file about money: price lists, quotas, estimates, invoices.

Owns [[price_list]], [[quota]], [estimate] and [invoice]. What they come to for
worked time is rules/tariff.py and rules/estimate.py; every key is described in
terms/README.md.
"""

from decimal import Decimal
from typing import Final, Literal, cast

from pomost.rules.clocks import EVENTS
from pomost.rules.estimate import EstimateRule
from pomost.rules.money import Money, VatRate
from pomost.rules.tariff import Fee, Scope, Tariff, TariffKind, TravelRate, TravelUnit
from pomost.rules.terms.parts import (
    EstimateTerms,
    FeeTerms,
    InvoiceTerms,
    PriceList,
    Quota,
    TariffTerms,
    Text,
    TravelTerms,
)
from pomost.rules.terms.table import Table
from pomost.rules.terms.values import amount, duration_seconds, percent, positive_decimal
from pomost.rules.terms.worded import worded

KINDS: Final = ("started-unit", "minimum-then", "plain", "quoted")
SCOPES: Final = ("session", "ticket-family", "request")
TRAVEL_UNITS: Final = ("visit", "km", "hour")
VAT_EXEMPT: Final = "exempt"

DURATIONS_OF_KIND: Final = {
    "started-unit": ("unit",),
    "minimum-then": ("minimum", "step"),
    "plain": (),
    "quoted": (),
}
"""Which durations a tariff of each kind needs; the others mean nothing there."""

FIELDS_OF_PRICE: Final = ("rate",)


def price_lists(top: Table, currency: str) -> tuple[PriceList, ...]:
    """Read [[price_list]], in the order of the file."""
    found = []
    for table in top.tables("price_list"):
        found.append(
            PriceList(
                id=table.own_id("price_list"),
                valid_from=table.day("from"),
                valid_until=table.optional_day("until"),
                vat=_vat(table),
                sample=table.flag("sample"),
                tariffs=tuple(_tariff(each, currency) for each in table.tables("tariff")),
                fees=tuple(_fee(each, currency) for each in table.tables("fee")),
                travels=tuple(_travel(each, currency) for each in table.tables("travel")),
                assumed=table.assumed(),
            )
        )
        table.close()
    return tuple(found)


def _vat(table: Table) -> VatRate:
    clause = table.optional_ref("vat_clause", "clause", required=True) or ""
    if table.values.get("vat") == VAT_EXEMPT:
        table.has("vat")
        return VatRate(None, clause, exempt=True)
    return VatRate(table.value("vat", percent, None, example='"23"'), clause)


def _own_vat(table: Table) -> VatRate | None:
    """Return the VAT rate of one price where it has its own."""
    return _vat(table) if table.has("vat") or table.has("vat_clause") else None


def _rate(table: Table, key: str) -> Decimal | None:
    """Return a rate; None where it is "unstated"."""
    if table.values.get(key) == "unstated":
        table.has(key)
        return None
    return table.value(key, amount, Decimal(0), example='"200.00"')


def _tariff(table: Table, currency: str) -> TariffTerms:
    kind = table.word("kind", KINDS)
    seconds = {}
    for name in ("unit", "minimum", "step"):
        if name in DURATIONS_OF_KIND[kind]:
            seconds[name] = table.value(name, duration_seconds, 3600, example='"60m"')
        else:
            seconds[name] = 0
            if table.has(name):
                table.problem(name, worded("tariff-without", kind=kind, name=name), worded("take-key-out"))
    rate = _rate(table, "rate_per_hour")
    terms = TariffTerms(
        tariff=Tariff(
            key=table.string("id", example='"hourly"'),
            clause=table.ref("clause", "clause"),
            kind=cast(TariffKind, kind),
            rate_per_hour=None if rate is None else Money(rate, currency),
            unit_seconds=seconds["unit"],
            minimum_seconds=seconds["minimum"],
            step_seconds=seconds["step"],
            scope=cast(Scope, table.word("scope", SCOPES)),
        ),
        name=table.said("name"),
        says=table.said("says", fields=FIELDS_OF_PRICE),
        families=table.refs("families", "family"),
        services=table.refs("services", "service"),
        packages=table.refs("packages", "package"),
        vat=_own_vat(table),
        assumed=table.assumed(),
    )
    _check_field(table, terms.says, "rate", present=rate is not None)
    table.close()
    return terms


def _check_field(table: Table, says: Text, field: str, *, present: bool) -> None:
    """Report a price in words that hides its amount, or speaks of one that is not there."""
    for language, text in says.items():
        if text and present and f"{{{field}}}" not in text:
            what = worded("price-without-amount")
            table.table("says").problem(language, what, worded("put-into-text", field=f"{{{field}}}"))
        if text and not present and f"{{{field}}}" in text:
            what = worded("rate-not-stated")
            table.table("says").problem(language, what, worded("say-how-agreed"))


def _fee(table: Table, currency: str) -> FeeTerms:
    terms = FeeTerms(
        fee=Fee(
            key=table.string("id", example='"connection"'),
            clause=table.ref("clause", "clause"),
            amount=Money(table.value("amount", amount, Decimal(0), example='"4000.00"'), currency),
            per=cast(Literal["customer"], table.word("per", ("customer",))),
        ),
        kind=table.string("kind", example='"connection"', most=40),
        name=table.said("name"),
        says=table.said("says", fields=("amount",)),
        services=table.refs("services", "service", required=True),
        vat=_own_vat(table),
        assumed=table.assumed(),
    )
    _check_field(table, terms.says, "amount", present=True)
    table.close()
    return terms


def _travel(table: Table, currency: str) -> TravelTerms:
    rate = _rate(table, "rate")
    terms = TravelTerms(
        travel=TravelRate(
            key=table.string("id", example='"call-out"'),
            clause=table.ref("clause", "clause"),
            per=cast(TravelUnit, table.word("per", TRAVEL_UNITS)),
            rate=None if rate is None else Money(rate, currency),
        ),
        name=table.said("name"),
        says=table.said("says", fields=FIELDS_OF_PRICE),
        services=table.refs("services", "service"),
        vat=_own_vat(table),
        assumed=table.assumed(),
    )
    _check_field(table, terms.says, "rate", present=rate is not None)
    table.close()
    return terms


def quotas(top: Table) -> tuple[Quota, ...]:
    """Read [[quota]]."""
    found = []
    for table in top.tables("quota"):
        counts = table.word("counts", ("requests", "hours"))
        found.append(
            Quota(
                packages=table.refs("packages", "package", required=True),
                services=table.refs("services", "service"),
                counts="hours" if counts == "hours" else "requests",
                multiple=table.value("multiple", positive_decimal, Decimal(1), example='"0.5"'),
                clause=table.ref("clause", "clause"),
                assumed=table.assumed(),
            )
        )
        table.close()
    return tuple(found)


def estimate(top: Table) -> EstimateTerms | None:
    """Read [estimate]."""
    table = top.section("estimate")
    if table is None:
        return None
    decline = table.word("decline_leaves", ("nothing", "worked-time"))
    beyond = table.word("beyond", ("ask-again", "goes-on"), required=False)
    terms = EstimateTerms(
        rule=EstimateRule(
            key="estimate",
            clause=table.ref("clause", "clause"),
            budget_seconds=table.value("budget", duration_seconds, 3600, example='"60m"'),
            declined_leaves="nothing" if decline == "nothing" else "worked-time",
            beyond="goes-on" if beyond == "goes-on" else "ask-again",
        ),
        decline_clause=table.ref("decline_clause", "clause"),
        services=table.refs("services", "service"),
        assumed=table.assumed(),
    )
    table.close()
    return terms


def invoice(top: Table) -> InvoiceTerms | None:
    """Read [invoice]."""
    table = top.section("invoice")
    if table is None:
        return None
    terms = InvoiceTerms(
        after=table.word("after", list(EVENTS)),
        clause=table.ref("clause", "clause"),
        assumed=table.assumed(),
    )
    table.close()
    return terms
