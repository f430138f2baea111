"""What would happen to a request, said in statements that each name their clause.

Owns the order and the content of an explanation: entitlement, access, what must
come first, clocks, price, estimate, use of a package, invoice, confirmation,
guarantee. Does not own words: a statement is an id and values, and whoever shows it
has a sentence for each id (the command in English, the pages through gettext).
Nothing is decided here that entitlement.py, clocks.py and pricing.py did not decide.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pomost.rules.clocks import Event
from pomost.rules.consent import ASKED_OF_CUSTOMER, gates_for
from pomost.rules.entitlement import Outcome, Verdict, Version, decide
from pomost.rules.levels import Level
from pomost.rules.money import Money
from pomost.rules.pricing import estimate_terms, fees_due
from pomost.rules.promises import clock_states
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import Channel, RunningPromise, Text

Value = str | int | timedelta | datetime | Money | Text | tuple[str, ...]


class Topic(StrEnum):
    """What a statement is about; an explanation is in this order."""

    ENTITLEMENT = "entitlement"
    ACCESS = "access"
    REQUEST = "request"
    GATES = "gates"
    CLOCKS = "clocks"
    PRICE = "price"
    ESTIMATE = "estimate"
    USE = "use"
    INVOICE = "invoice"
    AFTERWARDS = "afterwards"


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that would happen."""

    topic: Topic
    message: str
    """Id of the sentence, such as `clock.due`; MESSAGES has all of them."""
    clause: str | None
    """None only where the point is that the terms say nothing."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """What the sentence names. A Text is a name from the terms in each language."""


MESSAGES: Mapping[str, tuple[str, ...]] = {
    "entitlement.included": ("service", "package"),
    "entitlement.from-quota": ("service", "package"),
    "entitlement.paid": ("service", "package"),
    "entitlement.unstated": ("service",),
    "entitlement.sold-separately": ("service",),
    "entitlement.known-solutions-only": ("service",),
    "entitlement.refused": ("service", "package"),
    "fact.not-shown": ("package",),
    "fact.not-shown-unstated": ("package",),
    "fact.no-package": (),
    "fact.family-unstated": ("family",),
    "fact.rate-unstated": (),
    "access.none": (),
    "access.up-to": ("level",),
    "access.if-agreed": ("level",),
    "request.booked": (),
    "request.part": ("part",),
    "request.tasks": ("tasks",),
    "request.visit-cities-unstated": (),
    "request.visit-cities": ("cities",),
    "gate.customer": ("text", "level"),
    "gate.noted": ("text", "level"),
    "clock.due": ("promise", "amount", "due"),
    "clock.unconfirmed": ("promise", "amount", "why"),
    "clock.later": ("promise", "amount", "event"),
    "clock.after-agree-paid-work": ("promise", "service"),
    "clock.after-ask-person": ("promise",),
    "clock.none": (),
    "price.nothing": (),
    "price.rate": ("tariff", "rate"),
    "price.sample": (),
    "price.fee": ("fee", "amount"),
    "price.vat": ("percent",),
    "price.no-vat": (),
    "price.depends": (),
    "estimate.demanded": ("budget",),
    "estimate.declined-nothing": (),
    "estimate.declined-worked": (),
    "use.requests": ("multiple",),
    "use.hours": ("multiple",),
    "invoice.after": ("event",),
    "confirmation.silence": ("days",),
    "warranty.guarantee": ("days",),
    "warranty.complaint": ("days",),
}
"""Every message and the values that it names."""


def explain(
    terms: Terms,
    *,
    service: str,
    package: str | None = None,
    package_shown: bool = True,
    severity: str | None = None,
    family: str | None = None,
    version: Version = "current",
    at: datetime,
) -> tuple[Statement, ...]:
    """Return what would happen to a request for `service` that is received and registered at `at`.

    Raises:
        Unknown: the terms have no such package, service, severity or family.
        ValueError: a promise depends on the severity and none was given.
    """
    on = at.astimezone(ZoneInfo(terms.vendor.zone)).date()
    verdict = decide(terms, package, package_shown, service, version, family=family, on=on)
    statements = [
        *_entitlement(terms, verdict, package, family),
        *_access(terms, verdict),
        *_request(terms, service),
    ]
    refused = verdict.outcome in (Outcome.REFUSED, Outcome.SOLD_SEPARATELY)
    if not refused:
        statements += _gates(terms, verdict)
    # Clocks run for every request: whoever is refused a service is still promised an answer.
    statements += _clocks(terms, verdict, severity, at)
    if not refused:
        statements += _price(terms, verdict, family, at)
        statements += _use(terms, verdict)
        statements += _afterwards(terms)
    return tuple(statements)


def _entitlement(
    terms: Terms, verdict: Verdict, claimed: str | None, family: str | None
) -> Iterator[Statement]:
    names: dict[str, Value] = {"service": terms.service(verdict.service).name}
    if verdict.package is not None:
        names["package"] = terms.package(verdict.package).name
    message = f"entitlement.{verdict.outcome.value}"
    wanted = {key: names[key] for key in MESSAGES[message] if key in names}
    yield Statement(Topic.ENTITLEMENT, message, verdict.clause, wanted)
    for fact in verdict.facts:
        message = f"fact.{fact.value}"
        if message not in MESSAGES:
            continue  # the outcome says it already
        values: dict[str, Value] = {}
        if "package" in MESSAGES[message]:
            values["package"] = terms.package(claimed or "").name
        if "family" in MESSAGES[message]:
            values["family"] = terms.family(family or "").name
        yield Statement(Topic.ENTITLEMENT, message, next(iter(verdict.fact_clauses), None), values)


def _access(terms: Terms, verdict: Verdict) -> Iterator[Statement]:
    clause = terms.service(verdict.service).clause
    if verdict.level is not Level.NONE:
        yield Statement(Topic.ACCESS, "access.up-to", clause, {"level": verdict.level.word})
    elif verdict.outcome is Outcome.ASK_PERSON and verdict.level_if_agreed is not Level.NONE:
        yield Statement(Topic.ACCESS, "access.if-agreed", clause, {"level": verdict.level_if_agreed.word})
    else:
        yield Statement(Topic.ACCESS, "access.none", verdict.clause)


def _request(terms: Terms, service: str) -> Iterator[Statement]:
    wanted = terms.service(service)
    for part in terms.parts_for(service):
        yield Statement(Topic.REQUEST, "request.part", part.clause, {"part": part.name})
    if wanted.booked_clause is not None:
        yield Statement(Topic.REQUEST, "request.booked", wanted.booked_clause)
    if terms.request_rule is not None:
        yield Statement(
            Topic.REQUEST, "request.tasks", terms.request_rule.clause, {"tasks": terms.request_rule.tasks}
        )
    if Channel.VISIT in wanted.channels and terms.visits is not None:
        if terms.visits.cities is None:
            yield Statement(Topic.REQUEST, "request.visit-cities-unstated", terms.visits.clause)
        else:
            cities = {"cities": terms.visits.cities}
            yield Statement(Topic.REQUEST, "request.visit-cities", terms.visits.clause, cities)


def _gates(terms: Terms, verdict: Verdict) -> Iterator[Statement]:
    for gate in gates_for(terms, verdict.service, verdict.outcome):
        message = "gate.customer" if gate.kind in ASKED_OF_CUSTOMER else "gate.noted"
        yield Statement(Topic.GATES, message, gate.clause, {"text": gate.text, "level": gate.before.word})


def _clocks(terms: Terms, verdict: Verdict, severity: str | None, at: datetime) -> Iterator[Statement]:
    promises = terms.promises_for(verdict.package, severity) if verdict.package is not None else ()
    if not promises:
        yield Statement(Topic.CLOCKS, "clock.none", None)
    events = [Event("request.received", at), Event("request.registered", at)]
    states = clock_states(promises, events, at)
    for running in promises:
        promise, values = running.promise, _named(running)
        state = states[promise.key]
        if state.started_at is None:
            yield Statement(
                Topic.CLOCKS, "clock.later", promise.clause, {**values, "event": promise.starts[0]}
            )
        elif state.due_at is not None:
            yield Statement(Topic.CLOCKS, "clock.due", promise.clause, {**values, "due": state.due_at})
        else:
            why = {"why": state.unpromised or ""}
            yield Statement(Topic.CLOCKS, "clock.unconfirmed", promise.clause, {**values, **why})
        yield from _aftermath(terms, running)


def _named(running: RunningPromise) -> dict[str, Value]:
    return {"promise": running.terms.name, "amount": running.promise.amount}


def _aftermath(terms: Terms, running: RunningPromise) -> Iterator[Statement]:
    after = running.aftermath
    if after is None:
        return
    values: dict[str, Value] = {"promise": running.terms.name}
    if after.service is not None:
        values["service"] = terms.service(after.service).name
    yield Statement(Topic.CLOCKS, f"clock.after-{after.remedy.value}", after.clause, values)


def _price(terms: Terms, verdict: Verdict, family: str | None, at: datetime) -> Iterator[Statement]:
    if verdict.outcome is not Outcome.PAID:
        if verdict.is_entitled:
            yield Statement(Topic.PRICE, "price.nothing", verdict.clause)
        return
    on = at.astimezone(ZoneInfo(terms.vendor.zone)).date()
    prices = terms.price_list(on)
    fitting = terms.tariffs(on, service=verdict.service, package=verdict.package, family=family)
    rate = fitting[0].tariff.rate_per_hour if len(fitting) == 1 else None
    if prices is None or rate is None:
        yield Statement(Topic.PRICE, "price.depends", verdict.clause)
        yield from _estimate(terms, verdict.service)
        return
    values: dict[str, Value] = {"tariff": fitting[0].says, "rate": rate}
    yield Statement(Topic.PRICE, "price.rate", fitting[0].tariff.clause, values)
    for each in fees_due(terms, on, verdict.service):
        fee: dict[str, Value] = {"fee": each.says, "amount": each.fee.amount}
        yield Statement(Topic.PRICE, "price.fee", each.fee.clause, fee)
    if prices.vat.percent is None:
        yield Statement(Topic.PRICE, "price.no-vat", prices.vat.clause)
    else:
        yield Statement(Topic.PRICE, "price.vat", prices.vat.clause, {"percent": str(prices.vat.percent)})
    if prices.sample:
        yield Statement(Topic.PRICE, "price.sample", prices.vat.clause)
    yield from _estimate(terms, verdict.service)


def _estimate(terms: Terms, service: str) -> Iterator[Statement]:
    estimate = estimate_terms(terms, service)
    if estimate is None:
        return
    budget = {"budget": timedelta(seconds=estimate.rule.budget_seconds)}
    yield Statement(Topic.ESTIMATE, "estimate.demanded", estimate.rule.clause, budget)
    leaves = "nothing" if estimate.rule.declined_leaves == "nothing" else "worked"
    yield Statement(Topic.ESTIMATE, f"estimate.declined-{leaves}", estimate.decline_clause)


def _use(terms: Terms, verdict: Verdict) -> Iterator[Statement]:
    counted = verdict.package is not None and verdict.outcome in (Outcome.FROM_QUOTA, Outcome.ASK_PERSON)
    quota = terms.quota_for(verdict.package or "", verdict.service) if counted else None
    if quota is not None:
        yield Statement(Topic.USE, f"use.{quota.counts}", quota.clause, {"multiple": str(quota.multiple)})


def _afterwards(terms: Terms) -> Iterator[Statement]:
    if terms.invoice is not None:
        yield Statement(Topic.INVOICE, "invoice.after", terms.invoice.clause, {"event": terms.invoice.after})
    if terms.confirmation is not None:
        days: dict[str, Value] = {"days": terms.confirmation.silence_working_days}
        yield Statement(Topic.AFTERWARDS, "confirmation.silence", terms.confirmation.clause, days)
    if terms.warranty is not None:
        guarantee: dict[str, Value] = {"days": terms.warranty.guarantee_days}
        complaint: dict[str, Value] = {"days": terms.warranty.complaint_working_days}
        yield Statement(Topic.AFTERWARDS, "warranty.guarantee", terms.warranty.clause, guarantee)
        yield Statement(Topic.AFTERWARDS, "warranty.complaint", terms.warranty.clause, complaint)
