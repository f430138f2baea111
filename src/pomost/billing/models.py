"""Tables of money.

An invoice line cannot exist without a `Settlement`, and triggers let a settlement come into being only when its ticket was
solved and confirmed and no estimate of it was declined (see the migration); so no way of writing to the database makes an
invoice precede the solution, or charges after a "no".
"""

from django.db import models

from pomost.people.models import Customer, Technician, Vendor
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
    reason = models.TextField()
    clause = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, null=True, related_name="estimate")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="proposed", consent=None) | (~models.Q(state="proposed") & models.Q(consent__isnull=False)),
                name="estimate_answer_is_signed",
            ),
            models.UniqueConstraint(fields=["ticket"], condition=models.Q(state="proposed"), name="estimate_one_open_a_ticket"),
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
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    """NULL: no VAT."""
    issued_at = models.DateTimeField()
    pdf = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "sequence"], name="invoice_sequence_once"),
            models.UniqueConstraint(fields=["vendor", "number"], name="invoice_number_once"),
            models.CheckConstraint(condition=models.Q(gross=models.F("net") + models.F("vat")), name="invoice_adds_up"),
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
    clause = models.CharField(max_length=60)
    clause_text = models.TextField()
    worked_seconds = models.PositiveIntegerField(default=0)
    billed_seconds = models.PositiveIntegerField(default=0)
    unit_price_net = models.DecimalField(max_digits=14, decimal_places=2)
    net = models.DecimalField(max_digits=14, decimal_places=2)
    entries = models.ManyToManyField(Entry, related_name="invoice_lines")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_position_once")]

    def __str__(self) -> str:
        return self.description
