"""Facts of the journal as sentences, in the language that is active.

Owns one sentence for each kind of fact that concerns a ticket, whichever app wrote it. Names stay in the nominative and
facts are nouns or present tense, so that no language has to guess a gender (look.md, Voice).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from pomost.people import formats
from pomost.rules.terms.model import Terms, Unknown, said
from pomost.rules.terms.parts import GateKind
from pomost.tickets.models import Ticket
from pomost.tickets.queries.languages import in_language

Data = Mapping[str, Any]


def moment_words(at: datetime) -> str:
    """Return a moment with its day, in the current zone and language; it is read later, so no day is left out."""
    return f"{formats.day(at, at)}, {formats.clock_time(at)}"


def last_day_words(midnight: datetime) -> str:
    """Return the day that a midnight ends: people read "by the end of Thursday", not "Friday, 0:00"."""
    return formats.day(midnight - timedelta(seconds=1), midnight)


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as a line of the timeline."""

    text: str
    icon: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class _About:
    """What a sentence may need besides the fact's own data."""

    ticket: Ticket
    terms: Terms
    names: Mapping[str, str]
    language: str

    def technician(self, key: object) -> str:
        """Return a technician's name."""
        return self.names.get(f"technician:{key}", "")

    def severity(self, key: str) -> str:
        """Return the name of a severity."""
        return said(self.terms.severity(key).name, self.language) if key else ""

    def package(self, key: str) -> str:
        """Return the name of a package."""
        return said(self.terms.package(key).name, self.language) if key else "–"

    def parts(self, keys: list[str]) -> str:
        """Return the names of parts of a request."""
        names = {part.id: said(part.name, self.language) for part in self.terms.parts}
        return ", ".join(names.get(key, key) for key in keys)

    def consent(self, kind: str) -> str:
        """Return what a consent is about: a question of the desk's own, a gate or a part of the request."""
        asked = {
            "estimate": _("the price of going on"),
            "severity": _("another severity"),
            "solution": _("the solution"),
            "travel": _("the price of the travel"),
            "visit": _("the day of the visit"),
        }
        gates = {
            GateKind.PHONE_NOTED: _("talking before the connection"),
            GateKind.DECLARATION: _("these terms"),
            GateKind.PRICE_ACCEPTED: _("the price"),
            GateKind.BACKUP_ATTESTED: _("the backup before the session"),
            GateKind.READINESS: _("the check of the programs"),
        }
        asked |= {gate.id: gates[gate.kind] for gate in self.terms.gates}
        return asked.get(kind) or self.parts([kind])

    def promise(self, key: str) -> str:
        """Return the name of a promise."""
        return next((said(each.name, self.language) for each in self.terms.promises if each.id == key), key)

    def moment(self, written: str) -> str:
        """Return a moment of the fact in the vendor's zone, with its day."""
        return moment_words(datetime.fromisoformat(written))


def sentence(
    kind: str, data: Data, ticket: Ticket, terms: Terms, names: Mapping[str, str], language: str
) -> Told | None:
    """Return the fact as a line; None for a kind that has none. The language must be active."""
    write = SENTENCES.get(kind)
    if write is None:
        return None
    try:
        return write(data, _About(ticket, terms, names, language))
    except Unknown:
        return None  # a key of other terms than the ticket's: nothing true can be said


def _registered(data: Data, about: _About) -> Told:
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


def _completed(data: Data, about: _About) -> Told:
    text = _("Arrived: %(parts)s.") % {"parts": about.parts(data["parts"])}
    if data["missing"]:
        return Told(
            text + " " + _("Still missing: %(parts)s.") % {"parts": about.parts(data["missing"])}, "file-text"
        )
    return Told(text + " " + _("The request is complete."), "file-text")


def _told(data: Data, about: _About) -> Told:
    if data["how"] == "phone":
        return Told(_("Number told by phone."), "phone")
    return Told(_("Number told by mail."), "mail-check")


def _delayed(data: Data, about: _About) -> Told:
    return Told(
        _("The notice did not leave: the server answered “%(answer)s”. Next try %(moment)s.")
        % {"answer": data["answer"], "moment": about.moment(data["next_try_at"])},
        "mail-x",
        is_bad=True,
    )


def _refused(data: Data, about: _About) -> Told:
    text = _("The notice was refused: “%(answer)s”. The number has to be told by phone.") % {
        "answer": data["answer"]
    }
    return Told(text, "mail-x", is_bad=True)


def _bounced(data: Data, about: _About) -> Told:
    text = _("The notice came back: “%(answer)s”. The clock runs again from its old start.") % {
        "answer": data["answer"]
    }
    return Told(text, "mail-x", is_bad=True)


def _mail_refused(data: Data, about: _About) -> Told:
    text = _("A mail to %(to)s was refused: “%(answer)s”.") % {"to": data["to"], "answer": data["answer"]}
    return Told(text, "mail-x", is_bad=True)


def _given(data: Data, about: _About) -> Told:
    if data["technician"] is None:
        return Told(_("Nobody has the request now."), "user-check")
    return Told(_("In charge: %(name)s.") % {"name": about.technician(data["technician"])}, "user-check")


def _severity_proposed(data: Data, about: _About) -> Told:
    text = _("Proposed severity: %(after)s. Without agreement it stays %(before)s.")
    return Told(
        text % {"after": about.severity(data["after"]), "before": about.severity(data["before"])}, "scale"
    )


def _severity_changed(data: Data, about: _About) -> Told:
    text = _("Severity: %(after)s instead of %(before)s. The clock is counted anew from the same start.")
    return Told(
        text % {"after": about.severity(data["after"]), "before": about.severity(data["before"])}, "scale"
    )


def _severity_refused(data: Data, about: _About) -> Told:
    text = _("The other severity was declined. It stays %(before)s.")
    return Told(text % {"before": about.severity(data["before"])}, "scale")


def _package_changed(data: Data, about: _About) -> Told:
    if data["shown"]:
        return Told(_("Package shown: %(after)s.") % {"after": about.package(data["after"])}, "scale")
    text = _("Package not shown; served as %(after)s.") % {"after": about.package(data["after"])}
    return Told(text, "scale")


def _confirmed(data: Data, about: _About) -> Told:
    if data["how"] == "silence":
        return Told(
            _("No answer within the time that the terms set: the solution counts as confirmed."), "check"
        )
    if data["how"] == "phone":
        return Told(_("Solution confirmed by phone."), "check")
    return Told(_("Solution confirmed."), "check")


def _solved(data: Data, about: _About) -> Told:
    text = _("Solution given.")
    if data["silence_ends_at"]:
        ends_at = datetime.fromisoformat(data["silence_ends_at"])
        text += " " + _("Without an answer by the end of %(day)s it counts as solved.") % {
            "day": last_day_words(ends_at)
        }
    return Told(text, "flag")


def _booked(data: Data, about: _About) -> Told:
    text = _("Agreed: %(moment)s, %(name)s.") % {
        "moment": about.moment(data["starts_at"]),
        "name": about.technician(data["technician"]),
    }
    return Told(text, "calendar-check")


def _handed_over(data: Data, about: _About) -> Told:
    text = _("No longer with %(name)s, %(moment)s.") % {
        "moment": about.moment(data["starts_at"]),
        "name": about.technician(data["technician"]),
    }
    return Told(text, "calendar")


def _consent(data: Data, about: _About) -> Told:
    words = about.consent(data["kind"])
    if data["accepted"]:
        return Told(_("Consent: %(what)s. Yes.") % {"what": words}, "check")
    return Told(_("Consent: %(what)s. No.") % {"what": words}, "x")


def _missed(data: Data, about: _About) -> Told:
    text = _("Promise missed: %(promise)s, due %(moment)s (§ %(clause)s).") % {
        "promise": about.promise(data["clock"]),
        "moment": about.moment(data["due_at"]),
        "clause": data["clause"],
    }
    return Told(text, "triangle-alert", is_bad=True)


def _warned(data: Data, about: _About) -> Told:
    text = _("Staff were warned: %(promise)s is due %(moment)s (§ %(clause)s). Told: %(names)s.")
    return Told(text % _alert(data, about), "hourglass")


def _escalated(data: Data, about: _About) -> Told:
    text = _("Passed on: %(promise)s was due %(moment)s (§ %(clause)s). Told: %(names)s.")
    return Told(text % _alert(data, about), "triangle-alert", is_bad=True)


def _alert(data: Data, about: _About) -> dict[str, str]:
    names = [name for key in data["technicians"] if (name := about.technician(key))]
    return {
        "promise": about.promise(data["clock"]),
        "moment": about.moment(data["due_at"]),
        "clause": data["clause"],
        "names": ", ".join(names) or "–",
    }


def _restricted(data: Data, about: _About) -> Told:
    whom = {
        "request": _("for this request"),
        "contact": _("for the contact"),
        "customer": _("for the customer"),
    }[data["scope"]]
    text = _("Support is restricted %(whom)s (§ %(clause)s), %(until)s.")
    words = {"whom": whom, "clause": data["clause"], "until": _lasting(data, about)}
    return Told(text % words, "lock", is_bad=True)


def _restriction_extended(data: Data, about: _About) -> Told:
    text = _("The restriction lasts %(until)s now. Reason: %(reason)s")
    return Told(text % {"until": _lasting(data, about), "reason": data["reason"]}, "lock")


def _lasting(data: Data, about: _About) -> str:
    if data["until_at"]:
        until_at = datetime.fromisoformat(data["until_at"])
        if timezone.localtime(until_at).time() == time():
            return _("until the end of %(day)s") % {"day": last_day_words(until_at)}
        return _("until %(moment)s") % {"moment": moment_words(until_at)}
    return _("without an end")


def _restriction_lifted(data: Data, about: _About) -> Told:
    if data.get("appeal"):
        text = _("The appeal was granted, and the restriction is lifted. Reason: %(reason)s")
    else:
        text = _("The restriction was lifted. Reason: %(reason)s")
    return Told(text % {"reason": data["reason"]}, "check")


def _restriction_upheld(data: Data, about: _About) -> Told:
    text = _("The restriction stays after the appeal. Reason: %(reason)s") % {"reason": data["reason"]}
    if data["alone"]:
        text += " " + _("Decided by who restricted, because nobody else could.")
    return Told(text, "x")


def _session_ended_by_terms(data: Data, about: _About) -> Told:
    text = _("The session was ended by the terms (§ %(clause)s). What happened: %(reason)s")
    return Told(text % {"clause": data["clause"], "reason": data["reason"]}, "unplug", is_bad=True)


def _session_ended(data: Data, about: _About) -> Told:
    metered_s = int(data.get("metered_ms", 0)) // 1000
    text = _("The session has ended after %(length)s. Nobody can return without a new consent.")
    return Told(text % {"length": f"{metered_s // 3600}:{metered_s // 60 % 60:02d}"}, "unplug")


def _granted(data: Data, about: _About) -> Told:
    return Told(_("Allowed in the session: %(level)s.") % {"level": level_words(data["level"])}, "eye")


def _withdrawn(data: Data, about: _About) -> Told:
    if data["level"] == "none":
        return Told(_("Taken back in the session: nothing is allowed any more."), "eye-off")
    text = _("Taken back in the session: only %(level)s is still allowed.")
    return Told(text % {"level": level_words(data["level"])}, "eye-off")


def level_words(level: str) -> str:
    """Return the name of a session's level in the middle of a sentence."""
    known = {
        "none": pgettext("level", "nothing"),
        "look": pgettext("level", "look"),
        "point": pgettext("level", "point"),
        "act": pgettext("level", "act"),
        "change-many": pgettext("level", "change many"),
    }
    return known[level]


def _decided(data: Data, about: _About) -> Told:
    words = {
        "included": _("Decided, because the terms do not say: it is included."),
        "from-quota": _("Decided, because the terms do not say: it is counted from the package."),
        "paid": _("Decided, because the terms do not say: it is paid for."),
        "refused": _("Decided, because the terms do not say: it is not given."),
    }[data["outcome"]]
    return Told(words + " " + _("Reason: %(reason)s") % {"reason": data["reason"]}, "scale")


def quantity_words(amount: Decimal, unit: str) -> str:
    """Return an amount of a quota that no line breaks: `1 request`, `0.5 h`."""
    count = formats.number(amount)
    if unit == "hours":
        words = _("%(amount)s h") % {"amount": count}
    else:
        words = ngettext("%(count)s request", "%(count)s requests", int(amount)) % {"count": count}
    return words.replace(" ", formats.NBSP)


def _drawn(data: Data, about: _About) -> Told:
    amount = quantity_words(Decimal(data["amount"]), data["unit"])
    return Told(_("Counted from the quota: %(amount)s") % {"amount": amount}, "wallet")


def _given_back(data: Data, about: _About) -> Told:
    amount = quantity_words(Decimal(data["amount"]), data["unit"])
    return Told(_("Given back to the quota: %(amount)s") % {"amount": amount}, "undo-2")


def _complained(data: Data, about: _About) -> Told:
    words = {
        "in-time": _("Complaint about the work, in time."),
        "under-guarantee": _("Complaint about the work, after its time but under guarantee."),
        "late": _("Complaint about the work, too late by the terms."),
        "unstated": _("Complaint about the work; the terms do not say until when one may complain."),
    }
    return Told(words[data["outcome"]], "triangle-alert")


def _examined(data: Data, about: _About) -> Told:
    text = _("The complaint is looked at in request %(number)s.") % {"number": data["follow_up"]}
    return Told(text, "search")


def _complaint_accepted(data: Data, about: _About) -> Told:
    text = _("The complaint was accepted: the repair is free.")
    if data["reason"]:
        text += " " + _("Reason: %(reason)s") % {"reason": data["reason"]}
    return Told(text, "check")


def _complaint_rejected(data: Data, about: _About) -> Told:
    text = _("The complaint was rejected (§ %(clause)s).") % {"clause": data["clause"]}
    return Told(text + " " + _("Reason: %(reason)s") % {"reason": data["reason"]}, "x")


def _included(data: Data, about: _About) -> Told:
    text = _("Free of charge (§ %(clause)s).") % {"clause": data["clause"]}
    return Told(f"{text} {data['reason']}", "scale")


def _corrected(data: Data, about: _About) -> Told:
    text = _("Correction %(number)s to the invoice %(invoice)s. Reason: %(reason)s")
    return Told(
        text % {"number": data["number"], "invoice": data["invoice"], "reason": data["reason"]}, "undo-2"
    )


def _paid(data: Data, about: _About) -> Told:
    amount = formats.money(Decimal(data["amount"]), data["currency"])
    if data["amount"].startswith("-"):
        return Told(_("Payment taken back: %(amount)s.") % {"amount": amount}, "wallet")
    return Told(_("Payment received: %(amount)s.") % {"amount": amount}, "wallet")


def _overrun_decided(data: Data, about: _About) -> Told:
    words = {
        "go-on": _("The promised time is over. Decided: work goes on as before."),
        "paid": _("The promised time is over. Decided: work goes on for a price, once it is accepted."),
        "close": _("The promised time is over. Decided: work does not go on."),
    }[data["way"]]
    return Told(words + " " + _("Reason: %(reason)s") % {"reason": data["reason"]}, "scale")


def _split(data: Data, about: _About) -> Told:
    text = _("Two tasks in one message: the second goes on as request %(number)s.")
    return Told(text % {"number": data["number"]}, "hash")


def _merged(data: Data, about: _About) -> Told:
    return Told(
        _("One task in two requests: it goes on as %(number)s.") % {"number": data["into"]}, "archive"
    )


def _took_over(data: Data, about: _About) -> Told:
    return Told(_("Request %(number)s is handled here as well.") % {"number": data["number"]}, "hash")


def _visit_asked(data: Data, about: _About) -> Told:
    text = _("A visit is asked for: %(city)s.") % {"city": data["city"]}
    return Told(f"{text} {data['wish']}".strip(), "building-2")


def _visit(text: Callable[[], str], icon: str) -> Callable[[Data, _About], Told]:
    """Return a writer for a fact about a visit that had its time; a reason or a wish follows."""

    def write(data: Data, about: _About) -> Told:
        words = text()
        if data["starts_at"]:
            words += " " + _("%(moment)s, %(city)s, %(name)s.") % {
                "moment": about.moment(data["starts_at"]),
                "city": data["city"],
                "name": about.technician(data["technician"]),
            }
        return Told(f"{words} {data.get('reason') or data.get('wish') or ''}".strip(), icon)

    return write


def _closed(data: Data, about: _About) -> Told:
    return Told(_("Closed: %(reason)s") % {"reason": data["reason"]}, "archive")


def _version_set(data: Data, about: _About) -> Told:
    named = {"version": data["version"] or "–"}
    if data["outdated"]:
        return Told(_("Version %(version)s: it is outdated.") % named, "history")
    return Told(_("Version %(version)s: it is not outdated.") % named, "history")


def _error_linked(data: Data, about: _About) -> Told:
    return Told(_("Known error %(error)s: %(title)s") % _error(data, about), "bug")


def _error_unlinked(data: Data, about: _About) -> Told:
    return Told(_("It is not the known error %(error)s: %(title)s") % _error(data, about), "bug")


def _error(data: Data, about: _About) -> dict[str, object]:
    return {"error": data["error"], "title": in_language(data["title"], about.language)}


def _error_mended(data: Data, about: _About) -> Told:
    return Told(_("Version %(version)s mends the error.") % {"version": data["version"]}, "bug")


def _plain(text: Callable[[], str], icon: str, *, is_bad: bool = False) -> Callable[[Data, _About], Told]:
    """Return a writer for a fact whose sentence needs no data. `text` is called late, when the language is known."""
    return lambda data, about: Told(text(), icon, is_bad)


SENTENCES: Final[Mapping[str, Callable[[Data, _About], Told]]] = {
    "ticket.registered": _registered,
    "ticket.completed": _completed,
    "ticket.number-told": _told,
    "ticket.notice-delayed": _delayed,
    "ticket.notice-refused": _refused,
    "ticket.notice-bounced": _bounced,
    "ticket.notice-again": _plain(lambda: _("The mail with the number is sent again."), "mail"),
    "ticket.taken": _given,
    "ticket.assigned": _given,
    "ticket.work-began": _plain(lambda: _("Work began."), "play"),
    "ticket.work-stopped": _plain(lambda: _("Work was put aside."), "pause"),
    "ticket.work-may-go-on": _plain(lambda: _("The price was accepted, so work may go on."), "play"),
    "ticket.overrun-decided": _overrun_decided,
    "ticket.waiting": _plain(lambda: _("Waiting for an answer."), "hourglass"),
    "ticket.customer-answered": _plain(lambda: _("An answer came."), "message-square"),
    "ticket.severity-proposed": _severity_proposed,
    "ticket.severity-changed": _severity_changed,
    "ticket.severity-refused": _severity_refused,
    "ticket.package-changed": _package_changed,
    "ticket.solved": _solved,
    "ticket.confirmed": _confirmed,
    "ticket.rejected": _plain(lambda: _("Not solved yet. The request is open again."), "undo-2"),
    "ticket.booked": _booked,
    "ticket.visit-asked": _visit_asked,
    "ticket.visit-proposed": _visit(lambda: _("Day of a visit proposed:"), "calendar"),
    "ticket.visit-agreed": _visit(lambda: _("Visit agreed:"), "calendar-check"),
    "ticket.visit-moved": _visit(lambda: _("Another day of the visit is wanted."), "calendar"),
    "ticket.visit-cancelled": _visit(lambda: _("Visit called off."), "x"),
    "ticket.visit-made": _visit(lambda: _("Visit made:"), "flag"),
    "ticket.booking-handed-over": _handed_over,
    "ticket.booking-cancelled": _plain(lambda: _("The agreed time was given up."), "calendar"),
    "ticket.consent": _consent,
    "ticket.decided": _decided,
    "ticket.included": _included,
    "ticket.settled": _plain(lambda: _("The work can be invoiced."), "receipt-text"),
    "ticket.quota-drawn": _drawn,
    "ticket.quota-given-back": _given_back,
    "ticket.closed": _closed,
    "ticket.split": _split,
    "ticket.merged": _merged,
    "ticket.took-over": _took_over,
    "ticket.promise-missed": _missed,
    "ticket.promise-warned": _warned,
    "ticket.promise-escalated": _escalated,
    "ticket.version-set": _version_set,
    "ticket.error-linked": _error_linked,
    "ticket.error-unlinked": _error_unlinked,
    "ticket.error-mended": _error_mended,
    "mail.refused": _mail_refused,
    "estimate.proposed": _plain(lambda: _("Price named."), "wallet"),
    "estimate.accepted": _plain(lambda: _("Price accepted."), "check"),
    "estimate.declined": _plain(lambda: _("Price declined."), "x"),
    "restriction.imposed": _restricted,
    "restriction.extended": _restriction_extended,
    "restriction.lifted": _restriction_lifted,
    "restriction.lapsed": _plain(lambda: _("The restriction has ended."), "check"),
    "restriction.review-due": _plain(
        lambda: _("The restriction has no end: somebody looks at it again."), "hourglass"
    ),
    "restriction.appealed": _plain(lambda: _("Appeal against the restriction."), "message-square"),
    "restriction.upheld": _restriction_upheld,
    "session.ended-by-terms": _session_ended_by_terms,
    "session.answered": _plain(lambda: _("The call in the app was answered."), "phone"),
    "session.granted": _granted,
    "session.withdrawn": _withdrawn,
    "session.words-differ": _plain(
        lambda: _("The four words differed, so the session was closed at once."),
        "triangle-alert",
        is_bad=True,
    ),
    "session.ended": _session_ended,
    "work.entered": _plain(lambda: _("Worked time was entered."), "clock"),
    "travel.entered": _plain(lambda: _("Travel was entered."), "clock"),
    "complaint.registered": _complained,
    "complaint.examined": _examined,
    "complaint.accepted": _complaint_accepted,
    "complaint.rejected": _complaint_rejected,
    "complaint.appealed": _plain(lambda: _("Appeal against the rejection."), "message-square"),
    "invoice.corrected": _corrected,
    "invoice.paid": _paid,
    "invoice.issued": _plain(lambda: _("The invoice was issued."), "receipt-text"),
}
