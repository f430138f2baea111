"""The calendar of the technicians: a week or a day, who has what when, and where time is free.

Drawn by the server as a table, so that it works without scripts, prints and reads aloud; a free place is a link that leads to
a booking or a visit (calendar_new.py). Shaded is what the calendar of the terms leaves out: that of visits where they have one, else the first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from pomost.console.guard import technician_page
from pomost.console.shell import face_of, page
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.errors import NoTermsInForce
from pomost.contracts.queries import local_day, terms_in_force
from pomost.people import access as people
from pomost.people import formats
from pomost.people.models import Technician
from pomost.people.requests import DeskRequest
from pomost.rules.calendar import Calendar, Span
from pomost.rules.terms.parts import Hours
from pomost.tickets.queries import DiaryEntry, Filled, diary
from pomost.ui.parts import FaceView

WEEK_DAYS: Final = 7
STEP: Final = timedelta(minutes=30)
"""A cell of the day."""
HOUR: Final = timedelta(hours=1)
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
EMPTY_DAY: Final = (9, 17)
"""Hours drawn of a day on which nobody works and nothing stands."""

ICONS: Final = {
    Filled.BOOKING: "monitor",
    Filled.VISIT: "calendar-check",
    Filled.PROPOSED: "hourglass",
    Filled.MADE: "check",
    Filled.ABSENCE: "moon",
}

ENTRY_WORDS: Final = {
    Filled.BOOKING: _("Agreed time"),
    Filled.VISIT: _("Visit"),
    Filled.PROPOSED: _("Visit, waits for the customer"),
    Filled.MADE: _("Visit, made"),
    Filled.ABSENCE: _("Away"),
}


@dataclass(frozen=True, slots=True)
class EntryView:
    """One thing in somebody's day."""

    kind: str
    icon: str
    word: str
    hours: str
    """`9:30–10:15`, as far as it lies in the day; a whole day is said so."""
    title: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class DayHead:
    """One day over its column."""

    day: date
    label: str
    url: str
    note: str
    """The name of the holiday, or why nobody knows whether it is one."""
    is_today: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the table: something, or free time that a link leads to, or time when nobody works."""

    span: int = 1
    """How many steps of the day it covers."""
    label: str = ""
    entries: tuple[EntryView, ...] = ()
    is_closed: bool = False
    url: str = ""
    """Where a click on free time leads; empty: nowhere, it is past."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of a technician's cells; a day in which two things stand at once has several."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One technician."""

    face: FaceView
    lanes: tuple[Lane, ...]
    summary: str
    """How much stands in the span, in words."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What the drawing of one span needs."""

    request: DeskRequest
    hours: Hours | None
    entries: Sequence[DiaryEntry]
    staff: Sequence[Technician]
    zone: ZoneInfo

    @property
    def calendar(self) -> Calendar | None:
        return self.hours.calendar if self.hours is not None else None

    def open_spans(self, day: date) -> tuple[Span, ...]:
        """Return the working hours of a day; the whole day where the terms have no calendar."""
        if self.calendar is not None:
            return self.calendar.hours_on(day)
        return (Span(self.midnight(day), self.midnight(day + timedelta(days=1))),)

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def of(self, technician: Technician, since: datetime, until: datetime) -> list[DiaryEntry]:
        return [
            each
            for each in self.entries
            if each.technician_id == technician.pk and each.starts_at < until and each.ends_at > since
        ]


@technician_page()
@require_safe
def calendar(request: DeskRequest) -> HttpResponse:
    """Show a week, or a day, of all technicians; `day` and `view` of the address choose."""
    today = local_day(request.vendor, request.now)
    day = _day_of(request.GET.get("day", ""), today)
    is_week = request.GET.get("view") != "day"
    first = day - timedelta(days=day.weekday()) if is_week else day
    count = WEEK_DAYS if is_week else 1
    zone = ZoneInfo(request.vendor.zone)
    since = datetime.combine(first, time(), zone)
    until = datetime.combine(first + timedelta(days=count), time(), zone)
    entries = diary(request.vendor, since, until)
    drawn = _Drawn(request, hours_of(request, day), entries, _staff(request, entries), zone)
    days = [first + timedelta(days=place) for place in range(count)]
    context: dict[str, object] = {
        "day": day,
        "is_week": is_week,
        "title": _title(first, count, request.now),
        "heads": [_head(drawn, each, today) for each in days],
        "before": _url(request, first - timedelta(days=count), is_week),
        "after": _url(request, first + timedelta(days=count), is_week),
        "today_url": _url(request, today, is_week),
        "week_url": _url(request, day, True),
        "day_url": _url(request, day, False),
    }
    context |= _week(drawn, days) if is_week else _one_day(drawn, day)
    return page(request, "console/calendar.html", "calendar", context)


def hours_of(request: DeskRequest, day: date) -> Hours | None:
    """Return the hours that a day is shaded by: those of visits where the terms have them, else the first; or None."""
    try:
        _version, terms = terms_in_force(request.vendor, day)
    except NoTermsInForce:
        return None
    terms = CalendarBook.of(request.vendor.pk).applied_to(terms)
    wanted = terms.visits.hours if terms.visits is not None else None
    return next((each for each in terms.hours if wanted in (None, each.id)), None)


def _staff(request: DeskRequest, entries: Sequence[DiaryEntry]) -> list[Technician]:
    """Return who has a row: everybody who takes calls, and whoever of the vendor's staff has something in the span."""
    busy = {each.technician_id for each in entries}
    return [each for each in people.colleagues(request.technician) if each.takes_calls or each.pk in busy]


def _day_of(text: str, today: date) -> date:
    """Return the day of the address; today where it names none that the calendar draws."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if FIRST_YEAR <= found.year < LAST_YEAR else today


def week_url(request: DeskRequest, day: date) -> str:
    """Return the address of the week in which a day lies."""
    return _url(request, day, is_week=True)


def _url(request: DeskRequest, day: date, is_week: bool) -> str:
    chosen = {"day": day.isoformat()} | ({} if is_week else {"view": "day"})
    return f"{reverse('console:calendar', args=[request.vendor.slug])}?{urlencode(chosen)}"


def _title(first: date, count: int, now: datetime) -> str:
    if count == 1:
        return formats.day(first, now)
    last = first + timedelta(days=count - 1)
    return f"{formats.day(first, now)} – {formats.day(last, now)}"


def _head(drawn: _Drawn, day: date, today: date) -> DayHead:
    hours = drawn.hours
    note = hours.holiday_names.get(day, "") if hours is not None else ""
    is_closed = hours is not None and not hours.calendar.is_working_day(day)
    until = hours.calendar.confirmed_until if hours is not None else None
    if until is not None and day > until and not is_closed:
        note = gettext("holidays not confirmed yet")
    return DayHead(
        day,
        formats.day(day, drawn.request.now),
        _url(drawn.request, day, False),
        note,
        day == today,
        is_closed,
    )


def _week(drawn: _Drawn, days: Sequence[date]) -> dict[str, object]:
    rows = []
    for person in drawn.staff:
        cells = tuple(_day_cell(drawn, person, day) for day in days)
        found = drawn.of(person, drawn.midnight(days[0]), drawn.midnight(days[-1] + timedelta(days=1)))
        rows.append(PersonRow(face_of(person), (Lane(cells),), _count_words(found)))
    return {"rows": rows}


def _count_words(found: Sequence[DiaryEntry]) -> str:
    """Say how many appointments there are; whoever is away has none by that."""
    count = sum(each.ticket is not None for each in found)
    if not count:
        return gettext("nothing yet")
    return ngettext("%(count)d appointment", "%(count)d appointments", count) % {"count": count}


def _day_cell(drawn: _Drawn, person: Technician, day: date) -> Cell:
    midnight, next_midnight = drawn.midnight(day), drawn.midnight(day + timedelta(days=1))
    found = drawn.of(person, midnight, next_midnight)
    spans = drawn.open_spans(day)
    free = next(iter(_free_starts(drawn, spans, found)), None)
    return Cell(
        label=formats.day(day, drawn.request.now),
        entries=tuple(_entry(drawn, each, day) for each in found),
        is_closed=not spans,
        url=_new_url(drawn, person, free) if free is not None else "",
    )


def _free_starts(drawn: _Drawn, spans: Sequence[Span], found: Sequence[DiaryEntry]) -> Iterator[datetime]:
    """Yield the whole steps of working time that are ahead and free, the first one first."""
    for span in spans:
        start = span.start
        while start + STEP <= span.end:
            if _is_free(drawn, spans, found, start):
                yield start
            start += STEP


def _is_free(drawn: _Drawn, spans: Sequence[Span], found: Sequence[DiaryEntry], start: datetime) -> bool:
    """Say whether a step is ahead, within working time, and nothing stands in it."""
    end = start + STEP
    return (
        start >= drawn.request.now
        and any(span.start <= start and end <= span.end for span in spans)
        and not any(each.starts_at < end and each.ends_at > start for each in found)
    )


def _new_url(drawn: _Drawn, person: Technician, at: datetime) -> str:
    wanted = {"technician": person.pk, "at": at.astimezone(drawn.zone).strftime("%Y-%m-%dT%H:%M")}
    return f"{reverse('console:calendar_new', args=[drawn.request.vendor.slug])}?{urlencode(wanted)}"


def _one_day(drawn: _Drawn, day: date) -> dict[str, object]:
    begins, ends = _bounds(drawn, day)
    hours = [begins + HOUR * place for place in range((ends - begins) // HOUR)]
    rows = []
    for person in drawn.staff:
        found = drawn.of(person, begins, ends)
        lanes = _lanes(found, begins)
        rows.append(
            PersonRow(
                face_of(person),
                tuple(
                    Lane(tuple(_steps(drawn, person, day, lane, begins, ends, is_first=place == 0)))
                    for place, lane in enumerate(lanes)
                ),
                _count_words(found),
            )
        )
    return {"rows": rows, "hours": [formats.clock_time(each) for each in hours]}


def _bounds(drawn: _Drawn, day: date) -> tuple[datetime, datetime]:
    """Return the whole hours from the first to the last thing of a day, its working hours included."""
    midnight, next_midnight = drawn.midnight(day), drawn.midnight(day + timedelta(days=1))
    spans = [Span(max(each.starts_at, midnight), min(each.ends_at, next_midnight)) for each in drawn.entries]
    spans += drawn.open_spans(day) if drawn.calendar is not None else ()
    first, last = EMPTY_DAY
    begins = min((each.start for each in spans), default=midnight + HOUR * first)
    ends = max((each.end for each in spans), default=midnight + HOUR * last)
    # Counted in elapsed time from midnight, so that a day of 23 or 25 hours keeps whole cells.
    low = (begins - midnight) // HOUR
    high = -((midnight - ends) // HOUR)
    return midnight + HOUR * low, midnight + HOUR * max(high, low + 1)


def _lanes(found: Sequence[DiaryEntry], begins: datetime) -> list[list[DiaryEntry]]:
    """Spread what stands at once over several lines; one empty line where there is nothing."""
    lanes: list[list[DiaryEntry]] = [[]]
    for each in found:
        place = _places(each, begins)[0]
        free = next((lane for lane in lanes if not lane or _places(lane[-1], begins)[1] <= place), None)
        if free is None:
            free = []
            lanes.append(free)
        free.append(each)
    return lanes


def _places(entry: DiaryEntry, begins: datetime) -> tuple[int, int]:
    """Return the first step of an entry and the one after its last, counted from `begins`."""
    first = max(0, (entry.starts_at - begins) // STEP)
    last = -((begins - entry.ends_at) // STEP)
    return first, max(last, first + 1)


def _steps(
    drawn: _Drawn,
    person: Technician,
    day: date,
    lane: Sequence[DiaryEntry],
    begins: datetime,
    ends: datetime,
    *,
    is_first: bool,
) -> Iterator[Cell]:
    """Yield the cells of one line: what stands in it, and each step between."""
    count = (ends - begins) // STEP
    spans = drawn.open_spans(day)
    found = drawn.of(person, begins, ends)
    place = 0
    for each in [*lane, None]:
        first, last = (count, count) if each is None else _places(each, begins)
        for step in range(place, min(first, count)):
            start = begins + STEP * step
            is_open = any(span.start < start + STEP and span.end > start for span in spans)
            yield Cell(
                label=formats.clock_time(start),
                is_closed=not is_open,
                url=_new_url(drawn, person, start)
                if is_first and _is_free(drawn, spans, found, start)
                else "",
            )
        if each is not None:
            yield Cell(span=min(last, count) - first, entries=(_entry(drawn, each, day),))
        place = last


def _hours(drawn: _Drawn, each: DiaryEntry, day: date) -> str:
    midnight, next_midnight = drawn.midnight(day), drawn.midnight(day + timedelta(days=1))
    if each.starts_at <= midnight and each.ends_at >= next_midnight:
        return gettext("all day")
    begins = formats.clock_time(max(each.starts_at, midnight))
    ends = formats.clock_time(each.ends_at) if each.ends_at < next_midnight else "24:00"
    return f"{begins}\N{EN DASH}{ends}"


def _entry(drawn: _Drawn, each: DiaryEntry, day: date) -> EntryView:
    word = str(ENTRY_WORDS[each.kind])
    ticket, slug = each.ticket, drawn.request.vendor.slug
    url = ""
    if ticket is not None:
        where = "console:ticket" if each.kind is Filled.BOOKING else "console:visits"
        url = reverse(where, args=[slug, ticket.number])
    return EntryView(
        kind=each.kind.value,
        icon=ICONS[each.kind],
        word=word,
        hours=_hours(drawn, each, day),
        title=ticket.number if ticket is not None else word,
        detail=" · ".join(
            part for part in (ticket.customer.name if ticket else "", each.place, each.note) if part
        ),
        url=url,
    )
