"""What happened to one request of the demo: its steps as deeds at moments, each done by an action of the apps.

Owns: the verbs that `data/vendors/*.toml` may use. Does not own: the order among requests (seed.py plays all deeds by time).
Refuses: verbs and keys that it does not know, and steps that run backwards in time.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from pomost.billing.actions import decide_estimate, make_invoice, propose_estimate
from pomost.demo.cast import Cast
from pomost.demo.moments import Moments, after
from pomost.demo.product import Product
from pomost.people.models import Contact, Technician
from pomost.rules.terms.model import said
from pomost.tickets import actions as tickets
from pomost.tickets.models import Ticket
from pomost.worklog.actions import enter_call, enter_data_work

PHONE_NOTE_TAKES: Final = timedelta(minutes=4)
"""From the beginning of a call to its registration."""
ANSWERED_AFTER: Final = timedelta(minutes=30)
"""How long a customer thinks about an estimate sent to the portal."""


class Deed(NamedTuple):
    """Something that is done at a moment. `turn` keeps deeds of one moment in their order; `tells`: mail may follow."""

    at: datetime
    turn: int
    do: Callable[[datetime], object]
    tells: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a request, as the file writes it: either `at` or `after`, a verb, and what the verb needs."""

    do: str
    at: str = ""
    after: str = ""
    who: str = ""
    text: str = ""
    minutes: int = 0
    levels: tuple[str, ...] = ()
    ask: int = 0
    """Minute of a session at which an estimate is asked."""
    more: int = 0
    """Minutes still to come, for an estimate."""
    yes: bool = True
    starts: str = ""
    city: str = ""
    severity: str = ""
    outcome: str = ""
    """What a person decides where the terms leave it open."""
    quoted: str = ""
    error: str = ""
    """Key of the known error that the request turns out to be about."""
    refusal: str = ""
    """Key of the reason in the terms, for a restriction."""
    scope: str = "request"
    days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, as the file writes it."""

    who: str
    at: str
    subject: str
    text: str
    service: str
    channel: str = "portal"
    family: str = ""
    severity: str = ""
    version: str = ""
    """Of the program; empty: what the customer has."""
    outdated: bool = False
    parts: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


def request_of(table: Mapping[str, Any]) -> Request:
    """Read one request of the file.

    Raises:
        TypeError: it has a key that means nothing.
    """
    steps = tuple(Step(**step) for step in table.get("steps", ()))
    return Request(**(dict(table) | {"steps": steps}))


@dataclass
class Story:
    """One request on its way through the desk."""

    cast: Cast
    moments: Moments
    request: Request
    dispatcher: Technician
    product: Product
    _ticket: Ticket | None = field(default=None, init=False)

    @property
    def ticket(self) -> Ticket:
        """Return the request; it must have been registered."""
        if self._ticket is None:
            raise ValueError(f"“{self.request.subject}” has a step before its registration.")
        return self._ticket

    @property
    def contact(self) -> Contact:
        """Return who asks."""
        return self.cast.contacts[self.request.who]

    @property
    def as_contact(self) -> str:
        """Return the customer as the journal writes them."""
        return f"contact:{self.contact.pk}"

    def technician(self, key: str) -> Technician:
        """Return somebody of the staff by the file's key."""
        return self.cast.technicians[key]

    def timeline(self) -> list[tuple[datetime, Step]]:
        """Return each step with its moment.

        Raises:
            ValueError: a step runs backwards, or past now.
        """
        last = self.moments.at(self.request.at)
        timed = []
        for step in self.request.steps:
            at = self.moments.at(step.at) if step.at else last + after(step.after)
            if not last <= at <= self.moments.now:
                raise ValueError(
                    f"“{self.request.subject}”: {step.do} at {at} lies before {last} or after now."
                )
            timed.append((at, step))
            last = at
        return timed

    def register(self, at: datetime) -> None:
        """Bring the request onto the desk; one that came by phone or mail was typed in by the dispatcher."""
        request = self.request
        received_at = self.moments.at(request.at)
        self._ticket = tickets.register(
            vendor=self.cast.vendor,
            contact=self.contact,
            channel=request.channel,
            subject=request.subject,
            text=request.text,
            service=request.service,
            family=request.family,
            severity=request.severity,
            product_version=request.version or self.contact.customer.product_version,
            outdated=request.outdated,
            parts=request.parts,
            consents=[self._consent(part) for part in request.consents],
            received_at=received_at,
            by=self.as_contact if request.channel == "portal" else self.staff(self.dispatcher),
            at=at,
        )

    def _consent(self, key: str) -> tickets.ConsentGiven:
        part = next(part for part in self.cast.terms.parts_for(self.request.service) if part.id == key)
        language = self.contact.language
        return tickets.ConsentGiven(key, True, said(part.ask, language), language)

    @staticmethod
    def staff(technician: Technician) -> str:
        """Return a technician as the journal writes them."""
        return f"technician:{technician.pk}"


def registration(story: Story) -> Deed:
    """Return the deed with which a request begins; a phone call is registered while it lasts."""
    received_at = story.moments.at(story.request.at)
    takes = timedelta() if story.request.channel == "portal" else PHONE_NOTE_TAKES
    return Deed(min(received_at + takes, story.moments.now), 0, story.register, True)


def deeds_of(story: Story, verbs: "Mapping[str, Verb]") -> Iterator[Deed]:
    """Return everything that happens to a request.

    Raises:
        ValueError: a step has an unknown verb, or runs backwards.
    """
    first = registration(story)
    yield first
    for turn, (at, step) in enumerate(story.timeline(), start=1):
        verb = verbs.get(step.do)
        if verb is None:
            raise ValueError(
                f"“{story.request.subject}”: nobody knows how to “{step.do}”. Known: {', '.join(verbs)}."
            )
        parts = list(verb(story, step))
        for offset, do in parts:
            tells = step.do not in UNTOLD and (step.do not in TOLD_AT_END or (offset, do) == parts[-1])
            yield Deed(max(at + offset, first.at), turn, do, tells)


UNTOLD: Final = frozenset({"take", "begin", "note"})
"""Verbs of which no mail speaks; the outbox need not be looked through after them."""
TOLD_AT_END: Final = frozenset({"session"})
"""Verbs of many parts, of which only the last is told."""

Part = tuple[timedelta, Callable[[datetime], object]]
Verb = Callable[[Story, Step], Iterator[Part]]
AT_ONCE: Final = timedelta()


def _by_staff(action: Callable[..., Ticket]) -> Verb:
    """Return the verb for an action of a technician that takes a text."""

    def verb(story: Story, step: Step) -> Iterator[Part]:
        technician = story.technician(step.who)
        yield (
            AT_ONCE,
            lambda at: action(
                story.ticket, step.text, technician=technician, by=story.staff(technician), at=at
            ),
        )

    return verb


def _take(story: Story, step: Step) -> Iterator[Part]:
    """Return the deed of taking a request; where it is the customer's own consultant's, the dispatcher gives it on."""
    technician = story.technician(step.who)

    def take(at: datetime) -> None:
        if story.ticket.assigned_to_id in (None, technician.pk):
            tickets.take(story.ticket, technician, by=story.staff(technician), at=at)
        else:
            tickets.assign(story.ticket, technician, by=story.staff(story.dispatcher), at=at)

    yield AT_ONCE, take


def _begin(story: Story, step: Step) -> Iterator[Part]:
    by = story.staff(story.technician(step.who))
    yield AT_ONCE, lambda at: tickets.begin_work(story.ticket, by=by, at=at)


def _told(story: Story, _step: Step) -> Iterator[Part]:
    by = story.staff(story.dispatcher)
    yield AT_ONCE, lambda at: tickets.number_told(story.ticket, how="phone", at_told=at, by=by, at=at)


def _ask(story: Story, step: Step) -> Iterator[Part]:
    technician = story.technician(step.who)
    by = story.staff(technician)

    def ask(at: datetime) -> Ticket:
        return tickets.wait_for_customer(
            story.ticket, question=step.text, technician=technician, by=by, at=at
        )

    yield AT_ONCE, ask


def _customer(story: Story, step: Step) -> Iterator[Part]:
    def write(at: datetime) -> Ticket:
        return tickets.customer_wrote(
            story.ticket, step.text, contact=story.contact, by=story.as_contact, at=at
        )

    yield AT_ONCE, write


def _severity(story: Story, step: Step) -> Iterator[Part]:
    by = story.staff(story.technician(step.who))
    yield AT_ONCE, lambda at: tickets.propose_severity(story.ticket, step.severity, by=by, at=at)


def _in_portal(action: Callable[..., Ticket]) -> Verb:
    """Return the verb for a yes of the customer in the portal."""

    def verb(story: Story, _step: Step) -> Iterator[Part]:
        def say_yes(at: datetime) -> Ticket:
            return action(story.ticket, contact=story.contact, channel="portal", by=story.as_contact, at=at)

        yield AT_ONCE, say_yes

    return verb


def _reject(story: Story, step: Step) -> Iterator[Part]:
    def reject(at: datetime) -> Ticket:
        contact = story.contact
        return tickets.reject_solution(
            story.ticket, step.text, contact=contact, channel="portal", by=story.as_contact, at=at
        )

    yield AT_ONCE, reject


def _close(story: Story, step: Step) -> Iterator[Part]:
    by = story.staff(story.technician(step.who))
    yield AT_ONCE, lambda at: tickets.close(story.ticket, step.text, by=by, at=at)


def _book(story: Story, step: Step) -> Iterator[Part]:
    starts = story.moments.at(step.starts)
    slot = tickets.Slot(story.technician(step.who), starts, starts + timedelta(minutes=step.minutes))
    by = story.staff(story.dispatcher)
    yield AT_ONCE, lambda at: tickets.book(story.ticket, slot, by=by, at=at)


def _decide(story: Story, step: Step) -> Iterator[Part]:
    by = story.staff(story.technician(step.who))
    yield AT_ONCE, lambda at: tickets.decide(story.ticket, step.outcome, step.text, by=by, at=at)


def _worked(enter: Callable[..., object]) -> Verb:
    """Return the verb for work without a session, entered when it is done."""

    def verb(story: Story, step: Step) -> Iterator[Part]:
        technician = story.technician(step.who)
        by = story.staff(technician)
        took = timedelta(minutes=step.minutes)

        def write_down(at: datetime) -> None:
            enter(
                story.ticket,
                technician=technician,
                worked_seconds=step.minutes * 60,
                started_at=at - took,
                note=step.text,
                by=by,
                at=at,
            )

        yield AT_ONCE, lambda at: tickets.begin_work(story.ticket, by=by, at=at)
        yield took, write_down

    return verb


def _estimate(story: Story, step: Step) -> Iterator[Part]:
    technician = story.technician(step.who)
    asked: list[Any] = []

    def propose(at: datetime) -> None:
        quoted = Decimal(step.quoted) if step.quoted else None
        asked.append(
            propose_estimate(
                story.ticket,
                technician=technician,
                more_seconds=step.more * 60,
                reason=step.text,
                quoted_net=quoted,
                by=story.staff(technician),
                at=at,
            )
        )

    def decide(at: datetime) -> None:
        estimate = asked[0]
        decide_estimate(
            estimate,
            accepted=step.yes,
            text_sha256=estimate.text_sha256,
            contact=story.contact,
            channel="portal",
            by=story.as_contact,
            at=at,
        )

    yield AT_ONCE, propose
    yield ANSWERED_AFTER, decide


def _error(story: Story, step: Step) -> Iterator[Part]:
    by = story.staff(story.technician(step.who))
    yield AT_ONCE, lambda at: story.product.meet(step.error, story.ticket, by=by, at=at)


def _restrict(story: Story, step: Step) -> Iterator[Part]:
    technician = story.technician(step.who)

    def restrict(at: datetime) -> object:
        return tickets.restrict(
            story.ticket,
            scope=step.scope,
            refusal=step.refusal,
            what_happened=step.text,
            until_at=at + timedelta(days=step.days),
            technician=technician,
            by=story.staff(technician),
            at=at,
        )

    yield AT_ONCE, restrict


def _invoice(story: Story, step: Step) -> Iterator[Part]:
    by = story.staff(story.technician(step.who))
    yield AT_ONCE, lambda at: make_invoice([story.ticket], by=by, at=at)


VERBS: Final[Mapping[str, Verb]] = {
    "told": _told,
    "take": _take,
    "begin": _begin,
    "reply": _by_staff(tickets.reply),
    "note": _by_staff(tickets.note),
    "call": _by_staff(tickets.note_call),
    "answer": _by_staff(tickets.propose_answer),
    "solve": _by_staff(tickets.propose_solution),
    "ask": _ask,
    "customer": _customer,
    "severity": _severity,
    "agree": _in_portal(tickets.agree_severity),
    "confirm": _in_portal(tickets.confirm_solution),
    "reject": _reject,
    "close": _close,
    "book": _book,
    "decide": _decide,
    "phone": _worked(enter_call),
    "data": _worked(enter_data_work),
    "estimate": _estimate,
    "invoice": _invoice,
    "error": _error,
    "restrict": _restrict,
}
"""Every verb but those of sessions and of visits, which are stories of their own (session_story.py, visit_story.py)."""
