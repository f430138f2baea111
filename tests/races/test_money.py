"""Two bookkeepers, two answers, and a hand that waits for another: what money must survive."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import DatabaseError, OperationalError
from django.db.models import QuerySet
from django.utils import translation

from attacks import drop_constraints, drop_guards
from billing.stories import Story, story_of
from people import by
from pomost.billing.actions import decide_estimate, invoices, make_invoice
from pomost.billing.errors import BillingRefused
from pomost.billing.models import Estimate, Invoice, OneOffFee
from pomost.contracts.actions import add_contract
from pomost.tickets.actions import ConsentGiven, consents, record_consent
from pomost.tickets.models import Consent
from races.crossing import Crossing, of_kind, remove_locks

only_postgresql = pytest.mark.parametrize("both_own_databases", ["postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def bonus(both_own_databases: str) -> Story:
    """A vendor who charges the first connection of a customer once."""
    story = story_of("bonus")
    day = story.at("2026-01-02 00:00")
    add_contract(
        customer=story.customer, number="L-1", package="licence", valid_from=day.date(), by="desk", at=day
    )
    return story


# --- the one-off fee and the numbers of invoices ---------------------------------------------------------------------


def invoice_at_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Invoice two jobs of one customer at once; each hand stops when it knows the fees and the next number."""
    began = story.at("2026-06-16 10:00")
    jobs = []
    for number in range(2):
        at = began + timedelta(hours=3 * number)
        ticket = story.ticket("direct-connection", at)
        story.worked(ticket, at, 20)
        jobs.append(story.confirmed(ticket, at + timedelta(hours=1)))
    crossing = Crossing()
    monkeypatch.setattr(invoices, "_next_number", crossing.after(invoices._next_number))
    later = began + timedelta(hours=9)
    return crossing.run(*(partial(make_invoice, [job], by="desk", at=later) for job in jobs))


def test_two_bookkeepers_at_once_charge_the_connection_once_and_leave_no_gap(
    bonus: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = of_kind(invoice_at_once(bonus, monkeypatch), Invoice)

    assert sorted(invoice.number for invoice in made) == ["2026-0001", "2026-0002"]
    assert sorted(invoice.net for invoice in made) == [Decimal("1300.00"), Decimal("5300.00")]
    assert OneOffFee.objects.count() == 1


def test_without_the_lock_the_database_refuses_one(bonus: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_locks(monkeypatch)

    ends = invoice_at_once(bonus, monkeypatch)

    assert len(of_kind(ends, DatabaseError)) == 1, ends
    assert [invoice.number for invoice in Invoice.objects.all()] == ["2026-0001"]
    assert OneOffFee.objects.count() == 1


@only_postgresql
def test_without_lock_and_guards_the_number_and_the_fee_would_be_there_twice(
    bonus: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_locks(monkeypatch)
    drop_guards()
    drop_constraints("billing_invoice", "billing_oneofffee")

    ends = invoice_at_once(bonus, monkeypatch)

    assert len(of_kind(ends, Invoice)) == 2, ends
    assert {invoice.number for invoice in Invoice.objects.all()} == {"2026-0001"}
    assert OneOffFee.objects.count() == 2


# --- two answers to one estimate -------------------------------------------------------------------------------------


@pytest.fixture
def estimate(both_own_databases: str) -> Estimate:
    story = story_of("satisoft")
    began = story.at("2026-06-16 10:02")
    ticket = story.ticket("remote-help", began, family="subiekt")
    story.measured(story.granted(ticket, began), 55)
    return story.estimate(ticket, began + timedelta(minutes=55), more_minutes=60)


def answer_at_once(estimate: Estimate, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Say yes in the app and no on the phone at once; each stops between the question and the answer."""
    crossing = Crossing()
    monkeypatch.setattr("pomost.billing.actions.estimates.record_consent", crossing.before(record_consent))
    contact = estimate.ticket.contact
    answer = partial(
        decide_estimate,
        estimate,
        text_sha256=estimate.text_sha256,
        contact=contact,
        by=by(contact),
        at=estimate.proposed_at + timedelta(minutes=1),
    )
    return crossing.run(
        partial(answer, accepted=True, channel="app"), partial(answer, accepted=False, channel="phone")
    )


def test_of_two_answers_to_an_estimate_the_first_counts(
    estimate: Estimate, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = answer_at_once(estimate, monkeypatch)

    (refusal,) = of_kind(ends, BillingRefused)
    assert "answered before" in str(refusal)
    estimate.refresh_from_db()
    assert estimate.consent == Consent.objects.get(kind="estimate")


def test_without_the_lock_the_database_refuses_the_second_answer(
    estimate: Estimate, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_locks(monkeypatch)

    ends = answer_at_once(estimate, monkeypatch)

    assert len(of_kind(ends, DatabaseError)) == 1, ends
    assert Consent.objects.filter(kind="estimate").count() == 1


@only_postgresql
def test_without_lock_and_guards_a_yes_and_a_no_would_both_be_kept(
    estimate: Estimate, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_locks(monkeypatch)
    drop_guards()

    ends = answer_at_once(estimate, monkeypatch)

    assert len(of_kind(ends, Estimate)) == 2, ends
    assert set(Consent.objects.filter(kind="estimate").values_list("accepted", flat=True)) == {True, False}


# --- hands that wait for one another ---------------------------------------------------------------------------------


def consent_during_an_invoice(story: Story, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """One hand holds a request and is about to write a consent; another has the vendor and waits for the request."""
    at = story.at("2026-06-16 10:00")
    ticket = story.ticket("direct-connection", at)
    story.worked(ticket, at, 20)
    story.confirmed(ticket, at + timedelta(hours=1))
    crossing = Crossing()
    monkeypatch.setattr(consents, "keep_consent", crossing.before(consents.keep_consent))
    later = at + timedelta(hours=2)
    answer = ConsentGiven("price", True, "x", "en")
    return crossing.run(
        partial(
            record_consent, ticket, answer, contact=story.ada, channel="portal", by=by(story.ada), at=later
        ),
        crossing.later(partial(make_invoice, [ticket], by="desk", at=later)),
    )


def test_an_answer_and_an_invoice_wait_for_each_other_without_end_on_neither_side(
    bonus: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = consent_during_an_invoice(bonus, monkeypatch)

    assert [type(end) for end in ends] == [Consent, Invoice], ends


@only_postgresql
def test_with_locks_on_keys_they_would(bonus: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = QuerySet.select_for_update
    monkeypatch.setattr(
        QuerySet, "select_for_update", lambda query, **how: lock(query, **how | {"no_key": False})
    )

    ends = consent_during_an_invoice(bonus, monkeypatch)

    (deadlock,) = of_kind(ends, OperationalError)
    assert "deadlock detected" in str(deadlock)
