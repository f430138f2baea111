"""Which webhooks somebody may see: those of their own vendor that were not removed."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pomost.people.access import Staff
from pomost.people.errors import NotFound
from pomost.webhooks.models import Delivery, Subscription


def subscriptions(owner: Staff) -> QuerySet[Subscription]:
    """Return the vendor's subscriptions, the newest first."""
    return (
        Subscription.objects.select_related("vendor", "created_by__person")
        .filter(vendor_id=owner.vendor_id, removed_at=None)
        .order_by("-pk")
    )


def subscription(owner: Staff, key: int) -> Subscription:
    """Return one of the vendor's subscriptions.

    Raises:
        NotFound: there is none, it was removed, or it is another vendor's.
    """
    found = subscriptions(owner).filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such webhook here. Look for it under “Programs”."))
    return found


def delivery(owner: Staff, key: int) -> Delivery:
    """Return one of the deliveries to the vendor's subscriptions.

    Raises:
        NotFound: there is none, or it is another vendor's.
    """
    found = (
        Delivery.objects.select_related("subscription__vendor", "fact")
        .filter(subscription__in=subscriptions(owner), pk=key)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such delivery here."))
    return found
