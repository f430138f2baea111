"""Cases of a replay: fields read with their types, and answers compared.

Owns what all kinds have in common, and the kind `sla`: a calendar (`timezone`,
`hours`, `holidays`, `day_overrides`), an `op` (`add`, `deadline`, `between`) with
`start`, `end`, `pauses` and an amount, and what is `expected`. Every malformed
field is a sentence that names the case. The kinds that need terms are
source_cases.py; time sheets and their prices billing_cases.py.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from pomost.cli.errors import Unusable
from pomost.rules.calendar import Calendar
from pomost.rules.terms.problems import BadValue
from pomost.rules.terms.values import WEEKDAYS, hours_minutes

Answer = Mapping[str, object] | str | int | float | Decimal | None

SECONDS_MAX: Final = 10 * 366 * 86400
"""Ten years: no amount of time in a case is longer."""


class Case:
    """One case of the file."""

    def __init__(self, place: str, values: object) -> None:
        if not isinstance(values, dict):
            raise Unusable(f"{place}: a case must be an object with fields, such as {{…}}.")
        self.values = values
        self.place = place
        self.id = self.text("id")
        self.place = f"{place} ({self.id[:40]})"

    def bad(self, key: str, what: str) -> Unusable:
        """Return the error for one field."""
        return Unusable(f"{self.place}: “{key}” {what}.")

    def has(self, key: str) -> bool:
        """Whether the field is there and not null."""
        return self.values.get(key) is not None

    def text(self, key: str) -> str:
        """Return a field that must be text. Raises Unusable."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value:
            raise self.bad(key, "must be text")
        return value

    def flag(self, key: str) -> bool:
        """Return a field that must be true or false. Raises Unusable."""
        value = self.values.get(key)
        if not isinstance(value, bool):
            raise self.bad(key, "must be true or false")
        return value

    def whole(self, key: str) -> int:
        """Return a field that must be a whole number from zero to ten years of seconds. Raises Unusable."""
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= SECONDS_MAX:
            raise self.bad(key, f"must be a whole number from 0 to {SECONDS_MAX}")
        return value

    def number(self, key: str, most: Decimal) -> Decimal:
        """Return a field that must be a number from zero to `most`. Raises Unusable."""
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= most:
            raise self.bad(key, f"must be a number from 0 to {most:.0f}")
        return Decimal(value)

    def instant(self, key: str) -> datetime:
        """Return a field that must be an instant with its offset. Raises Unusable."""
        return self._instant(key, self.values.get(key))

    def _instant(self, key: str, value: object) -> datetime:
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None or found.tzinfo is None or not 1901 <= found.year <= 2198:
            raise self.bad(key, "must be an instant with an offset, such as 2026-06-11T16:30:00+03:00")
        return found

    def day(self, key: str, value: object = None) -> date:
        """Return a field (or a value that stands in it) that must be a date. Raises Unusable."""
        given = self.values.get(key) if value is None else value
        try:
            return date.fromisoformat(given if isinstance(given, str) else "")
        except ValueError:
            raise self.bad(key, "must be a date such as 2026-06-11") from None

    # sla

    def calendar(self) -> Calendar:
        """Return the calendar of an `sla` case. Raises Unusable."""
        hours = self.values.get("hours")
        if not isinstance(hours, dict) or not set(hours) <= set(WEEKDAYS):
            raise self.bad("hours", f"must map weekdays ({', '.join(WEEKDAYS)}) to lists of intervals")
        overrides = self.values.get("day_overrides") or {}
        holidays = self.values.get("holidays")
        if not isinstance(overrides, dict) or not isinstance(holidays, list):
            raise self.bad("holidays", "must be a list of dates, and “day_overrides” an object")
        try:
            return Calendar(
                zone=self.text("timezone"),
                week={WEEKDAYS.index(day): self._intervals("hours", each) for day, each in hours.items()},
                holidays=frozenset(self.day("holidays", each or "") for each in holidays),
                overrides={
                    self.day("day_overrides", day): self._intervals("day_overrides", each)
                    for day, each in overrides.items()
                },
            )
        except ValueError as refused:
            raise self.bad("hours", f"make no calendar: {refused}") from refused

    def _intervals(self, key: str, value: object) -> list[tuple[int, int]]:
        """Return intervals of one day written as [["09:00", "17:00"], …]."""
        try:
            if isinstance(value, list):
                return [hours_minutes("-".join(each)) for each in value]
        except (BadValue, TypeError):
            pass
        raise self.bad(key, 'must hold intervals such as [["09:00", "17:00"]]')

    def pauses(self) -> list[tuple[datetime, datetime]]:
        """Return the pauses of an `sla` case. Raises Unusable."""
        spans = self.values.get("pauses") or []
        if not isinstance(spans, list) or not all(
            isinstance(span, list) and len(span) == 2 for span in spans
        ):
            raise self.bad("pauses", "must be a list of [from, to]")
        return [(self._instant("pauses", first), self._instant("pauses", last)) for first, last in spans]

    def amount(self) -> timedelta:
        """Return the amount of an `sla` case: `amount_seconds`, or else `amount_minutes`. Raises Unusable."""
        key, seconds_each = ("amount_seconds", 1) if self.has("amount_seconds") else ("amount_minutes", 60)
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.bad(key, "must be a number")
        seconds = value * seconds_each
        if not -SECONDS_MAX <= seconds <= SECONDS_MAX:
            raise self.bad(key, "is longer than ten years")
        return timedelta(microseconds=int((Decimal(seconds) * 1_000_000).to_integral_value()))


def sla_answer(case: Case) -> Answer:
    """Return the answer to an `sla` case: an instant, a local date, or minutes. Raises Unusable."""
    calendar, op = case.calendar(), case.text("op")
    start, pauses = case.instant("start"), case.pauses()
    try:
        if op == "between":
            minutes = calendar.worked(start, case.instant("end"), pauses) / timedelta(minutes=1)
            return int(minutes) if minutes.is_integer() else minutes
        if op not in ("add", "deadline"):
            raise case.bad("op", "must be add, deadline or between")
        due = calendar.add(start, case.amount(), pauses, backward=case.values.get("direction") == "backward")
    except ValueError as refused:
        raise Unusable(f"{case.place}: there is no answer: {refused}") from refused
    return str(due.date()) if case.values.get("precision") == "date" else due.isoformat()


def expected(case: Case) -> Answer:
    """Return what the case expects: the value of `expected`, or an object of all `expected_…` fields. Raises Unusable."""
    values = case.values
    if "expected" in values:
        return values["expected"]  # type: ignore[no-any-return]
    found = {
        key.removeprefix("expected_"): value for key, value in values.items() if key.startswith("expected_")
    }
    if not found:
        raise Unusable(f"{case.place}: nothing is expected, so there is nothing to compare. Add “expected”.")
    return found


def same(got: object, wanted: object) -> bool:
    """Whether two answers are the same: instants by the moment they mean, numbers by value, the rest exactly."""
    if isinstance(got, Mapping) and isinstance(wanted, Mapping):
        return got.keys() == wanted.keys() and all(same(got[key], wanted[key]) for key in got)
    if isinstance(got, list) and isinstance(wanted, list):
        return len(got) == len(wanted) and all(map(same, got, wanted))
    if isinstance(got, bool) or isinstance(wanted, bool):
        return got is wanted
    if isinstance(got, str) and isinstance(wanted, str) and got != wanted:
        moments = [_moment(each) for each in (got, wanted)]
        return None not in moments and moments[0] == moments[1]
    if isinstance(got, float | Decimal) and isinstance(wanted, int | Decimal):
        # A third of an hour has no end of decimals, so no file can write it out.
        return abs(Decimal(str(got)) - wanted) < Decimal("0.000001")
    return got == wanted


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
