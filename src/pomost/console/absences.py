"""Who is away and when: a list with what is booked meanwhile, and a form.

Everybody notes their own absences; the dispatcher notes those of all.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from pomost.console.answers import CONFLICT, UNPROCESSABLE, actor
from pomost.console.guard import ROLE_WORDS, may, technician_page
from pomost.console.shell import page
from pomost.people import access as people
from pomost.people import formats
from pomost.people.errors import NoAccess, NotFound, Refused
from pomost.people.models import Technician
from pomost.people.requests import DeskRequest
from pomost.rules.calendar import FIRST_YEAR, LAST_YEAR
from pomost.tickets import access, actions, queries
from pomost.tickets.models import Absence
from pomost.tickets.queries import Meanwhile

LONGEST = timedelta(days=366)


class AbsenceForm(forms.Form):
    """Whole days, or from an hour of the first to an hour of the last."""

    technician = forms.ChoiceField(label=_("Who"), widget=forms.Select(attrs={"class": "form-select"}))
    first_day = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )
    from_time = forms.TimeField(
        label=_("From"),
        help_text=_("Left out: the whole day."),
        required=False,
        widget=forms.TimeInput(attrs={"class": "form-control", "type": "time"}),
    )
    last_day = forms.DateField(
        label=_("Last day"),
        help_text=_("Left out: the same day."),
        required=False,
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )
    to_time = forms.TimeField(
        label=_("Until"),
        required=False,
        widget=forms.TimeInput(attrs={"class": "form-control", "type": "time"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Colleagues read it; customers never do."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, technicians: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"].choices = technicians  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse an absence of more than a year, or in a year that no calendar knows: a mistyped date fills nobody's days."""
        given: dict[str, Any] = super().clean() or {}
        first: date | None = given.get("first_day")
        last: date | None = given.get("last_day") or first
        if first is None or last is None:
            return given
        if not FIRST_YEAR <= min(first, last).year <= max(first, last).year < LAST_YEAR:
            self.add_error("first_day", gettext("There is no calendar for that year. Check the dates."))
        elif last - first > LONGEST:
            self.add_error("last_day", gettext("That is more than a year. Check the dates."))
        return given

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return when it begins and ends, by the vendor's wall clock."""
        given = self.cleaned_data
        first: date = given["first_day"]
        last: date = given["last_day"] or first
        start = datetime.combine(first, given["from_time"] or time(), zone)
        if given["to_time"] is not None:
            return start, datetime.combine(last, given["to_time"], zone)
        return start, datetime.combine(last + timedelta(days=1), time(), zone)


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """One absence of the list."""

    absence: Absence
    when: str
    """The day or days, or from when until when."""
    collisions: tuple[Meanwhile, ...]


@technician_page()
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: DeskRequest) -> HttpResponse:
    """List who is away from now on; on a POST note another absence."""
    me = request.technician
    whom = list(people.colleagues(me)) if may(me, Technician.Role.DISPATCHER) else [me]
    choices = [(str(each.pk), each.person.name) for each in whom]
    form = AbsenceForm(
        request.POST or None,
        technicians=choices,
        initial={"technician": request.GET.get("technician", str(me.pk))},
    )
    status, refused = 200, ""
    if request.method == "POST":
        if not form.is_valid():
            return _show(request, form, status=UNPROCESSABLE)
        start, end = form.span(ZoneInfo(request.vendor.zone))
        technician = people.colleague(me, int(form.cleaned_data["technician"]))
        try:
            actions.note_absence(
                technician,
                start,
                end,
                reason=form.cleaned_data["reason"],
                by=f"technician:{me.pk}",
                at=request.now,
            )
        except NotFound:
            raise
        except Refused as refusal:
            status, refused = CONFLICT, str(refusal)
        else:
            return redirect("console:absences", request.vendor.slug)
    return _show(request, form, refused=refused, status=status)


@technician_page()
@require_POST
def withdraw(request: DeskRequest, absence_id: int) -> HttpResponse:
    """Take an absence back: one's own, or as the dispatcher anybody's."""
    absence = access.absence(request.technician, absence_id)
    if absence.technician_id != request.technician.pk and not may(
        request.technician, Technician.Role.DISPATCHER
    ):
        raise NoAccess(
            gettext("Only this role can do it: %(role)s. Ask for it.")
            % {"role": ROLE_WORDS[Technician.Role.DISPATCHER]}
        )
    actions.withdraw_absence(absence, by=actor(request), at=request.now)
    return redirect("console:absences", request.vendor.slug)


def _show(request: DeskRequest, form: AbsenceForm, *, refused: str = "", status: int = 200) -> HttpResponse:
    found = queries.absences(request.vendor, request.now)
    context: dict[str, object] = {
        "rows": [
            AbsenceView(each.absence, _when(each.absence, request.now), each.collisions) for each in found
        ],
        "form": form,
        "refused": refused,
        "may_for_all": may(request.technician, Technician.Role.DISPATCHER),
    }
    return page(request, "console/absences.html", "absences", context, status=status)


def _when(absence: Absence, now: datetime) -> str:
    """Write how long somebody is away: hours of one day, whole days, or from one moment to another."""
    start, end = timezone.localtime(absence.starts_at), timezone.localtime(absence.ends_at)
    if start.date() == end.date():
        hours = f"{formats.clock_time(start)}\N{EN DASH}{formats.clock_time(end)}"
        return f"{formats.day(start, now)}, {hours}"
    if start.time() != time() or end.time() != time():
        first, last = formats.moment(start, now), formats.moment(end, now)
    else:
        # People say "until the 17th" and mean that day as well.
        first, last = formats.day(start, now), formats.day(end.date() - timedelta(days=1), now)
        if first == last:
            return first
    return gettext("%(first)s to %(last)s") % {"first": first, "last": last}
