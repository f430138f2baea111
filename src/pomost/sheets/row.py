"""One row: its cells read by the kind of their column, and what they say together.

Owns the reading of a cell for each column, the rules within a row (a day, a service, the order of moments) and the
putting together of rows of one ticket. Read next: history.py.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from pomost.rules.audit.history import EVENT_OF, Case, Column, Stretch
from pomost.rules.clocks import Event
from pomost.rules.estimate import Answer
from pomost.rules.money import Money
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parts import Channel
from pomost.sheets import cells
from pomost.sheets.choices import SESSION, Choice, answer_of, is_outdated, service_of_family
from pomost.sheets.columns import Known
from pomost.sheets.fold import fold
from pomost.sheets.problems import CellBad

TEXT_CHARACTERS_MAX: Final = 200
CELL_CHARACTERS_MAX: Final = 2000
TASKS_MAX: Final = 1000
AFTER_RECEIPT: Final = (
    Column.TOLD,
    Column.BEGAN,
    Column.ANSWERED,
    Column.SOLVED,
    Column.CONFIRMED,
    Column.CLOSED,
)
"""Moments that cannot come before the request did."""
DAY_FROM: Final = (Column.BEGAN, Column.RECEIVED, Column.REGISTERED, *AFTER_RECEIPT)
"""Whose day is the day of the work, in this order, where no column of days says it."""
CHOICES: Final = frozenset({Column.PACKAGE, Column.SERVICE, Column.FAMILY, Column.SEVERITY})
MONEY: Final = frozenset({Column.BILLED, Column.BILLED_GROSS, Column.QUOTED})
YES_NO: Final = frozenset({Column.SHOWN, Column.CONSENT, Column.FEE_PAID})
TEXTS: Final = frozenset({Column.NUMBER, Column.CUSTOMER, Column.KIND})


@dataclass(slots=True)
class Fields:
    """What a row says, as far as it could be read."""

    row: int
    texts: dict[Column, str] = field(default_factory=dict)
    """Names, and ids of what the terms know."""
    days: dict[Column, date] = field(default_factory=dict)
    """The local day of each moment."""
    moments: dict[Column, datetime] = field(default_factory=dict)
    seconds: dict[Column, int] = field(default_factory=dict)
    money: dict[Column, Money] = field(default_factory=dict)
    flags: dict[Column, bool] = field(default_factory=dict)
    answer: Answer | None = None
    quota: Decimal | None = None
    tasks: int | None = None
    is_outdated: bool = False

    @property
    def number(self) -> str:
        """The ticket's number; empty where there is none."""
        return self.texts.get(Column.NUMBER, "")

    @property
    def has_day_only(self) -> bool:
        """Whether a moment came without a time of day."""
        return any(column in EVENT_OF and column not in self.moments for column in self.days)

    @property
    def day(self) -> date | None:
        """The day of the work: of its own column, else of the moments."""
        if Column.DATE in self.days:
            return self.days[Column.DATE]
        return next((self.days[column] for column in DAY_FROM if column in self.days), None)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads cells by the terms."""

    terms: Terms
    zone: ZoneInfo
    choices: Mapping[Column, Choice]

    def take(self, fields: Fields, known: Known, text: str) -> None:
        """Put what a cell says into `fields`.

        Raises:
            CellBad: it cannot be read.
        """
        column, currency = known.column, self.terms.vendor.currency
        if len(text) > CELL_CHARACTERS_MAX:
            raise CellBad("long", {"characters": CELL_CHARACTERS_MAX})
        if column in EVENT_OF or column is Column.DATE:
            day, at = cells.moment(text, self.zone)
            fields.days[column] = day
            if at is not None and column is not Column.DATE:
                fields.moments[column] = at
        elif column in CHOICES:
            fields.texts[column] = self.choices[column].id_of(text)
        elif column in MONEY:
            fields.money[column] = Money(cells.amount(text, currency), currency)
        elif column in YES_NO:
            fields.flags[column] = cells.yes_no(text)
        elif column in (Column.WORKED, Column.BILLED_TIME):
            fields.seconds[column] = cells.duration(text, known.unit_seconds)
        elif column in TEXTS:
            if len(text) > TEXT_CHARACTERS_MAX:
                raise CellBad("long", {"characters": TEXT_CHARACTERS_MAX})
            fields.texts[column] = text
        else:
            self._take_other(fields, column, text)

    def _take_other(self, fields: Fields, column: Column, text: str) -> None:
        if column is Column.ESTIMATE:
            fields.answer = answer_of(text)
        elif column is Column.QUOTA:
            fields.quota = cells.amount(text, None)
        elif column is Column.TASKS:
            tasks = cells.amount(text, None)
            if tasks != int(tasks) or tasks > TASKS_MAX:
                raise CellBad("number")
            fields.tasks = int(tasks)
        elif column is Column.VERSION:
            try:
                flag = cells.yes_no(text)
            except CellBad:
                flag = None
            fields.is_outdated = is_outdated(text, flag)

    def complete(self, fields: Fields) -> None:
        """Check what the cells of a row say together, and add what follows from them.

        Raises:
            CellBad: a moment before the request came.
        """
        begin = fields.moments.get(Column.RECEIVED) or fields.moments.get(Column.REGISTERED)
        for column in AFTER_RECEIPT:
            at = fields.moments.get(column)
            if begin is not None and at is not None and at < begin:
                raise CellBad("before", {"earlier": column.value, "earlier_value": f"{at:%Y-%m-%d %H:%M}"})
        if Column.SERVICE not in fields.texts:
            family = fields.texts.get(Column.FAMILY)
            only = self.terms.services[0].id if len(self.terms.services) == 1 else None
            service = service_of_family(self.terms, family) if family is not None else only
            if service is not None:
                fields.texts[Column.SERVICE] = service
        elif Column.FAMILY not in fields.texts:
            families = self.terms.service(fields.texts[Column.SERVICE]).families
            if len(families) == 1:
                fields.texts[Column.FAMILY] = families[0]

    def is_session(self, fields: Fields) -> bool:
        """Whether the work of a row is a session of its own: as it says, else as its service is given."""
        kind = fields.texts.get(Column.KIND)
        if kind is not None:
            return bool(set(fold(kind).split()) & SESSION)
        service = fields.texts.get(Column.SERVICE)
        return service is not None and Channel.SESSION in self.terms.service(service).channels


def cleaned(text: str) -> str:
    """Return a cell without invisible signs, its spaces plain.

    Raises:
        CellBad: it holds control characters, which no table needs and a terminal would obey.
    """
    if text.isprintable() and "\N{REPLACEMENT CHARACTER}" not in text:
        return text.strip()
    kept = []
    for sign in text:
        kind = unicodedata.category(sign)
        if sign in "\n\t" or kind in ("Zs", "Zl", "Zp"):
            kept.append(" ")
        elif kind in ("Cc", "Cs", "Co", "Cn") or sign == "\N{REPLACEMENT CHARACTER}":
            raise CellBad("control")
        elif kind != "Cf":
            kept.append(sign)
    return "".join(kept).strip()


def case_of(rows: Sequence[Fields], reader: Reader) -> Case:
    """Return the rows of one ticket as a case; each has been completed.

    Raises:
        CellBad: none of them has a day.
    """
    first = rows[0]
    days = [row.day for row in rows if row.day is not None]
    if not days:
        raise CellBad("no-day", {"columns": "date, received"})
    events = tuple(
        Event(EVENT_OF[column], at)
        for row in rows
        for column, at in row.moments.items()
        if column in EVENT_OF
    )
    events += _stand_ins(rows)
    starts = [*days, *(day for row in rows for day in row.days.values())]

    def text(column: Column) -> str | None:
        return next((row.texts[column] for row in rows if column in row.texts), None)

    def money(column: Column) -> Money | None:
        found = [row.money[column] for row in rows if column in row.money]
        return sum(found[1:], found[0]) if found else None

    def flag(column: Column) -> bool | None:
        return next((row.flags[column] for row in rows if column in row.flags), None)

    quoted = money(Column.QUOTED)
    answer = next((row.answer for row in reversed(rows) if row.answer is not None), None)
    billed_seconds = [row.seconds[Column.BILLED_TIME] for row in rows if Column.BILLED_TIME in row.seconds]
    return Case(
        row=first.row,
        rows=tuple(row.row for row in rows),
        number=first.number,
        customer=text(Column.CUSTOMER) or "",
        day=min(starts),
        package=text(Column.PACKAGE),
        is_shown=flag(Column.SHOWN) is not False,
        service=text(Column.SERVICE),
        family=text(Column.FAMILY),
        severity=text(Column.SEVERITY),
        version="outdated" if any(row.is_outdated for row in rows) else "current",
        events=events,
        work=tuple(
            Stretch(
                row.row,
                row.day or days[0],
                row.seconds[Column.WORKED],
                row.texts.get(Column.SERVICE) or text(Column.SERVICE),
                row.texts.get(Column.FAMILY) or text(Column.FAMILY),
                reader.is_session(row),
            )
            for row in rows
            if row.seconds.get(Column.WORKED)
        ),
        tasks=max((row.tasks for row in rows if row.tasks is not None), default=1),
        has_consent=flag(Column.CONSENT),
        answer="accepted" if quoted is not None and answer is None else answer,
        quoted=quoted,
        billed_net=money(Column.BILLED),
        billed_gross=money(Column.BILLED_GROSS),
        billed_seconds=sum(billed_seconds) if billed_seconds else None,
        fee_paid=flag(Column.FEE_PAID),
        quota=max((row.quota for row in rows if row.quota is not None), default=None),
    )


def _stand_ins(rows: Sequence[Fields]) -> tuple[Event, ...]:
    """Return the receipt as the registration where the table has only one of them, and the other way round."""
    there = {column for row in rows for column in row.moments}
    pair = (Column.RECEIVED, Column.REGISTERED)
    only = [column for column in pair if column in there]
    if len(only) != 1:
        return ()
    (lacking,) = (column for column in pair if column not in there)
    at = min(row.moments[only[0]] for row in rows if only[0] in row.moments)
    return (Event(EVENT_OF[lacking], at),)
