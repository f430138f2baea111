"""A ticket's page: what was promised, what was said, what is next.

The page only gathers and shows; what its buttons do is verbs.py. A refusal comes back onto this page, beside what
was typed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import prefetch_related_objects
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from pomost.billing.by_hand import Beyond
from pomost.billing.costs import complaint_of
from pomost.billing.meter import cost_words
from pomost.billing.queries import cost_so_far
from pomost.console.forms import (
    BookForm,
    CloseForm,
    DecisionForm,
    EstimateForm,
    OverrunForm,
    SeverityAnswerForm,
    SeverityForm,
    ToldForm,
    WordsForm,
    WorkForm,
)
from pomost.console.guard import may, technician_page
from pomost.console.next_steps import BUTTONS, STEP_WORDS, TITLES, Todo, step_icon
from pomost.console.phone_consents import words_shown
from pomost.console.quotas import ticket_meter
from pomost.console.shell import face_of, page
from pomost.console.task_forms import MergeForm, split_form
from pomost.contracts.calendars import CalendarBook
from pomost.contracts.queries import local_day, terms_of
from pomost.people import formats
from pomost.people.models import Contact, Technician
from pomost.people.queries import names_of, on_call
from pomost.people.requests import DeskRequest
from pomost.remote.models import RemoteSession
from pomost.rules.decision import Subject
from pomost.rules.entitlement import Outcome, Verdict
from pomost.rules.levels import Level
from pomost.rules.terms.model import Terms, said
from pomost.tickets import access, queries
from pomost.tickets.actions import subject_of
from pomost.tickets.actions.overrun import paid_services
from pomost.tickets.foreseen import severity_question
from pomost.tickets.judgement import verdict_from_json
from pomost.tickets.models import Ticket
from pomost.tickets.queries import BoardRow, NextStep, TimelineItem
from pomost.ui.decision_parts import OUTCOME_WORDS, actors_in, why_view
from pomost.ui.file_parts import file_views
from pomost.ui.parts import LEVELS, MeterView, RungState, RungView, WhyView
from pomost.ui.product_parts import advice_view, error_view
from pomost.ui.restriction_parts import RestrictionView, restriction_view
from pomost.ui.ticket_parts import (
    chain_views,
    clause_view,
    clock_view,
    kin_views,
    message_views,
    severity_view,
)

AFTER_TIME: Final = (
    NextStep.AGREE_PRICE,
    NextStep.AWAIT_PRICE,
    NextStep.PRICE_DECLINED,
    NextStep.DECIDE_OVERRUN,
)
"""Steps of a ticket whose promised time is over and whose work stands still."""
OVER: Final = (Ticket.State.CONFIRMED, Ticket.State.CLOSED)
MAIL_FAILED: Final = (Ticket.Notice.DELAYED, Ticket.Notice.REFUSED)
NOTICE_FACTS: Final = ("ticket.notice-delayed", "ticket.notice-refused", "ticket.notice-bounced")
"""Facts that carry what the customer's mail server answered."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the ways to add to the conversation."""

    key: str
    label: str
    icon: str
    url: str
    placeholder: str
    button: str
    form: Form
    is_chosen: bool


@technician_page()
@require_safe
def ticket(request: DeskRequest, number: str) -> HttpResponse:
    """Show a ticket."""
    return ticket_page(request, access.ticket(request.technician, number))


def ticket_page(
    request: DeskRequest,
    ticket: Ticket,
    *,
    refused: str = "",
    typed: Mapping[str, Form] | None = None,
    beyond: Beyond | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a ticket; with `refused`, the sentence of a refusal and the forms as they were typed.

    `beyond` is how far the typed work reaches beyond what the customer agreed to: the page asks how to go on.
    """
    language = request.technician.person.language
    terms = terms_of(ticket.terms)
    book, staff = CalendarBook.of(ticket.vendor_id), on_call(request.vendor)
    prefetch_related_objects([ticket], "estimates")
    row = queries.row_of(ticket, book, request.now, language=language)
    verdict = verdict_from_json(ticket.verdict)
    forms = _forms(request, ticket, terms, language, staff) | dict(typed or {})
    known: list[Technician | Contact] = [ticket.contact, *staff]
    timeline = queries.timeline(ticket, internal=True, language=language, known=known)
    messages = [item.message for item in timeline if item.message is not None]
    split = forms.get("split") or split_form(ticket, messages, language)
    context: dict[str, object] = {
        "ticket": ticket,
        "row": row,
        "severity": severity_view(row),
        "who": face_of(ticket.assigned_to) if ticket.assigned_to is not None else None,
        "todo": (todo := _todo(request, ticket, row, timeline)),
        "todo_url": verb_url(request, ticket, todo.verb) if todo.verb else "",
        "promise": clock_view(row, request.now),
        "promise_label": row.promise_label,
        "promise_clause": clause_view(terms, row.clause, language=language) if row.clause else None,
        "chain": chain_views(
            queries.chain(ticket, request.now, book=book, language=language),
            terms,
            request.now,
            language=language,
        ),
        "service": said(terms.service(ticket.service).name, language),
        "family": said(terms.family(ticket.family).name, language) if ticket.family else "",
        "package": _package(verdict, terms, language),
        "decisions": _decisions(request, ticket, language, known),
        "must_decide": verdict.outcome is Outcome.ASK_PERSON and ticket.state not in OVER,
        "ladder": _ladder(verdict, terms, language),
        "meter": _cost(request, ticket, terms, language),
        "quota": ticket_meter(request, ticket, terms),
        "kin": kin_views(
            queries.kin_of(ticket),
            lambda each: reverse("console:ticket", args=[request.vendor.slug, each.number]),
        ),
        "messages_shown": message_views(timeline, request.now),
        "tabs": _tabs(request, ticket, row, forms, typed or {}),
        "waits": "wait" in request.POST,
        "ticked": request.POST.getlist("parts"),
        "missing": _missing(request, ticket, terms, language),
        "language": language,
        "forms": forms,
        "beyond": beyond,
        "split": split,
        "picked": request.POST.getlist("sentences"),
        "severity_question": severity_question(ticket, request.now, ticket.contact.language)
        if ticket.severity_proposed
        else "",
        "estimate": max(ticket.estimates.all(), key=lambda each: each.pk, default=None),
        "complaint_about": complaint_of(ticket),
        "complaints": ticket.complaints.count(),
        "known_errors": [error_view(each, language) for each in queries.errors_of(ticket)],
        "advice": advice_view(queries.advice_for(ticket, local_day(request.vendor, request.now)), language),
        "sessions": list(
            RemoteSession.objects.filter(ticket=ticket)
            .select_related("technician__person")
            .order_by("-rung_at")[:5]
        ),
        "files": file_views(subject_of(ticket)),
        "restriction": _restriction(request, row),
        "may_restrict": may(request.technician, Technician.Role.DISPATCHER),
        "refused": refused,
        "is_open": is_open(ticket),
        "keeps_forms": is_open(ticket) or bool(typed),
        "risk": clock_view(row, request.now).risk.value,
    }
    return page(request, "console/ticket.html", "board", context, staff=staff, status=status)


def _restriction(request: DeskRequest, row: BoardRow) -> RestrictionView | None:
    if row.restriction is None:
        return None
    language = request.technician.person.language
    return restriction_view(row.restriction, now=request.now, language=language, internal=True)


def _missing(request: DeskRequest, ticket: Ticket, terms: Terms, language: str) -> list[dict[str, str]]:
    """Return what is still missing, with the words to read out."""
    day = local_day(request.vendor, request.now)
    return [
        {
            "id": part.id,
            "ask": words_shown(
                terms,
                said(part.ask, language),
                language=language,
                day=day,
                services=[ticket.service],
                family=ticket.family,
            ),
        }
        for part in terms.parts
        if part.id in ticket.missing
    ]


def is_open(ticket: Ticket) -> bool:
    """Say whether the ticket still waits for a solution."""
    return ticket.state in {Ticket.State.INCOMPLETE, Ticket.State.OPEN, Ticket.State.WAITING}


def _todo(request: DeskRequest, ticket: Ticket, row: BoardRow, timeline: Sequence[TimelineItem]) -> Todo:
    step = row.next_step
    button, verb = "", ""
    if step in BUTTONS:
        _icon, words, verb = BUTTONS[step]
        button = str(words)
    return Todo(
        icon=step_icon(step),
        title=str(TITLES.get(step, STEP_WORDS[step])),
        text=_why(request, ticket, row, _server_said(ticket, timeline)),
        button=button,
        verb=verb,
        asks_when=verb == "told",
        again=ticket.notice in MAIL_FAILED and bool(ticket.contact.email),
    )


def _server_said(ticket: Ticket, timeline: Sequence[TimelineItem]) -> str:
    """Return what the customer's mail server last answered to the mail with the number; empty while it may go through."""
    if ticket.notice not in MAIL_FAILED:
        return ""
    answers = [item.data["answer"] for item in timeline if item.kind in NOTICE_FACTS]
    return str(answers[-1]) if answers else ""


def _why(request: DeskRequest, ticket: Ticket, row: BoardRow, server_said: str) -> str:
    """Say in one line what hangs on the next step: the promise, the server's answer, the phone, what is missing."""
    parts: list[str] = []
    if server_said:
        parts.append(gettext("The mail is not getting through: “%(answer)s”.") % {"answer": server_said})
    parts += _after_time(request, ticket, row)
    if row.next_step is NextStep.BEGIN_WORK:
        parts.append(gettext("Taking the customer's call in the app begins it too."))
    if row.due_at is not None and row.promise:
        parts.append(gettext("Promised %(by)s.") % {"by": formats.by(row.due_at, request.now)})
    if row.next_step in {NextStep.TELL_NUMBER, NextStep.CALL_WITH_NUMBER} and ticket.contact.phone:
        parts.append(gettext("The customer's phone: %(phone)s") % {"phone": ticket.contact.phone})
    agreed_at = row.next_at if row.next_step is NextStep.BOOKED else row.due_at if not row.promise else None
    if agreed_at is not None:
        moment = formats.moment(agreed_at, request.now)
        parts.append(gettext("Agreed for %(moment)s.") % {"moment": moment})
    if row.next_at is not None and row.next_step in {NextStep.NUMBER_ON_ITS_WAY, NextStep.TELL_NUMBER}:
        moment = formats.moment(row.next_at, request.now)
        parts.append(gettext("Next try: %(moment)s.") % {"moment": moment})
    if ticket.missing:
        terms = terms_of(ticket.terms)
        names = {part.id: said(part.name, request.technician.person.language) for part in terms.parts}
        parts.append(
            gettext("Missing: %(parts)s.")
            % {"parts": ", ".join(names.get(key, key) for key in ticket.missing)}
        )
    if ticket.state == Ticket.State.SOLVED and ticket.silence_ends_at is not None:
        until = formats.moment(ticket.silence_ends_at, request.now)
        parts.append(gettext("Silence counts as a yes from %(moment)s.") % {"moment": until})
    return " ".join(parts)


def _decisions(
    request: DeskRequest, ticket: Ticket, language: str, known: Iterable[Technician | Contact]
) -> list[WhyView]:
    """Return what holds for the ticket now, the entitlement first, each with its reasons."""
    kept = queries.decisions_in_force(ticket)
    names = names_of(actors_in(kept), known=known)
    return [why_view(each, names, now=request.now, language=language, internal=True) for each in kept]


def _after_time(request: DeskRequest, ticket: Ticket, row: BoardRow) -> list[str]:
    """Say what the terms let happen once the promised time is over."""
    if row.next_step not in AFTER_TIME:
        return []
    over, terms, language = ticket.overrun, terms_of(ticket.terms), request.technician.person.language
    moment = formats.moment(over.stopped_at, request.now)
    words = [
        gettext("Work stopped at %(moment)s.") % {"moment": moment},
        said(terms.clause(over.clause).sentence, language),
    ]
    if over.service:
        name = said(terms.service(over.service).name, language)
        words.append(gettext("Paid service: %(service)s.") % {"service": name})
    return words


def _package(verdict: Verdict, terms: Terms, language: str) -> str:
    """Return the package's name; empty where there is none, or where it only repeats that the price list applies."""
    if verdict.package is None:
        return ""
    name = said(terms.package(verdict.package).name, language)
    words = str(OUTCOME_WORDS[Subject.ENTITLEMENT, verdict.outcome.value][1])
    return "" if name.casefold() in words.casefold() else name


def _ladder(verdict: Verdict, terms: Terms, language: str) -> list[RungView]:
    """Draw the ceiling before the first question; nothing is granted outside a session."""
    ceiling = verdict.level_if_agreed if verdict.outcome is Outcome.ASK_PERSON else verdict.level
    clause = clause_view(terms, verdict.clause, language=language, with_date=False)
    rungs = []
    for place, level in enumerate(LEVELS, start=1):
        if place <= ceiling:
            rungs.append(RungView(level, RungState.FREE, pgettext("level", "with the customer's click")))
        else:
            rungs.append(RungView(level, RungState.LOCKED, pgettext("level", "not in the terms"), clause))
    return rungs if ceiling is not Level.NONE else rungs[:0]


def _cost(request: DeskRequest, ticket: Ticket, terms: Terms, language: str) -> MeterView:
    """Return what the work so far costs by the terms."""
    cost = cost_so_far(ticket, now=request.now)
    clause = (
        clause_view(terms, cost.bill.lines[-1].clause, language=language, with_date=False)
        if cost.bill.lines
        else None
    )
    gross = formats.money(cost.bill.gross.amount, cost.bill.currency)
    note = cost_words(cost)
    if cost.bill.vat.amount:
        note = f"{note}; " + gettext("%(gross)s with VAT") % {"gross": gross}
    return MeterView(
        formats.money(cost.bill.net.amount, cost.bill.currency),
        gettext("worked %(hours)s") % {"hours": _hours(cost.worked_seconds)},
        note=note,
        clause=clause,
    )


def _hours(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}"


def _forms(
    request: DeskRequest, ticket: Ticket, terms: Terms, language: str, staff: Sequence[Technician]
) -> dict[str, Form]:
    severities = [
        (each.id, said(each.name, language)) for each in terms.severities if each.id != ticket.severity
    ]
    return {
        "reply": WordsForm(),
        "note": WordsForm(),
        "call": WordsForm(),
        "solve": WordsForm(),
        "told": ToldForm(),
        "close": CloseForm(),
        "decide": DecisionForm(),
        "severity": SeverityForm(severities=severities),
        "severity_answer": SeverityAnswerForm(
            contacts=contacts_of(ticket), initial={"who": str(ticket.contact_id)}
        ),
        "work": WorkForm(),
        "overrun": OverrunForm(services=paid_choices(request, ticket)),
        "answer": WordsForm(),
        "merge": MergeForm(),
        "estimate": EstimateForm(),
        "book": BookForm(technicians=[(str(each.pk), each.person.name) for each in staff]),
    }


def paid_choices(request: DeskRequest, ticket: Ticket) -> list[tuple[str, str]]:
    """Return the services that have a price, as a form's choices."""
    terms, language = terms_of(ticket.terms), request.technician.person.language
    return [(key, said(terms.service(key).name, language)) for key in paid_services(ticket, request.now)]


def contacts_of(ticket: Ticket) -> list[tuple[str, str]]:
    """Return who may answer for the customer, as a form's choices."""
    return [(str(each.pk), each.name) for each in ticket.customer.contacts.order_by("name")]


def _tabs(
    request: DeskRequest,
    ticket: Ticket,
    row: BoardRow,
    forms: Mapping[str, Form],
    typed: Mapping[str, Form],
) -> list[Tab]:
    """Return the ways to write that fit now, and whatever was typed even if it fits no more."""
    contact = ticket.contact.name

    def tab(key: str, label: str, icon: str, placeholder: str, button: str) -> Tab:
        return Tab(
            key, label, icon, verb_url(request, ticket, key), placeholder, button, forms[key], key in typed
        )

    tabs = [
        tab(
            "reply",
            gettext("Reply"),
            "mail",
            gettext("Goes to %(name)s. The number is added for you") % {"name": contact},
            gettext("Send"),
        ),
        tab(
            "note",
            gettext("Note"),
            "sticky-note",
            gettext("Only colleagues read it"),
            gettext("Keep the note"),
        ),
        tab(
            "call", gettext("Call"), "phone", gettext("What was said on the phone"), gettext("Note the call")
        ),
    ]
    if is_open(ticket) or "solve" in typed:
        tabs.append(
            tab(
                "solve",
                gettext("Solution"),
                "flag",
                gettext("What was done and how the customer can check it"),
                gettext("Propose the solution"),
            )
        )
    if row.next_step is NextStep.PROPOSE_ANSWER or "answer" in typed:
        tabs.insert(
            0,
            tab(
                "answer",
                gettext("Answer"),
                "message-square",
                gettext("The first answer that the terms promise"),
                gettext("Propose the answer"),
            ),
        )
    return tabs


def verb_url(request: DeskRequest, ticket: Ticket, verb: str) -> str:
    """Return the address that a button or form of a ticket posts to."""
    return reverse(f"console:{verb.replace('-', '_')}", args=[request.vendor.slug, ticket.number])
