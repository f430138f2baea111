"""How single values of a terms file are written: durations, hours, days, money, numbers.

Each reader takes the text and returns the value or raises BadValue with a
sentence and its remedy. Money and multiples are strings in the file, because a
TOML number would be a binary float. Reference: terms/README.md.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from pomost.rules.terms.problems import BadValue
from pomost.rules.terms.worded import worded

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES: Final = 24 * 60

_DURATION: Final = re.compile(r"(?:([0-9]{1,5})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,6})s)?")
_NEAR_DURATION: Final = re.compile(r"\s*([0-9]{1,5})\s*([^\W0-9_])[^\W0-9_]*\.?\s*")
_UNIT_BY_FIRST_LETTER: Final = {"h": "h", "ч": "h", "g": "h", "m": "m", "м": "m", "s": "s", "с": "s"}
_PERCENT: Final = re.compile(r"([0-9]{1,3})%")
_HOURS: Final = re.compile(r"([0-9][0-9]):([0-9][0-9])-([0-9][0-9]):([0-9][0-9])")
_MONEY: Final = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
_DECIMAL: Final = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,4})?")
_NUMBER_FIELD: Final = re.compile(r"\{([^{}]*)\}")
_NUMBER_FIELDS: Final = re.compile(r"n(?::0([1-9]))?|year|month(?::02)?")


def duration_seconds(text: str) -> int:
    """Return the seconds of a duration such as `4h`, `30m`, `1h30m` or `45s`.

    Raises:
        BadValue: the text is no duration, or a duration of nothing.
    """
    found = _DURATION.fullmatch(text)
    if found is None or not text:
        near = _NEAR_DURATION.fullmatch(text)
        unit = _UNIT_BY_FIRST_LETTER.get(near[2].lower()) if near else None
        do = worded("write-it", text=f"{near[1]}{unit}") if near and unit else worded("duration-form")
        raise BadValue(worded("duration-not", text=text), do)
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    total = hours * 3600 + minutes * 60 + seconds
    if total == 0:
        raise BadValue(worded("duration-nothing", text=text), worded("write-above-zero"))
    return total


def seconds_or_percent(text: str) -> tuple[int, int]:
    """Return a duration as (seconds, 0), or a share such as `25%` as (0, percent).

    Raises:
        BadValue: it is neither, or a share of nothing or of all.
    """
    found = _PERCENT.fullmatch(text)
    if found is None:
        return duration_seconds(text), 0
    percent = int(found[1])
    if not 1 <= percent <= 99:
        raise BadValue(worded("percent-not", text=text), worded("percent-form"))
    return 0, percent


def hours_minutes(text: str) -> tuple[int, int]:
    """Return an interval such as `09:00-17:00` as minutes from midnight; 1440 is the end of the day.

    Raises:
        BadValue: not an interval, not a time of day, or its end is not after its start.
    """
    found = _HOURS.fullmatch(text)
    if found is None:
        raise BadValue(worded("hours-not", text=text), worded("hours-form"))
    first, last = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if int(found[2]) > 59 or int(found[4]) > 59 or first >= DAY_MINUTES or last > DAY_MINUTES:
        raise BadValue(worded("hours-off-the-clock", text=text), worded("hours-run"))
    if last <= first:
        raise BadValue(
            worded("hours-backward", text=text),
            worded("night-shift"),
        )
    return first, last


def hours_typed(text: str) -> tuple[tuple[int, int], ...]:
    """Return the hours of a day from how they are written, `09:00-13:00, 14:00-18:00`; nothing: closed.

    Raises:
        BadValue: as hours_minutes.
    """
    return tuple(hours_minutes(part.strip()) for part in text.split(",") if part.strip())


def hours_text(hours: Iterable[tuple[int, int]]) -> str:
    """Return the hours of a day as they are written, `09:00-13:00, 14:00-18:00`; empty: closed."""
    return ", ".join(
        f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}" for opens, closes in hours
    )


def weekdays(text: str) -> tuple[int, ...]:
    """Return the weekdays (0 is Monday) of `mon`, `sat` or a range such as `mon-fri`.

    Raises:
        BadValue: a name is not one of the seven, or the range runs backward.
    """
    first, dash, last = text.partition("-")
    names = (first, last) if dash else (first, first)
    if not set(names) <= set(WEEKDAYS):
        raise BadValue(worded("no-day", text=text), worded("weekdays-are", words=", ".join(WEEKDAYS)))
    start, end = WEEKDAYS.index(names[0]), WEEKDAYS.index(names[1])
    if end < start:
        raise BadValue(worded("days-backward", text=text), worded("days-split"))
    return tuple(range(start, end + 1))


def amount(text: str) -> Decimal:
    """Return an amount of money written as `1300.00`: not negative, at most two decimals.

    Raises:
        BadValue: anything else, a comma or a minus included.
    """
    if _MONEY.fullmatch(text):
        return Decimal(text)
    if text.startswith(("-", "−")):
        raise BadValue(worded("amount-negative", text=text), worded("amount-zero-or-more"))
    raise BadValue(worded("amount-not", text=text), worded("amount-form"))


def positive_decimal(text: str) -> Decimal:
    """Return a number above zero such as `0.5`.

    Raises:
        BadValue: not a number with at most four decimals, or zero.
    """
    if not _DECIMAL.fullmatch(text) or Decimal(text) == 0:
        raise BadValue(worded("number-not", text=text), worded("number-form"))
    return Decimal(text)


def percent(text: str) -> Decimal | None:
    """Return a VAT rate: `23` is 23 %, `none` is no VAT at all.

    Raises:
        BadValue: not a percentage from 0 to 100.
    """
    if text == "none":
        return None
    if not _DECIMAL.fullmatch(text) or Decimal(text) > 100:
        raise BadValue(worded("vat-not", text=text), worded("vat-form"))
    return Decimal(text)


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """How numbers of requests or invoices look: `Z-{n:04}`, `FS/{year}/{month:02}/{n:04}`.

    Only {n}, {n:0W}, {year}, {month} and {month:02} stand for something. The
    text is filled by hand, never by str.format, whose fields could reach anywhere.
    """

    text: str

    def number(self, n: int, on: date) -> str:
        """Return the n-th number, made on the day `on`."""

        def fill(found: re.Match[str]) -> str:
            name, _, width = found[1].partition(":")
            value = {"n": n, "year": on.year, "month": on.month}[name]
            return str(value).zfill(int(width or 0))

        return _NUMBER_FIELD.sub(fill, self.text)


def number_pattern(text: str) -> NumberPattern:
    """Return the pattern of `text`.

    Raises:
        BadValue: it has no {n}, an unknown field, a stray brace, or is too long.
    """
    fields = _NUMBER_FIELD.findall(text)
    unknown = [field for field in fields if not _NUMBER_FIELDS.fullmatch(field)]
    if unknown or re.search(r"[{}]", _NUMBER_FIELD.sub("", text)):
        raise BadValue(
            worded("field-named-means-nothing", text=text, field=f"{{{unknown[0]}}}")
            if unknown
            else worded("field-means-nothing", text=text),
            worded("fields-are", words="{n}, {n:04}, {year}, {month}, {month:02}"),
        )
    if sum(field.startswith("n") for field in fields) != 1:
        raise BadValue(
            worded("pattern-number-once", text=text, field="{n}"),
            worded("pattern-form", one='"Z-{n}"', other='"Z-{n:04}"'),
        )
    if not 1 <= len(text) <= 40:
        raise BadValue(worded("pattern-too-long", count=len(text)), worded("keep-within", most=40))
    return NumberPattern(text)
