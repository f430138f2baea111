"""Facts of quotas, estimates, invoices and complaints."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from pomost.people import formats
from pomost.tickets.queries.sentences.told import About, Data, Told, Writer, plain, quantity_words


def _drawn(data: Data, about: About) -> Told:
    amount = quantity_words(Decimal(data["amount"]), data["unit"])
    return Told(_("Counted from the quota: %(amount)s") % {"amount": amount}, "wallet")


def _given_back(data: Data, about: About) -> Told:
    amount = quantity_words(Decimal(data["amount"]), data["unit"])
    return Told(_("Given back to the quota: %(amount)s") % {"amount": amount}, "undo-2")


def _complained(data: Data, about: About) -> Told:
    words = {
        "in-time": _("Complaint about the work, in time."),
        "under-guarantee": _("Complaint about the work, after its time but under guarantee."),
        "late": _("Complaint about the work, too late by the terms."),
        "unstated": _("Complaint about the work; the terms do not say until when one may complain."),
    }
    return Told(words[data["outcome"]], "triangle-alert")


def _examined(data: Data, about: About) -> Told:
    text = _("The complaint is looked at in request %(number)s.") % {"number": data["follow_up"]}
    return Told(text, "search")


def _complaint_accepted(data: Data, about: About) -> Told:
    text = _("The complaint was accepted: the repair is free.")
    if data["reason"]:
        text += " " + _("Reason: %(reason)s") % {"reason": data["reason"]}
    return Told(text, "check")


def _complaint_rejected(data: Data, about: About) -> Told:
    text = _("The complaint was rejected (§ %(clause)s).") % {"clause": data["clause"]}
    return Told(text + " " + _("Reason: %(reason)s") % {"reason": data["reason"]}, "x")


def _corrected(data: Data, about: About) -> Told:
    text = _("Correction %(number)s to the invoice %(invoice)s. Reason: %(reason)s")
    return Told(
        text % {"number": data["number"], "invoice": data["invoice"], "reason": data["reason"]}, "undo-2"
    )


def _paid(data: Data, about: About) -> Told:
    amount = formats.money(Decimal(data["amount"]), data["currency"])
    if data["amount"].startswith("-"):
        return Told(_("Payment taken back: %(amount)s.") % {"amount": amount}, "wallet")
    return Told(_("Payment received: %(amount)s.") % {"amount": amount}, "wallet")


MONEY: Final[Mapping[str, Writer]] = {
    "ticket.settled": plain(lambda: _("The work can be invoiced."), "receipt-text"),
    "ticket.quota-drawn": _drawn,
    "ticket.quota-given-back": _given_back,
    "estimate.proposed": plain(lambda: _("Price named."), "wallet"),
    "estimate.accepted": plain(lambda: _("Price accepted."), "check"),
    "estimate.declined": plain(lambda: _("Price declined."), "x"),
    "work.entered": plain(lambda: _("Worked time was entered."), "clock"),
    "travel.entered": plain(lambda: _("Travel was entered."), "clock"),
    "complaint.registered": _complained,
    "complaint.examined": _examined,
    "complaint.accepted": _complaint_accepted,
    "complaint.rejected": _complaint_rejected,
    "complaint.appealed": plain(lambda: _("Appeal against the rejection."), "message-square"),
    "invoice.corrected": _corrected,
    "invoice.paid": _paid,
    "invoice.issued": plain(lambda: _("The invoice was issued."), "receipt-text"),
}
