"""Cases of the kind `billing`: rounding of written-down time, and its price, as other programs' test suites know them.

Owns the four questions (`op`) of tests/vectors/README.md: `round_timesheet`, `account_time`, `time_charge`, `rate`. The rules
are parameters of each case, so no terms are needed. The arithmetic is rules/rounding.py.
"""

from collections.abc import Callable, Mapping
from datetime import time
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from pomost.cli.cases import SECONDS_MAX, Answer, Case
from pomost.cli.errors import Unusable
from pomost.rules.money import Money
from pomost.rules.rounding import (
    WAYS,
    SheetRounding,
    accounted_seconds,
    charged_seconds,
    price_of,
    rounded_sheet,
)

MONEY_MAX: Final = Decimal(10) ** 12
"""More than any rate: a case cannot make us multiply numbers of a million digits."""


def billing_answer(case: Case) -> Answer:
    """Return the answer to a `billing` case, with the names that the vectors give to its parts. Raises Unusable."""
    op = case.text("op")
    if op not in _ANSWERS:
        raise case.bad("op", f"must be one of {', '.join(_ANSWERS)}")
    try:
        return _ANSWERS[op](case)
    except ValueError as refused:
        raise Unusable(f"{case.place}: there is no answer: {refused}") from refused


def _rounded(case: Case) -> Answer:
    mode = next((each for each in WAYS if each == case.text("mode")), None)
    if mode is None:
        raise case.bad("mode", f"must be one of {', '.join(WAYS)}")
    units = (_seconds(case, f"round_{what}_minutes") for what in ("begin", "end", "duration"))
    sheet = rounded_sheet(_of_day(case, "begin"), _of_day(case, "end"), SheetRounding(mode, *units))
    return {
        "begin": _clock(sheet.begin_seconds),
        "end": _clock(sheet.end_seconds),
        "duration_seconds": sheet.duration_seconds,
    }


def _accounted(case: Case) -> Answer:
    accounted = accounted_seconds(_seconds(case, "real_minutes"), _seconds(case, "unit_minutes"))
    return {"accounted_minutes": Decimal(accounted) / 60}


def _charged(case: Case) -> Answer:
    keys = ("billable_minutes", "minimum_minutes", "round_up_minutes")
    charged = charged_seconds(*(_seconds(case, key) for key in keys))
    minor = case.number("rate_minor_per_hour", MONEY_MAX) * charged / 3600
    return {
        "hours": Decimal(charged) / 3600,
        "total_minor": int(minor.quantize(Decimal(1), ROUND_HALF_UP)),
    }


def _rate(case: Case) -> Answer:
    # No currency is named; the four decimals are the same in every one.
    return price_of(
        case.whole("duration_seconds"), Money(case.number("hourly_rate", MONEY_MAX), "EUR")
    ).amount


_ANSWERS: Final[Mapping[str, Callable[[Case], Answer]]] = {
    "round_timesheet": _rounded,
    "account_time": _accounted,
    "time_charge": _charged,
    "rate": _rate,
}


def _seconds(case: Case, key: str) -> int:
    """Return a number of minutes as whole seconds. Raises Unusable."""
    seconds = case.number(key, Decimal(SECONDS_MAX) / 60) * 60
    if seconds != int(seconds):
        raise case.bad(key, "must be minutes of whole seconds")
    return int(seconds)


def _of_day(case: Case, key: str) -> int:
    """Return a time of the day as seconds from midnight. Raises Unusable."""
    text = case.text(key)
    if text == "24:00:00":
        return 86400
    try:
        at = time.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is not None or at.microsecond:
        raise case.bad(key, "must be a time of the day, such as 12:30:37")
    return at.hour * 3600 + at.minute * 60 + at.second


def _clock(seconds: int) -> str:
    """Write seconds from midnight as HH:MM:SS; rounding up may pass midnight, and 24:00:00 says so."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
