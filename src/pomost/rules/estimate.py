"""When the customer must be asked before work goes on, and what a "no" leaves to pay.

Owns the budget of metered time that terms grant before an estimate is due, and the effect of accepting or
declining it (decision A5). Refuses negative time. Prices are `tariff.py`'s. Read on: docs/explain/pricing.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Answer = Literal["none", "proposed", "accepted", "declined"]
"""How far the estimate of a request has come: not made, before the customer, or answered."""


@dataclass(frozen=True, slots=True)
class EstimateRule:
    """The terms' demand for an estimate.

    Raises:
        ValueError: a negative budget.
    """

    key: str
    clause: str
    budget_seconds: int
    """Metered time that may be worked without an accepted estimate; 0: none at all."""
    declined_leaves: Literal["nothing", "worked-time"]
    """What is still to pay after a "no": nothing at all, or the time already worked."""

    def __post_init__(self) -> None:
        if self.budget_seconds < 0:
            raise ValueError(
                f"{self.key}: a budget of {self.budget_seconds} s cannot be spent. Give zero or more."
            )


@dataclass(frozen=True, slots=True)
class EstimateState:
    """Whether work may go on."""

    may_work: bool
    demanded: bool
    """An estimate has to be accepted before any more is worked."""
    left_seconds: int | None
    """Budget still unspent; None once an estimate was accepted (the budget binds no longer)."""
    clause: str


def estimate_state(rule: EstimateRule, metered_seconds: int, answer: Answer) -> EstimateState:
    """Return whether work may go on after `metered_seconds`.

    The second that ends the budget may still be worked, none after it. Accepted: work goes on without a bound.
    Declined: it ends at once, whatever is left of the budget.

    Raises:
        ValueError: negative time.
    """
    _check_time(metered_seconds)
    if answer == "accepted":
        return EstimateState(may_work=True, demanded=False, left_seconds=None, clause=rule.clause)
    left = max(0, rule.budget_seconds - metered_seconds)
    if answer == "declined":
        return EstimateState(may_work=False, demanded=False, left_seconds=left, clause=rule.clause)
    return EstimateState(may_work=left > 0, demanded=left == 0, left_seconds=left, clause=rule.clause)


def payable_seconds(rule: EstimateRule, worked_seconds: int, answer: Answer) -> int:
    """Return how much of the worked time a tariff may price.

    Accepted, or never asked: all of it, before and after alike (decision A5). Declined: zero where the terms say
    that a "no" costs nothing, else what was worked.

    Raises:
        ValueError: negative time.
    """
    _check_time(worked_seconds)
    return 0 if answer == "declined" and rule.declined_leaves == "nothing" else worked_seconds


def _check_time(seconds: int) -> None:
    if seconds < 0:
        raise ValueError(f"{seconds} s of work cannot have been done. Give zero or more.")
