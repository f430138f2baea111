"""Agreed times of technicians, and times when they are away."""

from django.db import models

from pomost.people.models import Technician
from pomost.tickets.models.requests import Ticket


class Booking(models.Model):
    """An agreed slot of a technician for a ticket."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="booking")
    technician = models.ForeignKey(Technician, on_delete=models.PROTECT, related_name="bookings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="booking_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["technician", "starts_at"], name="booking_technician_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Absence(models.Model):
    """A time when a technician is not there: leave, illness, an errand. It stands beside bookings made before it."""

    technician = models.ForeignKey(Technician, on_delete=models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120, blank=True)
    """What colleagues read; a customer never does."""
    by = models.CharField(max_length=60)
    """Who noted it, as in the journal."""
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="absence_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["technician", "ends_at"], name="absence_of_technician")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} to {self.ends_at:%Y-%m-%d %H:%M}"
