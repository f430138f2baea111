"""The owner's calendars: a year at a glance, exceptions to it with what they would move, and who made which.

An exception is first shown with what it moves; the second click makes it. While the clocks are recomputed the page says
how far that is. A year whose public holidays are not confirmed is looked through here (holiday_years.py). What a day is, is
`contracts.calendar_years`; what moves, `tickets.queries.ahead`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.forms import DeskForm
from pomost.console.guard import technician_page
from pomost.console.holiday_years import YearForm, suggestion_views
from pomost.console.shell import page
from pomost.contracts import access, calendar_edits
from pomost.contracts.calendar_years import CalendarDay, Reason, suggestions, year_of, years_due
from pomost.contracts.calendars import CalendarBook, edits_of, hours_of
from pomost.contracts.errors import ContractRefused
from pomost.contracts.holiday_actions import confirm_year
from pomost.contracts.holiday_years import next_year
from pomost.contracts.models import CalendarEdit
from pomost.contracts.public_holidays import CATALOGUE, ProposedYear, proposed_or_nothing
from pomost.contracts.queries import local_day, terms_in_force
from pomost.people import formats
from pomost.people.errors import NotFound
from pomost.people.models import Technician
from pomost.people.queries import names_of
from pomost.people.requests import DeskRequest
from pomost.rules.calendar import FIRST_YEAR, LAST_YEAR
from pomost.rules.hours import Hours
from pomost.rules.terms.model import said
from pomost.rules.terms.parts import Hours as TermsHours
from pomost.rules.terms.problems import BadValue
from pomost.rules.terms.values import hours_text, hours_typed
from pomost.tickets.models import Recomputation
from pomost.tickets.queries import Ahead, moves_ahead, unpromised_requests

OWNER: Final = Technician.Role.OWNER
HISTORY_SHOWN: Final = 50


class ExceptionForm(DeskForm):
    """Days that have other hours than the terms say."""

    first_day = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )
    last_day = forms.DateField(
        label=_("Last day"),
        help_text=_("Left out: the same day."),
        required=False,
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )
    hours = forms.CharField(
        label=_("Open"),
        help_text=_("Like 09:00-13:00, 14:00-16:00. Left out: closed all day."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Reason"),
        help_text=_("Customers read it where it moves a due time."),
        required=False,
        max_length=calendar_edits.NOTE_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def clean_hours(self) -> Hours:
        """Return what was typed as minutes from midnight."""
        typed: str = self.cleaned_data["hours"]
        try:
            return hours_typed(typed)
        except BadValue as wrong:
            raise forms.ValidationError(
                gettext("These hours cannot be read. Give them like 09:00-13:00, 14:00-16:00.")
            ) from wrong

    def clean(self) -> dict[str, Any]:
        """Let one day stand for both."""
        given: dict[str, Any] = super().clean() or {}
        given["last_day"] = given.get("last_day") or given.get("first_day")
        return given


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month, in weeks from Monday; None is a day of another month."""

    name: str
    weeks: tuple[tuple[CalendarDay | None, ...], ...]


@dataclass(frozen=True, slots=True)
class NamedView:
    """A day that is not like its weekday, in words."""

    day: CalendarDay
    hours: str


@dataclass(frozen=True, slots=True)
class EditView:
    """One line of the history."""

    edit: CalendarEdit
    hours: str
    who: str
    work: Recomputation | None
    """None: the clocks have not been looked at yet."""
    holds: bool
    """It can be moved or taken back."""


@technician_page(OWNER)
@require_safe
def opening_hours(request: DeskRequest) -> HttpResponse:
    """Show a year of one calendar."""
    return _page(request, ExceptionForm(), key=request.GET.get("calendar", ""))


@technician_page(OWNER)
@require_safe
def hours_history(request: DeskRequest) -> HttpResponse:
    """Answer the list of edits alone, while clocks are recomputed."""
    today = local_day(request.vendor, request.now)
    _version, terms = terms_in_force(request.vendor, today)
    shown = next((each for each in terms.hours if each.id == request.GET.get("calendar")), None)
    history = _history(request, shown, today) if shown else {}
    context = {**history, "desk": request.vendor.slug}
    return render(request, "console/_hours_history.html", {**context, "now": request.now})


@technician_page(OWNER)
@require_POST
def exception_new(request: DeskRequest, calendar: str) -> HttpResponse:
    """Show what an exception would move, or make it."""
    calendar = access.calendar(request.technician, calendar, local_day(request.vendor, request.now)).id
    form = ExceptionForm(request.POST)
    if not form.is_valid():
        return _page(request, form, key=calendar, status=UNPROCESSABLE)
    try:
        if "keep" not in request.POST:
            proposal = calendar_edits.proposed(request.vendor, calendar, **form.cleaned_data, at=request.now)
            return _page(request, form, key=calendar, ahead=moves_ahead([proposal]))
        calendar_edits.override_calendar(
            request.vendor, calendar, **form.cleaned_data, by=actor(request), at=request.now
        )
    except ContractRefused as refused:
        return _page(request, form, key=calendar, refused=str(refused), status=CONFLICT)
    return _back(request, calendar, form.cleaned_data["first_day"].year)


@technician_page(OWNER)
@require_POST
def year_confirm(request: DeskRequest, calendar: str, year: int) -> HttpResponse:
    """Take the public holidays of a further year as they were looked through."""
    hours = access.calendar(request.technician, calendar, local_day(request.vendor, request.now))
    proposed = _proposed(hours, year) if FIRST_YEAR <= year <= LAST_YEAR else None
    if proposed is None:
        raise NotFound(gettext("This calendar has no year to confirm."))
    form = YearForm(year, proposed, request.POST)
    if not form.is_valid():
        return _page(request, ExceptionForm(), key=hours.id, year=year, year_form=form, status=UNPROCESSABLE)
    try:
        confirm_year(
            request.vendor,
            (hours.country, hours.subdivision),
            year,
            **form.cleaned_data,
            proposed_by=CATALOGUE,
            by=actor(request),
            at=request.now,
        )
    except ContractRefused as refused:
        return _page(
            request,
            ExceptionForm(),
            key=hours.id,
            year=year,
            refused=str(refused),
            year_form=form,
            status=CONFLICT,
        )
    return _back(request, hours.id, year)


@technician_page(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def exception_move(request: DeskRequest, edit_id: int) -> HttpResponse:
    """Offer an exception for other days or hours, show what that would move, or do it."""
    edit = access.calendar_exception(request.technician, edit_id)
    old = {"first_day": edit.first_day, "last_day": edit.last_day, "note": edit.note}
    if request.method != "POST":
        form = ExceptionForm(initial={**old, "hours": hours_text(hours_of(edit))})
        return _page(request, form, key=edit.calendar, moving=edit)
    form = ExceptionForm(request.POST)
    if not form.is_valid():
        return _page(request, form, key=edit.calendar, moving=edit, status=UNPROCESSABLE)
    try:
        if "keep" not in request.POST:
            gone = calendar_edits.proposed_withdrawal(edit, CalendarBook.of(edit.vendor_id), at=request.now)
            new = calendar_edits.proposed(
                request.vendor, edit.calendar, **form.cleaned_data, at=request.now, instead_of=edit
            )
            return _page(request, form, key=edit.calendar, moving=edit, ahead=moves_ahead([gone, new]))
        calendar_edits.move_override(edit, **form.cleaned_data, by=actor(request), at=request.now)
    except ContractRefused as refused:
        return _page(request, form, key=edit.calendar, moving=edit, refused=str(refused), status=CONFLICT)
    return _back(request, edit.calendar, form.cleaned_data["first_day"].year)


@technician_page(OWNER)
@require_POST
def exception_withdraw(request: DeskRequest, edit_id: int) -> HttpResponse:
    """Show what taking an exception back would move, or do it."""
    edit = access.calendar_exception(request.technician, edit_id)
    try:
        if "keep" not in request.POST:
            gone = calendar_edits.proposed_withdrawal(edit, CalendarBook.of(edit.vendor_id), at=request.now)
            return _page(request, ExceptionForm(), key=edit.calendar, leaving=edit, ahead=moves_ahead([gone]))
        calendar_edits.withdraw_override(edit, by=actor(request), at=request.now)
    except ContractRefused as refused:
        return _page(request, ExceptionForm(), key=edit.calendar, refused=str(refused), status=CONFLICT)
    return _back(request, edit.calendar, edit.first_day.year)


def _back(request: DeskRequest, key: str, year: int) -> HttpResponse:
    return redirect(
        f"{reverse('console:opening_hours', args=[request.vendor.slug])}?calendar={key}&year={year}"
    )


def _page(
    request: DeskRequest,
    form: ExceptionForm,
    *,
    key: str,
    moving: CalendarEdit | None = None,
    leaving: CalendarEdit | None = None,
    ahead: Ahead | None = None,
    refused: str = "",
    year: int | None = None,
    year_form: YearForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = local_day(request.vendor, request.now)
    _version, terms = terms_in_force(request.vendor, today)
    book = CalendarBook.of(request.vendor.pk)
    shown = next((each for each in terms.hours if each.id == key), terms.hours[0] if terms.hours else None)
    year = year or _year(request.GET.get("year", ""), today.year)
    days = year_of(shown, book, year) if shown else ()
    language = request.technician.person.language
    context: dict[str, object] = {
        "calendars": [(each.id, said(each.name, language)) for each in terms.hours],
        "shown": shown,
        "shown_name": said(shown.name, language) if shown else "",
        "year": year,
        "today": today,
        "months": _months(days),
        "named": [_named(day) for day in days if day.reason != Reason.WEEK],
        "unconfirmed_from": next((day.day for day in days if not day.is_confirmed), None),
        "weekdays": formats.weekday_names(),
        "form": form,
        "form_hours": hours_text(form.cleaned_data["hours"]) if ahead and not leaving else "",
        "moving": moving,
        "leaving": leaving,
        "ahead": ahead,
        "refused": refused,
        **(_history(request, shown, today) if shown else {}),
        **(_holidays(request, shown, book, year, today, year_form) if shown and shown.country else {}),
        "first_year": FIRST_YEAR,
        "last_year": LAST_YEAR,
    }
    return page(request, "console/opening_hours.html", "opening_hours", context, status=status)


def _holidays(
    request: DeskRequest,
    shown: TermsHours,
    book: CalendarBook,
    year: int,
    today: date,
    form: YearForm | None,
) -> dict[str, object]:
    """Return what is known of the country's holidays: until when, the year to look through, what the catalogue says now."""
    known = book.knowing(shown)
    last = known.calendar.confirmed_until
    turn = next_year(known)
    proposed = _proposed(known, turn) if year == turn else None
    return {
        "last_confirmed": last,
        "year_due": any(each.year == turn for each in years_due(request.vendor, today)),
        "turn": turn,
        "waiting": unpromised_requests(request.vendor),
        "proposed": proposed,
        "year_form": form or (YearForm(turn, proposed) if proposed else None),
        "suggestions": list(suggestion_views(suggestions(shown, book, request.vendor, year, today))),
        "place": "-".join(filter(None, (shown.country, shown.subdivision))),
    }


def _proposed(hours: TermsHours, year: int) -> ProposedYear | None:
    """Return what the catalogue knows of a year; None for a calendar that follows no country."""
    return proposed_or_nothing(hours.country, hours.subdivision or None, year) if hours.country else None


def _year(typed: str, this_year: int) -> int:
    year = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else this_year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _months(days: Sequence[CalendarDay]) -> list[MonthView]:
    months = []
    for _month, of_month in groupby(days, lambda each: each.day.month):
        found = list(of_month)
        before = found[0].day.weekday()
        cells = [*[None] * before, *found, *[None] * (-(before + len(found)) % 7)]
        weeks = tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))
        months.append(MonthView(formats.month_name(found[0].day), weeks))
    return months


def _named(day: CalendarDay) -> NamedView:
    return NamedView(day, hours_text(day.hours))


def _history(request: DeskRequest, shown: TermsHours, today: date) -> dict[str, object]:
    """Return the last edits of a calendar, and whether clocks are still being recomputed after one."""
    edits = list(edits_of(request.vendor, shown).select_related("recomputation")[:HISTORY_SHOWN])
    names = names_of({edit.by for edit in edits})
    views = [
        EditView(
            edit,
            hours_text(hours_of(edit)),
            names.get(edit.by, ""),
            getattr(edit, "recomputation", None),
            holds=edit.kind == CalendarEdit.Kind.EXCEPTION
            and getattr(edit, "withdrawal", None) is None
            and edit.last_day >= today,
        )
        for edit in edits
    ]
    is_running = any(each.work is None or each.work.finished_at is None for each in views)
    return {"history": views, "is_running": is_running}
