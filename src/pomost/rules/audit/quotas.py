"""How much of each customer's quota a history used, and which case went over it.

Owns the counting by customer, package and month, in the order of the cases. What the quota is stands in the contract,
not in the terms: the table says it, or nobody can judge. Read next: ../tariff.py, quota_used.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pomost.rules.audit.history import Case
from pomost.rules.audit.payable import Part
from pomost.rules.entitlement import Outcome
from pomost.rules.tariff import quota_used
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import Quota

COUNTED = frozenset({Outcome.FROM_QUOTA, Outcome.ASK_PERSON})
"""Work whose use is counted; what the terms leave open is counted like what comes from the quota."""


@dataclass(frozen=True, slots=True)
class Use:
    """What one case took from its customer's quota."""

    rule: Quota
    used: Decimal
    held: Decimal | None
    """What the contract holds for the month; None: the table does not say."""
    over: Decimal
    """How much of `used` lies beyond `held`; 0 where that is not known."""


def quota_use(terms: Terms, judged: Iterable[tuple[Case, str, tuple[Part, ...]]]) -> Mapping[int, Use]:
    """Return the use of each case that took from a quota, by its row; `judged` is in the order of time."""
    held: dict[tuple[str, str, int, int], Decimal] = {}
    so_far: dict[tuple[str, str, int, int], Decimal] = {}
    taken: list[tuple[Case, tuple[str, str, int, int], Quota, Decimal]] = []
    for case, package, parts in judged:
        rule = terms.quota(package)
        counted = [part for part in parts if part.verdict.outcome in COUNTED]
        if rule is None or not counted:
            continue
        seconds = sum(part.seconds for part in counted)
        used = quota_used(rule.multiple, rule.counts, seconds, case.tasks)
        key = (case.customer, package, case.day.year, case.day.month)
        if case.quota is not None:
            held[key] = max(case.quota, held.get(key, Decimal(0)))
        if used:
            taken.append((case, key, rule, used))
    found: dict[int, Use] = {}
    for case, key, rule, used in taken:
        quota, before = held.get(key), so_far.get(key, Decimal(0))
        so_far[key] = before + used
        over = Decimal(0) if quota is None else max(Decimal(0), so_far[key] - max(quota, before))
        found[case.row] = Use(rule, used, quota, over)
    return found
