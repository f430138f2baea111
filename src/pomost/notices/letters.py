"""What a mail says: one writer for each kind of fact that is told to the customer.

Owns the words, in the language of the contact and the zone of the vendor, which the caller has made current. A writer
reads what is true when the mail is sent and returns None when there is nothing left to tell. How a letter looks is the
templates', how it travels `sender.py`'s. What staff are told is staff_letters.py.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pomost.billing.actions import render_correction_pdf, render_pdf
from pomost.billing.models import Complaint, Correction, Estimate, Invoice
from pomost.contracts.queries import terms_of
from pomost.journal.models import Fact
from pomost.notices.letter import Attachment, Letter
from pomost.notices.product_letters import mended, update_advice
from pomost.people import formats
from pomost.people.models import Contact
from pomost.people.queries import names_of
from pomost.remote.models import RemoteSession
from pomost.rules.decision import Subject
from pomost.rules.entitlement import ENTITLED, Outcome
from pomost.rules.terms.model import Terms, said
from pomost.tickets.actions.severity import open_proposal
from pomost.tickets.foreseen import severity_change
from pomost.tickets.judgement import verdict_from_json
from pomost.tickets.links import VALID_FOR, restriction_token, severity_token
from pomost.tickets.models import Clock, Message, Restriction, Ticket
from pomost.tickets.queries import decisions_of
from pomost.tickets.queries.sentences import last_day_words, moment_words
from pomost.tickets.restricted import standing_for
from pomost.ui.decision_parts import actors_in, why_lines, why_view
from pomost.ui.restriction_parts import restriction_lines, while_restricted


def number(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell the number, what is missing and what happens next."""
    if ticket.notice == Ticket.Notice.TOLD:
        return None
    terms = terms_of(ticket.terms)
    language = ticket.contact.language
    rows = [(_("Number"), ticket.number), (_("Service"), said(terms.service(ticket.service).name, language))]
    if ticket.family:
        rows.append((_("Product"), said(terms.family(ticket.family).name, language)))
    if ticket.severity:
        rows.append((_("Severity"), said(terms.severity(ticket.severity).name, language)))
    if ticket.package:
        rows.append((_("Package"), said(terms.package(ticket.package).name, language)))
    paragraphs = [_("We have your request. Its number is %(number)s.") % {"number": ticket.number}]
    if ticket.split_from is not None:
        paragraphs.append(_task_of_its_own(ticket, ticket.split_from, terms))
    closing = [_("Name this number when you call or write.")]
    restricted = standing_for(ticket, fact.at)
    missing = _missing(ticket, terms, language) if ticket.missing else []
    if restricted is not None:
        return Letter(
            title=_("Request %(number)s registered; support is restricted") % {"number": ticket.number},
            paragraphs=[*paragraphs, *restriction_lines(restricted, fact.at), while_restricted(), *missing],
            rows=rows,
            closing=[
                *closing,
                _("If you do not agree, write why: somebody else than who restricted decides."),
            ],
            button=_("Why, and appeal"),
            address=restriction_address(restricted, ticket.contact),
        )
    if missing:
        return Letter(
            title=_("Request %(number)s: something is missing") % {"number": ticket.number},
            paragraphs=paragraphs + missing,
            rows=rows,
            closing=closing,
            button=_("Add what is missing"),
        )
    return Letter(
        title=_("Request %(number)s registered") % {"number": ticket.number},
        paragraphs=paragraphs + _what_next(ticket, terms, language),
        rows=rows,
        closing=closing,
        button=_("Open the request"),
    )


def restriction_address(restriction: Restriction, reader: Contact) -> str:
    """Return where a contact of the customer reads of a restriction and appeals, without sign-in."""
    token = restriction_token(restriction, reader)
    return reverse("portal:restriction_link", args=[restriction.vendor.slug, token])


def _task_of_its_own(ticket: Ticket, first: Ticket, terms: Terms) -> str:
    said_so = _("Your message held two tasks. The other one goes on as request %(number)s.") % {
        "number": first.number
    }
    if terms.request_rule is None:
        return said_so
    clause = terms.clause(terms.request_rule.clause)
    return f"{said_so} {said(clause.sentence, ticket.contact.language)} ({clause.label})"


def merged(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell that a request goes on as an earlier one."""
    into = ticket.merged_into
    if into is None:
        return None
    return Letter(
        title=_("Request %(number)s goes on as %(into)s") % {"number": ticket.number, "into": into.number},
        paragraphs=[
            _("Both requests are about one task, so we handle them as one: %(into)s, “%(subject)s”.")
            % {"into": into.number, "subject": into.subject},
            _("What you wrote stays. Nothing is counted or charged twice."),
        ],
        button=_("Open the request"),
    )


def _missing(ticket: Ticket, terms: Terms, language: str) -> list[str]:
    parts = {part.id: part for part in terms.parts_for(ticket.service)}
    named = [parts[key] for key in ticket.missing if key in parts]
    names = ", ".join(said(part.name, language) for part in named)
    sentences = [_("Missing: %(parts)s. We have the rest.") % {"parts": names}]
    # What asks for a consent names its price in the portal, where it is given.
    sentences += [said(part.ask, language) for part in named if "{price}" not in said(part.ask, language)]
    sentences.append(_("Work begins once everything is here (§ %(clause)s).") % {"clause": named[0].clause})
    return sentences


def _what_next(ticket: Ticket, terms: Terms, language: str) -> list[str]:
    """Say what the terms promise from here, or that they promise nothing more."""
    verdict = verdict_from_json(ticket.verdict)
    sentences = []
    if verdict.outcome not in ENTITLED:
        sentences += _why(ticket, language)
    sentences += update_advice(ticket)
    if verdict.outcome is Outcome.ASK_PERSON:
        sentences.append(_("We will decide about it and tell you before any work."))
    if ticket.assigned_to is not None:
        sentences.append(_("In charge: %(name)s.") % {"name": ticket.assigned_to.person.name})
    names = {each.id: said(each.name, language) for each in terms.promises}
    ahead = [clock for clock in _open_clocks(ticket) if not _is_kept_by_this_mail(clock, terms)]
    for clock in ahead:
        if clock.due_at is not None:
            promised = {
                "promise": names[clock.key],
                "moment": moment_words(clock.due_at),
                "clause": clock.clause,
            }
            sentences.append(_("%(promise)s: by %(moment)s (§ %(clause)s).") % promised)
        elif clock.unpromised:
            sentences.append(
                _("%(promise)s: no moment yet, the working days of that year are not confirmed")
                % {"promise": names[clock.key]}
                + f" (§ {clock.clause})."
            )
    if not ahead:
        sentences.append(_("A technician reads it next. We write or call as soon as there is an answer."))
    return sentences


def _why(ticket: Ticket, language: str) -> list[str]:
    """Return what holds for the request, by which clause and because of what."""
    last = decisions_of(ticket, Subject.ENTITLEMENT)[-1:]
    names = names_of(actors_in(last))
    return [
        line
        for each in last
        for line in why_lines(why_view(each, names, now=each.at, language=language, internal=False))
    ]


def _open_clocks(ticket: Ticket) -> list[Clock]:
    return [clock for clock in ticket.clocks.order_by("due_at") if clock.started_at and not clock.stopped_at]


def _is_kept_by_this_mail(clock: Clock, terms: Terms) -> bool:
    return any(each.id == clock.key and "notice.accepted" in each.stops for each in terms.promises)


def reply(fact: Fact, ticket: Ticket) -> Letter | None:
    """Pass on what staff wrote."""
    message = Message.objects.filter(pk=fact.data["message"], ticket=ticket).first()
    if message is None:
        return None
    waits = [_("We wait for your answer.")] if fact.kind == "ticket.waiting" else []
    return Letter(
        title=_("Answer to request %(number)s") % {"number": ticket.number},
        quoted=message.text,
        quoted_from=message.author_name,
        closing=waits,
        button=_("Answer in the portal"),
        is_from_a_person=True,
    )


def solved(fact: Fact, ticket: Ticket) -> Letter | None:
    """Give the solution and ask for a word on it."""
    message = Message.objects.filter(pk=fact.data["message"], ticket=ticket).first()
    if message is None or ticket.state != Ticket.State.SOLVED:
        return None
    closing = [_("Please say whether it helped.")]
    terms = terms_of(ticket.terms)
    if ticket.silence_ends_at is not None and terms.confirmation is not None:
        silence = {"day": last_day_words(ticket.silence_ends_at), "clause": terms.confirmation.clause}
        closing.append(
            _("Without an answer by the end of %(day)s it counts as solved (§ %(clause)s).") % silence
        )
    return Letter(
        title=_("Request %(number)s: a solution") % {"number": ticket.number},
        quoted=message.text,
        quoted_from=message.author_name,
        closing=closing,
        button=_("Say whether it helped"),
    )


def severity(fact: Fact, ticket: Ticket) -> Letter | None:
    """Ask for agreement to another severity; the button answers without sign-in."""
    proposal = open_proposal(ticket)
    if proposal is None or fact.data.get("proposal", proposal.pk) != proposal.pk:
        return None  # answered, or another one was proposed since
    change = severity_change(ticket, proposal.after, fact.at, ticket.contact.language)
    rows = []
    for each in change.promises:
        if each.due_before is not None and each.due_after is not None:
            rows.append(
                (
                    f"{each.label}, {change.before}",
                    _("by %(moment)s") % {"moment": moment_words(each.due_before)},
                )
            )
            rows.append(
                (
                    f"{each.label}, {change.after}",
                    _("by %(moment)s") % {"moment": moment_words(each.due_after)},
                )
            )
    token = severity_token(proposal, ticket.contact)
    return Letter(
        title=_("Request %(number)s: another severity?") % {"number": ticket.number},
        paragraphs=[
            _("We propose the severity “%(after)s” instead of “%(before)s”.")
            % {"after": change.after, "before": change.before},
            f"{change.after}: {change.definition}",
            _("Nothing changes until you agree: “%(before)s” holds.") % {"before": change.before},
        ],
        rows=rows,
        closing=[
            _("The link works once and without sign-in, until %(moment)s. You can also answer by phone.")
            % {"moment": moment_words(proposal.proposed_at + VALID_FOR)}
        ],
        button=_("Agree or decline"),
        address=reverse("portal:severity_link", args=[ticket.vendor.slug, token]),
    )


def estimate(fact: Fact, ticket: Ticket) -> Letter | None:
    """Ask for the decision on a price."""
    asked = Estimate.objects.filter(pk=fact.data["estimate"], state=Estimate.State.PROPOSED).first()
    if asked is None:
        return None
    return Letter(
        title=_("Request %(number)s: the price of going on") % {"number": ticket.number},
        paragraphs=[asked.text, _("Work waits until you decide.")],
        button=_("Agree or decline"),
    )


def session(fact: Fact, ticket: Ticket) -> Letter | None:
    """Sum up a session that has ended, with the clause where the terms let the technician end it."""
    ended = RemoteSession.objects.select_related("technician__person").filter(pk=fact.data["session"]).first()
    if ended is None:
        return None
    by_terms = ended.events.filter(kind="ended-by-terms").first()
    rows = _measured(ended)
    if by_terms is None and not rows:
        return None  # nothing was ever shown
    title, why = _("Request %(number)s: the session has ended"), []
    if by_terms is not None:
        title = _("Request %(number)s: the session was ended by the terms")
        why = [
            _("The technician ended the session (§ %(clause)s).") % {"clause": by_terms.data["clause"]},
            _("What happened: %(words)s") % {"words": by_terms.data["why"]},
        ]
    return Letter(
        title=title % {"number": ticket.number},
        paragraphs=[*why, _("The session has ended. Nobody can return without your consent.")],
        rows=rows,
        button=_("Open the request"),
    )


def _measured(ended: RemoteSession) -> list[tuple[str, str]]:
    """Return what is counted of a session; empty where nothing was shown in it."""
    if ended.first_grant_at is None or ended.ended_at is None:
        return []
    metered_s = ended.metered_ms // 1000
    return [
        (_("Technician"), ended.technician.person.name),
        (pgettext("moment", "From"), moment_words(ended.first_grant_at)),
        (pgettext("moment", "To"), moment_words(ended.ended_at)),
        (_("Time counted"), f"{metered_s // 3600}:{metered_s // 60 % 60:02d}:{metered_s % 60:02d}"),
        (_("Movements and keys accepted"), formats.number(ended.inputs_accepted)),
    ]


def invoice(fact: Fact, ticket: Ticket) -> Letter | None:
    """Send an invoice, once, however many requests it covers.

    Its PDF is made here unless somebody opened it before: not every contact can sign in and fetch it.
    """
    issued = Invoice.objects.filter(pk=fact.data["invoice"]).first()
    if issued is None or not _is_first(fact, "invoice"):
        return None
    file_name = f"{issued.number.replace('/', '-')}.pdf"
    return Letter(
        title=_("Invoice %(number)s") % {"number": issued.number},
        paragraphs=[
            _("The work on request %(number)s is done and confirmed. This is its invoice.")
            % {"number": ticket.number}
        ],
        rows=[
            (_("Invoice"), issued.number),
            (_("To pay"), formats.money(Decimal(fact.data["gross"]), fact.data["currency"])),
            (_("Pay by"), formats.date_words(issued.due_on)),
        ],
        button=_("Open the request"),
        attachment=Attachment(file_name, render_pdf(issued), "application/pdf"),
    )


def complaint(fact: Fact, ticket: Ticket) -> Letter | None:
    """Tell what became of a complaint: registered and how it stands, accepted, or rejected by which clause and why."""
    about = Complaint.objects.select_related("follow_up").filter(pk=fact.data["complaint"]).first()
    if about is None:
        return None
    terms, language = terms_of(ticket.terms), ticket.contact.language
    number = {"number": ticket.number}
    if fact.kind == "complaint.registered":
        return Letter(
            title=_("Complaint about request %(number)s registered") % number,
            paragraphs=[
                _("We have your complaint, look at it and write what we decide."),
                *_standing(about, terms, language),
            ],
            button=_("Open the request"),
        )
    if fact.kind == "complaint.accepted":
        paragraphs = [_("Your complaint about request %(number)s is accepted. The repair is free.") % number]
        if about.follow_up is not None:
            paragraphs.append(_("It is done in request %(number)s.") % {"number": about.follow_up.number})
        return Letter(
            title=_("Complaint about request %(number)s accepted") % number,
            paragraphs=[*paragraphs, *filter(None, [about.reason])],
            button=_("Open the request"),
        )
    clause = terms.clause(about.decision_clause)
    return Letter(
        title=_("Complaint about request %(number)s rejected") % number,
        paragraphs=[
            _("Your complaint about request %(number)s is rejected.") % number,
            about.reason,
            f"{said(clause.sentence, language)} ({clause.label})",
        ],
        closing=[_("If you do not agree, write why on the page of the request.")],
        button=_("Open the request"),
    )


def _standing(about: Complaint, terms: Terms, language: str) -> list[str]:
    words = {
        "in-time": _("It came in time."),
        "under-guarantee": _(
            "The time for complaints has passed, but the guarantee on the work still holds."
        ),
        "late": _("It came after the time that the terms give. We look at it nevertheless."),
    }
    said_so = [words[about.outcome]] if about.outcome in words else []
    if about.clause:
        clause = terms.clause(about.clause)
        said_so.append(f"{said(clause.sentence, language)} ({clause.label})")
    return said_so


def correction(fact: Fact, ticket: Ticket) -> Letter | None:
    """Send a correction of an invoice, once, however many requests the invoice covers."""
    issued = Correction.objects.filter(pk=fact.data["correction"]).first()
    if issued is None or not _is_first(fact, "correction"):
        return None
    return Letter(
        title=_("Correction %(number)s") % {"number": issued.number},
        paragraphs=[
            _("The invoice %(number)s is corrected.") % {"number": fact.data["invoice"]},
            issued.reason,
        ],
        rows=[
            (_("Correction"), issued.number),
            (_("Less by"), formats.money(-issued.gross, fact.data["currency"])),
        ],
        button=_("Open the request"),
        attachment=Attachment(
            f"{issued.number.replace('/', '-')}.pdf", render_correction_pdf(issued), "application/pdf"
        ),
    )


def _is_first(fact: Fact, key: str) -> bool:
    """Say whether this is the first of the facts that tell of one document, one for each request it covers."""
    same = Fact.objects.filter(kind=fact.kind, vendor=fact.vendor, **{f"data__{key}": fact.data[key]})
    first = same.order_by("id").first()
    return first is not None and first.pk == fact.pk


Writer = Callable[[Fact, Ticket], Letter | None]

WRITERS: Final[Mapping[str, tuple[str, Writer]]] = {
    "ticket.registered": ("number", number),
    "ticket.notice-again": ("number", number),
    "ticket.severity-proposed": ("severity", severity),
    "ticket.replied": ("reply", reply),
    "ticket.waiting": ("reply", reply),
    "ticket.answer-proposed": ("reply", reply),
    "ticket.solved": ("solved", solved),
    "ticket.merged": ("merged", merged),
    "ticket.error-mended": ("mended", mended),
    "estimate.proposed": ("estimate", estimate),
    "session.ended": ("session", session),
    "invoice.issued": ("invoice", invoice),
    "invoice.corrected": ("correction", correction),
    "complaint.registered": ("complaint", complaint),
    "complaint.accepted": ("complaint", complaint),
    "complaint.rejected": ("complaint", complaint),
}
"""Kind of fact to the kind of mail and its writer."""
