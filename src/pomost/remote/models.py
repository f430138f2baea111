"""Tables of sessions. A row is opened by a call and closed for good; nothing reopens it.

Triggers (see the migration) hold that: an ended session and every event stay as they are, and metered time only grows.
"""

import uuid

from django.db import models

from pomost.people.models import Technician, Vendor
from pomost.tickets.models import Ticket


class RemoteSession(models.Model):
    """One remote session, from the customer's call to its end."""

    class State(models.TextChoices):
        RINGING = "ringing"
        ANSWERED = "answered"
        ENDED = "ended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="remote_sessions")
    technician = models.ForeignKey(Technician, on_delete=models.PROTECT, related_name="remote_sessions")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, null=True, related_name="remote_sessions")
    state = models.CharField(max_length=8, choices=State.choices)
    caller_name = models.CharField(max_length=120)
    caller_company = models.CharField(max_length=160, blank=True)
    language = models.CharField(max_length=2)
    ceiling = models.CharField(max_length=12, blank=True)
    """Highest level the service allows: look, point, act, change-many."""
    offer = models.BinaryField(null=True)
    """The signed offer, byte for byte as the app saw it."""
    offer_signature = models.BinaryField(null=True)
    level = models.CharField(max_length=12, default="none")
    """What is granted now."""
    metered_ms = models.PositiveBigIntegerField(default=0)
    """From the first grant to the end, breaks and holds left out; kept at least every 5 s while it grows."""
    inputs_accepted = models.PositiveIntegerField(default=0)
    inputs_dropped = models.PositiveIntegerField(default=0)
    words_matched = models.BooleanField(null=True)
    rung_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    first_grant_at = models.DateTimeField(null=True)
    metered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=500, blank=True)
    """Why it ended, in the words that both ends were told."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="ended", ended_at__isnull=False)
                | (~models.Q(state="ended") & models.Q(ended_at=None)),
                name="session_end_has_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="answered") | models.Q(ticket__isnull=False),
                name="session_answered_has_a_ticket",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SessionEvent(models.Model):
    """One thing that happened in a session: a grant, a withdrawal, a lost link, the end."""

    session = models.ForeignKey(RemoteSession, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["session", "id"], name="session_event_order")]

    def __str__(self) -> str:
        return self.kind
