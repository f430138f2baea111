"""Give days other hours than the terms say, and take that back.

An edit holds from the moment it is made: days that are over cannot be touched, and of today only what is left. Clocks
that run are recomputed afterwards by `tickets`, which reads the edits. Whether `by` may do it has been decided before,
by the page's guard.
"""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from pomost.contracts.calendars import CalendarBook, after_the_last
from pomost.contracts.errors import ContractRefused
from pomost.contracts.models import CalendarEdit
from pomost.contracts.queries import local_day, terms_in_force
from pomost.journal.actions import record
from pomost.people.models import Vendor
from pomost.rules.calendar import LAST_YEAR, Calendar
from pomost.rules.hours import Hours
from pomost.rules.terms.model import Unknown

DAYS_MAX: Final = 62
"""Days that one exception may cover: two months. More is another week, which the terms say."""
NOTE_CHARACTERS_MAX: Final = 120


@transaction.atomic
def override_calendar(
    vendor: Vendor,
    calendar: str,
    *,
    first_day: date,
    last_day: date,
    hours: Hours,
    note: str = "",
    by: str,
    at: datetime,
) -> CalendarEdit:
    """Give the days from `first_day` to `last_day` these hours (none: closed) from now on; `note` says why.

    Raises:
        ContractRefused: the days are over, too many or reversed, have an exception already, or the hours are no hours.
        NoTermsInForce: the vendor has no terms today.
    """
    vendor = Vendor.objects.select_for_update(no_key=True).get(pk=vendor.pk)
    edit = proposed(vendor, calendar, first_day=first_day, last_day=last_day, hours=hours, note=note, at=at)
    edit.by = by
    edit.save()
    _fact(edit, "calendar.overridden", hours=edit.hours, note=edit.note)
    return edit


def proposed(
    vendor: Vendor,
    calendar: str,
    *,
    first_day: date,
    last_day: date,
    hours: Hours,
    note: str = "",
    at: datetime,
    instead_of: CalendarEdit | None = None,
) -> CalendarEdit:
    """Return the exception as it would be kept, checked but not kept; `instead_of` is withdrawn first.

    Raises as `override_calendar`.
    """
    today = local_day(vendor, at)
    book = CalendarBook.of(vendor.pk)
    _version, terms = terms_in_force(vendor, today)
    try:
        published = terms.calendar(calendar)
    except Unknown as unknown:
        raise ContractRefused(str(unknown)) from unknown
    if last_day < first_day:
        raise ContractRefused(_("The last day comes before the first. Check both days."))
    if first_day < today:
        raise ContractRefused(
            _("%(day)s is over. Hours can be changed from today on.") % {"day": first_day.isoformat()}
        )
    if last_day.year > LAST_YEAR or (last_day - first_day).days >= DAYS_MAX:
        raise ContractRefused(
            _("An exception covers at most %(most)s days. Other hours for longer belong into the terms.")
            % {"most": DAYS_MAX}
        )
    if len(note.strip()) > NOTE_CHARACTERS_MAX:
        raise ContractRefused(
            _("The note has %(count)s characters; %(most)s fit.")
            % {"count": len(note.strip()), "most": NOTE_CHARACTERS_MAX}
        )
    for other in book.exceptions(calendar):
        if other != instead_of and other.first_day <= last_day and first_day <= other.last_day:
            raise ContractRefused(
                _("%(day)s has an exception already. Withdraw that one first.")
                % {"day": max(other.first_day, first_day).isoformat()}
            )
    try:
        checked = Calendar(published.zone, {}, overrides={first_day: hours}).overrides[first_day]
    except ValueError as wrong:
        raise ContractRefused(
            _("These hours overlap, are empty or leave the day. Give each as 09:00-13:00.")
        ) from wrong
    return CalendarEdit(
        vendor=vendor,
        calendar=calendar,
        kind=CalendarEdit.Kind.EXCEPTION,
        first_day=first_day,
        last_day=last_day,
        hours=[[opens, closes] for opens, closes in checked],
        note=note.strip(),
        at=after_the_last(book, at),
    )


@transaction.atomic
def withdraw_override(edit: CalendarEdit, *, by: str, at: datetime) -> CalendarEdit:
    """Let the days of an exception have the hours of the terms again, from now on. Twice is harmless.

    Raises:
        ContractRefused: its last day is over.
    """
    vendor = Vendor.objects.select_for_update(no_key=True).get(pk=edit.vendor_id)
    book = CalendarBook.of(vendor.pk)
    known = next((each for each in book.edits if each.withdraws_id == edit.pk), None)
    if known is not None:
        return known
    withdrawal = proposed_withdrawal(edit, book, at=at)
    withdrawal.by = by
    withdrawal.save()
    _fact(withdrawal, "calendar.override-withdrawn", withdraws=edit.pk)
    return withdrawal


@transaction.atomic
def move_override(
    edit: CalendarEdit,
    *,
    first_day: date,
    last_day: date,
    hours: Hours,
    note: str = "",
    by: str,
    at: datetime,
) -> CalendarEdit:
    """Let an exception hold on other days or with other hours: withdraw it and make it anew. Return the new one.

    Raises:
        ContractRefused: as `withdraw_override` and `override_calendar`; then the old one holds on.
    """
    withdraw_override(edit, by=by, at=at)
    return override_calendar(
        edit.vendor,
        edit.calendar,
        first_day=first_day,
        last_day=last_day,
        hours=hours,
        note=note,
        by=by,
        at=at,
    )


def proposed_withdrawal(edit: CalendarEdit, book: CalendarBook, *, at: datetime) -> CalendarEdit:
    """Return the withdrawal as it would be kept, checked but not kept. Raises as `withdraw_override`."""
    if edit.last_day < local_day(edit.vendor, at):
        raise ContractRefused(
            _("%(day)s is over. What was counted that day stays as it is.")
            % {"day": edit.last_day.isoformat()}
        )
    return CalendarEdit(
        vendor=edit.vendor,
        calendar=edit.calendar,
        kind=CalendarEdit.Kind.WITHDRAWAL,
        first_day=edit.first_day,
        last_day=edit.last_day,
        hours=edit.hours,
        note=edit.note,
        withdraws=edit,
        at=after_the_last(book, at),
    )


def _fact(edit: CalendarEdit, kind: str, **data: object) -> None:
    days = {"first_day": edit.first_day.isoformat(), "last_day": edit.last_day.isoformat()}
    record(
        kind,
        vendor=edit.vendor.slug,
        subject=f"calendar-edit:{edit.pk}",
        by=edit.by,
        at=edit.at,
        data={"calendar": edit.calendar, **days, **data},
    )
