"""What was decided about a ticket is kept with its reasons, and nobody can change it afterwards."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction

from people import Cast, ask, by, desk_of, with_package
from pomost.journal.models import Fact as Recorded
from pomost.rules.decision import Decision, Fact, Subject
from pomost.tickets import actions
from pomost.tickets.models import DecisionKept, Ticket
from pomost.tickets.queries import decisions_in_force, decisions_of

MOSCOW = ZoneInfo("Europe/Moscow")


def june(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, 15, hour, minute, tzinfo=MOSCOW)


@pytest.fixture
def desk(db: None) -> Cast:
    return desk_of("centaur")


def outcomes(ticket: Ticket) -> Sequence[tuple[str, str, str]]:
    return [
        (each.decision.subject, each.decision.outcome, each.decision.clause) for each in decisions_of(ticket)
    ]


def test_registration_keeps_why_the_service_is_refused_and_which_package_serves(desk: Cast) -> None:
    with_package(desk.acme, "extended", shown=False)

    ticket = ask(desk.ada, "remote-connection", june(9), severity="low")

    assert outcomes(ticket) == [("package", "base-only", "6.4"), ("entitlement", "refused", "2.7")]
    entitlement = decisions_in_force(ticket)[0].decision
    assert entitlement.value("package-claimed") == "extended"
    assert entitlement.value("package") == "basic"
    assert Recorded.objects.filter(kind="ticket.decision-kept").count() == 2


def test_a_package_shown_later_is_judged_anew_and_the_old_verdict_stays(desk: Cast) -> None:
    with_package(desk.acme, "extended", shown=False)
    ticket = ask(desk.ada, "remote-connection", june(9), severity="low")

    ticket = actions.set_package_shown(ticket, package="extended", shown=True, by=by(desk.dora), at=june(10))

    assert [each[1] for each in outcomes(ticket)] == ["base-only", "refused", "as-claimed", "included"]
    now = {each.decision.subject: each.decision.outcome for each in decisions_in_force(ticket)}
    assert now == {Subject.ENTITLEMENT: "included", Subject.PACKAGE: "as-claimed"}


def test_where_the_terms_are_silent_the_persons_decision_is_kept_with_its_reason(db: None) -> None:
    desk = desk_of("kryzhik")
    with_package(desk.acme, "start")
    ticket = ask(desk.ada, "solving", june(10))
    ticket = actions.decide(ticket, "included", "As agreed in May", by=by(desk.tess), at=june(10, 5))

    before, after = (each.decision for each in decisions_of(ticket, Subject.ENTITLEMENT))

    assert (before.outcome, after.outcome) == ("unstated", "from-quota")
    assert (after.value("decided-by"), after.value("reason")) == (by(desk.tess), "As agreed in May")


def test_a_price_is_among_the_facts_of_what_is_paid(db: None) -> None:
    ticket = ask(desk_of("satisoft").ada, "remote-help", june(10), family="subiekt")

    (paid,) = (each.decision for each in decisions_of(ticket))

    assert (paid.outcome, paid.value("rate")) == ("paid", "200.00 PLN")
    assert "4.1" in paid.clauses


@pytest.mark.parametrize(("clause", "version", "says"), [("99", "1", "clause"), ("2.7", "0", "no terms '0'")])
def test_no_decision_names_a_clause_that_its_version_does_not_have(
    desk: Cast, clause: str, version: str, says: str
) -> None:
    ticket = ask(desk.ada, "phone-line", june(9), severity="low")
    decision = Decision(Subject.ENTITLEMENT, "included", clause, (Fact("service", "phone-line"),), version)

    with pytest.raises(ValueError, match=says), transaction.atomic():
        actions.keep_decision(ticket, decision, by="desk", at=june(9))

    assert DecisionKept.objects.filter(ticket=ticket).count() == 1


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE tickets_decisionkept SET outcome = 'included'",
        "DELETE FROM tickets_decisionkept",
        "INSERT OR REPLACE INTO tickets_decisionkept SELECT * FROM tickets_decisionkept",
    ],
)
def test_what_was_decided_is_neither_changed_nor_deleted(both_databases: str, attack: str) -> None:
    if both_databases == "postgresql" and "OR REPLACE" in attack:
        attack = attack.replace("OR REPLACE ", "") + " ON CONFLICT (id) DO UPDATE SET outcome = 'included'"
    desk = desk_of("centaur")
    ticket = ask(desk.ada, "phone-line", june(9), severity="low")

    with (
        pytest.raises(DatabaseError, match="what was decided is never"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack)

    assert len(decisions_of(ticket)) == 1
