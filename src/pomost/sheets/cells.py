"""One cell at a time: moments, durations, sums, yes and no.

Owns the ways in which people write them in Russian, Polish and English. Refuses what can be read in two ways, and says
both. Local times are in the zone that is given: skipped by the spring change, by the offset before; twice, the first.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from pomost.sheets.fold import fold
from pomost.sheets.problems import CellBad

YEARS: Final = (2000, 2100)
EXCEL_EPOCH: Final = date(1899, 12, 30)
EXCEL_DAYS: Final = (36_526, 73_051)
"""2000-01-01 to 2100-01-01 as spreadsheets number days."""
HOURS_MAX: Final = 1000
"""Nobody works so long on one row; a sum of money in a column of time would."""

_DAY = re.compile(r"(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})(?:\s*(?:г\.?|r\.?))?(?:[T,\s]+(.+))?", re.ASCII)
_TIME = re.compile(
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d{1,15}))?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,4}):(\d{2})(?::(\d{2}))?", re.ASCII)
_PARTS = re.compile(r"(\d{1,9}(?:[.,]\d{1,6})?)(?!\d)\s*([^\W\d]+)?\.?\s*")
_ISO_LENGTH = re.compile(r"PT(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(?:[.,]\d+)*", re.ASCII)

UNITS: Final = {
    3600: "h hr hrs hour hours ч час часа часов g godz godzin godzina godziny",
    60: "m min mins minute minutes мин минут минута минуты м minut minuta minuty",
    1: "s sec secs second seconds с сек секунд секунда секунды sek sekund sekunda sekundy",
}
_UNIT_SECONDS: Final = {word: seconds for seconds, words in UNITS.items() for word in words.split()}

YES: Final = frozenset(
    ["yes", "y", "true", "1", "да", "д", "tak", "t", "есть", "jest", "x", "v", "принято", "zgoda", "согласие"]
) | {"+", "✓", "✔"}
NO: Final = frozenset(["no", "n", "false", "0", "нет", "н", "nie", "brak", "не"]) | {"-", "–", "—"}

CURRENCIES: Final = {
    "₽": "RUB", "руб": "RUB", "р": "RUB", "rub": "RUB", "zł": "PLN", "zl": "PLN", "pln": "PLN",
    "€": "EUR", "eur": "EUR", "$": "USD", "usd": "USD", "грн": "UAH", "₴": "UAH", "uah": "UAH", "kč": "CZK",
}  # fmt: skip


def moment(text: str, zone: ZoneInfo) -> tuple[date, datetime | None]:
    """Return the local day, and the instant where a time of day is given.

    Raises:
        CellBad: it is no date, one with the month first, or of a year that cannot be meant.
    """
    if serial := _SERIAL.fullmatch(text):
        return _excel(serial, zone)
    found = _DAY.fullmatch(text)
    if found is None:
        raise CellBad("moment")
    first, second, third = found[1], int(found[2]), found[3]
    year, month, day = (
        (int(first), second, int(third)) if len(first) == 4 else (_year(third), second, int(first))
    )
    if len(first) in (1, 2) and month > 12 >= day:
        raise CellBad("moment-order")
    if not YEARS[0] <= year < YEARS[1]:
        raise CellBad("moment-year", {"first": YEARS[0], "last": YEARS[1] - 1})
    try:
        local = date(year, month, day)
    except ValueError:
        raise CellBad("moment") from None
    if not found[4]:
        return local, None
    return _at(local, found[4].strip(), zone)


def _year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


def _at(day: date, text: str, zone: ZoneInfo) -> tuple[date, datetime]:
    found = _TIME.fullmatch(text)
    if found is None:
        raise CellBad("moment")
    try:
        clock = time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        raise CellBad("moment") from None
    if not found[4]:
        # Through UTC, so that a time that the spring change skips becomes one that the wall clock shows.
        at = datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone)
        return day, at
    if found[4].upper() in ("Z", "UTC"):
        offset = timedelta(0)
    else:
        sign = -1 if found[4][0] == "-" else 1
        offset = sign * timedelta(hours=int(found[4][1:3]), minutes=int(found[4][-2:]))
    if abs(offset) > timedelta(hours=15):
        raise CellBad("moment")
    at = datetime.combine(day, clock, timezone(offset)).astimezone(zone)
    return at.date(), at


def _excel(found: re.Match[str], zone: ZoneInfo) -> tuple[date, datetime | None]:
    """Return the moment that a spreadsheet keeps as days since the end of 1899."""
    days = int(found[1])
    if not EXCEL_DAYS[0] <= days < EXCEL_DAYS[1]:
        raise CellBad("moment")
    day = EXCEL_EPOCH + timedelta(days=days)
    if found[2] is None:
        return day, None
    # Such a number has lost the last digits of its seconds; the nearest whole one was meant.
    seconds = int((Decimal(f"0.{found[2]}") * 86_400).to_integral_value())
    midnight = datetime.combine(day, time(), zone)
    at = (midnight + timedelta(seconds=seconds)).astimezone(UTC).astimezone(zone)
    return at.date(), at


def duration(text: str, unit_seconds: int | None) -> int:
    """Return worked time in seconds; a bare number is in `unit_seconds`, or in minutes where it is whole.

    Raises:
        CellBad: it is no duration, negative, too long, or a broken number without a unit.
    """
    seconds = _seconds(text.casefold(), unit_seconds)
    if seconds > HOURS_MAX * 3600:
        raise CellBad("duration-long", {"hours": HOURS_MAX})
    return seconds


def _seconds(text: str, unit_seconds: int | None) -> int:
    if text.startswith("-"):
        raise CellBad("negative")
    if clock := _CLOCK.fullmatch(text):
        if int(clock[2]) > 59 or int(clock[3] or 0) > 59:
            raise CellBad("duration")
        return int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
    iso = _ISO_LENGTH.fullmatch(text.upper())
    if iso and any(iso.groups()):
        return int(iso[1] or 0) * 3600 + int(iso[2] or 0) * 60 + int(iso[3] or 0)
    at, total, last = 0, Decimal(0), 0
    text = text.strip()
    while at < len(text):
        part = _PARTS.match(text, at)
        if part is None:
            raise CellBad("duration")
        amount = Decimal(part[1].replace(",", "."))
        if part[2] is None:
            unit = _bare_unit(part[1], unit_seconds, last)
        else:
            unit = _UNIT_SECONDS.get(part[2], 0)
            if not unit or (last and unit >= last):
                raise CellBad("duration")
        total += amount * unit
        at, last = part.end(), unit
    if not text:
        raise CellBad("duration")
    return int(total.to_integral_value())


def _bare_unit(number: str, unit_seconds: int | None, last: int) -> int:
    """Return the unit of a number that names none: of the column, of the part before it (1h20), or minutes."""
    if last:
        if last != 3600:
            raise CellBad("duration")
        return 60
    if unit_seconds is not None:
        return unit_seconds
    if not number.isdigit():
        raise CellBad("duration-unit")
    return 60


def amount(text: str, currency: str | None) -> Decimal:
    """Return a number that is not negative, with the sign of `currency` around it or none.

    Raises:
        CellBad: it is no number, negative, of another currency, or a comma may mean thousands or a fraction.
    """
    bare = "".join(text.split()).replace("\N{RIGHT SINGLE QUOTATION MARK}", "").replace("'", "")
    sign = re.sub(r"[-+\d.,]", "", bare).strip().casefold()
    bare = re.sub(r"[^-\d.,]", "", bare).rstrip(".,")
    if sign:
        named = CURRENCIES.get(sign)
        if named is None:
            raise CellBad("number")
        if currency is None or named != currency:
            raise CellBad("currency", {"currency": currency or ""})
    if not _NUMBER.fullmatch(bare):
        raise CellBad("number")
    if bare.startswith("-"):
        raise CellBad("negative")
    return Decimal(_pointed(bare))


def _pointed(text: str) -> str:
    """Return a number with a point for its fraction and nothing between its thousands.

    Raises:
        CellBad: one sign with three digits after it may be either; or the signs make no number.
    """
    signs = re.findall(r"[.,]", text)
    if not signs:
        return text
    whole, fraction = re.split(r"[.,](?=[^.,]*$)", text)
    if len(signs) == 1:
        if len(fraction) == 3 and whole != "0":
            raise CellBad("grouping", {"one": f"{whole}{fraction}.00", "other": f"{whole}.{fraction}"})
        return f"{whole}.{fraction}"
    groups = re.split(r"[.,]", whole)
    if any(len(group) != 3 for group in groups[1:]) or not 1 <= len(groups[0]) <= 3:
        raise CellBad("number")
    if len(set(signs)) == 1:  # 1.300.000: all of them between thousands
        if len(fraction) != 3:
            raise CellBad("number")
        return "".join(groups) + fraction
    if len(set(signs[:-1])) != 1 or signs[-1] == signs[0]:
        raise CellBad("number")
    return f"{''.join(groups)}.{fraction}"


def yes_no(text: str) -> bool:
    """Return whether a cell says yes.

    Raises:
        CellBad: it says neither yes nor no.
    """
    word = fold(text) or text.strip()
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellBad("yes-no")
