"""Facts of remote sessions and of restrictions of support."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from pomost.tickets.queries.sentences.told import (
    About,
    Data,
    Told,
    Writer,
    last_day_words,
    level_words,
    moment_words,
    plain,
)


def _session_ended(data: Data, about: About) -> Told:
    metered_s = int(data.get("metered_ms", 0)) // 1000
    text = _("The session has ended after %(length)s. Nobody can return without a new consent.")
    return Told(text % {"length": f"{metered_s // 3600}:{metered_s // 60 % 60:02d}"}, "unplug")


def _granted(data: Data, about: About) -> Told:
    return Told(_("Allowed in the session: %(level)s.") % {"level": level_words(data["level"])}, "eye")


def _withdrawn(data: Data, about: About) -> Told:
    if data["level"] == "none":
        return Told(_("Taken back in the session: nothing is allowed any more."), "eye-off")
    text = _("Taken back in the session: only %(level)s is still allowed.")
    return Told(text % {"level": level_words(data["level"])}, "eye-off")


def _restricted(data: Data, about: About) -> Told:
    whom = {
        "request": _("for this request"),
        "contact": _("for the contact"),
        "customer": _("for the customer"),
    }[data["scope"]]
    text = _("Support is restricted %(whom)s (§ %(clause)s), %(until)s.")
    words = {"whom": whom, "clause": data["clause"], "until": _lasting(data, about)}
    return Told(text % words, "lock", is_bad=True)


def _restriction_extended(data: Data, about: About) -> Told:
    text = _("The restriction lasts %(until)s now. Reason: %(reason)s")
    return Told(text % {"until": _lasting(data, about), "reason": data["reason"]}, "lock")


def _lasting(data: Data, about: About) -> str:
    if data["until_at"]:
        until_at = datetime.fromisoformat(data["until_at"])
        if timezone.localtime(until_at).time() == time():
            return _("until the end of %(day)s") % {"day": last_day_words(until_at)}
        return _("until %(moment)s") % {"moment": moment_words(until_at)}
    return _("without an end")


def _restriction_lifted(data: Data, about: About) -> Told:
    if data.get("appeal"):
        text = _("The appeal was granted, and the restriction is lifted. Reason: %(reason)s")
    else:
        text = _("The restriction was lifted. Reason: %(reason)s")
    return Told(text % {"reason": data["reason"]}, "check")


def _restriction_upheld(data: Data, about: About) -> Told:
    text = _("The restriction stays after the appeal. Reason: %(reason)s") % {"reason": data["reason"]}
    if data["alone"]:
        text += " " + _("Decided by who restricted, because nobody else could.")
    return Told(text, "x")


def _session_ended_by_terms(data: Data, about: About) -> Told:
    text = _("The session was ended by the terms (§ %(clause)s). What happened: %(reason)s")
    return Told(text % {"clause": data["clause"], "reason": data["reason"]}, "unplug", is_bad=True)


SESSIONS: Final[Mapping[str, Writer]] = {
    "restriction.imposed": _restricted,
    "restriction.extended": _restriction_extended,
    "restriction.lifted": _restriction_lifted,
    "restriction.lapsed": plain(lambda: _("The restriction has ended."), "check"),
    "restriction.review-due": plain(
        lambda: _("The restriction has no end: somebody looks at it again."), "hourglass"
    ),
    "restriction.appealed": plain(lambda: _("Appeal against the restriction."), "message-square"),
    "restriction.upheld": _restriction_upheld,
    "session.ended-by-terms": _session_ended_by_terms,
    "session.answered": plain(lambda: _("The call in the app was answered."), "phone"),
    "session.granted": _granted,
    "session.withdrawn": _withdrawn,
    "session.words-differ": plain(
        lambda: _("The four words differed, so the session was closed at once."),
        "triangle-alert",
        is_bad=True,
    ),
    "session.ended": _session_ended,
}
