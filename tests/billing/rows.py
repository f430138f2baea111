"""Rows for the tests that attack the database: made directly, because what is tried is that no action is needed.

Owns no story; those are in test_golden_cases.py.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from people import Cast, cast
from pomost.billing.models import BilledEntry, Estimate, Invoice, InvoiceLine, OneOffFee, Settlement
from pomost.contracts.models import TermsVersion
from pomost.remote.models import RemoteSession
from pomost.tickets.models import Consent, Ticket
from pomost.worklog.models import Entry

NOON = datetime(2026, 6, 16, 10, tzinfo=UTC)


@dataclass(slots=True)
class Rows:
    """A desk with one version of terms, and ways to put rows into its tables."""

    cast: Cast
    terms: TermsVersion
    count: int = 0

    def ticket(
        self, state: str = Ticket.State.CONFIRMED, *, neighbours: bool = False, other: bool = False
    ) -> Ticket:
        self.count += 1
        contact = self.cast.boris if other else self.cast.ada
        return Ticket.objects.create(
            vendor=self.cast.neighbour if neighbours else self.cast.vendor,
            sequence=self.count,
            number=f"H-{self.count}",
            customer=contact.customer,
            contact=contact,
            channel=Ticket.Channel.PHONE,
            subject="It does not print",
            service="help",
            terms=self.terms,
            verdict={},
            state=state,
            received_at=NOON,
            registered_at=NOON,
            solved_at=NOON if state == Ticket.State.CONFIRMED else None,
            confirmed_at=NOON if state == Ticket.State.CONFIRMED else None,
        )

    def session(
        self, ticket: Ticket | None, *, state: str = RemoteSession.State.ENDED, metered_ms: int = 60_000
    ) -> RemoteSession:
        session = RemoteSession.objects.create(
            vendor=self.cast.vendor,
            technician=self.cast.tess,
            state=RemoteSession.State.RINGING,
            caller_name="Ada",
            language="en",
            rung_at=NOON,
        )
        changes: dict[str, object] = {"state": state, "ticket": ticket, "metered_ms": metered_ms}
        if state == RemoteSession.State.ENDED:
            changes["ended_at"] = NOON
        if state != RemoteSession.State.RINGING:
            RemoteSession.objects.filter(pk=session.pk).update(**changes)
        session.refresh_from_db()
        return session

    def entry(self, ticket: Ticket, seconds: int = 60) -> Entry:
        return Entry.objects.create(
            ticket=ticket,
            technician=self.cast.tess,
            source=Entry.Source.DATA,
            service="help",
            started_at=NOON,
            worked_seconds=seconds,
            recorded_at=NOON,
        )

    def estimate(self, ticket: Ticket, *, leaves_zero: bool = True) -> Estimate:
        text = "Three more hours. Go on?"
        return Estimate.objects.create(
            ticket=ticket,
            technician=self.cast.tess,
            more_seconds=10_800,
            net_if_accepted=Decimal("800.00"),
            net_if_declined=Decimal("0.00") if leaves_zero else Decimal("200.00"),
            currency="EUR",
            covers_seconds=14_400,
            priced_by=self.terms,
            priced_on=date(2026, 6, 16),
            decline_leaves_zero=leaves_zero,
            reason="The index is broken",
            clause="5",
            text=text,
            text_sha256=sha256(text.encode()).hexdigest(),
            language="en",
            proposed_at=NOON,
        )

    def consent(self, estimate: Estimate, *, accepted: bool, kind: str = "estimate") -> Consent:
        return Consent.objects.create(
            vendor=self.cast.vendor,
            ticket=estimate.ticket,
            contact=self.cast.ada,
            kind=kind,
            accepted=accepted,
            text=estimate.text,
            text_sha256=estimate.text_sha256,
            text_version="1",
            language="en",
            channel=Consent.Channel.PORTAL,
            by=f"contact:{self.cast.ada.pk}",
            at=NOON,
        )

    def answered(self, estimate: Estimate, *, accepted: bool) -> Estimate:
        estimate.consent = self.consent(estimate, accepted=accepted)
        estimate.state = Estimate.State.ACCEPTED if accepted else Estimate.State.DECLINED
        estimate.decided_at = NOON
        estimate.save(update_fields=["consent", "state", "decided_at"])
        return estimate

    def settlement(self, ticket: Ticket) -> Settlement:
        return Settlement.objects.create(ticket=ticket, settled_at=NOON, clause="6")

    def invoice(self, *, sequence: int = 1, net: str = "100.00") -> Invoice:
        return Invoice.objects.create(
            vendor=self.cast.vendor,
            year=2026,
            sequence=sequence,
            number=f"I/{sequence}/2026",
            customer=self.cast.acme,
            language="en",
            currency="EUR",
            issued_on=date(2026, 6, 16),
            supplied_on=date(2026, 6, 16),
            due_on=date(2026, 6, 30),
            net=Decimal(net),
            vat=Decimal("0.00"),
            gross=Decimal(net),
            seller={},
            buyer={},
            issued_at=NOON,
        )

    def line(
        self, invoice: Invoice, settlement: Settlement, *, position: int = 1, net: str = "100.00"
    ) -> InvoiceLine:
        return InvoiceLine.objects.create(
            invoice=invoice,
            settlement=settlement,
            position=position,
            kind="work",
            description="Help",
            clause="4",
            clause_from=date(2026, 1, 1),
            clause_text="100 an hour",
            quantity=Decimal(1),
            unit_seconds=3600,
            unit_price_net=Decimal(net),
            net=Decimal(net),
            vat_exempt=False,
            supplied_on=date(2026, 6, 16),
        )

    def fee(self, settlement: Settlement) -> OneOffFee:
        return OneOffFee.objects.create(customer=self.cast.acme, fee="connection", settlement=settlement)

    def billed(self, line: InvoiceLine, entry: Entry) -> BilledEntry:
        return BilledEntry.objects.create(line=line, entry=entry)


def make_rows() -> Rows:
    """Make the desk that the rows belong to."""
    people = cast()
    terms = TermsVersion.objects.create(
        vendor=people.vendor,
        version="1",
        valid_from=date(2026, 1, 1),
        text="",
        sha256="0" * 64,
        published_at=NOON - timedelta(days=100),
    )
    return Rows(people, terms)
