"""The audit of a history by the terms: promises, money, quotas, and what stays open.

Owns the entry and the order of the findings. Deterministic: no clock is asked; what is open is judged as of the last
moment in the history. Promises are kept_promises.py, sums billed.py, quotas quotas.py. Read on: docs/explain/audit.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pomost.rules.audit.billed import FeesPaid, billed_of, judge_money
from pomost.rules.audit.findings import Audit, Finding, Kind, Value
from pomost.rules.audit.history import BILLED_COLUMNS, Case, Column, History
from pomost.rules.audit.kept_promises import judge_promises
from pomost.rules.audit.payable import Part, parts_of
from pomost.rules.audit.quotas import quota_use
from pomost.rules.money import Money
from pomost.rules.terms.model import Terms

KIND_ORDER: Final = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class _Judged:
    """A case with the package that serves it and its work, or why nobody can say."""

    case: Case
    package: str
    parts: tuple[Part, ...]


def audit(terms: Terms, history: History, month: date | None = None) -> Audit:
    """Return what the terms make of a history.

    `month` (any day of it) leaves out what belongs to other months: a case belongs to the month of its first moment.
    Cases of other months still count for one-off fees.

    Raises:
        Unknown: a case names a package, service, family or severity that the terms do not have.
    """
    until = max((event.at for case in history.cases for event in case.events), default=None)
    findings: list[Finding] = []
    judged: list[_Judged] = []
    shown = {case.row for case in history.cases if month is None or _same_month(case.day, month)}
    for case in sorted(history.cases, key=lambda each: (each.day, each.row)):
        package = _served_as(terms, case)
        if isinstance(package, str):
            judged.append(_Judged(case, package, parts_of(terms, case, package)))
        elif case.row in shown:
            findings.append(package)
    kept = running = 0
    for each in judged:
        if until is None or each.case.row not in shown:
            continue
        for found in judge_promises(terms, each.case, each.package, history.columns, until):
            if isinstance(found, Finding):
                findings.append(found)
            else:
                running, kept = running + found.running, kept + (not found.running)
    findings += [each for each in _money(terms, judged, history.columns) if each.rows[0] in shown]
    inside = [case for case in history.cases if case.row in shown]
    if Column.WORKED not in history.columns:
        findings += _file_lacks("no-worked-column", Column.WORKED, inside)
    if not BILLED_COLUMNS & history.columns:
        findings += _file_lacks("no-billed-column", Column.BILLED, inside)
    billed = (billed_of(terms, case) for case in inside)
    return Audit(
        vendor=terms.vendor.name,
        version=terms.version,
        in_force_from=terms.in_force_from,
        currency=terms.vendor.currency,
        until=until,
        cases=len(inside),
        kept=kept,
        running=running,
        worked_seconds=sum(case.worked_seconds for case in inside),
        billed=sum((each for each in billed if each is not None), Money.zero(terms.vendor.currency)),
        has_sample_rates=any(each.sample for each in terms.price_lists),
        findings=tuple(sorted(_together(findings), key=_order)),
    )


def _money(terms: Terms, judged: Sequence[_Judged], columns: frozenset[Column]) -> Iterator[Finding]:
    """Yield what is wrong with the bills, in the order of time; fees and quotas go on from case to case."""
    fees = FeesPaid()
    use = quota_use(terms, [(each.case, each.package, each.parts) for each in judged])
    for each in judged:
        case = each.case
        if each.parts:
            yield from judge_money(terms, case, each.parts, columns, use.get(case.row), fees)
        elif case.worked_seconds or billed_of(terms, case) is not None:
            facts: dict[str, Value] = {"column": Column.SERVICE.value}
            yield Finding("no-service", case.rows, case.number, case.customer, None, facts)


def _served_as(terms: Terms, case: Case) -> str | Finding:
    """Return the package that a case is served by, or why nobody knows."""

    def unknown(reason: str, clause: str | None, facts: dict[str, Value]) -> Finding:
        return Finding(reason, case.rows, case.number, case.customer, clause, facts)

    if not terms.is_in_force(case.day):
        return unknown("not-in-force", None, {"day": case.day})
    claimed = terms.package(case.package) if case.package is not None else terms.default_package
    if claimed is None:
        return unknown("no-package", None, {"column": Column.PACKAGE.value})
    if case.is_shown or claimed.default:
        return claimed.id
    if claimed.if_not_shown is None:
        return unknown("not-shown", claimed.clause, {"package": claimed.name})
    return claimed.if_not_shown


def _same_month(day: date, month: date) -> bool:
    return (day.year, day.month) == (month.year, month.month)


def _file_lacks(reason: str, column: Column, cases: Iterable[Case]) -> list[Finding]:
    rows = tuple(row for case in cases for row in case.rows)
    return [Finding(reason, rows, "", "", None, {"column": column.value})] if rows else []


def _together(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings with those that say the same of many rows joined: only what could not be judged is."""
    joined: dict[tuple[object, ...], list[Finding]] = {}
    others: list[Finding] = []
    for each in findings:
        if each.kind is not Kind.NOT_JUDGED:
            others.append(each)
            continue
        same = tuple((key, str(value)) for key, value in sorted(each.facts.items()) if key != "worked")
        joined.setdefault((each.reason, each.clause, same), []).append(each)
    for group in joined.values():
        first, one = group[0], len(group) == 1
        facts = dict(first.facts)
        lengths = [each.facts["worked"] for each in group if "worked" in each.facts]
        if lengths:
            facts["worked"] = sum((each for each in lengths if isinstance(each, timedelta)), timedelta())
        rows = tuple(sorted({row for each in group for row in each.rows}))
        number, customer = (first.number, first.customer) if one else ("", "")
        others.append(Finding(first.reason, rows, number, customer, first.clause, facts))
    return others


def _order(finding: Finding) -> tuple[int, int, str, str]:
    return (KIND_ORDER[finding.kind], finding.rows[0], finding.reason, finding.clause or "")
