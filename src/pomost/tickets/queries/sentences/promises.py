"""Facts of promises: warnings, misses, and work that their end stopped."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from pomost.tickets.queries.sentences.told import (
    About,
    Data,
    Told,
    Writer,
    plain,
)


def _missed(data: Data, about: About) -> Told:
    text = _("Promise missed: %(promise)s, due %(moment)s (§ %(clause)s).") % {
        "promise": about.promise(data["clock"]),
        "moment": about.moment(data["due_at"]),
        "clause": data["clause"],
    }
    return Told(text, "triangle-alert", is_bad=True)


def _warned(data: Data, about: About) -> Told:
    text = _("Staff were warned: %(promise)s is due %(moment)s (§ %(clause)s). Told: %(names)s.")
    return Told(text % _alert(data, about), "hourglass")


def _escalated(data: Data, about: About) -> Told:
    text = _("Passed on: %(promise)s was due %(moment)s (§ %(clause)s). Told: %(names)s.")
    return Told(text % _alert(data, about), "triangle-alert", is_bad=True)


def _alert(data: Data, about: About) -> dict[str, str]:
    names = [name for key in data["technicians"] if (name := about.technician(key))]
    return {
        "promise": about.promise(data["clock"]),
        "moment": about.moment(data["due_at"]),
        "clause": data["clause"],
        "names": ", ".join(names) or "–",
    }


def _overrun_decided(data: Data, about: About) -> Told:
    words = {
        "go-on": _("The promised time is over. Decided: work goes on as before."),
        "paid": _("The promised time is over. Decided: work goes on for a price, once it is accepted."),
        "close": _("The promised time is over. Decided: work does not go on."),
    }[data["way"]]
    return Told(words + " " + _("Reason: %(reason)s") % {"reason": data["reason"]}, "scale")


PROMISES: Final[Mapping[str, Writer]] = {
    "ticket.work-may-go-on": plain(lambda: _("The price was accepted, so work may go on."), "play"),
    "ticket.overrun-decided": _overrun_decided,
    "ticket.promise-missed": _missed,
    "ticket.promise-warned": _warned,
    "ticket.promise-escalated": _escalated,
}
