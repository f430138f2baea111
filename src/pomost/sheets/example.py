"""A sample table for some terms: the columns that they can be judged by, filled with a few invented rows.

Owns the choice of columns and rows. What stands in it are names from the terms, so it can be read back by them.
"""

from datetime import date, datetime, time, timedelta
from typing import Final

from pomost.rules.audit.history import EVENT_OF, Column
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import Cell, GateKind, PartKind
from pomost.sheets.columns import name_of
from pomost.sheets.safe import csv_line

DAY: Final = date(2026, 6, 8)
"""A Monday; terms that begin later have their own first days."""
ROWS: Final = 4
WORDS: Final = {
    "en": {"yes": "yes", "accepted": "accepted", "customer": "Invented Ltd"},
    "pl": {"yes": "tak", "accepted": "przyjęta", "customer": "Zmyślona sp. z o.o."},
    "ru": {"yes": "да", "accepted": "принята", "customer": "ООО «Выдумка»"},
}


def example_csv(terms: Terms, language: str) -> str:
    """Return a table in a language, with ";" between cells and names as the terms have them."""
    columns = columns_for(terms)
    lines = [csv_line([name_of(column, language) for column in columns])]
    for place in range(ROWS):
        values = _values(terms, language, place)
        lines.append(csv_line([values.get(column, "") for column in columns]))
    return "\n".join(lines) + "\n"


def columns_for(terms: Terms) -> list[Column]:
    """Return the columns that these terms can be judged by, in the order of a sample."""
    events = {event for promise in terms.promises for event in (*promise.starts, *promise.stops)}
    moments = [column for column, event in EVENT_OF.items() if event in events]
    if Column.RECEIVED not in moments:
        moments.insert(0, Column.RECEIVED)
    if Column.SOLVED not in moments:
        moments.append(Column.SOLVED)
    kinds = {gate.kind for gate in terms.gates}
    asks = kinds & {GateKind.PRICE_ACCEPTED, GateKind.DECLARATION}
    consents = bool(asks) or any(part.kind is PartKind.CONSENT for part in terms.parts)
    wanted = {
        Column.NUMBER: True,
        Column.CUSTOMER: True,
        Column.PACKAGE: len(terms.packages) > 1,
        Column.SERVICE: len(terms.services) > 1,
        Column.FAMILY: bool(terms.families),
        Column.SEVERITY: bool(terms.severities),
        **dict.fromkeys(moments, True),
        Column.WORKED: True,
        Column.CONSENT: consents,
        Column.ESTIMATE: terms.estimate is not None,
        Column.FEE_PAID: any(prices.fees for prices in terms.price_lists),
        Column.QUOTA: bool(terms.quotas),
        Column.BILLED: True,
    }
    return [column for column, is_wanted in wanted.items() if is_wanted]


def _values(terms: Terms, language: str, place: int) -> dict[Column, str]:
    words = WORDS[language]
    day = max(DAY, terms.in_force_from) + timedelta(days=place)
    package = terms.packages[place % len(terms.packages)]
    given = [row for row in terms.matrix if row.cells[package.id] is not Cell.NO]
    row = given[place % len(given)] if given else terms.matrix[0]
    service = terms.service(row.service)
    is_paid = row.cells[package.id] is Cell.PAID
    values = {
        Column.NUMBER: str(101 + place),
        Column.CUSTOMER: words["customer"],
        Column.PACKAGE: said(package.name, language),
        Column.SERVICE: said(service.name, language),
        Column.WORKED: f"0:{20 + 10 * place}",
    }
    if service.families:
        family = service.families[place % len(service.families)]
        values[Column.FAMILY] = said(terms.family(family).name, language)
    if terms.severities:
        values[Column.SEVERITY] = said(terms.severities[place % len(terms.severities)].name, language)
    if is_paid:
        values |= {Column.CONSENT: words["yes"], Column.ESTIMATE: words["accepted"], Column.BILLED: "0,00"}
    if terms.quota(package.id) is not None:
        values[Column.QUOTA] = "10"
    at = datetime.combine(day, time(10))
    for minutes, column in enumerate(column for column in columns_for(terms) if column in EVENT_OF):
        values[column] = f"{at + timedelta(minutes=20 * minutes):%Y-%m-%d %H:%M}"
    return values
