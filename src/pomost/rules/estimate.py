"""When the customer must be asked before work goes on, and what a "no" leaves to pay.

Owns the budget of metered time that terms grant before an estimate is due, how far an accepted one reaches, and the
effect of accepting or declining it (decision A5). Refuses negative time. Prices are `tariff.py`'s. Read on:
docs/explain/pricing.md.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    beyond: Literal["ask-again", "goes-on"] = "ask-again"
    """Work beyond what the accepted sum covers: the customer is asked again, or it goes on by the same price."""

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
    """What may still be worked; None: without a bound."""
    clause: str


def bound_seconds(rule: EstimateRule, answer: Answer, agreed_seconds: int | None = None) -> int | None:
    """Return how much metered time the customer has agreed to so far; None: without a bound.

    `agreed_seconds` is the whole work that the sum of the accepted estimate covers; None: a fixed sum covers all.
    Without an accepted estimate it is the budget. An estimate that was declined takes nothing back of an earlier one.
    """
    if answer == "accepted":
        return agreed_seconds if rule.beyond == "ask-again" else None
    return max(rule.budget_seconds, agreed_seconds or 0)


def estimate_state(
    rule: EstimateRule, metered_seconds: int, answer: Answer, agreed_seconds: int | None = None
) -> EstimateState:
    """Return whether work may go on after `metered_seconds`.

    The second that ends the budget may still be worked, none after it; the same with what an accepted sum covers.
    Declined: work ends at once, whatever is left.

    Raises:
        ValueError: negative time.
    """
    _check_time(metered_seconds)
    bound = bound_seconds(rule, answer, agreed_seconds)
    if bound is None:
        return EstimateState(may_work=True, demanded=False, left_seconds=None, clause=rule.clause)
    left = max(0, bound - metered_seconds)
    if answer == "declined":
        return EstimateState(may_work=False, demanded=False, left_seconds=left, clause=rule.clause)
    return EstimateState(may_work=left > 0, demanded=left == 0, left_seconds=left, clause=rule.clause)


@dataclass(frozen=True, slots=True)
class Share:
    """How much of some further work the customer has agreed to."""

    within_seconds: int
    """May be priced."""
    beyond_seconds: int
    """Costs nothing until a price for it is accepted."""


def agreed_share(
    rule: EstimateRule,
    worked_seconds: int,
    more_seconds: int,
    answer: Answer,
    agreed_seconds: int | None = None,
) -> Share:
    """Return how much of `more_seconds`, after `worked_seconds`, lies within what was agreed to.

    Raises:
        ValueError: negative time.
    """
    _done, within = payable_each(rule, (worked_seconds, more_seconds), answer, agreed_seconds)
    return Share(within, more_seconds - within)


def payable_seconds(
    rule: EstimateRule, worked_seconds: int, answer: Answer, agreed_seconds: int | None = None
) -> int:
    """Return how much of the worked time a tariff may price: what was agreed to, before and after alike (decision A5).

    Time beyond the budget, or beyond what the accepted sum covers, costs nothing: nobody agreed to it. Declined: zero
    where the terms say that a "no" costs nothing.

    Raises:
        ValueError: negative time.
    """
    (payable,) = payable_each(rule, (worked_seconds,), answer, agreed_seconds)
    return payable


def payable_each(
    rule: EstimateRule, worked_seconds: Sequence[int], answer: Answer, agreed_seconds: int | None = None
) -> tuple[int, ...]:
    """Return how much of each stretch of work may be priced; the bound cuts off what was worked last.

    Raises:
        ValueError: negative time.
    """
    for seconds in worked_seconds:
        _check_time(seconds)
    if answer == "declined" and rule.declined_leaves == "nothing":
        return tuple(0 for _seconds in worked_seconds)
    bound = bound_seconds(rule, answer, agreed_seconds)
    if bound is None:
        return tuple(worked_seconds)
    left, found = bound, []
    for seconds in worked_seconds:
        found.append(min(seconds, left))
        left -= found[-1]
    return tuple(found)


def _check_time(seconds: int) -> None:
    if seconds < 0:
        raise ValueError(f"{seconds} s of work cannot have been done. Give zero or more.")
