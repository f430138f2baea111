"""What tickets draw from quotas."""

from django.db import models

from pomost.contracts.models import QuotaPeriod
from pomost.tickets.models.agreed import DecisionKept
from pomost.tickets.models.requests import Ticket


class QuotaDraw(models.Model):
    """What a ticket drew from a contract's quota, or what was given back. Never changed; triggers keep the sums.

    A period's `used` is the sum of its draws, and no draw makes it exceed what there is.
    """

    class Kind(models.TextChoices):
        DRAWN = "drawn"
        GIVEN_BACK = "given-back"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="quota_draws")
    period = models.ForeignKey(QuotaPeriod, on_delete=models.PROTECT, related_name="draws")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    decision = models.ForeignKey(DecisionKept, on_delete=models.PROTECT, related_name="+")
    """Why."""
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="quota_draw_of_something")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
