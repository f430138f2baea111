"""The tables of worked time and of travel. An entry of a session is written when the session ends, once."""

from django.db import models

from pomost.people.models import Technician
from pomost.remote.models import RemoteSession
from pomost.tickets.models import Consent, Ticket


class Entry(models.Model):
    """Time worked on a ticket. Corrections are entries of their own, never edits."""

    class Source(models.TextChoices):
        SESSION = "session"
        CALL = "call"
        DATA = "data"
        VISIT = "visit"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="entries")
    technician = models.ForeignKey(Technician, on_delete=models.PROTECT, related_name="entries")
    source = models.CharField(max_length=7, choices=Source.choices)
    session = models.OneToOneField(RemoteSession, on_delete=models.PROTECT, null=True, related_name="entry")
    service = models.CharField(max_length=60)
    family = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField()
    worked_seconds = models.PositiveIntegerField()
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source="session", session__isnull=False)
                | (~models.Q(source="session") & models.Q(session=None)),
                name="entry_of_a_session_names_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worked_seconds} s"


class Travel(models.Model):
    """A technician's way to the customer for a request. What it costs is the price list's, or what was agreed to."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="travels")
    technician = models.ForeignKey(Technician, on_delete=models.PROTECT, related_name="travels")
    key = models.CharField(max_length=60, blank=True)
    """Of a travel in the price list; empty where it has none."""
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    """Visits, kilometres or hours, as the price list counts."""
    travelled_on = models.DateField()
    agreed_net = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    """For the whole way, where the price list states no rate."""
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, null=True, related_name="travel")
    """The customer's yes to that sum."""
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="travel_is_something"),
            models.CheckConstraint(
                condition=models.Q(agreed_net=None, consent=None)
                | models.Q(agreed_net__gte=0, consent__isnull=False),
                name="travel_sum_is_agreed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} on {self.travelled_on}"
