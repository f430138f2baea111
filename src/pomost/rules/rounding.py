"""Rounding of written-down time, as bookkeeping programs do it: for time sheets that come from elsewhere.

Owns begin, end and duration rounded to units, accounted units, and the price of time with a minimum and a step.
Refuses negative time and units. Our own tariffs round by `tariff.py`; this is for the rules other programs know, so
that their sheets can be read without a changed number. Known answers: tests/vectors/billing.json.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from pomost.rules.money import Money

Mode = Literal["default", "ceil", "closest", "floor"]
Way = Literal["up", "down", "nearer"]

WAYS: Final[dict[Mode, tuple[Way, Way, Way]]] = {
    "default": ("down", "up", "up"),
    "ceil": ("up", "up", "up"),
    "closest": ("nearer", "nearer", "nearer"),
    "floor": ("down", "down", "down"),
}
"""Which way begin, end and duration go."""

RATE_STEP: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class SheetRounding:
    """How a time sheet is rounded; a unit of 0 leaves its time as it is.

    Raises:
        ValueError: a negative unit.
    """

    mode: Mode
    begin_unit_seconds: int = 0
    end_unit_seconds: int = 0
    duration_unit_seconds: int = 0

    def __post_init__(self) -> None:
        units = (self.begin_unit_seconds, self.end_unit_seconds, self.duration_unit_seconds)
        if min(units) < 0:
            raise ValueError(
                f"A unit of {min(units)} s cannot be rounded to. Give zero (not at all) or more."
            )


@dataclass(frozen=True, slots=True)
class SheetTime:
    """A line of a time sheet, in seconds; begin and end counted from midnight."""

    begin_seconds: int
    end_seconds: int
    duration_seconds: int


def rounded_sheet(begin_seconds: int, end_seconds: int, rule: SheetRounding) -> SheetTime:
    """Return begin and end rounded to multiples of their units from midnight, and their difference rounded then.

    Raises:
        ValueError: the end is before the begin.
    """
    if end_seconds < begin_seconds:
        raise ValueError(
            f"Work cannot end at {end_seconds} s of the day before it begins at {begin_seconds} s."
        )
    begin_way, end_way, duration_way = WAYS[rule.mode]
    begin = _rounded(begin_seconds, rule.begin_unit_seconds, begin_way)
    end = _rounded(end_seconds, rule.end_unit_seconds, end_way)
    return SheetTime(begin, end, _rounded(max(0, end - begin), rule.duration_unit_seconds, duration_way))


def accounted_seconds(worked_seconds: int, unit_seconds: int) -> int:
    """Return worked time with each started unit counted whole; a unit of 0 leaves it as it is.

    Raises:
        ValueError: negative time.
    """
    if worked_seconds < 0:
        raise ValueError(f"{worked_seconds} s of work cannot have been done. Give zero or more.")
    return _rounded(worked_seconds, unit_seconds, "up")


def charged_seconds(worked_seconds: int, minimum_seconds: int, step_seconds: int) -> int:
    """Return the time to charge: at least the minimum, then rounded up to the step. Zero stays zero.

    Raises:
        ValueError: negative time.
    """
    return accounted_seconds(max(worked_seconds, minimum_seconds) if worked_seconds else 0, step_seconds)


def price_of(seconds: int, rate_per_hour: Money) -> Money:
    """Return the price of some seconds to four decimals, half up: a rate to multiply by, not yet a sum to pay."""
    exact = (rate_per_hour * seconds).amount / 3600
    return Money(exact.quantize(RATE_STEP, ROUND_HALF_UP), rate_per_hour.currency)


def _rounded(seconds: int, unit_seconds: int, way: Way) -> int:
    if not unit_seconds:
        return seconds
    below = seconds // unit_seconds * unit_seconds
    over = seconds - below
    if way == "down" or not over or (way == "nearer" and 2 * over < unit_seconds):
        return below
    return below + unit_seconds
