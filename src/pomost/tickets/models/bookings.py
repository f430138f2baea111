"""Agreed times of technicians."""

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
