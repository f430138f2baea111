"""The calendars of the terms in force: what was changed in them, what a change would move, and years of public holidays.

Owners alone change calendars, and an owner made the token: the scope is that of the terms. What an exception or a year may be
is contracts.calendar_edits and contracts.holiday_actions; the clocks follow afterwards, as after a change on the page.
"""

from datetime import date
from typing import Annotated, Final, TypedDict

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from pomost.api.guard import READ, TERMS
from pomost.api.once import changes
from pomost.api.problems import FieldError, Invalid
from pomost.api.requests import ApiRequest, actor
from pomost.api.shapes import ClauseTold, Paged, clause_told, cut
from pomost.api.values import NO_NUL, Day, Given, Id, Instant, Told, whole
from pomost.contracts import access, calendar_edits
from pomost.contracts.calendar_years import Reason, suggestions, year_of
from pomost.contracts.calendars import CalendarBook, edits_of, hours_of
from pomost.contracts.holiday_actions import NAME_CHARACTERS_MAX, confirm_year
from pomost.contracts.holiday_years import next_year
from pomost.contracts.models import CalendarEdit
from pomost.contracts.public_holidays import CATALOGUE, proposed_or_nothing
from pomost.contracts.queries import local_day, terms_in_force
from pomost.rules.calendar import FIRST_YEAR, LAST_YEAR
from pomost.rules.hours import Hours
from pomost.rules.terms.model import said
from pomost.rules.terms.parts import Hours as TermsHours
from pomost.rules.terms.problems import BadValue
from pomost.rules.terms.values import hours_text, hours_typed
from pomost.tickets.queries import Ahead, moves_ahead

router = Router(tags=["Calendars"])

INTERVAL: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)"

CalendarKey = Annotated[str, Field(max_length=60, pattern=r"^[^\x00/]+$", description="A key of the terms.")]
Year = Annotated[int, *whole(FIRST_YEAR, LAST_YEAR)]
HoursGiven = Annotated[
    str,
    Field(
        max_length=120,
        pattern=rf"^(?:{INTERVAL}(?:, {INTERVAL})*)?$",
        description="Empty: closed.",
        examples=["09:00-13:00, 14:00-16:00"],
    ),
]
HolidayName = Annotated[
    str, Field(min_length=1, max_length=NAME_CHARACTERS_MAX, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")
]


class _Exception(TypedDict):
    """An exception as the action takes it."""

    first_day: date
    last_day: date
    hours: Hours
    note: str


class CalendarTold(Told):
    """A calendar of the terms in force."""

    key: str
    name: str = Field(description="In the language of the answer.")
    clause: ClauseTold
    zone: str
    country: str = Field(description="Whose public holidays close it (ISO 3166-1); empty: none.")
    subdivision: str
    confirmed_until: Day | None = Field(
        description="The last day whose holidays are known; nothing is promised after it. Null: it follows no country."
    )
    next_year: int | None = Field(description="The year that is to be confirmed next.")


class CalendarList(Told):
    """The calendars of the terms in force, in their order."""

    items: list[CalendarTold]


class CalendarDayTold(Told):
    """A day that is not like its weekday."""

    day: Day
    hours: str = Field(description="`09:00-13:00`; empty: closed.")
    reason: str = Field(description="holiday, terms or desk.")
    name: str


class HolidayTold(Told):
    """A public holiday."""

    day: Day
    name: str


class SuggestionTold(Told):
    """A day of which the catalogue of holidays says something else by now. Nothing changes by itself."""

    day: Day
    how: str = Field(
        description="new, gone, works (a working day by transfer) or rests (it is none any more)."
    )
    name: str
    hours: str = Field(description="What an exception would give it; empty: closed.")


class CalendarYearTold(Told):
    """A year of a calendar."""

    year: int
    is_confirmed: bool
    days: list[CalendarDayTold] = Field(description="Those unlike their weekday, as far as they are known.")
    proposed: list[HolidayTold] = Field(
        description="Public holidays to look through, where the year is next."
    )
    proposed_working_days: list[Day]
    is_complete: bool = Field(
        description="False: days that are moved by decree are not known to the catalogue yet."
    )
    suggestions: list[SuggestionTold]


class CalendarEditTold(Told):
    """A change of a calendar. It never changes."""

    id: int
    kind: str = Field(description="exception, withdrawal, or year (its public holidays were confirmed).")
    first_day: Day
    last_day: Day
    hours: str = Field(description="Of an exception; empty: closed.")
    note: str
    withdraws: int | None
    holds: bool = Field(description="An exception that nobody withdrew.")
    by: str
    at: Instant = Field(description="It holds from this moment on.")


class CalendarEditList(Told):
    """A page of changes, the last one first."""

    items: list[CalendarEditTold]
    next: str | None = Field(description="Give it as `after` for the next page; null: there is none.")


class MovesTold(Told):
    """What a change would move."""

    earlier: int = Field(description="Promises that would fall due earlier.")
    later: int
    asked: int = Field(
        description="Requests that only the change itself tells of: their time is not confirmed."
    )
    looked_at: int
    of: int = Field(
        description="Running promises there are; more than `looked_at`: the counts are of a part."
    )


class ExceptionGiven(Given):
    """Days that get other hours than the terms say."""

    first_day: Day
    last_day: Day | None = Field(None, description="Left out: the same day.")
    hours: HoursGiven = ""
    note: Annotated[str, Field(max_length=calendar_edits.NOTE_CHARACTERS_MAX, pattern=NO_NUL)] = Field(
        "", description="Why; customers read it where a due time of theirs moves."
    )


class HolidayGiven(Given):
    """A public holiday."""

    day: Day
    name: HolidayName


class YearGiven(Given):
    """The public holidays of a year as somebody looked them through."""

    days_off: Annotated[list[HolidayGiven], Field(max_length=366)]
    working_days: Annotated[list[Day], Field(max_length=366)] = Field(
        [], description="Days of a weekend that work by transfer."
    )


@router.get(
    "/calendars", response=CalendarList, auth=READ, operation_id="listCalendars", summary="List the calendars"
)
def list_calendars(request: ApiRequest) -> CalendarList:
    """With the day until which their public holidays are known."""
    _version, terms = terms_in_force(request.vendor, local_day(request.vendor, request.now))
    book = CalendarBook.of(request.vendor.pk)
    return CalendarList(
        items=[
            CalendarTold(
                key=each.id,
                name=said(each.name, request.spoken),
                clause=clause_told(terms, each.clause, request.spoken),
                zone=each.calendar.zone,
                country=each.country,
                subdivision=each.subdivision,
                confirmed_until=each.calendar.confirmed_until,
                next_year=next_year(each) if each.country else None,
            )
            for each in book.applied_to(terms).hours
        ]
    )


@router.get(
    "/calendars/{calendar}/years/{year}",
    response=CalendarYearTold,
    auth=READ,
    operation_id="getCalendarYear",
    summary="Read a year of a calendar",
)
def get_year(request: ApiRequest, calendar: CalendarKey, year: Year) -> CalendarYearTold:
    """The days unlike their weekday; for the next year to confirm, the holidays that the catalogue proposes."""
    return _year(request, _calendar(request, calendar), year)


@router.post(
    "/calendars/{calendar}/years/{year}",
    response={201: CalendarYearTold},
    auth=TERMS,
    operation_id="confirmYear",
    summary="Confirm the public holidays of a year",
)
@changes(201)
def confirm(request: ApiRequest, calendar: CalendarKey, year: Year, given: YearGiven) -> CalendarYearTold:
    """The year after the last confirmed one, for all calendars of the same country. What waited for it is promised then."""
    hours = _calendar(request, calendar)
    days_off = {each.day: each.name for each in given.days_off}
    if len(days_off) != len(given.days_off):
        raise Invalid(FieldError("body", "days_off", "twice", _("A day stands there twice.")))
    confirm_year(
        request.vendor,
        (hours.country, hours.subdivision),
        year,
        days_off=days_off,
        working_days=set(given.working_days),
        proposed_by=CATALOGUE,
        by=actor(request),
        at=request.now,
    )
    return _year(request, hours, year)


@router.get(
    "/calendars/{calendar}/edits",
    response=CalendarEditList,
    auth=READ,
    operation_id="listCalendarEdits",
    summary="List the changes of a calendar",
)
def list_edits(request: ApiRequest, calendar: CalendarKey, page: Query[Paged]) -> CalendarEditList:
    """Exceptions, withdrawals and confirmed years, the last one first."""
    found = edits_of(request.vendor, _calendar(request, calendar)).order_by("-pk")
    if page.begins_after is not None:
        found = found.filter(pk__lt=page.begins_after)
    rows, has_more = cut(list(found[: page.limit + 1]), page.limit)
    return CalendarEditList(items=[_edit(each) for each in rows], next=str(rows[-1].pk) if has_more else None)


@router.post(
    "/calendars/{calendar}/edits/preview",
    response=MovesTold,
    auth=READ,
    operation_id="previewException",
    summary="Ask what an exception would move",
)
@changes()
def preview(request: ApiRequest, calendar: CalendarKey, given: ExceptionGiven) -> MovesTold:
    """Nothing is kept. What could not be kept is refused here already."""
    proposal = calendar_edits.proposed(
        request.vendor, _calendar(request, calendar).id, **_exception(given), at=request.now
    )
    return _moves(moves_ahead([proposal]))


@router.post(
    "/calendars/{calendar}/edits",
    response={201: CalendarEditTold},
    auth=TERMS,
    operation_id="addException",
    summary="Give days other hours",
)
@changes(201)
def add(request: ApiRequest, calendar: CalendarKey, given: ExceptionGiven) -> CalendarEditTold:
    """From now on; running promises follow within seconds, and time that was used stays used."""
    edit = calendar_edits.override_calendar(
        request.vendor,
        _calendar(request, calendar).id,
        **_exception(given),
        by=actor(request),
        at=request.now,
    )
    return _edit(edit)


@router.post(
    "/calendars/{calendar}/edits/{edit}/withdrawal",
    response={201: CalendarEditTold},
    auth=TERMS,
    operation_id="withdrawException",
    summary="Take an exception back",
)
@changes(201)
def withdraw(request: ApiRequest, calendar: CalendarKey, edit: Id) -> CalendarEditTold:
    """Its days have the hours of the terms again, from now on. The answer is the withdrawal."""
    held = access.calendar_exception(request.auth, edit, _calendar(request, calendar).id)
    return _edit(calendar_edits.withdraw_override(held, by=actor(request), at=request.now))


@router.post(
    "/calendars/{calendar}/edits/{edit}/withdrawal/preview",
    response=MovesTold,
    auth=READ,
    operation_id="previewWithdrawal",
    summary="Ask what taking an exception back would move",
)
@changes()
def preview_withdrawal(request: ApiRequest, calendar: CalendarKey, edit: Id) -> MovesTold:
    """Nothing is kept."""
    held = access.calendar_exception(request.auth, edit, _calendar(request, calendar).id)
    gone = calendar_edits.proposed_withdrawal(held, CalendarBook.of(held.vendor_id), at=request.now)
    return _moves(moves_ahead([gone]))


def _calendar(request: ApiRequest, key: str) -> TermsHours:
    return access.calendar(request.auth, key, local_day(request.vendor, request.now))


def _exception(given: ExceptionGiven) -> _Exception:
    try:
        hours = hours_typed(given.hours)
    except BadValue as wrong:
        raise Invalid(
            FieldError(
                "body",
                "hours",
                "hours",
                _("These hours cannot be read. Give them like 09:00-13:00, 14:00-16:00."),
            )
        ) from wrong
    return _Exception(
        first_day=given.first_day, last_day=given.last_day or given.first_day, hours=hours, note=given.note
    )


def _year(request: ApiRequest, hours: TermsHours, year: int) -> CalendarYearTold:
    book, today = CalendarBook.of(request.vendor.pk), local_day(request.vendor, request.now)
    days, known = year_of(hours, book, year), book.knowing(hours)
    is_next = bool(hours.country) and year == next_year(known)
    proposed = proposed_or_nothing(hours.country, hours.subdivision or None, year) if is_next else None
    return CalendarYearTold(
        year=year,
        is_confirmed=all(each.is_confirmed for each in days),
        days=[
            CalendarDayTold(
                day=each.day, hours=hours_text(each.hours), reason=each.reason.value, name=each.name
            )
            for each in days
            if each.reason != Reason.WEEK
        ],
        proposed=[HolidayTold(day=day, name=name) for day, name in sorted(proposed.holidays.days_off.items())]
        if proposed
        else [],
        proposed_working_days=sorted(proposed.holidays.working_days) if proposed else [],
        is_complete=proposed.is_complete if proposed else True,
        suggestions=[
            SuggestionTold(
                day=each.difference.day,
                how=each.difference.how.value,
                name=each.difference.name,
                hours=hours_text(each.hours),
            )
            for each in suggestions(hours, book, request.vendor, year, today)
        ],
    )


def _edit(edit: CalendarEdit) -> CalendarEditTold:
    is_exception = edit.kind == CalendarEdit.Kind.EXCEPTION
    return CalendarEditTold(
        id=edit.pk,
        kind=edit.kind,
        first_day=edit.first_day,
        last_day=edit.last_day,
        hours=hours_text(hours_of(edit)) if is_exception else "",
        note=edit.note,
        withdraws=edit.withdraws_id,
        holds=is_exception and getattr(edit, "withdrawal", None) is None,
        by=edit.by,
        at=edit.at,
    )


def _moves(ahead: Ahead) -> MovesTold:
    return MovesTold(
        earlier=ahead.earlier, later=ahead.later, asked=ahead.asked, looked_at=ahead.looked_at, of=ahead.of
    )
