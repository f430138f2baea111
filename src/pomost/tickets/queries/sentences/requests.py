"""Facts of a request: its number, who has it, what it is, how it ends."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from pomost.tickets.queries.sentences.told import (
    About,
    Data,
    Told,
    Writer,
    last_day_words,
    plain,
)


def _registered(data: Data, about: About) -> Told:
    channel = {
        "portal": _("in the portal"),
        "phone": _("by phone"),
        "mail": _("by mail"),
    }[data["channel"]]
    text = _("Request %(number)s registered, %(channel)s.") % {"number": data["number"], "channel": channel}
    if data.get("split_from"):
        text += " " + _("It was split off from request %(number)s.") % {"number": data["split_from"]}
    if data["severity"]:
        text += " " + _("Severity chosen with the request: %(severity)s.") % {
            "severity": about.severity(data["severity"])
        }
    if data["missing"]:
        text += " " + _("Missing: %(parts)s.") % {"parts": about.parts(data["missing"])}
    return Told(text, "hash")


def _completed(data: Data, about: About) -> Told:
    text = _("Arrived: %(parts)s.") % {"parts": about.parts(data["parts"])}
    if data["missing"]:
        return Told(
            text + " " + _("Still missing: %(parts)s.") % {"parts": about.parts(data["missing"])}, "file-text"
        )
    return Told(text + " " + _("The request is complete."), "file-text")


def _told(data: Data, about: About) -> Told:
    if data["how"] == "phone":
        return Told(_("Number told by phone."), "phone")
    return Told(_("Number told by mail."), "mail-check")


def _delayed(data: Data, about: About) -> Told:
    return Told(
        _("The notice did not leave: the server answered “%(answer)s”. Next try %(moment)s.")
        % {"answer": data["answer"], "moment": about.moment(data["next_try_at"])},
        "mail-x",
        is_bad=True,
    )


def _refused(data: Data, about: About) -> Told:
    text = _("The notice was refused: “%(answer)s”. The number has to be told by phone.") % {
        "answer": data["answer"]
    }
    return Told(text, "mail-x", is_bad=True)


def _bounced(data: Data, about: About) -> Told:
    text = _("The notice came back: “%(answer)s”. The clock runs again from its old start.") % {
        "answer": data["answer"]
    }
    return Told(text, "mail-x", is_bad=True)


def _mail_refused(data: Data, about: About) -> Told:
    text = _("A mail to %(to)s was refused: “%(answer)s”.") % {"to": data["to"], "answer": data["answer"]}
    return Told(text, "mail-x", is_bad=True)


def _given(data: Data, about: About) -> Told:
    if data["technician"] is None:
        return Told(_("Nobody has the request now."), "user-check")
    return Told(_("In charge: %(name)s.") % {"name": about.technician(data["technician"])}, "user-check")


def _severity_proposed(data: Data, about: About) -> Told:
    text = _("Proposed severity: %(after)s. Without agreement it stays %(before)s.")
    return Told(
        text % {"after": about.severity(data["after"]), "before": about.severity(data["before"])}, "scale"
    )


def _severity_changed(data: Data, about: About) -> Told:
    text = _("Severity: %(after)s instead of %(before)s. The clock is counted anew from the same start.")
    return Told(
        text % {"after": about.severity(data["after"]), "before": about.severity(data["before"])}, "scale"
    )


def _severity_refused(data: Data, about: About) -> Told:
    text = _("The other severity was declined. It stays %(before)s.")
    return Told(text % {"before": about.severity(data["before"])}, "scale")


def _package_changed(data: Data, about: About) -> Told:
    if data["shown"]:
        return Told(_("Package shown: %(after)s.") % {"after": about.package(data["after"])}, "scale")
    text = _("Package not shown; served as %(after)s.") % {"after": about.package(data["after"])}
    return Told(text, "scale")


def _confirmed(data: Data, about: About) -> Told:
    if data["how"] == "silence":
        return Told(
            _("No answer within the time that the terms set: the solution counts as confirmed."), "check"
        )
    if data["how"] == "phone":
        return Told(_("Solution confirmed by phone."), "check")
    return Told(_("Solution confirmed."), "check")


def _solved(data: Data, about: About) -> Told:
    text = _("Solution given.")
    if data["silence_ends_at"]:
        ends_at = datetime.fromisoformat(data["silence_ends_at"])
        text += " " + _("Without an answer by the end of %(day)s it counts as solved.") % {
            "day": last_day_words(ends_at)
        }
    return Told(text, "flag")


def _consent(data: Data, about: About) -> Told:
    words = about.consent(data["kind"])
    if data["accepted"]:
        return Told(_("Consent: %(what)s. Yes.") % {"what": words}, "check")
    return Told(_("Consent: %(what)s. No.") % {"what": words}, "x")


def _decided(data: Data, about: About) -> Told:
    words = {
        "included": _("Decided, because the terms do not say: it is included."),
        "from-quota": _("Decided, because the terms do not say: it is counted from the package."),
        "paid": _("Decided, because the terms do not say: it is paid for."),
        "refused": _("Decided, because the terms do not say: it is not given."),
    }[data["outcome"]]
    return Told(words + " " + _("Reason: %(reason)s") % {"reason": data["reason"]}, "scale")


def _included(data: Data, about: About) -> Told:
    text = _("Free of charge (§ %(clause)s).") % {"clause": data["clause"]}
    return Told(f"{text} {data['reason']}", "scale")


def _split(data: Data, about: About) -> Told:
    text = _("Two tasks in one message: the second goes on as request %(number)s.")
    return Told(text % {"number": data["number"]}, "hash")


def _merged(data: Data, about: About) -> Told:
    return Told(
        _("One task in two requests: it goes on as %(number)s.") % {"number": data["into"]}, "archive"
    )


def _took_over(data: Data, about: About) -> Told:
    return Told(_("Request %(number)s is handled here as well.") % {"number": data["number"]}, "hash")


def _closed(data: Data, about: About) -> Told:
    return Told(_("Closed: %(reason)s") % {"reason": data["reason"]}, "archive")


REQUESTS: Final[Mapping[str, Writer]] = {
    "ticket.registered": _registered,
    "ticket.completed": _completed,
    "ticket.number-told": _told,
    "ticket.notice-delayed": _delayed,
    "ticket.notice-refused": _refused,
    "ticket.notice-bounced": _bounced,
    "ticket.notice-again": plain(lambda: _("The mail with the number is sent again."), "mail"),
    "ticket.taken": _given,
    "ticket.assigned": _given,
    "ticket.work-began": plain(lambda: _("Work began."), "play"),
    "ticket.work-stopped": plain(lambda: _("Work was put aside."), "pause"),
    "ticket.waiting": plain(lambda: _("Waiting for an answer."), "hourglass"),
    "ticket.customer-answered": plain(lambda: _("An answer came."), "message-square"),
    "ticket.severity-proposed": _severity_proposed,
    "ticket.severity-changed": _severity_changed,
    "ticket.severity-refused": _severity_refused,
    "ticket.package-changed": _package_changed,
    "ticket.solved": _solved,
    "ticket.confirmed": _confirmed,
    "ticket.rejected": plain(lambda: _("Not solved yet. The request is open again."), "undo-2"),
    "ticket.consent": _consent,
    "ticket.decided": _decided,
    "ticket.included": _included,
    "ticket.closed": _closed,
    "ticket.split": _split,
    "ticket.merged": _merged,
    "ticket.took-over": _took_over,
    "mail.refused": _mail_refused,
}
