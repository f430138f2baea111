"""How money, times and days are written, in the three languages (look.md, Type).

Money is `Decimal` and the currency's code; instants are aware. A time is written in the zone that Django has
current, which the pages set to the vendor's; `now` decides whether a day needs its weekday, month or year.
Spaces inside a figure never break.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

NBSP: Final = "\N{NO-BREAK SPACE}"
MINUTE_SECONDS: Final = 60
HOUR_SECONDS: Final = 3600
NEAR_DAYS: Final = 6
"""Up to so many days away a weekday alone says which day is meant."""

DAY_PATTERNS: Final[Mapping[str, str]] = {"ru": "EEE d MMMM", "pl": "EEE d MMMM", "en": "EEE d MMMM"}
LOCALES: Final[Mapping[str, str]] = {"ru": "ru", "pl": "pl", "en": "en_GB"}


def current_locale() -> Locale:
    """Return Babel's locale of the language that the page is in; English where it is none of ours."""
    language = (translation.get_language() or "en").split("-")[0]
    return Locale.parse(LOCALES.get(language, "en_GB"))


def money(amount: Decimal, currency: str) -> str:
    """Write an amount with two digits and the currency after it: `1 300,00 ₽`, `492,00 zł`, `600.00 PLN`.

    Whether it is net or gross stands beside it in words; a figure never says so by itself.
    """
    locale = current_locale()
    if locale.language == "en":
        return format_currency(amount, currency, format=f"#,##0.00{NBSP}¤¤", locale=locale)
    return format_currency(amount, currency, format=f"#,##0.00{NBSP}¤", locale=locale)


def number(value: Decimal | int) -> str:
    """Write a bare number with the language's comma or point: `5,5`, `1,3333`."""
    return format_decimal(value, locale=current_locale(), decimal_quantization=False)


def hours(length: timedelta) -> str:
    """Write a length as hours and minutes, `0:18`, `22:48`; seconds that do not fill a minute are dropped.

    Raises:
        ValueError: `length` is negative; `late` writes what is overdue.
    """
    seconds = int(length.total_seconds())
    if seconds < 0:
        raise ValueError(f"A length of {length} cannot be shown as hours. Use late() for what is overdue.")
    minutes = seconds // MINUTE_SECONDS
    return f"{minutes // 60}:{minutes % 60:02d}"


def late(length: timedelta) -> str:
    """Write by how much a promise is overdue, `+0:22`."""
    return f"+{hours(length)}"


def stopwatch(length: timedelta) -> str:
    """Write a running meter with its seconds, `0:37:12`."""
    seconds = int(length.total_seconds())
    return f"{seconds // HOUR_SECONDS}:{seconds // MINUTE_SECONDS % 60:02d}:{seconds % MINUTE_SECONDS:02d}"


def length_words(length: timedelta) -> str:
    """Write a length in words, the largest that is exact: `30 minutes`, `4 hours`, `1:20`."""
    seconds = int(length.total_seconds())
    if seconds % HOUR_SECONDS == 0:
        count = seconds // HOUR_SECONDS
        return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
    if seconds < HOUR_SECONDS and seconds % MINUTE_SECONDS == 0:
        count = seconds // MINUTE_SECONDS
        return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}
    return hours(length)


def clock_time(at: datetime) -> str:
    """Write the time of day, `9:30`."""
    local = timezone.localtime(at)
    return f"{local.hour}:{local.minute:02d}"


def day(when: datetime | date, now: datetime) -> str:
    """Write a day with its weekday, `пн 15 июня`, `śr. 6 maja`; the year only when it is not this one."""
    local = timezone.localtime(when).date() if isinstance(when, datetime) else when
    locale = current_locale()
    pattern = DAY_PATTERNS[locale.language]
    if local.year != timezone.localtime(now).year:
        pattern += " y"
    return format_date(local, pattern, locale=locale).replace(" ", NBSP)


def date_words(when: datetime | date) -> str:
    """Write a date in full for a document, `16 czerwca 2026`."""
    local = timezone.localtime(when).date() if isinstance(when, datetime) else when
    return format_date(local, "d MMMM y", locale=current_locale()).replace(" ", NBSP)


def date_figures(when: datetime | date) -> str:
    """Write a date in figures for a clause chip, `01.01.2017`; English names the month."""
    local = timezone.localtime(when).date() if isinstance(when, datetime) else when
    locale = current_locale()
    return format_date(local, "d MMM y" if locale.language == "en" else "dd.MM.y", locale=locale).replace(
        " ", NBSP
    )


def month_name(day: date) -> str:
    """Write a day's month alone, `октябрь`, `październik`."""
    return format_date(day, "LLLL", locale=current_locale())


def weekday_names() -> list[tuple[str, str]]:
    """Return the weekdays from Monday, each as short as a calendar's head has room for and in full: (`пн`, `понедельник`)."""
    short = current_locale().days["stand-alone"]["short"]
    names = current_locale().days["stand-alone"]["wide"]
    return [(short[weekday], names[weekday]) for weekday in range(7)]


def month_words(day: date) -> str:
    """Write a day's month with its year, `октябрь 2026`, `październik 2026`."""
    return format_date(day, "LLLL y", locale=current_locale()).replace(" ", NBSP)


def moment(at: datetime, now: datetime) -> str:
    """Write an instant as short as it stays clear: `9:30` today, `чт 16:30` near by, else `11 июня, 16:30`."""
    local, today = timezone.localtime(at).date(), timezone.localtime(now).date()
    if local == today:
        return clock_time(at)
    locale = current_locale()
    if abs((local - today).days) <= NEAR_DAYS:
        return f"{format_date(local, 'EEE', locale=locale)}{NBSP}{clock_time(at)}"
    pattern = "d MMMM" if local.year == today.year else "d MMMM y"
    return f"{format_date(local, pattern, locale=locale)}, {clock_time(at)}".replace(" ", NBSP)


def by(at: datetime, now: datetime) -> str:
    """Write when something falls due, `до 9:30`, `do wt. 9:10`."""
    return gettext("by %(moment)s") % {"moment": moment(at, now)}


def file_size(count: int) -> str:
    """Write a size in bytes as people read it, in thousands: `184 КБ`, `26,0 МБ`, `2,0 ГБ`."""
    if count < 1000:
        return gettext("%(count)d B") % {"count": count}
    if count < 1_000_000:
        return gettext("%(count)d kB") % {"count": round(count / 1000)}
    if count < 1_000_000_000:
        size = format_decimal(Decimal(count) / 1_000_000, format="0.0", locale=current_locale())
        return gettext("%(size)s MB") % {"size": size}
    size = format_decimal(Decimal(count) / 1_000_000_000, format="0.0", locale=current_locale())
    return gettext("%(size)s GB") % {"size": size}
