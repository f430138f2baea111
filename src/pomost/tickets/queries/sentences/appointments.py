"""Facts of agreed times and visits."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _

from pomost.tickets.queries.sentences.told import (
    About,
    Data,
    Told,
    Writer,
    plain,
)


def _booked(data: Data, about: About) -> Told:
    text = _("Agreed: %(moment)s, %(name)s.") % {
        "moment": about.moment(data["starts_at"]),
        "name": about.technician(data["technician"]),
    }
    return Told(text, "calendar-check")


def _handed_over(data: Data, about: About) -> Told:
    text = _("No longer with %(name)s, %(moment)s.") % {
        "moment": about.moment(data["starts_at"]),
        "name": about.technician(data["technician"]),
    }
    return Told(text, "calendar")


def _visit_asked(data: Data, about: About) -> Told:
    text = _("A visit is asked for: %(city)s.") % {"city": data["city"]}
    return Told(f"{text} {data['wish']}".strip(), "building-2")


def _visit(text: Callable[[], str], icon: str) -> Callable[[Data, About], Told]:
    """Return a writer for a fact about a visit that had its time; a reason or a wish follows."""

    def write(data: Data, about: About) -> Told:
        words = text()
        if data["starts_at"]:
            words += " " + _("%(moment)s, %(city)s, %(name)s.") % {
                "moment": about.moment(data["starts_at"]),
                "city": data["city"],
                "name": about.technician(data["technician"]),
            }
        return Told(f"{words} {data.get('reason') or data.get('wish') or ''}".strip(), icon)

    return write


def _visit_moved(data: Data, about: About) -> Told:
    if data.get("new_starts_at"):
        return _visit(lambda: _("The agreed day of the visit does not hold any more."), "calendar")(
            data, about
        )
    return _visit(lambda: _("Another day of the visit is wanted."), "calendar")(data, about)


APPOINTMENTS: Final[Mapping[str, Writer]] = {
    "ticket.booked": _booked,
    "ticket.visit-asked": _visit_asked,
    "ticket.visit-proposed": _visit(lambda: _("Day of a visit proposed:"), "calendar"),
    "ticket.visit-agreed": _visit(lambda: _("Visit agreed:"), "calendar-check"),
    "ticket.visit-moved": _visit_moved,
    "ticket.visit-cancelled": _visit(lambda: _("Visit called off."), "x"),
    "ticket.visit-made": _visit(lambda: _("Visit made:"), "flag"),
    "ticket.booking-handed-over": _handed_over,
    "ticket.booking-cancelled": plain(lambda: _("The agreed time was given up."), "calendar"),
}
