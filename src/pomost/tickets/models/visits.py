"""Visits of technicians to customers."""

from django.db import models

from pomost.people.models import Technician
from pomost.tickets.models.agreed import Consent, DecisionKept
from pomost.tickets.models.requests import Ticket


class Visit(models.Model):
    """A technician's visit for a ticket: asked for, proposed with a day, agreed to, made, or called off.

    While it is proposed or agreed it takes the technician's time: the database keeps it apart from other visits and from
    bookings (migration).
    """

    class State(models.TextChoices):
        ASKED = "asked"
        """The customer wants one, or another day; no time stands."""
        PROPOSED = "proposed"
        """A time waits for the customer's word, and is kept free meanwhile."""
        AGREED = "agreed"
        DONE = "done"
        CANCELLED = "cancelled"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="visits")
    state = models.CharField(max_length=9, choices=State.choices)
    city = models.CharField(max_length=80)
    address = models.CharField(max_length=200, blank=True)
    wish = models.CharField(max_length=200, blank=True)
    """What the customer said about the day."""
    technician = models.ForeignKey(Technician, on_delete=models.PROTECT, null=True, related_name="visits")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    needs_approval = models.BooleanField(default=False)
    """The terms or the contract ask a person before this visit is proposed."""
    approval = models.OneToOneField(
        DecisionKept, on_delete=models.PROTECT, null=True, related_name="visit_approved"
    )
    """That person's yes, with the reason."""
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, null=True, related_name="visit")
    """The customer's yes to the day."""
    sequence = models.PositiveIntegerField(default=0)
    """Grows with every change that a calendar has to hear of (RFC 5545, SEQUENCE)."""
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(state__in=("asked", "proposed", "agreed")),
                name="visit_one_open_a_ticket",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("asked", "cancelled"))
                | models.Q(technician__isnull=False, ends_at__gt=models.F("starts_at")),
                name="visit_has_its_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("asked", "cancelled"))
                | models.Q(needs_approval=False)
                | models.Q(approval__isnull=False),
                name="visit_is_approved_where_needed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("agreed", "done")) | models.Q(consent__isnull=False),
                name="visit_day_is_agreed",
            ),
        ]
        indexes = [models.Index(fields=["technician", "starts_at"], name="visit_of_technician")]

    def __str__(self) -> str:
        return f"{self.city}: {self.state}"
