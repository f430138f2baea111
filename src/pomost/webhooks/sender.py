"""Read the facts that somebody subscribed to and send each until the other side answers 2xx.

The journal is the outbox: facts are read in the order of the chain, and each delivery is a row that waits for its next
try. Who tries it first moves that moment ahead, so that nobody else takes it; a process that dies meanwhile leaves a row
that is due again, under the same id. The other side may so get a fact twice, and knows it by its id; never never.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import translation

from pomost.journal.actions import record, seal_next
from pomost.journal.models import Fact
from pomost.people.sealing import SecretLost
from pomost.tickets.models import Ticket
from pomost.webhooks.actions import drop_waiting
from pomost.webhooks.carrier import Answer, Parcel, carry_all
from pomost.webhooks.message import body_of, headers_of
from pomost.webhooks.models import Cursor, Delivery, Subscription
from pomost.webhooks.signing import forget_old_secrets, signing_secrets

FACTS_AT_ONCE: Final = 500
DELIVERIES_AT_ONCE: Final = 20
LEASE: Final = timedelta(minutes=1)
"""How long a delivery belongs to who tries it: longer than an exchange can take."""
WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 43200)
)
"""Between the tries; after the last one it is given up, more than a day after the first."""
GONE: Final = 410
OWN: Final = "webhook."
"""Facts about webhooks are told to nobody (each failure would make news of its own), but a ping to the one pinged."""
PING: Final = "webhook.pinged"


def run_once(now: datetime, *, moment: Callable[[], datetime] | None = None) -> int:
    """Queue what the journal has to tell and try the deliveries that are due; return how many were tried."""
    forget_old_secrets(now)
    seal_next()
    while _queue_next(now):
        pass
    parcels = [parcel for pk, planned in _due(now) if (parcel := _take(pk, planned, now)) is not None]
    if not parcels:
        return 0
    clock = moment or (lambda: now)
    for parcel, answer in zip(parcels, carry_all(parcels), strict=True):
        _note(parcel.delivery, answer, clock())
    return len(parcels)


def _due(now: datetime) -> list[tuple[int, datetime]]:
    rows = (
        Delivery.objects.filter(state=Delivery.State.WAITING, next_try_at__lte=now)
        .order_by("next_try_at", "pk")
        .values_list("pk", "next_try_at")[:DELIVERIES_AT_ONCE]
    )
    return [(pk, planned) for pk, planned in rows if planned is not None]


@transaction.atomic
def _queue_next(now: datetime) -> int:
    """Make deliveries of the next facts of the chain; return how many facts were read."""
    listening = list(Subscription.objects.select_related("vendor").filter(removed_at=None, off_since=None))
    newest: int = Fact.objects.aggregate(newest=Max("sequence"))["newest"] or 0
    cursor, _made = Cursor.objects.select_for_update(no_key=True).get_or_create(
        pk=1, defaults={"sequence": 0}
    )
    if cursor.sequence >= newest:
        return 0
    if not listening:
        cursor.sequence = newest
        cursor.save(update_fields=["sequence"])
        return 0
    facts = list(
        Fact.objects.filter(sequence__gt=cursor.sequence, sequence__lte=newest).order_by("sequence")[
            :FACTS_AT_ONCE
        ]
    )
    Delivery.objects.bulk_create(
        (
            Delivery(subscription=subscription, fact=fact, next_try_at=now)
            for fact in facts
            for subscription in listening
            if _wants(subscription, fact)
        ),
        ignore_conflicts=True,  # a fact is told once, also when it was queued before the cursor was lost
    )
    cursor.sequence = facts[-1].sequence or cursor.sequence
    cursor.save(update_fields=["sequence"])
    return len(facts)


def _wants(subscription: Subscription, fact: Fact) -> bool:
    if fact.vendor != subscription.vendor.slug or fact.at < subscription.created_at:
        return False
    if fact.kind.startswith(OWN):
        return fact.kind == PING and fact.subject == f"webhook:{subscription.pk}"
    if not subscription.kinds:
        return True
    return fact.kind in subscription.kinds or f"{fact.kind.partition('.')[0]}.*" in subscription.kinds


def _take(pk: int, planned: datetime, now: datetime) -> Parcel | None:
    """Take a delivery in hand; None when somebody else has it already."""
    if not Delivery.objects.filter(pk=pk, state=Delivery.State.WAITING, next_try_at=planned).update(
        next_try_at=now + LEASE
    ):
        return None
    delivery = Delivery.objects.select_related("subscription__vendor", "fact").get(pk=pk)
    body = body_of(delivery.fact, _number(delivery.fact))
    language = delivery.subscription.vendor.language
    try:
        with translation.override(language):
            signed_with = signing_secrets(delivery.subscription, now)
    except SecretLost as lost:
        _note(pk, Answer(None, str(lost)), now)
        return None
    return Parcel(
        delivery=pk,
        url=delivery.subscription.url,
        language=language,
        headers=headers_of(delivery.webhook_id, signed_with, body, now),
        body=body,
    )


def _number(fact: Fact) -> str | None:
    subject, _colon, key = fact.subject.partition(":")
    if subject != "ticket" or not key.isdigit():
        return None
    return Ticket.objects.filter(pk=int(key)).values_list("number", flat=True).first()


@transaction.atomic
def _note(pk: int, answer: Answer, at: datetime) -> None:
    """Keep what came of a try. A delivery that was dropped or sent again meanwhile keeps that."""
    delivery = (
        Delivery.objects.select_for_update(of=("self",), no_key=True)
        .select_related("subscription__vendor", "fact")
        .get(pk=pk)
    )
    if delivery.state != Delivery.State.WAITING:
        return
    delivery.tries += 1
    delivery.status = answer.status
    if answer.is_taken:
        delivery.state, delivery.next_try_at = Delivery.State.DELIVERED, None
        delivery.last_error, delivery.delivered_at = "", at
    elif delivery.tries > len(WAITS) or answer.status == GONE:
        delivery.state, delivery.next_try_at, delivery.last_error = Delivery.State.FAILED, None, answer.words
        _gave_up(delivery, at)
    else:
        delivery.next_try_at, delivery.last_error = at + WAITS[delivery.tries - 1], answer.words
    delivery.save(update_fields=["state", "next_try_at", "tries", "status", "last_error", "delivered_at"])
    if answer.status == GONE:
        _switch_off(delivery.subscription, at)


def _gave_up(delivery: Delivery, at: datetime) -> None:
    data = {
        "delivery": delivery.webhook_id,
        "kind": delivery.fact.kind,
        "tries": delivery.tries,
        "status": delivery.status,
        "answer": delivery.last_error,
    }
    _fact(delivery.subscription, "gave-up", at, data)


def _switch_off(subscription: Subscription, at: datetime) -> None:
    subscription.off_since = at
    subscription.save(update_fields=["off_since"])
    drop_waiting(subscription)
    _fact(subscription, "switched-off", at, {"status": GONE})


def _fact(subscription: Subscription, verb: str, at: datetime, data: dict[str, object]) -> None:
    record(
        f"webhook.{verb}",
        vendor=subscription.vendor.slug,
        subject=f"webhook:{subscription.pk}",
        by="desk",
        at=at,
        data=data,
    )
