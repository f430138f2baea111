"""What would happen if this request were registered now: the same decisions, nothing written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import translation
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from pomost.contracts.calendars import CalendarBook
from pomost.contracts.prices import price_said
from pomost.contracts.queries import local_day, terms_in_force
from pomost.people.models import Customer, Vendor
from pomost.rules.clocks import Event
from pomost.rules.consent import gates_for
from pomost.rules.entitlement import Outcome, Verdict
from pomost.rules.pricing import NoPrice
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import Gate, RequestPart
from pomost.tickets.judgement import Claim, Wanted, claim_of, judge, missing_parts
from pomost.tickets.running import promises_of, states
from pomost.tickets.versions import judge_on_receipt

OUTCOME_WORDS: dict[Outcome, LazyText] = {
    Outcome.INCLUDED: _("Included in the package"),
    Outcome.FROM_QUOTA: _("Counted from the package"),
    Outcome.PAID: _("Paid by the price list"),
    Outcome.ASK_PERSON: _("The terms do not say: a person decides"),
    Outcome.SOLD_SEPARATELY: _("Sold separately"),
    Outcome.KNOWN_SOLUTIONS_ONLY: _("Known solutions only, or the advice to update"),
    Outcome.REFUSED: _("Not included"),
}


@dataclass(frozen=True, slots=True)
class PromiseShown:
    """What would be promised."""

    key: str
    label: str
    amount: timedelta
    due_at: datetime | None
    """None: its clock would not run yet, or the day is not known (`is_confirmed`)."""
    is_confirmed: bool
    """The calendar knows the holidays that far; else nothing is promised."""
    clause: str
    clause_text: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that the terms demand and that is not there."""

    key: str
    label: str
    ask: str
    """The request to send it; "{price}" is filled in where the terms give one."""
    clause: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen."""

    verdict: Verdict
    verdict_label: str
    package_label: str
    promises: tuple[PromiseShown, ...]
    missing: tuple[Missing, ...]
    gates: tuple[Gate, ...]
    tariff_label: str
    """The price in words; empty where nothing is to pay or nobody knows it."""


def preview(
    vendor: Vendor,
    customer: Customer,
    *,
    service: str,
    family: str = "",
    severity: str = "",
    package_claimed: str = "",
    product_version: str = "",
    outdated: bool = False,
    text: str = "x",
    phone: str = "x",
    parts: Collection[str] = (),
    agreed: Collection[str] = (),
    received_at: datetime,
    now: datetime,
    language: str = "",
) -> Preview:
    """Return what registering this would decide; text and phone count as given unless they are passed empty.

    Raises:
        TicketRefused, NoTermsInForce: as `actions.register`.
    """
    speak = language or vendor.language
    day = local_day(vendor, received_at)
    _version, published = terms_in_force(vendor, day)
    terms = CalendarBook.of(vendor.pk).applied_to(published)
    outdated, _why = judge_on_receipt(
        vendor, terms, family, product_version, day, said_outdated=outdated, by="desk"
    )
    wanted = Wanted(service, family, severity, outdated)
    events = [Event("request.received", received_at), Event("request.registered", now)]
    lacks = missing_parts(terms, service, text=text, phone=phone, parts=parts, agreed=agreed)
    if not lacks:
        events.append(Event("request.completed", now))
    claim = claim_of(customer, day, package_claimed)
    return preview_by(terms, wanted, claim, events, lacks, day=day, now=now, language=speak)


def preview_by(
    terms: Terms,
    wanted: Wanted,
    claim: Claim,
    events: Sequence[Event],
    lacks: Sequence[RequestPart] = (),
    *,
    day: date,
    now: datetime,
    language: str,
) -> Preview:
    """Return what a request decides by these terms, whoever asks: `events` are what its clocks have heard by `now`.

    Raises:
        TicketRefused: the terms know no such service, or ask for what is not given.
    """
    verdict = judge(terms, wanted, claim, day)
    with translation.override(language):
        price = price_shown(terms, wanted, verdict, day=day, language=language)
        return Preview(
            verdict=verdict,
            verdict_label=str(OUTCOME_WORDS[verdict.outcome]),
            package_label=said(terms.package(verdict.package).name, language) if verdict.package else "",
            promises=_promises(terms, verdict, wanted.severity, events, now, language),
            missing=tuple(
                Missing(
                    part.id,
                    said(part.name, language),
                    said(part.ask, language).replace(
                        "{price}", price or _now("the price is agreed separately")
                    ),
                    part.clause,
                )
                for part in lacks
            ),
            gates=gates_for(terms, wanted.service, verdict.outcome),
            tariff_label=price,
        )


def _promises(
    terms: Terms, verdict: Verdict, severity: str, events: Sequence[Event], now: datetime, language: str
) -> tuple[PromiseShown, ...]:
    found = states(promises_of(terms, verdict.package or "", severity), events, now)
    return tuple(
        PromiseShown(
            key=each.promise.promise.key,
            label=said(each.promise.terms.name, language),
            amount=each.promise.promise.amount,
            due_at=each.state.due_at,
            is_confirmed=each.state.unpromised is None,
            clause=each.promise.promise.clause,
            clause_text=said(terms.clause(each.promise.promise.clause).sentence, language),
        )
        for each in found
    )


def price_shown(terms: Terms, wanted: Wanted, verdict: Verdict, *, day: date, language: str) -> str:
    """Return the price in words as the customer reads it; empty where nothing is to pay or the terms give none."""
    if verdict.outcome not in (Outcome.PAID, Outcome.ASK_PERSON):
        return ""
    try:
        return price_said(
            terms,
            day,
            language,
            service=wanted.service,
            package=verdict.package,
            family=wanted.family or None,
        )
    except NoPrice:
        return ""
