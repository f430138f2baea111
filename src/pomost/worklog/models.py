"""The table of worked time. An entry of a session is written when the session ends, once."""

from django.db import models

from pomost.people.models import Technician
from pomost.remote.models import RemoteSession
from pomost.tickets.models import Ticket


class Entry(models.Model):
    """Time worked on a ticket. Corrections are entries of their own, never edits."""

    class Source(models.TextChoices):
        SESSION = "session"
        CALL = "call"
        DATA = "data"

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
