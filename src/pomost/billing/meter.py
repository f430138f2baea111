"""The running meter: what a session costs so far, its planks, and the second before which the desk must ask.

Owns what both ends are shown while time is counted. The planks are the tariff's: a started unit or the minimum fills at
once, time above it as it passes; the black post stands where an estimate is due. Read next: docs/explain/pricing.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from pomost.billing.costs import Cost, Job, Work, agreed_of, cost_of, estimate_rule, work_entered
from pomost.billing.spoken import net_words
from pomost.contracts.prices import with_sample_note
from pomost.contracts.queries import local_day, terms_of
from pomost.people.formats import length_words
from pomost.rules.estimate import EstimateState, bound_seconds, estimate_state
from pomost.rules.money import Money
from pomost.rules.tariff import Tariff
from pomost.rules.terms.model import said
from pomost.tickets.models import Ticket
from pomost.tickets.overrun import holding, working_service
from pomost.worklog.models import Entry

RUNNING: Final = "running"
"""Stands for the id of the session that still runs."""
PLANKS_LEAST: Final = 4
PLANKS_MOST: Final = 40
HOUR_SECONDS: Final = 3600
MS: Final = 1000


@dataclass(frozen=True, slots=True)
class PlankShown:
    """One unit of the tariff."""

    text: str
    filled_percent: int
    asks_before: bool
    """The desk must ask before this plank begins."""


@dataclass(frozen=True, slots=True)
class MeterView:
    """What both ends see of time and money."""

    worked_seconds: int
    """On the whole request, this session included."""
    net: Money
    """Zero where nothing is charged, or no rate is stated (see `text`)."""
    text: str
    """The sum in words, or why there is none."""
    planks: tuple[PlankShown, ...]
    gate_seconds: int | None
    """Work on the request after which the desk must ask; None: it need not ask (any more)."""
    gate_reached: bool
    """The desk must ask now, by the budget or because the promised time is over."""
    clause: str
    """The clause that prices it, as a chip shows it: `§ 4.1`."""
    clause_text: str


def meter(ticket: Ticket, *, session_ms: int, now: datetime, language: str) -> MeterView:
    """Return what a running session of the ticket shows after `session_ms`, in the language of one end.

    Raises:
        NoTermsInForce: the vendor has no terms on this day.
    """
    seconds = session_ms // MS
    today = local_day(ticket.vendor, now)
    running = Work(working_service(ticket), ticket.family, RUNNING, seconds, today, today, None)
    cost = cost_of(ticket, (*work_entered(ticket), running), on=today, agreed=agreed_of(ticket))
    job = next((job for job in cost.jobs if running in job.work), None)
    gate = _gate_seconds(ticket)
    with translation.override(language):
        clause = job.charge.clause if job else ticket.verdict["clause"]
        terms = job.terms if job else terms_of(ticket.terms)
        return MeterView(
            worked_seconds=cost.worked_seconds,
            net=cost.bill.net,
            text=cost_words(cost),
            planks=() if job is None else planks(job, gate, cost.worked_seconds - job.worked_seconds),
            gate_seconds=gate,
            gate_reached=(gate is not None and cost.worked_seconds >= gate) or holding(ticket) is not None,
            clause=terms.clause(clause).label,
            clause_text=said(terms.clause(clause).sentence, language),
        )


def estimate_due(ticket: Ticket, worked_seconds: int) -> EstimateState | None:
    """Return whether work may go on after so much work on the whole request; None where no estimate is asked for."""
    rule = estimate_rule(ticket)
    if rule is None:
        return None
    agreed = agreed_of(ticket)
    return estimate_state(rule.rule, worked_seconds, agreed.answer, agreed.covers_seconds)


def allowed_ms(ticket: Ticket) -> int | None:
    """Return how long a session may be metered before the desk must ask; None: without bound.

    Time that nobody may charge is not counted either, so a reading that comes a moment late is cut to this.
    """
    gate = _gate_seconds(ticket)
    if gate is None:
        return None
    worked = sum(Entry.objects.filter(ticket=ticket).values_list("worked_seconds", flat=True))
    return max(0, gate - worked) * MS


def _gate_seconds(ticket: Ticket) -> int | None:
    """Return the work on the ticket after which the desk must ask. After a "no" that is at once."""
    rule, agreed = estimate_rule(ticket), agreed_of(ticket)
    if rule is None:
        return None
    return (
        0 if agreed.answer == "declined" else bound_seconds(rule.rule, agreed.answer, agreed.covers_seconds)
    )


def cost_words(cost: Cost) -> str:
    """Write what it costs in the active language: the net sum, or why there is none."""
    if cost.unpriced:
        return _("The terms state no price; it is agreed before you pay.")
    net = net_words(cost.bill.net, cost.vat)
    if not cost.jobs and cost.is_included:
        return _("Included: %(amount)s") % {"amount": net}
    if not cost.jobs and not cost.worked_seconds:
        return _("Nothing worked yet: %(amount)s") % {"amount": net}
    return with_sample_note(net, cost.jobs[0].terms, cost.jobs[0].work[0].on) if cost.jobs else net


def planks(job: Job, gate_seconds: int | None, elsewhere_seconds: int) -> tuple[PlankShown, ...]:
    """Return the planks of a job, some still empty ones included.

    `gate_seconds` counts work on the whole request, `elsewhere_seconds` what of it lies outside this job.
    """
    tariff = job.tariff.tariff
    step = plank_seconds(tariff)
    seconds = job.charge.billed_seconds
    shown = min(PLANKS_MOST, max(PLANKS_LEAST, -(-seconds // step) + 1))
    gate = None if gate_seconds is None else max(0, gate_seconds - elsewhere_seconds)
    text = length_words(timedelta(seconds=step))
    return tuple(
        PlankShown(
            text=text,
            filled_percent=max(0, min(100, (seconds - place * step) * 100 // step)),
            asks_before=gate is not None and place * step <= gate < (place + 1) * step,
        )
        for place in range(shown)
    )


def plank_seconds(tariff: Tariff) -> int:
    """Return how long one plank is: a unit, the minimum, or an hour."""
    return tariff.unit_seconds or tariff.minimum_seconds or HOUR_SECONDS
