"""Cases worked out from vendors' published terms: decided by their terms files and the rules alone.

Owns the kinds `source-clocks`, `source-prices` and `source-entitlements`: which
fields a case has, and which question of the rules it asks. What a case expects is
never looked at here. A promise is found by its events, not by its name, so that any
vendor's file can answer. Read next: cases.py for the comparison.
"""

from collections.abc import Callable
from datetime import date
from typing import Final

from pomost.cli.cases import Answer, Case
from pomost.cli.errors import Unusable
from pomost.cli.terms_files import TermsFolder
from pomost.rules.clocks import ClockState, Event, run
from pomost.rules.entitlement import decide
from pomost.rules.estimate import Answer as EstimateAnswer
from pomost.rules.pricing import NoPrice, bill_work, charge_work, fees_due
from pomost.rules.tariff import Bill, quota_used
from pomost.rules.terms.model import Terms, Unknown
from pomost.rules.terms.parts import RunningPromise
from pomost.rules.warranty import complaint_until, guarantee_last_day


def source_answer(kind: str, case: Case, folder: TermsFolder) -> Answer:
    """Return the answer to a case of one of the source kinds.

    Raises:
        Unusable: the case is malformed, or the terms cannot answer it.
    """
    try:
        return ANSWERS[kind](case, folder)
    except (Unknown, NoPrice, ValueError) as refused:
        raise Unusable(f"{case.place}: there is no answer: {refused}") from refused


# Clocks


def _clock(case: Case, folder: TermsFolder) -> Answer:
    clock = case.text("clock")
    answers = {"reaction": _reaction, "complaint": _complaint, "chain": _chain}
    if clock not in answers:
        raise case.bad("clock", f"must be one of: {', '.join(answers)}")
    return answers[clock](case, folder)


def _reaction(case: Case, folder: TermsFolder) -> Answer:
    received = case.instant("received")
    terms = folder.of(case.text("vendor"), received.date())
    promise = _promise(case, terms, "request.received", "notice.accepted", case.text("severity"))
    if promise is None:
        return {"due": None}
    events = [Event("request.received", received)]
    if case.has("registered"):
        events.append(Event("request.registered", case.instant("registered")))
    if case.has("notified"):
        events.append(Event("notice.accepted", case.instant("notified")))
    state = _state(promise, events)
    return {"due": _moment(state)} | ({"met": state.met} if case.has("notified") else {})


def _promise(
    case: Case, terms: Terms, starts: str, stops: str, severity: str | None = None
) -> RunningPromise | None:
    """Return the promise to the case's package that runs between two events, or None where none is made."""
    kept = terms.promises_for(case.text("package"), severity)
    found = [each for each in kept if starts in each.promise.starts and each.promise.stops[0] == stops]
    return found[0] if found else None


def _state(promise: RunningPromise, events: list[Event]) -> ClockState:
    """Return where a clock stands after the last event; chained clocks have no case."""
    return run(promise.promise, promise.calendar, events, max(event.at for event in events))


def _moment(state: ClockState) -> str | None:
    return state.due_at.isoformat() if state.due_at else None


def _complaint(case: Case, folder: TermsFolder) -> Answer:
    confirmed = case.instant("confirmed")
    terms = folder.of(case.text("vendor"), confirmed.date())
    warranty = terms.warranty
    if warranty is None:
        raise Unusable(f"{case.place}: the terms of “{terms.vendor.slug}” have no [warranty].")
    calendar = terms.calendar(warranty.hours)
    next_order = case.instant("next_order") if case.has("next_order") else None
    until = complaint_until(confirmed, calendar, warranty.complaint_working_days, next_order)
    last_day = guarantee_last_day(confirmed, warranty.guarantee_days, zone=calendar.zone)
    return {"until": until.isoformat(), "guarantee_last_day": last_day.isoformat()}


def _chain(case: Case, folder: TermsFolder) -> Answer:
    registered, began = case.instant("registered"), case.instant("began")
    terms = folder.of(case.text("vendor"), registered.date())
    events = [Event("request.registered", registered), Event("work.began", began)]
    begin = _promise(case, terms, "request.registered", "work.began")
    answer = _promise(case, terms, "work.began", "answer.proposed")
    cap = _promise(case, terms, "work.began", "solution.proposed")
    return {
        "begin_due": _moment(_state(begin, events)) if begin else None,
        "begin_met": _state(begin, events).met if begin else None,
        "answer_due": _moment(_state(answer, events)) if answer else None,
        "cap_at": _moment(_state(cap, events)) if cap else None,
    }


# Prices


def _price(case: Case, folder: TermsFolder) -> Answer:
    on = case.day("date") if case.has("date") else None
    terms = folder.of(case.text("vendor"), on)
    if case.has("tasks"):
        return _quota(case, terms)
    if not terms.price_lists:
        raise Unusable(f"{case.place}: the terms of “{terms.vendor.slug}” have no price list.")
    day = on or max(terms.in_force_from, terms.price_lists[-1].valid_from)
    if case.has("contract"):
        charged = charge_work(terms, day, case.whole("worked_seconds"), package=case.text("contract"))
        return {
            "units": charged.units,
            "unit_seconds": charged.unit_seconds,
            "billed_seconds": charged.billed_seconds,
        }
    return _bill(_priced(case, terms, day))


def _priced(case: Case, terms: Terms, day: date) -> Bill:
    """Return the bill of a case: by product family, or by service with its one-off fees."""
    worked = case.whole("worked_seconds")
    estimate: EstimateAnswer = (
        "accepted"  # a case without an estimate asks for the price of work that was agreed to
    )
    if case.has("estimate_seconds"):
        estimate = "accepted" if case.flag("accepted") else "declined"
        worked += case.whole("estimate_seconds") if estimate == "accepted" else 0
    if case.has("family"):
        return bill_work(terms, day, worked, family=case.text("family"), estimate=estimate)
    service = case.text("service")
    terms.service(service)
    paid = (
        ()
        if case.flag("first_direct_connection")
        else [each.fee.key for each in fees_due(terms, day, service)]
    )
    return bill_work(terms, day, worked, service=service, fees_paid=paid, estimate=estimate)


def _bill(bill: Bill) -> Answer:
    return {
        "billed_seconds": sum(line.billed_seconds or 0 for line in bill.lines),
        "lines": [{"kind": line.kind, "net": f"{line.net.amount:.2f}"} for line in bill.lines],
        "net": f"{bill.net.amount:.2f}",
        "vat": f"{bill.vat.amount:.2f}",
        "gross": f"{bill.gross.amount:.2f}",
        "currency": bill.currency,
    }


def _quota(case: Case, terms: Terms) -> Answer:
    package = case.text("package")
    terms.package(package)
    quota = terms.quota(package)
    if quota is None:
        return {"quota": None, "quota_used": None}
    used = quota_used(quota.multiple, quota.counts, case.whole("worked_seconds"), case.whole("tasks"))
    return {"quota": quota.counts, "quota_used": f"{used:.2f}"}


# Entitlements


def _entitlement(case: Case, folder: TermsFolder) -> Answer:
    terms = folder.of(case.text("vendor"), None)
    service = terms.service(case.text("service"))
    level = service.level.word
    if not case.has("package_claimed"):
        return {"highest_level": level}
    version = case.text("version") if case.has("version") else "current"
    if version not in ("current", "outdated"):
        raise case.bad("version", "must be current or outdated")
    verdict = decide(
        terms,
        case.text("package_claimed"),
        case.flag("package_shown"),
        service.id,
        "outdated" if version == "outdated" else "current",
    )
    return {"package": verdict.package, "outcome": verdict.outcome.value, "highest_level": level}


ANSWERS: Final[dict[str, Callable[[Case, TermsFolder], Answer]]] = {
    "source-clocks": _clock,
    "source-prices": _price,
    "source-entitlements": _entitlement,
}
