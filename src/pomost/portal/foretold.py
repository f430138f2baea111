"""What would happen with a request, beside its form: when, for how much, and how far a connection may go.

The decision is the one that registration makes (tickets.queries.preview), asked without writing anything. Here it
becomes words, with the price of the first unit as an example.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext, gettext_lazy

from pomost.billing.spoken import net_words
from pomost.people import formats
from pomost.portal.asked import Case
from pomost.rules.entitlement import Outcome, Verdict
from pomost.rules.levels import Level
from pomost.rules.money import Money, VatRate
from pomost.rules.pricing import NoPrice, bill_work, estimate_terms, fees_due, tariff_for
from pomost.rules.terms.model import said
from pomost.rules.terms.parts import Channel, TariffTerms
from pomost.tickets.queries import Preview, PromiseShown
from pomost.ui.parts import ClauseView, PlankView
from pomost.ui.ticket_parts import clause_view

PAID: Final = (Outcome.PAID, Outcome.SOLD_SEPARATELY, Outcome.ASK_PERSON)
EXAMPLE_SECONDS: Final = 80 * 60
"""Longer than an hour and no multiple of anything, so that it shows what starting a unit means."""
PLANKS: Final = 3

FROM: Final[dict[str, LazyText]] = {
    "request.received": gettext_lazy("from the receipt"),
    "request.registered": gettext_lazy("from the registration"),
    "request.completed": gettext_lazy("from the moment when all is there"),
    "work.began": gettext_lazy("from the beginning of the work"),
    "notice.accepted": gettext_lazy("from the moment when you know the number"),
}
"""From which event a promise counts."""


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of what happens next: a question, its answer, why."""

    icon: str
    question: str
    answer: str
    detail: str = ""
    clause: ClauseView | None = None
    is_quiet: bool = False
    """Nothing is promised or given here."""
    planks: tuple[PlankView, ...] = ()
    note: str = ""
    ceiling: str = ""
    """The highest level of a connection, for the small ladder; empty: none is drawn."""


def foretold(
    would: Preview, case: Case, *, now: datetime, language: str, with_example: bool = True
) -> list[LineView]:
    """Return what would happen, in the active language; `with_example`, what a longer work would cost."""
    lines = [*_when(would, case, now, language), _price(would, case, language, with_example=with_example)]
    if would.verdict.outcome in PAID:
        lines += [*_fees(case, language), *_if_longer(case, language), *_invoice(case, language)]
    lines += [*_booked(case, language), *_connection(would, case, language)]
    return _dated_once(lines)


def _dated_once(lines: list[LineView]) -> list[LineView]:
    """Leave the day of the version at the first clause only: it is the same one for all."""
    first = next((place for place, line in enumerate(lines) if line.clause is not None), None)
    return [
        line
        if place == first or line.clause is None
        else replace(line, clause=replace(line.clause, since=None))
        for place, line in enumerate(lines)
    ]


def _when(would: Preview, case: Case, now: datetime, language: str) -> Iterator[LineView]:
    for shown in would.promises:
        clause = clause_view(case.terms, shown.clause, language=language)
        amount = formats.length_words(shown.amount)
        if shown.due_at is not None:
            promised = gettext("Promised: %(amount)s") % {"amount": amount}
            yield LineView("clock", shown.label, formats.by(shown.due_at, now), promised, clause)
        elif not shown.is_confirmed:
            unknown = gettext(
                "The official calendar of that time is not known yet, so no moment is promised."
            )
            yield LineView("circle-dashed", shown.label, amount, unknown, clause, is_quiet=True)
        else:
            yield LineView("clock", shown.label, amount, _counted_from(case, shown), clause)
    solving = [each for each in case.terms.promises if "solution.proposed" in each.stops]
    if not would.promises:
        yield LineView(
            "circle-dashed", gettext("When we begin"), gettext("no time is promised"), is_quiet=True
        )
    elif not any(each.id == shown.key for each in solving for shown in would.promises):
        yield LineView(
            "circle-dashed", gettext("When it is solved"), gettext("no time is promised"), is_quiet=True
        )


def _counted_from(case: Case, shown: PromiseShown) -> str:
    starts = next((each.starts for each in case.terms.promises if each.id == shown.key), ())
    words = [str(FROM[event]) for event in starts if event in FROM]
    return words[0] if words else ""


def _price(would: Preview, case: Case, language: str, *, with_example: bool) -> LineView:
    outcome = would.verdict.outcome
    question = gettext("What it costs")
    clause = clause_view(case.terms, would.verdict.clause, language=language)
    if outcome is Outcome.REFUSED:
        return LineView(
            "lock", question, would.verdict_label, clause.sentence if clause else "", clause, is_quiet=True
        )
    if outcome not in PAID:
        zero = Money.zero(case.terms.vendor.currency)
        inside = (
            gettext("Package: %(package)s.") % {"package": would.package_label} if would.package_label else ""
        )
        return LineView(
            "wallet",
            question,
            formats.money(zero.amount, zero.currency),
            f"{would.verdict_label}. {inside}".strip(),
            clause,
        )
    try:
        found = tariff_for(
            case.prices, case.day, service=case.service, package=case.package, family=case.family
        )
    except NoPrice:
        return LineView(
            "wallet", question, gettext("we name the price before the work"), would.verdict_label, clause
        )
    line = _tariff(found, case, question, language)
    return line if with_example else replace(line, note="")


def _tariff(found: TariffTerms, case: Case, question: str, language: str) -> LineView:
    tariff = found.tariff
    chip = clause_view(case.prices, tariff.clause, language=language)
    prices = case.prices.price_list(case.day)
    vat = prices.vat_of(found) if prices else VatRate(None)
    rate = tariff.rate_per_hour
    words = said(found.says, language).replace(
        "{rate}", formats.money(rate.amount, rate.currency) if rate else ""
    )
    first = tariff.unit_seconds or tariff.minimum_seconds
    if rate is None or not first:
        return LineView("wallet", question, words, clause=chip)
    net, gross = _costs(case, 1)
    within = formats.length_words(timedelta(seconds=first))
    detail = (
        gettext("Covers: %(length)s.") % {"length": within}
        if vat.percent is None
        else gettext("%(gross)s with VAT. Covers: %(length)s.")
        % {"gross": formats.money(gross.amount, gross.currency), "length": within}
    )
    rule = estimate_terms(case.terms, case.service)
    gate = [PlankView(is_gate=True)] if rule is not None and rule.rule.budget_seconds == first else []
    example, _gross = _costs(case, EXAMPLE_SECONDS)
    return LineView(
        "wallet",
        question,
        net_words(net, vat),
        detail,
        chip,
        planks=(PlankView(100), *gate, *(PlankView() for _place in range(PLANKS - 1))),
        note=gettext("80 minutes cost %(amount)s.") % {"amount": net_words(example, vat)},
    )


def _costs(case: Case, seconds: int) -> tuple[Money, Money]:
    """Return net and gross of some work, fees left aside."""
    every_fee = [fee.fee.key for fee in case.prices.fees(case.day, case.service)]
    bill = bill_work(
        case.prices,
        case.day,
        seconds,
        service=case.service,
        package=case.package,
        family=case.family,
        fees_paid=every_fee,
        estimate="accepted",
    )
    return bill.net, bill.gross


def _fees(case: Case, language: str) -> Iterator[LineView]:
    prices = case.prices.price_list(case.day)
    for each in fees_due(case.prices, case.day, case.service, case.fees_paid):
        yield LineView(
            "wallet",
            said(each.name, language),
            net_words(each.fee.amount, prices.vat_of(each) if prices else VatRate(None)),
            gettext("Once for each customer."),
            clause_view(case.prices, each.fee.clause, language=language),
        )


def _if_longer(case: Case, language: str) -> Iterator[LineView]:
    rule = estimate_terms(case.terms, case.service)
    if rule is None:
        return
    zero = formats.money(Money.zero(case.terms.vendor.currency).amount, case.terms.vendor.currency)
    leaves_nothing = rule.rule.declined_leaves == "nothing"
    yield LineView(
        "hand",
        gettext("If it takes longer"),
        gettext("we name a price, you decide"),
        gettext("If you decline: %(amount)s, the time already worked included.") % {"amount": zero}
        if leaves_nothing
        else gettext("If you decline, only the time already worked is paid."),
        clause_view(case.terms, rule.rule.clause, language=language),
    )


def _invoice(case: Case, language: str) -> Iterator[LineView]:
    if case.terms.invoice is not None:
        yield LineView(
            "receipt-text",
            gettext("Invoice"),
            gettext("only after the solution"),
            clause=clause_view(case.terms, case.terms.invoice.clause, language=language),
        )


def _booked(case: Case, language: str) -> Iterator[LineView]:
    clause = case.terms.service(case.service).booked_clause
    if clause is not None:
        yield LineView(
            "calendar-check",
            gettext("When we connect")
            if Channel.SESSION in case.terms.service(case.service).channels
            else gettext("When we come to it"),
            gettext("at the agreed time"),
            gettext("Choose it in the form, or we call you about it."),
            clause_view(case.terms, clause, language=language),
        )


def reachable(verdict: Verdict) -> Level:
    """Return how far a session may go by the terms, or may if a person decides so where they are silent."""
    return verdict.level_if_agreed if verdict.outcome is Outcome.ASK_PERSON else verdict.level


def _connection(would: Preview, case: Case, language: str) -> Iterator[LineView]:
    if Channel.SESSION not in case.terms.service(case.service).channels:
        return
    level = reachable(would.verdict)
    clause = clause_view(case.terms, would.verdict.clause, language=language)
    if level is Level.NONE:
        yield LineView(
            "monitor", gettext("Connection"), gettext("not in this package"), clause=clause, is_quiet=True
        )
        return
    yield LineView(
        "monitor",
        gettext("Connection"),
        gettext("possible, with your consent"),
        gettext("You allow each step by itself and can stop at any moment."),
        clause,
        ceiling=level.word,
    )
