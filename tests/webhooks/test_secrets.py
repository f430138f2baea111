"""A webhook's secret lies sealed in the database, is replaced without a gap, and its loss stops nothing else."""

import base64
import subprocess
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from pytest_django import Settings

from people import Cast, by, desk_of
from pomost.journal.models import Fact
from pomost.webhooks import actions
from pomost.webhooks.models import Delivery, Subscription
from pomost.webhooks.sender import run_once
from pomost.webhooks.signing import OVERLAP, new_secret, signing_secrets
from webhooks.receiver import Receiver
from webhooks.test_sender import NOW, SECOND, happened, is_signed

HOOK = "https://example.org/hook"


def every_way_of_writing(secret: bytes) -> list[bytes]:
    """Return how a secret would be found in a file: raw, as hexadecimal digits, in base64."""
    return [secret, secret.hex().encode(), secret.hex().upper().encode(), base64.b64encode(secret)]


def found_in(text: bytes, secrets: list[bytes]) -> list[bytes]:
    return [way for secret in secrets for way in every_way_of_writing(secret) if way in text]


def test_the_database_file_and_its_log_do_not_hold_the_secret(disk_database: Path) -> None:
    desk = desk_of("satisoft")
    made, first = actions.subscribe(owner=desk.owen, url=HOOK, by=by(desk.owen), at=NOW)
    second = actions.renew_secret(made, keep_old=True, by=by(desk.owen), at=NOW)

    text = b"".join(file.read_bytes() for file in disk_database.parent.glob(f"{disk_database.name}*"))

    assert HOOK.encode() in text
    assert found_in(text, [first, second]) == []


def test_a_dump_of_postgresql_does_not_hold_the_secret(postgres_database: str) -> None:
    desk = desk_of("satisoft")
    made, first = actions.subscribe(owner=desk.owen, url=HOOK, by=by(desk.owen), at=NOW)
    second = actions.renew_secret(made, keep_old=True, by=by(desk.owen), at=NOW)

    dump = subprocess.run(
        ["pg_dump", "--data-only", postgres_database], check=True, capture_output=True
    ).stdout

    assert HOOK.encode() in dump
    assert found_in(dump, [first, second]) == []


def test_rows_of_before_are_sealed_and_sign_as_they_did(disk_database: Path) -> None:
    desk = desk_of("satisoft")
    secret = new_secret()
    MigrationExecutor(connection).migrate([("webhooks", "0001_first")])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO webhooks_subscription (url, kinds, secret, created_at, created_by_id, vendor_id)"
            " VALUES (%s, '[]', %s, %s, %s, %s)",
            [HOOK, secret, NOW.astimezone(UTC).replace(tzinfo=None), desk.owen.pk, desk.vendor.pk],
        )

    MigrationExecutor(connection).migrate([("webhooks", "0002_sealed_secrets")])

    found = Subscription.objects.get()
    assert signing_secrets(found, NOW) == [secret]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert found_in(disk_database.read_bytes(), [secret]) == []


@pytest.fixture
def desk(db: None) -> Cast:
    return desk_of("satisoft")


def test_for_a_day_both_secrets_sign_and_then_the_old_one_is_forgotten(
    desk: Cast, receiver: Receiver
) -> None:
    made, old = actions.subscribe(
        owner=desk.owen, url=receiver.url, kinds=["ticket.registered"], by=by(desk.owen), at=NOW
    )
    new = actions.renew_secret(made, keep_old=True, by=by(desk.owen), at=NOW)
    run_once(NOW)
    for at in (NOW + OVERLAP - SECOND, NOW + OVERLAP):
        happened(desk, at)
        run_once(at)

    within, after = receiver.got
    assert (is_signed(within, new), is_signed(within, old)) == (True, True)
    assert (is_signed(after, new), is_signed(after, old)) == (True, False)
    assert Subscription.objects.get().old_secret_sealed is None
    fact = Fact.objects.get(kind="webhook.secret-renewed")
    assert base64.b64encode(new).decode() not in str(fact.data)


def test_a_secret_that_others_have_seen_ends_at_once(desk: Cast, receiver: Receiver) -> None:
    made, old = actions.subscribe(
        owner=desk.owen, url=receiver.url, kinds=["ticket.registered"], by=by(desk.owen), at=NOW
    )
    actions.renew_secret(made, keep_old=True, by=by(desk.owen), at=NOW)
    new = actions.renew_secret(made, keep_old=False, by=by(desk.owen), at=NOW)
    happened(desk)
    run_once(NOW)

    (got,) = receiver.got
    assert (is_signed(got, new), is_signed(got, old)) == (True, False)
    assert len(got.headers["webhook-signature"].split(" ")) == 1


def test_with_another_key_of_the_desk_nothing_is_sent_unsigned_until_a_new_secret_is_made(
    desk: Cast, receiver: Receiver, settings: Settings
) -> None:
    made, _old = actions.subscribe(
        owner=desk.owen, url=receiver.url, kinds=["ticket.registered"], by=by(desk.owen), at=NOW
    )
    happened(desk)
    settings.SECRET_KEY = "quite another one"
    run_once(NOW)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, receiver.got) == (Delivery.State.WAITING, None, [])
    assert "POMOST_SECRET_KEY" in delivery.last_error

    new = actions.renew_secret(made, keep_old=True, by=by(desk.owen), at=NOW)
    run_once(NOW + timedelta(minutes=5))

    (got,) = receiver.got
    assert is_signed(got, new)
    assert Subscription.objects.get().old_secret_sealed is None
