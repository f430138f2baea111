"""What would it cost, and when would you react? Somebody's choices and a version of the terms in, lines and a bill out.

It judges as registration and settlement do (tickets.queries.preview_by, rules/pricing.py), for nobody in particular and
without writing anything. A package is taken at its word unless the box says that it cannot be shown. Work beyond an
estimate's budget is priced as if the customer had accepted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pomost.people import formats
from pomost.portal.asked import Case
from pomost.portal.foretold import LineView, foretold
from pomost.rules.clocks import Event
from pomost.rules.entitlement import Fact, Outcome
from pomost.rules.money import Money
from pomost.rules.pricing import NoPrice, bill_work, estimate_terms, fees_due, tariff_for
from pomost.rules.tariff import Bill
from pomost.rules.terms.model import Terms, said
from pomost.tickets.judgement import Claim, Wanted
from pomost.tickets.queries import Preview, preview_by
from pomost.ui.parts import ClauseView
from pomost.ui.terms.values import WORDS, counted_words, length, level_words, percent
from pomost.ui.ticket_parts import clause_view

MINUTES_ASKED: Final = 80
"""Longer than an hour and no multiple of anything, so that it shows what starting a unit means."""
MINUTES_MAX: Final = 60_000
MINUTE_SECONDS: Final = 60
YEARS_AWAY_MAX: Final = 50
"""A day farther away is a slip of the finger, and calendars have an end."""
MOMENT_FORMAT: Final = "%Y-%m-%dT%H:%M"
"""As a browser's field for day and time writes it."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, in ids of the terms; empty where nothing is chosen."""

    package: str
    is_shown: bool
    service: str
    family: str
    severity: str
    is_outdated: bool
    at: datetime
    minutes: int


class BadQuestion(ValueError):
    """A choice that cannot be; the sentence says which and what would be right."""


@dataclass(frozen=True, slots=True)
class BillLineView:
    """One line of the bill."""

    what: str
    how: str
    net: str
    clause: ClauseView | None


@dataclass(frozen=True, slots=True)
class VatView:
    """The tax of one rate."""

    rate: str
    amount: str


@dataclass(frozen=True, slots=True)
class BillView:
    """What some minutes of work would cost."""

    title: str
    lines: tuple[BillLineView, ...]
    net: str
    vat: tuple[VatView, ...]
    """Empty where no VAT is charged."""
    gross: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class GateView:
    """One thing that must be on record before a level of access."""

    name: str
    text: str
    clause: ClauseView | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the terms say to a question."""

    verdict: str
    package: str
    facts: tuple[str, ...]
    clause: ClauseView | None
    lines: tuple[LineView, ...]
    gates: tuple[GateView, ...]
    bill: BillView | None
    version: str


def question_of(terms: Terms, sent: QueryDict, now: datetime) -> Question:
    """Return what is asked; what is not chosen is the first, or what serves whoever chooses nothing.

    Raises:
        BadQuestion: a moment or a number of minutes that cannot be read.
    """
    services = [each.id for each in terms.services]
    service = sent.get("service", "") if sent.get("service") in services else services[0]
    families = terms.service(service).families
    family = sent.get("family", "") if sent.get("family") in families else next(iter(families), "")
    packages = [each.id for each in terms.packages]
    default = terms.default_package
    package = (
        sent.get("package", "")
        if sent.get("package") in packages
        else (default.id if default else packages[0])
    )
    severities = [each.id for each in terms.severities]
    severity = sent.get("severity", "") if sent.get("severity") in severities else next(iter(severities), "")
    return Question(
        package=package,
        is_shown="not_shown" not in sent,
        service=service,
        family=family,
        severity=severity,
        is_outdated="outdated" in sent,
        at=_moment(sent.get("at", ""), terms, now),
        minutes=_minutes(sent.get("minutes", "")),
    )


def knows(terms: Terms, asked: Question) -> bool:
    """Whether another version of the terms has everything that was chosen."""
    return (
        asked.package in {each.id for each in terms.packages}
        and asked.service in {each.id for each in terms.services}
        and asked.family in {*terms.service(asked.service).families, ""}
        and asked.severity in {*(each.id for each in terms.severities), ""}
    )


def _moment(text: str, terms: Terms, now: datetime) -> datetime:
    zone = ZoneInfo(terms.vendor.zone)
    if not text:
        return now.astimezone(zone).replace(second=0, microsecond=0)
    try:
        asked = datetime.strptime(text[:16], MOMENT_FORMAT).replace(tzinfo=zone)
    except ValueError:
        raise BadQuestion(_("Write day and time like 2026-06-11 16:30.")) from None
    if abs(asked.year - now.year) > YEARS_AWAY_MAX:
        raise BadQuestion(_("Choose a day at most %(years)d years from today.") % {"years": YEARS_AWAY_MAX})
    return asked


def _minutes(text: str) -> int:
    if not text:
        return MINUTES_ASKED
    if not text.isdecimal() or not text.isascii() or len(text) > 6 or not 0 <= int(text) <= MINUTES_MAX:
        raise BadQuestion(
            _("Write minutes of work as a whole number from 0 to %(most)d.") % {"most": MINUTES_MAX}
        )
    return int(text)


def answered(terms: Terms, asked: Question, *, now: datetime, language: str) -> Answer:
    """Return what `terms` say to a question, in the active language, which is `language`.

    Raises:
        TicketRefused: the terms ask for something that is not chosen.
    """
    day = asked.at.date()
    wanted = Wanted(asked.service, asked.family, asked.severity, asked.is_outdated)
    events = [
        Event(name, asked.at) for name in ("request.received", "request.registered", "request.completed")
    ]
    claim = Claim(asked.package, asked.is_shown)
    would = preview_by(terms, wanted, claim, events, day=day, now=asked.at, language=language)
    case = Case(terms, terms, day, asked.service, would.verdict.package, asked.family or None, frozenset())
    return Answer(
        verdict=would.verdict_label,
        package=would.package_label,
        facts=tuple(_facts(would, terms, language)),
        clause=clause_view(terms, would.verdict.clause, language=language, with_date=False),
        lines=tuple(foretold(would, case, now=now, language=language, with_example=False)),
        gates=tuple(_gates(would, terms, language)),
        bill=_bill(would, case, asked, language),
        version=terms.version,
    )


def _facts(would: Preview, terms: Terms, language: str) -> list[str]:
    words = {
        Fact.NOT_SHOWN: _("The package cannot be shown, so it serves: %(package)s."),
        Fact.NOT_SHOWN_UNSTATED: _("The package cannot be shown, and the terms do not say what serves then."),
        Fact.NO_PACKAGE: _("No package is named, and the terms have none for that."),
        Fact.FAMILY_UNSTATED: _("The terms do not give this service for the product."),
        Fact.OUTDATED: _("The version of the product is outdated."),
    }
    return [words[fact] % {"package": would.package_label} for fact in would.verdict.facts if fact in words]


def _gates(would: Preview, terms: Terms, language: str) -> list[GateView]:
    if would.verdict.outcome in (Outcome.REFUSED, Outcome.KNOWN_SOLUTIONS_ONLY):
        return []
    price = would.tariff_label or _("the price, in figures")
    return [
        GateView(
            name=_("%(what)s, before: %(level)s")
            % {"what": WORDS[gate.kind.value], "level": level_words(gate.before)},
            text=said(gate.text, language).replace("{price}", price),
            clause=clause_view(terms, gate.clause, language=language, with_date=False),
        )
        for gate in would.gates
    ]


def _bill(would: Preview, case: Case, asked: Question, language: str) -> BillView | None:
    """Return what the minutes cost; None where they cost nothing by the terms, or nobody knows."""
    if would.verdict.outcome is not Outcome.PAID or not asked.minutes:
        return None
    try:
        bill = bill_work(
            case.prices,
            case.day,
            asked.minutes * MINUTE_SECONDS,
            service=case.service,
            package=case.package,
            family=case.family,
            estimate="accepted",
        )
    except NoPrice:
        return None
    minutes = ngettext("%(count)d minute", "%(count)d minutes", asked.minutes) % {"count": asked.minutes}
    return BillView(
        title=_("%(length)s of work") % {"length": minutes},
        lines=tuple(_lines(bill, case, language)),
        net=_money(bill.net),
        vat=tuple(
            VatView(_("VAT, %(rate)s") % {"rate": percent(each.rate.percent)}, _money(each.vat))
            for each in bill.vat_sums
            if each.rate.percent is not None
        ),
        gross=_money(bill.gross),
        note=_estimate_note(case, asked),
    )


def _lines(bill: Bill, case: Case, language: str) -> Iterator[BillLineView]:
    fees = fees_due(case.prices, case.day, case.service)
    tariff = tariff_for(case.prices, case.day, service=case.service, package=case.package, family=case.family)
    names = [(said(fee.name, language), _("Once for each customer.")) for fee in fees] if bill.lines else []
    names.append((said(tariff.name, language), counted_words(tariff.tariff)))
    for (name, how), line in zip(names, bill.lines, strict=False):
        billed = line.billed_seconds
        counted = length(timedelta(seconds=billed)) if billed is not None else ""
        yield BillLineView(
            what=name,
            how=f"{counted}: {how}" if counted else how,
            net=_money(line.net),
            clause=clause_view(case.prices, line.clause, language=language, with_date=False),
        )


def _estimate_note(case: Case, asked: Question) -> str:
    """Return the remark that so much work needs an accepted estimate first; empty where it does not."""
    rule = estimate_terms(case.terms, case.service)
    if rule is None or asked.minutes * MINUTE_SECONDS <= rule.rule.budget_seconds:
        return ""
    budget = length(timedelta(seconds=rule.rule.budget_seconds))
    return _(
        "After %(budget)s you are asked first, with the price; without your yes nothing more is worked."
    ) % {"budget": budget}


def _money(amount: Money) -> str:
    return formats.money(amount.amount, amount.currency)
