"""The way of a fact to a program, on both databases: queued once, signed, sent until it is taken, given up aloud."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from people import BEFORE, Cast, ask, by, desk_of
from pomost.journal.actions import seal_next
from pomost.journal.models import Fact
from pomost.people.errors import NotFound
from pomost.webhooks import access, actions, sender
from pomost.webhooks.carrier import carry_all
from pomost.webhooks.errors import WebhookRefused
from pomost.webhooks.models import Delivery, Subscription
from pomost.webhooks.sender import WAITS, run_once
from pomost.webhooks.signing import signing_secrets
from webhooks.receiver import Got, Receiver

NOW = datetime(2026, 6, 15, 12, tzinfo=ZoneInfo("Europe/Warsaw"))
SECOND = timedelta(seconds=1)
State = Delivery.State


@pytest.fixture
def desk(both_databases: str) -> Cast:
    return desk_of("satisoft")


def subscribed(desk: Cast, receiver: Receiver, *kinds: str) -> Subscription:
    made, _secret = actions.subscribe(
        owner=desk.owen, url=receiver.url, kinds=kinds, by=by(desk.owen), at=NOW
    )
    run_once(NOW)
    return made


def happened(desk: Cast, at: datetime = NOW) -> None:
    ask(desk.ada, "remote-help", at, family="subiekt")


def queued() -> list[tuple[int, datetime]]:
    """Queue what the journal has to tell, and return what is due, untried."""
    seal_next()
    while sender._queue_next(NOW):
        pass
    return sender._due(NOW)


def kinds(receiver: Receiver) -> list[str]:
    return [json.loads(each.body)["type"] for each in receiver.got]


def secret_of(made: Subscription) -> bytes:
    return signing_secrets(Subscription.objects.get(pk=made.pk), NOW)[0]


def is_signed(got: Got, secret: bytes) -> bool:
    """Check a delivery as the other side does, with nothing of ours."""
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    wanted = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    return f"v1,{wanted}" in got.headers["webhook-signature"].split(" ")


def test_a_fact_arrives_once_signed_and_with_the_requests_number(desk: Cast, receiver: Receiver) -> None:
    made = subscribed(desk, receiver, "ticket.registered")
    happened(desk)

    for _ in range(3):
        run_once(NOW + timedelta(seconds=1))

    (got,) = receiver.got
    fact = Fact.objects.get(kind="ticket.registered")
    assert got.path == "/hook?desk=1"
    assert got.headers["webhook-id"] == f"msg_{made.pk}_{fact.pk}"
    assert got.headers["webhook-timestamp"] == str(int((NOW + timedelta(seconds=1)).timestamp()))
    assert is_signed(got, secret_of(made))
    body = json.loads(got.body)
    assert (body["type"], body["timestamp"]) == ("ticket.registered", "2026-06-15T10:00:00.000000Z")
    assert body["data"]["ticket"] == fact.data["number"]
    assert body["data"]["facts"] == fact.data
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.tries) == (State.DELIVERED, 204, 1)


def test_another_secret_or_a_changed_byte_breaks_the_signature(desk: Cast, receiver: Receiver) -> None:
    made = subscribed(desk, receiver, "ticket.registered")
    happened(desk)
    run_once(NOW)
    (got,) = receiver.got

    assert not is_signed(got, b"x" * 32)
    assert not is_signed(Got(got.path, got.headers, got.body + b" "), secret_of(made))


def test_only_the_kinds_asked_for_are_told(desk: Cast, receiver: Receiver) -> None:
    subscribed(desk, receiver, "ticket.*", "customer.added")
    happened(desk)
    run_once(NOW)

    assert kinds(receiver)
    assert {kind.partition(".")[0] for kind in kinds(receiver)} == {"ticket"}


def test_without_kinds_everything_is_told_but_nothing_of_before_nor_of_others(
    desk: Cast, receiver: Receiver
) -> None:
    happened(desk, NOW - timedelta(hours=1))
    subscribed(desk, receiver)
    happened(desk)
    run_once(NOW)

    told = [json.loads(each.body) for each in receiver.got]
    assert len({each["type"] for each in told}) > 1
    assert {each["data"]["vendor"] for each in told} == {"satisoft"}
    assert min(each["timestamp"] for each in told) == "2026-06-15T10:00:00.000000Z"


def test_what_is_not_taken_is_tried_again_later_with_the_same_id_and_body(
    desk: Cast, receiver: Receiver
) -> None:
    receiver.replies = [(500, {}), (302, {"location": "http://127.0.0.1:1/elsewhere"})]
    subscribed(desk, receiver, "ticket.registered")
    happened(desk)
    run_once(NOW)
    first, second = NOW + WAITS[0], NOW + WAITS[0] + WAITS[1]
    tried = [run_once(at) for at in (first - SECOND, first, second - SECOND, second, second + WAITS[-1])]

    assert tried == [0, 1, 0, 1, 0]
    assert len({each.headers["webhook-id"] for each in receiver.got}) == 1
    assert len({each.body for each in receiver.got}) == 1
    assert len(receiver.got) == 3
    assert Delivery.objects.get().state == State.DELIVERED


def test_the_other_sides_words_are_kept_on_one_line(desk: Cast, receiver: Receiver) -> None:
    receiver.replies = [(500, {})]
    subscribed(desk, receiver, "ticket.registered")
    happened(desk)
    run_once(NOW)

    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.last_error) == (500, "no such <b>hook</b>")
    assert delivery.next_try_at == NOW + WAITS[0]


def test_after_the_last_try_it_is_given_up_aloud_and_can_be_sent_again(
    desk: Cast, receiver: Receiver
) -> None:
    receiver.replies = [(500, {})] * (len(WAITS) + 1)
    subscribed(desk, receiver, "ticket.registered")
    happened(desk)
    at = NOW
    for wait in (timedelta(), *WAITS):
        at += wait
        run_once(at)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries) == (State.FAILED, len(WAITS) + 1)
    assert at - NOW > timedelta(days=1)
    gave_up = Fact.objects.get(kind="webhook.gave-up")
    assert (gave_up.data["delivery"], gave_up.data["status"]) == (delivery.webhook_id, 500)
    assert run_once(at + timedelta(days=9)) == 0

    actions.send_again(delivery, by=by(desk.owen), at=at)
    run_once(at)

    assert Delivery.objects.get().state == State.DELIVERED
    assert len({each.headers["webhook-id"] for each in receiver.got}) == 1


def test_facts_about_webhooks_are_told_to_nobody_so_failures_make_no_news(
    desk: Cast, receiver: Receiver
) -> None:
    subscribed(desk, receiver)
    actions.subscribe(owner=desk.owen, url=receiver.url, by=by(desk.owen), at=NOW)
    run_once(NOW)

    assert receiver.got == []


def test_a_ping_reaches_the_one_that_was_pinged_whatever_it_asks_for(desk: Cast, receiver: Receiver) -> None:
    first = subscribed(desk, receiver, "invoice.issued")
    subscribed(desk, receiver)

    actions.ping(first, by=by(desk.owen), at=NOW)
    run_once(NOW)

    assert kinds(receiver) == ["webhook.pinged"]


def test_who_answers_that_it_is_gone_is_switched_off(desk: Cast, receiver: Receiver) -> None:
    receiver.replies = [(410, {})]
    made = subscribed(desk, receiver, "ticket.registered")
    happened(desk)
    run_once(NOW)
    happened(desk)
    run_once(NOW + timedelta(days=9))

    made.refresh_from_db()
    assert made.off_since == NOW
    assert len(receiver.got) == 1
    with pytest.raises(WebhookRefused):
        actions.ping(made, by=by(desk.owen), at=NOW)
    with pytest.raises(WebhookRefused):
        actions.send_again(Delivery.objects.get(), by=by(desk.owen), at=NOW)

    actions.switch_on(made, by=by(desk.owen), at=NOW)
    actions.ping(made, by=by(desk.owen), at=NOW)
    run_once(NOW + timedelta(days=9))

    assert kinds(receiver)[-1] == "webhook.pinged"


def test_what_waits_for_a_removed_webhook_is_dropped(desk: Cast, receiver: Receiver) -> None:
    receiver.replies = [(500, {})]
    made = subscribed(desk, receiver, "ticket.registered")
    happened(desk)
    run_once(NOW)
    for _ in range(2):
        actions.remove(made, by=by(desk.owen), at=NOW)

    assert run_once(NOW + timedelta(days=9)) == 0
    assert Delivery.objects.get().state == State.DROPPED
    assert Fact.objects.filter(kind="webhook.removed").count() == 1
    with pytest.raises(NotFound):
        access.subscription(desk.owen, made.pk)


def test_what_was_removed_while_it_was_sent_stays_dropped(desk: Cast, receiver: Receiver) -> None:
    made = subscribed(desk, receiver, "ticket.registered")
    happened(desk)
    parcels = [sender._take(pk, planned, NOW) for pk, planned in queued()]
    actions.remove(made, by=by(desk.owen), at=NOW)
    (parcel,) = parcels
    assert parcel is not None

    sender._note(parcel.delivery, carry_all([parcel])[0], NOW)

    assert Delivery.objects.get().state == State.DROPPED


def test_two_senders_do_not_take_the_same_delivery(desk: Cast, receiver: Receiver) -> None:
    subscribed(desk, receiver, "ticket.registered")
    happened(desk)
    ((pk, planned),) = queued()

    assert sender._take(pk, planned, NOW) is not None
    assert sender._take(pk, planned, NOW) is None
    assert sender._due(NOW) == []


def test_a_private_address_is_not_called_even_if_it_was_public_when_it_was_written(
    desk: Cast, receiver: Receiver, settings: Settings
) -> None:
    subscribed(desk, receiver, "ticket.registered")
    happened(desk)
    settings.WEBHOOK_NETWORKS = []
    run_once(NOW)

    assert receiver.got == []
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.state) == (None, State.WAITING)
    assert "nie jest adres publiczny" in delivery.last_error  # in the vendor's language


def test_nobody_listening_is_an_answer_too(desk: Cast, receiver: Receiver) -> None:
    made = subscribed(desk, receiver, "ticket.registered")
    Subscription.objects.filter(pk=made.pk).update(url="http://127.0.0.1:1/hook")
    happened(desk)
    run_once(NOW)

    assert Delivery.objects.get().last_error.startswith("ConnectError")


@pytest.mark.parametrize(
    ("url", "kinds"),
    [
        ("http://example.org/", []),
        ("https://10.0.0.1/", []),
        ("nonsense", []),
        ("https://example.org/", ["everything"]),
        ("https://example.org/", ["ticket."]),
        ("https://example.org/", ["*"]),
        ("https://example.org/", ["ticket.x"] * 101),
    ],
)
def test_a_webhook_that_cannot_be_is_not_kept(desk: Cast, url: str, kinds: list[str]) -> None:
    with pytest.raises(WebhookRefused):
        actions.subscribe(owner=desk.owen, url=url, kinds=kinds, by=by(desk.owen), at=NOW)

    assert not Subscription.objects.exists()


def test_there_is_an_end_to_webhooks(desk: Cast) -> None:
    for place in range(actions.SUBSCRIPTIONS_MAX):
        url = f"https://example.org/{place}"
        actions.subscribe(owner=desk.owen, url=url, by=by(desk.owen), at=BEFORE)

    with pytest.raises(WebhookRefused, match="20 webhooks"):
        actions.subscribe(owner=desk.owen, url="https://example.org/", by=by(desk.owen), at=BEFORE)
