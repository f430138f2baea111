"""From a cost to the lines of an invoice: what, how much, at which price, by which clause, in the customer's language.

Owns the words of a line and the quantity that stands before its price. The sums are those of the bill; nothing is
priced here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pomost.billing.costs import Cost, FeeDue, Job, TravelDue, ended_at
from pomost.billing.models import Estimate
from pomost.people.formats import clock_time, date_figures, length_words, money, number
from pomost.rules.money import Money, VatRate
from pomost.rules.terms.model import Terms, said
from pomost.tickets.models import Ticket
from pomost.worklog.models import Entry

HOUR_SECONDS: Final = 3600
MINUTE_SECONDS: Final = 60
FOUR_PLACES: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class LineDrawn:
    """A line before it has a place on an invoice."""

    kind: str
    description: str
    detail: str
    clause: str
    clause_from: date
    clause_text: str
    worked_seconds: int
    billed_seconds: int
    quantity: Decimal
    unit_seconds: int | None
    unit_price: Money
    net: Money
    vat: VatRate
    vat_clause_text: str
    supplied_on: date
    entries: tuple[Entry, ...]
    fee: str
    """Key of the one-off fee; empty for work."""


def lines_of(ticket: Ticket, cost: Cost, estimates: Sequence[Estimate], language: str) -> list[LineDrawn]:
    """Return the lines of a ticket: fees first, then work, then travel. Called with that language and the vendor's zone active.

    Args:
        ticket: settled.
        cost: of its entries.
        estimates: the accepted ones, in their order.
        language: of the invoice.
    """
    drawn = [_fee_line(due, language) for due in cost.fees]
    drawn += [_work_line(ticket, job, estimates, language) for job in cost.jobs if _is_charged(job)]
    return drawn + [_travel_line(ticket, due, language) for due in cost.travels]


def _is_charged(job: Job) -> bool:
    return job.charge.net is not None and job.charge.net.amount > 0


def _why_vat(terms: Terms, vat: VatRate, language: str) -> str:
    return said(terms.clause(vat.clause).sentence, language) if vat.clause else ""


def _fee_line(due: FeeDue, language: str) -> LineDrawn:
    fee = due.fee.fee
    return LineDrawn(
        kind=due.fee.kind,
        description=said(due.fee.name, language),
        detail="",
        clause=fee.clause,
        clause_from=due.terms.in_force_from,
        clause_text=said(due.terms.clause(fee.clause).sentence, language),
        worked_seconds=0,
        billed_seconds=0,
        quantity=Decimal(1),
        unit_seconds=None,
        unit_price=fee.amount,
        net=fee.amount.rounded(),
        vat=due.vat,
        vat_clause_text=_why_vat(due.terms, due.vat, language),
        supplied_on=due.supplied_on,
        entries=(),
        fee=fee.key,
    )


def _travel_line(ticket: Ticket, due: TravelDue, language: str) -> LineDrawn:
    travel = due.travel
    return LineDrawn(
        kind="travel",
        description=said(due.price.name, language) if due.price else _("Technician's travel"),
        detail=f"{ticket.number}, {date_figures(travel.travelled_on)}. {_travelled(due)}".strip(),
        clause=due.clause,
        clause_from=due.terms.in_force_from,
        clause_text=said(due.terms.clause(due.clause).sentence, language),
        worked_seconds=0,
        billed_seconds=0,
        quantity=Decimal(1),
        unit_seconds=None,
        unit_price=due.net,
        net=due.net,
        vat=due.vat,
        vat_clause_text=_why_vat(due.terms, due.vat, language),
        supplied_on=travel.travelled_on,
        entries=(),
        fee="",
    )


def _travelled(due: TravelDue) -> str:
    """Return how much was travelled at which price, or that a sum was agreed to."""
    if due.price is None or due.price.travel.rate is None:
        return _("For the agreed sum.")
    rate = due.price.travel.rate
    price = {"price": money(rate.amount, rate.currency)}
    quantity = due.travel.quantity
    if due.price.travel.per == "visit":
        words = ngettext("%(count)d visit at %(price)s.", "%(count)d visits at %(price)s.", int(quantity))
        return words % (price | {"count": int(quantity)})
    figure = {"quantity": number(quantity.normalize() + 0)}
    words = (
        _("%(quantity)s km at %(price)s.")
        if due.price.travel.per == "km"
        else _("%(quantity)s h at %(price)s.")
    )
    return words % (price | figure)


def _work_line(ticket: Ticket, job: Job, estimates: Sequence[Estimate], language: str) -> LineDrawn:
    net = job.charge.net
    assert net is not None  # noqa: S101 (_is_charged)
    quantity, unit_seconds, price = _quantity(job, net)
    entries = tuple(part.entry for part in job.work if part.entry is not None)
    return LineDrawn(
        kind="work",
        description=_description(job.terms, job, language),
        detail=" ".join([_when(ticket, entries), _counted(job, quantity), *_agreed(estimates)]),
        clause=job.charge.clause,
        clause_from=job.terms.in_force_from,
        clause_text=said(job.terms.clause(job.charge.clause).sentence, language),
        worked_seconds=job.worked_seconds,
        billed_seconds=job.charge.billed_seconds,
        quantity=quantity,
        unit_seconds=unit_seconds,
        unit_price=price,
        net=net,
        vat=job.vat,
        vat_clause_text=_why_vat(job.vat_terms, job.vat, language),
        supplied_on=job.supplied_on,
        entries=entries,
        fee="",
    )


def _quantity(job: Job, net: Money) -> tuple[Decimal, int | None, Money]:
    """Return how many units of which length at which price; a fixed sum is one piece."""
    rate = job.tariff.tariff.rate_per_hour
    if rate is None or (job.tariff.tariff.kind == "quoted" and net != (rate * _hours(job)).rounded()):
        return Decimal(1), None, net
    if job.charge.units is not None and job.charge.unit_seconds is not None:
        per_unit = Money(rate.amount * job.charge.unit_seconds / HOUR_SECONDS, rate.currency)
        return Decimal(job.charge.units), job.charge.unit_seconds, per_unit.rounded()
    return _hours(job), HOUR_SECONDS, rate


def _hours(job: Job) -> Decimal:
    return (Decimal(job.charge.billed_seconds) / HOUR_SECONDS).quantize(FOUR_PLACES, ROUND_HALF_UP)


def _description(terms: Terms, job: Job, language: str) -> str:
    """Return the service, with the product where the service is given for several."""
    service = terms.service(job.service)
    name = said(service.name, language)
    if len(service.families) < 2 or not job.family:
        return name
    return f"{name}, {said(terms.family(job.family).name, language)}"


def _when(ticket: Ticket, entries: Sequence[Entry]) -> str:
    """Return the request, the days and the hours: such as `Z-0512, 16.06.2026, 10:02-11:22`."""
    spans: dict[str, list[str]] = {}
    for entry in entries:
        spans.setdefault(date_figures(entry.started_at), []).append(_span(entry))
    days = "; ".join(f"{day}, {', '.join(hours)}" for day, hours in spans.items())
    return f"{ticket.number}, {days}."


def _span(entry: Entry) -> str:
    """Return from when to when. Breaks lie within it, so the worked time stands beside."""
    return f"{clock_time(entry.started_at)}\N{EN DASH}{clock_time(ended_at(entry))}"


def _counted(job: Job, quantity: Decimal) -> str:
    """Return how the time became the quantity, in a sentence."""
    charged, tariff = job.charge, job.tariff.tariff
    worked = {"worked": _minutes(job.worked_seconds), "quantity": number(quantity)}
    if charged.units is not None and charged.unit_seconds is not None:
        if charged.unit_seconds == HOUR_SECONDS:
            words = ngettext(
                "Worked %(worked)s: %(count)d started hour.",
                "Worked %(worked)s: %(count)d started hours.",
                charged.units,
            )
            return words % (worked | {"count": charged.units})
        unit = {"count": charged.units, "unit": length_words(timedelta(seconds=charged.unit_seconds))}
        words = ngettext(
            "Worked %(worked)s: %(count)d started unit of %(unit)s.",
            "Worked %(worked)s: %(count)d started units of %(unit)s.",
            charged.units,
        )
        return words % (worked | unit)
    if tariff.kind == "minimum-then" and charged.billed_seconds <= tariff.minimum_seconds:
        least = {"least": length_words(timedelta(seconds=tariff.minimum_seconds))}
        return _("Worked %(worked)s; at least %(least)s are counted.") % (worked | least)
    if tariff.kind == "minimum-then":
        return _("Worked %(worked)s, counted by time: %(quantity)s h.") % worked
    if quantity == 1 and job.charge.billed_seconds != HOUR_SECONDS:
        return _("Worked %(worked)s, for the agreed sum.") % worked
    return _("Worked %(worked)s, counted by time: %(quantity)s h.") % worked


def _minutes(seconds: int) -> str:
    """Write worked time as minutes, with the seconds where they do not fill one."""
    minutes, rest = divmod(seconds, MINUTE_SECONDS)
    if not rest:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}


def _agreed(estimates: Sequence[Estimate]) -> list[str]:
    """Return when going on was agreed to, one sentence an accepted estimate."""
    return [
        _("Going on was agreed: %(when)s.")
        % {"when": f"{date_figures(estimate.decided_at)}, {clock_time(estimate.decided_at)}"}
        for estimate in estimates
        if estimate.decided_at is not None
    ]
