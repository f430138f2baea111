"""Reads of webhooks for the owner's page."""

from dataclasses import dataclass

from django.db.models import Count, Q

from pomost.people.access import Staff
from pomost.webhooks.access import subscriptions
from pomost.webhooks.models import Delivery, Subscription

SHOWN = 50
"""Deliveries of one webhook, the newest first."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A webhook and how it does."""

    subscription: Subscription
    waiting: int
    failed: int


def standings(owner: Staff) -> list[Standing]:
    """Return the vendor's webhooks with what waits and what was given up, in one query."""
    counted = subscriptions(owner).annotate(
        waiting_count=Count("deliveries", filter=Q(deliveries__state=Delivery.State.WAITING)),
        failed_count=Count("deliveries", filter=Q(deliveries__state=Delivery.State.FAILED)),
    )
    return [Standing(each, each.waiting_count, each.failed_count) for each in counted]


def last_deliveries(subscription: Subscription) -> list[Delivery]:
    """Return the newest deliveries with their facts."""
    found = Delivery.objects.select_related("fact", "subscription").filter(subscription=subscription)
    return list(found.order_by("-pk")[:SHOWN])
