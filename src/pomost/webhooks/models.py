"""Tables of webhooks: who wants to be told what, and one row for each fact that is to be told to one of them."""

from django.db import models

from pomost.journal.models import Fact
from pomost.people.models import Technician, Vendor


class Subscription(models.Model):
    """An address of the vendor's that is told facts. Removed ones stay, so that their deliveries keep their meaning."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="webhooks")
    url = models.URLField(max_length=500)
    kinds = models.JSONField(default=list)
    """Kinds of facts ("ticket.registered", "ticket.*"); empty: all."""
    secret_sealed = models.BinaryField()
    """32 bytes with which each delivery is signed, as people/sealing.py keeps them."""
    old_secret_sealed = models.BinaryField(null=True)
    """The secret before, while deliveries are signed with both."""
    old_secret_until = models.DateTimeField(null=True)
    """When the secret before is forgotten."""
    created_by = models.ForeignKey(Technician, on_delete=models.PROTECT, related_name="webhooks")
    created_at = models.DateTimeField()
    off_since = models.DateTimeField(null=True)
    """When the other side said that it wants no more (410), or the owner switched it off."""
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(old_secret_sealed=None, old_secret_until=None)
                | models.Q(old_secret_sealed__isnull=False, old_secret_until__isnull=False),
                name="webhook_old_secret_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One fact for one subscription: sent until the other side answers 2xx, always under the same id."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"
        """Given up; the owner can send it again."""
        DROPPED = "dropped"
        """The subscription was removed or switched off first."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="deliveries")
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    next_try_at = models.DateTimeField(null=True)
    """While it waits; who tries it moves this ahead first, so that nobody else takes it at the same time."""
    tries = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    """HTTP status of the last answer; NULL: none came."""
    last_error = models.CharField(max_length=300, blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "fact"], name="delivery_once_a_fact"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="delivery_waiting", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["subscription", "-id"], name="delivery_of_subscription"),
        ]

    def __str__(self) -> str:
        return self.webhook_id

    @property
    def webhook_id(self) -> str:
        """The id under which the other side knows it; made of what it is about, so that no restart can change it."""
        return f"msg_{self.subscription_id}_{self.fact_id}"


class Cursor(models.Model):
    """How far the journal was read. One row."""

    sequence = models.BigIntegerField(default=0)
    """Place in the chain. Sealed facts only are read: their order is final."""

    def __str__(self) -> str:
        return str(self.sequence)
