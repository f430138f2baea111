"""Tables of money: estimates, settlements, invoices, corrections, payments, complaints.

An invoice line cannot exist without a `Settlement`, and triggers let a settlement come into being only when its ticket was
solved and confirmed and no estimate of it was declined (see the migration); so no way of writing to the database makes an
invoice precede the solution, or charges after a "no".
"""

from django.db import models
from django.db.models.functions import Round

from pomost.contracts.models import TermsVersion
from pomost.people.models import Contact, Customer, Technician, Vendor
from pomost.tickets.models import Consent, Ticket
from pomost.worklog.models import Entry


class Estimate(models.Model):
    """A price named before going on. The customer's answer is final."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        ACCEPTED = "accepted"
        DECLINED = "declined"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="estimates")
    technician = models.ForeignKey(Technician, on_delete=models.PROTECT, related_name="estimates")
    more_seconds = models.PositiveIntegerField()
    """Work still to come, beyond what is already worked."""
    net_if_accepted = models.DecimalField(max_digits=14, decimal_places=2)
    """For the whole work, net, if the customer says yes."""
    net_if_declined = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    quoted_net = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    """A fixed net sum for the whole work, where the tariff is quoted; NULL: the tariff's rate counts (decision A5)."""
    covers_seconds = models.PositiveIntegerField(null=True)
    """The whole work on the request that the sum covers; NULL: however long it takes."""
    priced_by = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="estimates")
    """Whose prices were named; once accepted they hold for all work on the request, whatever changes since."""
    priced_on = models.DateField()
    """The vendor's day whose price list that is."""
    decline_leaves_zero = models.BooleanField()
    """Do the terms say that a "no" costs nothing, the time already worked included? A trigger reads this."""
    reason = models.TextField()
    clause = models.CharField(max_length=60)
    text = models.TextField()
    """The question as the customer reads it, in `language`; the answer names its hash."""
    text_sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, null=True, related_name="estimate")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="proposed", consent=None)
                | (~models.Q(state="proposed") & models.Q(consent__isnull=False)),
                name="estimate_answer_is_signed",
            ),
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(state="proposed"), name="estimate_one_open_a_ticket"
            ),
            models.CheckConstraint(
                condition=models.Q(decline_leaves_zero=False) | models.Q(net_if_declined=0),
                name="estimate_zero_is_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.net_if_accepted} {self.currency}"


class Settlement(models.Model):
    """Proof that a ticket's work may be charged. Made only by `billing.actions.settle`, after the solution."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="settlement")
    settled_at = models.DateTimeField()
    clause = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"settlement of {self.ticket_id}"


class OneOffFee(models.Model):
    """A fee charged once per customer; the key makes a second one impossible, also when two sessions race."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="one_off_fees")
    fee = models.CharField(max_length=60)
    """Key of the fee in the terms."""
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="one_off_fees")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "fee"], name="fee_once_a_customer")]

    def __str__(self) -> str:
        return self.fee


class Invoice(models.Model):
    """An invoice as issued: never edited. Its PDF is kept as it was sent."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="invoices")
    year = models.PositiveSmallIntegerField()
    """Of issue, in the vendor's zone; the sequence runs within it, without gaps."""
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=40)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="invoices")
    language = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    issued_on = models.DateField()
    supplied_on = models.DateField()
    due_on = models.DateField()
    net = models.DecimalField(max_digits=14, decimal_places=2)
    vat = models.DecimalField(max_digits=14, decimal_places=2)
    gross = models.DecimalField(max_digits=14, decimal_places=2)
    seller = models.JSONField()
    """Name, address, tax_id, email, bank_account, mark of the vendor as they were on the day of issue."""
    buyer = models.JSONField()
    """Name, address, tax_id of the customer as they were on the day of issue."""
    issued_at = models.DateTimeField()
    pdf = models.BinaryField(null=True)
    """Set once, byte for byte as it was sent."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "year", "sequence"], name="invoice_sequence_once"),
            models.UniqueConstraint(fields=["vendor", "number"], name="invoice_number_once"),
            # Rounded, because SQLite adds decimals as binary fractions: 0.1 + 0.2 is not 0.3 there.
            models.CheckConstraint(
                condition=models.Q(gross=Round(models.F("net") + models.F("vat"), 2)), name="invoice_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(models.Model):
    """One line: what, how much, by which clause; bound to the settlement that allows it."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="invoice_lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    """"work" or the key of a fee."""
    description = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    """Request, day, hours and how they were counted; in the invoice's language."""
    clause = models.CharField(max_length=60)
    clause_from = models.DateField()
    """First day of the version of the terms that the clause is taken from."""
    clause_text = models.TextField()
    worked_seconds = models.PositiveIntegerField(default=0)
    billed_seconds = models.PositiveIntegerField(default=0)
    quantity = models.DecimalField(max_digits=12, decimal_places=4)
    unit_seconds = models.PositiveIntegerField(null=True)
    """Length of the unit that `quantity` counts; NULL: a piece, such as a fee."""
    unit_price_net = models.DecimalField(max_digits=14, decimal_places=2)
    net = models.DecimalField(max_digits=14, decimal_places=2)
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    """Of the day of supply; NULL: no VAT."""
    vat_exempt = models.BooleanField()
    """Exempt from VAT, which is said otherwise than that none is charged."""
    vat_clause = models.CharField(max_length=60, blank=True)
    vat_clause_text = models.TextField(blank=True)
    """Why this rate, in the invoice's language; empty where the terms do not say."""
    supplied_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(vat_exempt=False) | models.Q(vat_percent=None),
                name="invoice_line_exempt_has_no_rate",
            ),
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_position_once"),
            models.CheckConstraint(condition=models.Q(net__gt=0), name="invoice_line_costs_something"),
        ]

    def __str__(self) -> str:
        return self.description


class BilledEntry(models.Model):
    """Which line charges an entry. An entry is charged once or never."""

    line = models.ForeignKey(InvoiceLine, on_delete=models.PROTECT, related_name="billed_entries")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="billed")

    def __str__(self) -> str:
        return f"entry {self.entry_id} on line {self.line_id}"


class Correction(models.Model):
    """A document that takes back part of an invoice, or all of it. It has a number of its own; the invoice stays."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="corrections")
    year = models.PositiveSmallIntegerField()
    """Of issue, in the vendor's zone; the sequence runs within it, without gaps."""
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=50)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="corrections")
    issued_on = models.DateField()
    reason = models.TextField()
    """Why, in words that the customer reads."""
    net = models.DecimalField(max_digits=14, decimal_places=2)
    """What changes: below zero."""
    vat = models.DecimalField(max_digits=14, decimal_places=2)
    gross = models.DecimalField(max_digits=14, decimal_places=2)
    issued_at = models.DateTimeField()
    pdf = models.BinaryField(null=True)
    """Set once, byte for byte as it was sent."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "year", "sequence"], name="correction_sequence_once"),
            models.UniqueConstraint(fields=["vendor", "number"], name="correction_number_once"),
            models.CheckConstraint(
                condition=models.Q(gross=Round(models.F("net") + models.F("vat"), 2)),
                name="correction_adds_up",
            ),
            models.CheckConstraint(condition=models.Q(net__lt=0, vat__lte=0), name="correction_takes_back"),
        ]

    def __str__(self) -> str:
        return self.number


class CorrectionLine(models.Model):
    """What a correction takes back of one line of the invoice."""

    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(InvoiceLine, on_delete=models.PROTECT, related_name="corrections")
    net = models.DecimalField(max_digits=14, decimal_places=2)
    """Below zero."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["correction", "line"], name="correction_line_once"),
            models.CheckConstraint(condition=models.Q(net__lt=0), name="correction_line_takes_back"),
        ]

    def __str__(self) -> str:
        return f"{self.net} on line {self.line_id}"


class Payment(models.Model):
    """Money that came for an invoice, as the bookkeeper noted it; below zero where it was sent back or noted wrongly."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payments")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    """In the invoice's currency."""
    received_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(amount=0), name="payment_is_something")]

    def __str__(self) -> str:
        return f"{self.amount} for invoice {self.invoice_id}"


class Complaint(models.Model):
    """What a customer says against work that was confirmed, and what was decided about it, once."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    class Outcome(models.TextChoices):
        """How it stands by the terms (rules/warranty.py)."""

        IN_TIME = "in-time"
        UNDER_GUARANTEE = "under-guarantee"
        LATE = "late"
        UNSTATED = "unstated"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="complaints")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="complaints")
    channel = models.CharField(max_length=6, choices=Consent.Channel.choices)
    text = models.TextField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=15, choices=Outcome.choices)
    clause = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    follow_up = models.OneToOneField(Ticket, on_delete=models.PROTECT, null=True, related_name="complaint")
    """The request in which it is looked at and repaired: its work costs nothing, its travel only after a rejection."""
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    """Of the decision, in words that the customer reads."""
    decision_clause = models.CharField(max_length=60, blank=True)
    goodwill = models.BooleanField(default=False)
    """Accepted although the terms do not ask for it."""
    appeal = models.TextField(blank=True)
    """What the customer says against a rejection, once."""
    appealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(state="open"), name="complaint_one_open_a_ticket"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at=None)
                | models.Q(state="accepted", decided_at__isnull=False, follow_up__isnull=False)
                | (models.Q(state="rejected", decided_at__isnull=False) & ~models.Q(reason="")),
                name="complaint_is_decided_with_its_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="accepted", outcome__in=["late", "unstated"])
                | (models.Q(goodwill=True) & ~models.Q(reason="")),
                name="complaint_beyond_the_terms_is_goodwill",
            ),
            models.CheckConstraint(
                condition=models.Q(appeal="", appealed_at=None)
                | (models.Q(state="rejected", appealed_at__isnull=False) & ~models.Q(appeal="")),
                name="complaint_appeal_is_against_a_rejection",
            ),
        ]

    def __str__(self) -> str:
        return f"complaint about {self.ticket_id}"
