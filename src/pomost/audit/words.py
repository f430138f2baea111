"""The sentences of an audit: one for each reason, each bad cell, each note; in the language that Django has current.

Owns words only. A test holds that every reason and every problem has its sentence, and that it names only values that
are there.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_noop

from pomost.people import formats
from pomost.rules.audit.findings import Finding, Kind, Value
from pomost.rules.audit.history import Column
from pomost.rules.clocks import EVENTS
from pomost.rules.money import Money
from pomost.rules.terms.model import said
from pomost.sheets.columns import name_of
from pomost.sheets.history import Note
from pomost.sheets.problems import BadCell, SheetUnusable

KIND_TITLES: Final[Mapping[Kind, str]] = {
    Kind.MISSED: gettext_noop("Promises missed"),
    Kind.NEVER_BILLED: gettext_noop("Never billed"),
    Kind.UNDER_BILLED: gettext_noop("Billed below the terms"),
    Kind.OVER_BILLED: gettext_noop("Billed without a clause"),
    Kind.OVERRUN: gettext_noop("Used beyond the quota, not charged"),
    Kind.UNASKED: gettext_noop("Lost, because the customer was not asked"),
    Kind.OUTSIDE: gettext_noop("Given although no package holds it"),
    Kind.NOT_JUDGED: gettext_noop("What could not be judged"),
}

KIND_MEANINGS: Final[Mapping[Kind, str]] = {
    Kind.MISSED: gettext_noop("Lateness is in working hours where the promise counts working hours."),
    Kind.NEVER_BILLED: gettext_noop("Worked, payable by the terms, and no sum was billed."),
    Kind.UNDER_BILLED: gettext_noop("The sum is what is missing to the price of the terms."),
    Kind.OVER_BILLED: gettext_noop(
        "The sum is what a customer could claim back: no clause of the terms stands behind it."
    ),
    Kind.OVERRUN: gettext_noop(
        "The sum is the price of what lies beyond the quota, where the terms give one."
    ),
    Kind.UNASKED: gettext_noop(
        "The terms ask for the customer's yes before this work. Without it there is nothing to bill."
    ),
    Kind.OUTSIDE: gettext_noop("The terms refuse it or sell it separately. It was done all the same."),
    Kind.NOT_JUDGED: gettext_noop("Nobody guesses: the table or the terms leave it open."),
}

SENTENCES: Final[Mapping[str, str]] = {
    "late": gettext_noop("%(promise)s: due %(due)s, happened %(happened)s. %(late)s late"),
    "still-open": gettext_noop("%(promise)s: due %(due)s, still open on %(until)s. %(late)s late so far"),
    "never-billed": gettext_noop("Worked %(worked)s, counted %(counted)s, nothing billed"),
    "below-terms": gettext_noop("Billed %(billed)s, by the terms %(should)s"),
    "included": gettext_noop("Billed %(billed)s for what “%(package)s” includes"),
    "in-quota": gettext_noop("Billed %(billed)s for what is within the quota of “%(package)s”"),
    "refused": gettext_noop("Billed %(billed)s for what “%(package)s” does not have"),
    "known-solutions": gettext_noop(
        "Billed %(billed)s, though an outdated version only gets known solutions"
    ),
    "declined": gettext_noop("Billed %(billed)s after the customer had declined the estimate"),
    "no-consent": gettext_noop("Billed %(billed)s without the customer's consent to pay"),
    "no-estimate": gettext_noop(
        "Billed %(billed)s, by the terms %(should)s: beyond %(budget)s no estimate was accepted"
    ),
    "not-solved": gettext_noop("Billed %(billed)s before it was solved"),
    "no-work": gettext_noop("Billed %(billed)s, and no work is written down"),
    "above-terms": gettext_noop("Billed %(billed)s, by the terms %(should)s"),
    "requests-over": gettext_noop("%(over)s requests beyond the %(quota)s of the contract (“%(package)s”)"),
    "hours-over": gettext_noop("%(over)s hours beyond the %(quota)s of the contract (“%(package)s”)"),
    "over-budget": gettext_noop("Worked %(worked)s, and beyond %(budget)s no estimate was accepted"),
    "without-consent": gettext_noop("Worked %(worked)s without the customer's consent to pay"),
    "given-refused": gettext_noop("%(service)s, %(worked)s: not part of “%(package)s”"),
    "given-separate": gettext_noop("%(service)s, %(worked)s: sold separately, and not sold"),
    "column-missing": gettext_noop("%(promise)s: there is no column “%(column)s”"),
    "cell-blank": gettext_noop("%(promise)s: the cell “%(column)s” holds no moment"),
    "event-unknown": gettext_noop("%(promise)s: a table cannot tell this moment (%(event)s)"),
    "severity-missing": gettext_noop("The promise depends on the severity: the cell “%(column)s” is blank"),
    "never-due": gettext_noop("%(promise)s: the calendar of the terms has too few hours for it"),
    "unconfirmed": gettext_noop(
        "%(promise)s: the holidays of those days are not official yet, so no due time is told"
    ),
    "metered": gettext_noop("%(promise)s: it counts the minutes of sessions, which a table does not tell"),
    "no-package": gettext_noop("The terms have no package for whoever names none: fill in “%(column)s”"),
    "no-service": gettext_noop("Which service it was is not said: fill in “%(column)s”"),
    "not-shown": gettext_noop("“%(package)s” was not shown, and the terms do not say who serves then"),
    "not-in-force": gettext_noop("On %(day)s these terms were not in force"),
    "unstated": gettext_noop(
        "%(service)s: the terms do not say whether the package has it. A person decides"
    ),
    "family-unstated": gettext_noop("%(family)s: the terms do not give this service for it"),
    "no-prices": gettext_noop("On %(day)s no price list was in force"),
    "no-rate": gettext_noop("%(service)s, %(worked)s: the terms give no rate"),
    "which-tariff": gettext_noop("%(service)s: several tariffs could price it. Fill in “%(column)s”"),
    "no-billed-column": gettext_noop("There is no column “%(column)s”: nobody can say what was billed"),
    "no-worked-column": gettext_noop("There is no column “%(column)s”: nobody can say what was worked"),
    "billed-time": gettext_noop("“%(column)s” cannot be priced here: write the sum instead"),
    "estimate-unknown": gettext_noop(
        "Worked more than %(budget)s, and there is no column “%(column)s” to say whether the customer agreed"
    ),
    "fee-unknown": gettext_noop(
        "A fee of %(amount)s is due once: “%(column)s” does not say whether it was paid"
    ),
    "quota-unknown": gettext_noop("How much the contract holds is not said: fill in “%(column)s”"),
    "not-yet": gettext_noop("Not solved yet, so there is nothing to bill yet"),
}

COLUMN_MEANINGS: Final[Mapping[Column, str]] = {
    Column.NUMBER: gettext_noop("the ticket's number; rows with the same one are one ticket"),
    Column.CUSTOMER: gettext_noop("who asked; one-off fees and quotas are counted by it"),
    Column.SUBJECT: gettext_noop("for your own eyes; it is not used"),
    Column.PACKAGE: gettext_noop("the customer's package, contract or tariff, as the terms call it"),
    Column.SHOWN: gettext_noop("yes or no: could the customer show the package"),
    Column.SERVICE: gettext_noop("what was done, as the terms call it"),
    Column.FAMILY: gettext_noop("the product, where the price depends on it"),
    Column.SEVERITY: gettext_noop("how severe, where the promise depends on it"),
    Column.VERSION: gettext_noop("yes or no: is the customer's version of the product outdated"),
    Column.DATE: gettext_noop("day of the work, if no moment below gives it"),
    Column.RECEIVED: gettext_noop("when the request reached you"),
    Column.REGISTERED: gettext_noop("when it was given its number"),
    Column.COMPLETED: gettext_noop("when everything that the terms ask for had arrived"),
    Column.TOLD: gettext_noop("when the customer was told the number"),
    Column.BEGAN: gettext_noop("when work began"),
    Column.ANSWERED: gettext_noop("when an answer was proposed"),
    Column.ASKED: gettext_noop("since when you waited for the customer"),
    Column.REPLIED: gettext_noop("when the customer answered"),
    Column.SOLVED: gettext_noop("when a solution was proposed"),
    Column.CONFIRMED: gettext_noop("when the customer confirmed it"),
    Column.CLOSED: gettext_noop("when nothing more was to be done"),
    Column.KIND: gettext_noop("a session, or work by phone and on data: each session counts by itself"),
    Column.WORKED: gettext_noop("time worked: 1:20, 80 min, 1,5 h"),
    Column.CONSENT: gettext_noop("yes or no: did the customer agree to pay before the work"),
    Column.ESTIMATE: gettext_noop("accepted, declined, proposed or none"),
    Column.QUOTED: gettext_noop("the fixed net sum that was agreed"),
    Column.BILLED: gettext_noop("the net sum that was billed; blank: nothing"),
    Column.BILLED_GROSS: gettext_noop("the sum with VAT, if you have no net one"),
    Column.BILLED_TIME: gettext_noop("the time that was billed, if you have no sum"),
    Column.FEE_PAID: gettext_noop("yes or no: had the one-off fee been paid before"),
    Column.QUOTA: gettext_noop("what the contract holds for the month, in requests or hours"),
    Column.TASKS: gettext_noop("how many tasks it held; without it, one"),
}

CELL_SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "moment": (
        gettext_noop("This is no date."),
        gettext_noop("Write it like 2026-06-11 16:30 or 11.06.2026 16:30."),
    ),
    "moment-order": (
        gettext_noop("The month stands before the day here."),
        gettext_noop("Write the day first: 25/06/2026, or 2026-06-25."),
    ),
    "moment-year": (
        gettext_noop("The year cannot be meant."),
        gettext_noop("Write a year from %(first)s to %(last)s."),
    ),
    "number": (gettext_noop("This is no number."), gettext_noop("Write it like 1300,00 or 1300.00.")),
    "negative": (
        gettext_noop("A number below zero cannot be judged."),
        gettext_noop("Put what was given back together with the row it belongs to."),
    ),
    "grouping": (
        gettext_noop("This may be %(one)s or %(other)s."),
        gettext_noop("Write both decimals, and no sign between thousands."),
    ),
    "currency": (
        gettext_noop("The currency is another one than that of the terms."),
        gettext_noop("Write the sum in %(currency)s."),
    ),
    "duration": (
        gettext_noop("This is no length of time."),
        gettext_noop("Write it like 1:20, 80 min or 1,5 h."),
    ),
    "duration-unit": (
        gettext_noop("The number has no unit: minutes or hours?"),
        gettext_noop("Write it like 1,5 h, or name the column “hours”."),
    ),
    "duration-long": (
        gettext_noop("Nobody works that long in one row."),
        gettext_noop("Write at most %(hours)s hours; is the column the right one?"),
    ),
    "yes-no": (
        gettext_noop("This is neither yes nor no."),
        gettext_noop("Write yes or no, or leave it blank."),
    ),
    "choice": (gettext_noop("The terms have no such name."), gettext_noop("They have: %(known)s.")),
    "choice-near": (gettext_noop("The terms have no such name."), gettext_noop("Did you mean “%(near)s”?")),
    "choice-two": (
        gettext_noop("The name stands for two things in the terms."),
        gettext_noop("Write the id: %(one)s or %(other)s."),
    ),
    "estimate": (
        gettext_noop("This is no answer to an estimate."),
        gettext_noop("Write accepted, declined, proposed or none."),
    ),
    "before": (
        gettext_noop("“%(earlier)s” (%(earlier_value)s) comes before the request itself."),
        gettext_noop("Mend one of the two moments."),
    ),
    "control": (
        gettext_noop("The cell holds signs that are no text."),
        gettext_noop("Type it anew, or save the table as CSV in UTF-8."),
    ),
    "long": (gettext_noop("The cell is too long."), gettext_noop("Shorten it to %(characters)s signs.")),
    "no-day": (gettext_noop("The row has no day."), gettext_noop("Fill in one of: %(columns)s.")),
    "cells": (
        gettext_noop("The row has %(cells)s cells, the first line %(columns)s."),
        gettext_noop('Put quotes around a cell that holds the separator, such as "1,50".'),
    ),
    "quote": (gettext_noop("A quotation mark is never closed."), gettext_noop("Double it, or take it out.")),
    "conflict": (
        gettext_noop("Line %(first_row)s of the same ticket says “%(other)s”."),
        gettext_noop("Write the same in all rows of a ticket."),
    ),
    "same-ticket": (
        gettext_noop("It belongs to the same ticket as line %(bad_row)s."),
        gettext_noop("Mend that line; then this one counts again."),
    ),
}
"""What is wrong, and what to do."""

SHEET_SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "empty": (gettext_noop("The table is empty."), gettext_noop("Paste the rows with their first line.")),
    "too-large": (
        gettext_noop("The table has %(bytes)s bytes; at most %(most)s are read."),
        gettext_noop("Leave out other months."),
    ),
    "too-many-rows": (
        gettext_noop("The table has more than %(most)s rows."),
        gettext_noop("Leave out other months."),
    ),
    "too-many-columns": (
        gettext_noop("The first line has %(columns)s columns; at most %(most)s are read."),
        gettext_noop("Leave out the columns that are not needed."),
    ),
    "not-text": (
        gettext_noop("This is no text table."),
        gettext_noop("In the spreadsheet choose “Save as”, then CSV in UTF-8."),
    ),
    "no-header": (
        gettext_noop("The first line names no column that is known: “%(first)s”."),
        gettext_noop("Put a first line with names such as: %(known)s."),
    ),
    "nothing-to-judge": (
        gettext_noop("No column holds a moment, worked time or a sum."),
        gettext_noop("Add one of: %(columns)s."),
    ),
}

NOTE_SENTENCES: Final[Mapping[str, str]] = {
    "ignored": gettext_noop("Not used: %(names)s."),
    "near-column": gettext_noop("The column “%(name)s” is not known and not used. Did you mean “%(near)s”?"),
    "doubled": gettext_noop("“%(one)s” and “%(other)s” mean the same; only the first is used."),
    "only-received": gettext_noop(
        "“%(name)s” also counts as the moment of registration: there is no column for it."
    ),
    "only-registered": gettext_noop(
        "“%(name)s” also counts as the moment of receipt: there is no column for it."
    ),
    "days-only": gettext_noop(
        "Moments without a time of day in %(rows)s rows: their promises cannot be judged."
    ),
    "taken-net": gettext_noop("“%(name)s” is read as net sums. Name it “gross” if VAT is in them."),
    "encoding": gettext_noop("Read as %(encoding)s. If letters look wrong, save the table in UTF-8."),
    "minutes": gettext_noop("Bare numbers in “%(name)s” are read as minutes."),
}


def sentence(finding: Finding) -> str:
    """Return the sentence of a finding, without its clause and its sum."""
    values = {key: shown(key, value) for key, value in finding.facts.items()}
    due, happened = finding.facts.get("due"), finding.facts.get("happened")
    if isinstance(due, datetime) and isinstance(happened, datetime) and _same_day(due, happened):
        values["happened"] = formats.clock_time(happened)
    return gettext(SENTENCES[finding.reason]) % values


def shown(key: str, value: Value) -> str:
    """Write a fact as people read it."""
    if isinstance(value, Mapping):
        return said(value, language())
    if isinstance(value, datetime):
        return f"{formats.date_figures(value)}, {formats.clock_time(value)}"
    if isinstance(value, date):
        return formats.date_figures(value)
    if isinstance(value, timedelta):
        return _late(value) if key == "late" else formats.hours(value)
    if isinstance(value, Money):
        return formats.money(value.amount, value.currency)
    if isinstance(value, Decimal):
        return formats.number(value.normalize() + 0)
    if key == "column":
        return name_of(Column(str(value)), language())
    return EVENTS.get(str(value), str(value)) if key == "event" else str(value)


def _same_day(one: datetime, other: datetime) -> bool:
    return timezone.localtime(one).date() == timezone.localtime(other).date()


def _late(length: timedelta) -> str:
    return formats.hours(length) if length >= timedelta(minutes=1) else gettext("less than a minute")


def language() -> str:
    """Return the language that the page is in."""
    return (get_language() or "en").split("-")[0]


def bad_cell(bad: BadCell) -> tuple[str, str]:
    """Return what is wrong with a cell, and what to do."""
    wrong, do = CELL_SENTENCES[bad.problem]
    values = dict(bad.values)
    if "earlier" in values:
        values["earlier"] = name_of(Column(str(values["earlier"])), language())
    return gettext(wrong) % values, gettext(do) % values


def unusable(refused: SheetUnusable) -> str:
    """Return why nothing of a table can be read, and what to do."""
    wrong, do = SHEET_SENTENCES[refused.problem]
    return f"{gettext(wrong) % refused.values} {gettext(do) % refused.values}"


def meaning(column: Column) -> str:
    """Return what stands in a column."""
    return gettext(COLUMN_MEANINGS[column])


def note(each: Note) -> str:
    """Return how the table was understood."""
    return gettext(NOTE_SENTENCES[each.note]) % each.values
