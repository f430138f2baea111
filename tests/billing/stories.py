"""One vendor's desk with its real terms file, and the steps of a story as the product takes them: by actions alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from people import by, customer_of, technician_of
from pomost.billing.actions import decide_estimate, make_invoice, propose_estimate
from pomost.billing.models import Estimate, Invoice
from pomost.billing.queries import fees_paid
from pomost.contracts.actions import publish_terms
from pomost.contracts.queries import terms_of
from pomost.people import actions as people
from pomost.people.models import Contact, Customer, Technician, Vendor
from pomost.remote import actions as remote
from pomost.remote import record
from pomost.remote.models import RemoteSession
from pomost.remote.offers import Proposal, proposal
from pomost.rules.levels import LEVELS_BY_WORD
from pomost.tickets.actions import confirm_solution, propose_solution, register
from pomost.tickets.models import Ticket
from pomost.worklog.actions import enter_session
from pomost.worklog.models import Entry

TERMS = Path(__file__).parents[2] / "terms"
ZONES = {
    "satisoft": "Europe/Warsaw",
    "damal": "Europe/Warsaw",
    "bonus": "Europe/Moscow",
    "centaur": "Europe/Moscow",
    "kryzhik": "Europe/Moscow",
}
CURRENCIES = {"satisoft": "PLN", "damal": "PLN", "bonus": "RUB", "centaur": "RUB", "kryzhik": "RUB"}
LANGUAGES = {"satisoft": "pl", "damal": "pl", "bonus": "ru", "centaur": "ru", "kryzhik": "ru"}


@dataclass(slots=True)
class Story:
    """A desk, its customer with one contact, and a technician who is on line."""

    vendor: Vendor
    tess: Technician
    customer: Customer
    ada: Contact

    def at(self, text: str) -> datetime:
        """Return a moment in the vendor's zone, `2026-06-16 10:02`."""
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.vendor.zone))

    def ticket(
        self,
        service: str,
        at: datetime,
        *,
        family: str = "",
        severity: str = "",
        package: str = "",
        contact: Contact | None = None,
    ) -> Ticket:
        contact = contact or self.ada
        return register(
            vendor=self.vendor,
            contact=contact,
            channel=Ticket.Channel.PHONE,
            subject="Nie drukuje",
            text="Faktury się nie drukują od rana.",
            service=service,
            family=family,
            severity=severity,
            package_claimed=package,
            received_at=at,
            by=by(self.tess),
            at=at,
        )

    def ring(self, at: datetime) -> RemoteSession:
        return remote.ring(self.tess, caller_name="Ada", language=LANGUAGES[self.vendor.slug], at=at)

    def proposal(self, ticket: Ticket, at: datetime) -> Proposal:
        return proposal(
            ticket, language=LANGUAGES[self.vendor.slug], fees_paid=fees_paid(ticket.customer), at=at
        )

    def answered(self, ticket: Ticket, at: datetime, *, reason: str = "") -> RemoteSession:
        """Call, answer, and tick what the staff must note."""
        session = self.ring(at)
        noted = [each.gate.id for each in self.proposal(ticket, at).noted_by_staff]
        return remote.answer(
            session,
            ticket,
            technician=self.tess,
            fees_paid=fees_paid(ticket.customer),
            noted=noted,
            reason=reason,
            by=by(self.tess),
            at=at,
        )

    def granted(self, ticket: Ticket, at: datetime, *, level: str = "act") -> RemoteSession:
        """Answer, let the customer say yes to every gate in the app, and grant a level."""
        session = self.answered(ticket, at)
        for gate in record.offer_of(session).gates:
            record.consent_answered(
                session, gate=gate.key, text_sha256=gate.text_sha256, accepted=True, at=at
            )
        return record.level_granted(session, LEVELS_BY_WORD[level], at=at)

    def measured(self, session: RemoteSession, minutes: float) -> RemoteSession:
        """Let the meter read so many minutes since the grant."""
        assert session.first_grant_at is not None
        at = session.first_grant_at + timedelta(minutes=minutes)
        return remote.metered(session, int(minutes * 60_000), at=at)

    def ended(self, session: RemoteSession, minutes: float) -> Entry | None:
        """Measure so many minutes since the grant, end, and enter the time."""
        assert session.first_grant_at is not None
        at = session.first_grant_at + timedelta(minutes=minutes)
        session = remote.end(session, why="Gotowe.", total_ms=int(minutes * 60_000), side="viewer", at=at)
        return enter_session(session, at=at)

    def worked(self, ticket: Ticket, at: datetime, minutes: float) -> Entry | None:
        """A whole session, from the call to the entry."""
        return self.ended(self.granted(ticket, at), minutes)

    def estimate(
        self, ticket: Ticket, at: datetime, *, more_minutes: int, reason: str = "Trzeba odbudować indeks."
    ) -> Estimate:
        return propose_estimate(
            ticket,
            technician=self.tess,
            more_seconds=more_minutes * 60,
            reason=reason,
            by=by(self.tess),
            at=at,
        )

    def decided(self, estimate: Estimate, at: datetime, *, accepted: bool) -> Estimate:
        return decide_estimate(
            estimate,
            accepted=accepted,
            text_sha256=estimate.text_sha256,
            contact=self.ada,
            channel="app",
            by=by(self.ada),
            at=at,
        )

    def confirmed(self, ticket: Ticket, at: datetime, *, contact: Contact | None = None) -> Ticket:
        contact = contact or self.ada
        propose_solution(ticket, "Indeks odbudowany.", technician=self.tess, by=by(self.tess), at=at)
        return confirm_solution(
            ticket, contact=contact, channel="portal", by=by(contact), at=at + timedelta(minutes=3)
        )

    def invoice(self, tickets: Sequence[Ticket], at: datetime) -> Invoice:
        return make_invoice(tickets, by=by(self.tess), at=at)


def story_of(slug: str, edit: Callable[[str], str] = str) -> Story:
    """Make the desk of a vendor, as its terms file names it; `edit` changes the file first."""
    vendor = people.add_vendor(
        slug=slug,
        name=slug.title(),
        mark=slug[0].upper(),
        language=LANGUAGES[slug],
        zone=ZONES[slug],
        currency=CURRENCIES[slug],
        sender=f"desk@{slug}.example.org",
        by="system",
        at=datetime(2026, 1, 2, 8, tzinfo=ZoneInfo("UTC")),
    )
    came = datetime(2026, 1, 2, 8, tzinfo=ZoneInfo("UTC"))
    version = publish_terms(vendor, edit((TERMS / f"{slug}.toml").read_text()), by="system", at=came)
    name = terms_of(version).vendor.name
    Vendor.objects.filter(pk=vendor.pk).update(name=name)
    vendor.refresh_from_db()
    customer, ada = customer_of(vendor, "Acme", "Ada", LANGUAGES[slug])
    tess = technician_of(vendor, "Tess", Technician.Role.TECHNICIAN)
    tess = people.set_presence(tess, Technician.Presence.FREE, by=by(tess), at=came)
    return Story(vendor, tess, customer, ada)
