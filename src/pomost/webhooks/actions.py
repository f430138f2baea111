"""Every change to webhooks that a person makes: one function a verb, one transaction each, one fact in the journal."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from pomost.journal.actions import record
from pomost.people.models import Technician
from pomost.people.sealing import SecretLost
from pomost.webhooks.addresses import NotCalled, written_target
from pomost.webhooks.errors import WebhookRefused
from pomost.webhooks.models import Delivery, Subscription
from pomost.webhooks.signing import OVERLAP, kept, new_secret, signing_secrets

SUBSCRIPTIONS_MAX: Final = 20
KINDS_MAX: Final = 100
_KIND: Final = re.compile(r"[a-z][a-z-]{0,29}\.(\*|[a-z][a-z-]{0,29})")


@transaction.atomic
def subscribe(
    *, owner: Technician, url: str, kinds: Sequence[str] = (), by: str, at: datetime
) -> tuple[Subscription, bytes]:
    """Let an address be told facts from now on; return it and the secret that signs them, which is not shown again.

    Raises:
        WebhookRefused: the address cannot be called, a kind cannot be, or there are too many webhooks.
    """
    try:
        target = written_target(url, settings.WEBHOOK_NETWORKS)
    except NotCalled as not_called:
        raise WebhookRefused(str(not_called)) from not_called
    wrong = next((kind for kind in kinds if _KIND.fullmatch(kind) is None), None)
    if wrong is not None or len(kinds) > KINDS_MAX:
        raise WebhookRefused(
            _("“%(kind)s” is no kind of fact. Write one a line, like ticket.registered or ticket.*.")
            % {"kind": (wrong or "")[:60]}
        )
    held = Subscription.objects.select_for_update(no_key=True).filter(
        vendor_id=owner.vendor_id, removed_at=None
    )
    if len(held) >= SUBSCRIPTIONS_MAX:
        raise WebhookRefused(
            _("There are %(count)d webhooks already. Remove one first.") % {"count": len(held)}
        )
    secret = new_secret()
    made = Subscription.objects.create(
        vendor=owner.vendor,
        url=url,
        kinds=list(dict.fromkeys(kinds)),
        secret_sealed=kept(secret, owner.vendor_id),
        created_by=owner,
        created_at=at,
    )
    _fact(made, "added", by=by, at=at, host=target.host, kinds=made.kinds)
    return made, secret


@transaction.atomic
def renew_secret(subscription: Subscription, *, keep_old: bool, by: str, at: datetime) -> bytes:
    """Let a new secret sign from now on, and return it; it is not shown again.

    With `keep_old` the old one signs along for a day, so that the other side misses nothing while it is told the new one.
    Without, it ends at once: for a secret that others have seen. One that signed along already ends either way, and so does
    one that cannot be read any more.
    """
    held = _held(subscription)
    secret = new_secret()
    until = at + OVERLAP if keep_old and _is_readable(held, at) else None
    held.old_secret_sealed, held.old_secret_until = (held.secret_sealed if until else None), until
    held.secret_sealed = kept(secret, held.vendor_id)
    held.save(update_fields=["secret_sealed", "old_secret_sealed", "old_secret_until"])
    _fact(held, "secret-renewed", by=by, at=at, old_until=until.isoformat() if until else None)
    return secret


def _is_readable(subscription: Subscription, at: datetime) -> bool:
    try:
        signing_secrets(subscription, at)
    except SecretLost:
        return False
    return True


@transaction.atomic
def remove(subscription: Subscription, *, by: str, at: datetime) -> Subscription:
    """Tell an address nothing more; what waits for it is dropped. Removing it again changes and records nothing."""
    held = _held(subscription)
    if held.removed_at is not None:
        return held
    held.removed_at = at
    held.save(update_fields=["removed_at"])
    drop_waiting(held)
    _fact(held, "removed", by=by, at=at)
    return held


@transaction.atomic
def switch_on(subscription: Subscription, *, by: str, at: datetime) -> Subscription:
    """Tell an address again that had said it wants no more; what happened meanwhile is not told."""
    held = _held(subscription)
    if held.off_since is None:
        return held
    held.off_since = None
    held.save(update_fields=["off_since"])
    _fact(held, "switched-on", by=by, at=at)
    return held


@transaction.atomic
def ping(subscription: Subscription, *, by: str, at: datetime) -> None:
    """Send a trial fact to this one subscription, whatever kinds it asks for.

    Raises:
        WebhookRefused: it is switched off.
    """
    held = _held(subscription)
    if held.off_since is not None or held.removed_at is not None:
        raise WebhookRefused(_("This webhook is switched off. Switch it on first."))
    _fact(held, "pinged", by=by, at=at)


@transaction.atomic
def send_again(delivery: Delivery, *, by: str, at: datetime) -> Delivery:
    """Send a delivery once more under its own id, at once. One that waits already is only hurried.

    Raises:
        WebhookRefused: its subscription is removed or switched off.
    """
    held = (
        Delivery.objects.select_for_update(of=("self",), no_key=True)
        .select_related("subscription__vendor", "fact")
        .get(pk=delivery.pk)
    )
    if held.subscription.off_since is not None or held.subscription.removed_at is not None:
        raise WebhookRefused(_("This webhook is switched off. Switch it on first."))
    held.state, held.next_try_at, held.tries = Delivery.State.WAITING, at, 0
    held.save(update_fields=["state", "next_try_at", "tries"])
    _fact(held.subscription, "sent-again", by=by, at=at, delivery=held.webhook_id)
    return held


def drop_waiting(subscription: Subscription) -> None:
    """Let nothing wait any more for a subscription that is removed or switched off."""
    Delivery.objects.filter(subscription=subscription, state=Delivery.State.WAITING).update(
        state=Delivery.State.DROPPED, next_try_at=None
    )


def _held(subscription: Subscription) -> Subscription:
    return (
        Subscription.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor")
        .get(pk=subscription.pk)
    )


def _fact(subscription: Subscription, verb: str, /, *, by: str, at: datetime, **data: object) -> None:
    record(
        f"webhook.{verb}",
        vendor=subscription.vendor.slug,
        subject=f"webhook:{subscription.pk}",
        by=by,
        at=at,
        data=data,
    )
