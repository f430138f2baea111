"""A one-off fee is charged once, also when two hands saw at the same moment that it was not."""

import threading
from pathlib import Path

from django.db import DatabaseError, connection, connections, transaction

from billing.rows import Rows, make_rows
from pomost.billing.costs import fees_paid
from pomost.billing.models import OneOffFee, Settlement
from pomost.people.models import Customer


def race(rows: Rows) -> list[str]:
    """Let two threads look whether the fee is paid, wait for each other, and both charge it; return how each fared."""
    both_looked = threading.Barrier(2)
    fared: list[str] = []

    def charge(customer: Customer, settlement: Settlement) -> None:
        try:
            assert "connection" not in fees_paid(customer)
            both_looked.wait()
            with transaction.atomic():
                OneOffFee.objects.create(customer=customer, fee="connection", settlement=settlement)
            fared.append("charged")
        except DatabaseError:
            fared.append("refused")
        finally:
            connections.close_all()

    hands = [
        threading.Thread(target=charge, args=(rows.cast.acme, rows.settlement(rows.ticket())))
        for _hand in range(2)
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return sorted(fared)


def test_of_two_that_race_one_charges_the_fee(disk_database: Path) -> None:
    assert race(make_rows()) == ["charged", "refused"]
    assert OneOffFee.objects.count() == 1


def test_of_two_that_race_on_postgresql_one_charges_the_fee(postgres_database: str) -> None:
    assert race(make_rows()) == ["charged", "refused"]
    assert OneOffFee.objects.count() == 1


def test_without_the_key_both_would_charge_it(postgres_database: str) -> None:
    rows = make_rows()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE billing_oneofffee DROP CONSTRAINT fee_once_a_customer")

    assert race(rows) == ["charged", "charged"]
    assert OneOffFee.objects.count() == 2
