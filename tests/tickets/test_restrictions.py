"""Support restricted for misuse or conduct: what it stops, what it does not, how it ends, who decides an appeal (C7, C8)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import Cast, ask, by, customer_of, desk_of, technician_of, with_package
from pomost.journal.models import Fact
from pomost.people.actions import add_contact
from pomost.people.models import Contact, Technician
from pomost.remote.actions import answer, choose_presence, end_by_terms, ring
from pomost.remote.errors import SessionRefused
from pomost.remote.models import RemoteSession
from pomost.remote.offers import proposal
from pomost.remote.queries import running_under
from pomost.rules.decision import Decision, Subject
from pomost.rules.levels import Level
from pomost.tickets import actions
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import (
    DecisionKept,
    Message,
    Restriction,
    RestrictionAppeal,
    RestrictionStep,
    Ticket,
)
from pomost.tickets.queries import decisions_in_force
from pomost.tickets.restricted import Restricted, standing_for, with_names

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)
LATER = NOW + timedelta(days=7)


@pytest.fixture
def desk(db: None) -> Cast:
    return desk_of("centaur")


def request(desk: Cast, who: Contact | None = None, at: datetime = NOW) -> Ticket:
    return ask(who or desk.ada, "settings-advice", at, severity="low")


def restrict(
    desk: Cast,
    ticket: Ticket,
    scope: str = "customer",
    *,
    refusal: str = "conduct",
    until_at: datetime | None = LATER,
    review_at: datetime | None = None,
    technician: Technician | None = None,
    what: str = "Shouting at the specialist.",
    at: datetime = NOW,
) -> Restriction:
    who = technician or desk.dora
    return actions.restrict(
        ticket,
        scope=scope,
        refusal=refusal,
        what_happened=what,
        until_at=until_at,
        review_at=review_at,
        technician=who,
        by=by(who),
        at=at,
    )


def last_word(ticket: Ticket) -> Decision:
    found = {each.decision.subject: each.decision for each in decisions_in_force(ticket)}
    return found[Subject.RESTRICTION]


# --- what it stops, and what it does not ----------------------------------------------------------------------------


def test_a_new_request_is_registered_with_its_number_and_clocks_and_says_why(desk: Cast) -> None:
    free = request(desk)
    restrict(desk, free)

    ticket = request(desk, at=NOW + timedelta(hours=1))

    assert ticket.number != free.number
    assert ticket.clocks.get(key="reaction").due_at is not None
    kept = last_word(ticket)
    assert (kept.outcome, kept.clause) == ("restricted", "6.3")
    assert kept.value("refusal") == "conduct"
    assert kept.value("restricted-until") == LATER.isoformat()
    assert kept.value("restricted-customer") == "Acme"
    assert kept.version == ticket.terms.version


def test_work_does_not_begin_while_it_stands(desk: Cast) -> None:
    ticket = request(desk)
    restrict(desk, ticket)

    with pytest.raises(Restricted, match=r"6\.3"):
        actions.begin_work(ticket, by=by(desk.tess), at=NOW + timedelta(hours=1))

    assert actions.begin_work(ticket, by=by(desk.tess), at=LATER).began_at == LATER


def test_nor_by_an_answer_and_a_solution_begins_none(desk: Cast) -> None:
    ticket, who = request(desk), by(desk.tess)
    restrict(desk, ticket)

    with pytest.raises(Restricted):
        actions.propose_answer(ticket, "Try this.", technician=desk.tess, by=who, at=NOW)
    solved = actions.propose_solution(ticket, "Done.", technician=desk.tess, by=who, at=NOW)

    assert (solved.state, solved.began_at) == (Ticket.State.SOLVED, None)
    assert not Fact.objects.filter(kind="ticket.work-began").exists()


def test_work_that_goes_on_is_put_aside(desk: Cast) -> None:
    ticket = actions.begin_work(request(desk), by=by(desk.tess), at=NOW)

    restrict(desk, ticket)

    ticket.refresh_from_db()
    assert ticket.began_at is None
    assert Fact.objects.get(kind="ticket.work-stopped").data["reason"] == "6.3"


def test_a_request_that_is_over_is_an_occasion_as_well(desk: Cast) -> None:
    ticket = actions.close(request(desk), "Withdrawn.", by=by(desk.tess), at=NOW)

    restrict(desk, ticket, "contact")

    assert last_word(ticket).outcome == "restricted"
    assert last_word(request(desk, at=NOW + timedelta(hours=1))).outcome == "restricted"


@pytest.mark.parametrize(
    ("scope", "same_request", "same_contact", "colleague", "other_firm"),
    [
        ("request", True, False, False, False),
        ("contact", True, True, False, False),
        ("customer", True, True, True, False),
    ],
)
def test_it_reaches_as_far_as_its_scope(
    desk: Cast, scope: str, same_request: bool, same_contact: bool, colleague: bool, other_firm: bool
) -> None:
    anton = add_contact(
        customer=desk.acme, name="Anton", language="en", email="anton@example.org", by="system", at=NOW
    )
    about = {
        "same request": request(desk),
        "same contact": request(desk),
        "colleague": request(desk, anton),
        "other firm": request(desk, desk.boris),
    }
    restrict(desk, about["same request"], scope)

    found = {name: standing_for(ticket, NOW) is not None for name, ticket in about.items()}

    assert found == {
        "same request": same_request,
        "same contact": same_contact,
        "colleague": colleague,
        "other firm": other_firm,
    }


def test_no_session_is_offered_while_it_stands(desk: Cast) -> None:
    with_package(desk.acme, "extended")
    ticket = ask(desk.ada, "remote-connection", NOW, severity="low")
    row = restrict(desk, ticket, refusal="against-the-manual")

    with pytest.raises(SessionRefused, match=r"6\.2"):
        proposal(ticket, language="en", fees_paid=(), at=NOW + timedelta(hours=1))

    actions.lift_restriction(row, "Mended.", technician=desk.owen, by=by(desk.owen), at=NOW)
    assert proposal(ticket, language="en", fees_paid=(), at=NOW).ceiling is Level.ACT


def test_a_request_split_off_from_a_restricted_one_is_restricted_too(desk: Cast) -> None:
    ticket = request(desk)
    restrict(desk, ticket, "request")
    message = ticket.messages.get()
    Message.objects.filter(pk=message.pk).update(text="One task. Another task.")
    message.refresh_from_db()

    new = actions.split(ticket, message, [1], subject="Another", by=by(desk.tess), at=NOW)

    assert last_word(new).outcome == "restricted"


# --- how it ends -----------------------------------------------------------------------------------------------------


def test_it_lapses_by_itself_and_each_request_is_told(desk: Cast) -> None:
    ticket = request(desk)
    row = restrict(desk, ticket)

    actions.sweep(LATER - timedelta(seconds=1))
    assert standing_for(ticket, LATER - timedelta(seconds=1)) is not None
    assert standing_for(ticket, LATER) is None, "a late sweep prolongs nothing"
    actions.sweep(LATER + timedelta(hours=3))

    row.refresh_from_db()
    assert (row.ended_at, row.next_at) == (LATER, None)
    assert last_word(ticket).outcome == "lapsed"
    assert Fact.objects.filter(kind="restriction.lapsed").count() == 1
    actions.sweep(LATER + timedelta(hours=4))
    assert Fact.objects.filter(kind="restriction.lapsed").count() == 1


def test_one_whose_time_is_over_does_not_block_another_before_it_is_swept(desk: Cast) -> None:
    ticket = request(desk)
    first = restrict(desk, ticket)

    second = restrict(desk, ticket, until_at=LATER + timedelta(days=7), at=LATER)
    actions.sweep(LATER + timedelta(hours=3))

    first.refresh_from_db()
    assert first.ended_at == LATER
    assert standing_for(ticket, LATER + timedelta(hours=3)) == second
    assert last_word(ticket).outcome == "restricted", "the end of the first frees nobody"
    with pytest.raises(TicketRefused, match="already"):
        restrict(desk, ticket, until_at=LATER + timedelta(days=9), at=LATER + timedelta(hours=4))


def test_one_without_an_end_is_looked_at_again(desk: Cast) -> None:
    row = restrict(desk, request(desk), until_at=None, review_at=LATER)

    actions.sweep(LATER)
    actions.sweep(LATER + timedelta(days=1))

    row.refresh_from_db()
    assert row.ended_at is None
    fact = Fact.objects.get(kind="restriction.review-due")
    assert set(fact.data["technicians"]) == {desk.dora.pk, desk.bela.pk, desk.owen.pk}


def test_lifting_says_why_and_lets_work_begin(desk: Cast) -> None:
    ticket = request(desk)
    row = restrict(desk, ticket)

    actions.lift_restriction(row, "They said sorry.", technician=desk.dora, by=by(desk.dora), at=NOW)

    kept = last_word(ticket)
    assert (kept.outcome, kept.value("answer")) == ("lifted", "They said sorry.")
    assert actions.begin_work(ticket, by=by(desk.tess), at=NOW).began_at == NOW


def test_where_two_stand_the_one_that_lasts_longest_decides(desk: Cast) -> None:
    ticket = request(desk)
    first = restrict(desk, ticket, "contact", until_at=LATER)
    restrict(desk, ticket, "customer", refusal="against-the-manual", until_at=LATER + timedelta(days=1))

    actions.lift_restriction(first, "Enough.", technician=desk.owen, by=by(desk.owen), at=NOW)

    kept = last_word(ticket)
    assert (kept.outcome, kept.clause) == ("restricted", "6.2")


def test_extending_adds_a_step_and_forgets_none(desk: Cast) -> None:
    row = restrict(desk, request(desk))

    row = actions.extend_restriction(
        row, "Again.", until_at=LATER + timedelta(days=7), technician=desk.owen, by=by(desk.owen), at=NOW
    )

    assert row.next_at == LATER + timedelta(days=7)
    steps = RestrictionStep.objects.filter(restriction=row).order_by("id").values_list("kind", "until_at")
    assert list(steps) == [("imposed", LATER), ("extended", LATER + timedelta(days=7))]


# --- what is refused ---------------------------------------------------------------------------------------------------


def test_only_a_reason_of_the_terms_carries_it(desk: Cast) -> None:
    with pytest.raises(TicketRefused, match="no such reason"):
        restrict(desk, request(desk), refusal="too-many-questions")

    assert not Restriction.objects.exists()


def test_where_the_terms_name_no_reason_nobody_is_restricted(db: None) -> None:
    silent = desk_of("satisoft")
    ticket = ask(silent.ada, "remote-help", NOW, family="subiekt")

    with pytest.raises(TicketRefused, match="no such reason"):
        restrict(silent, ticket)


@pytest.mark.parametrize(
    ("until_at", "review_at", "why"),
    [
        (None, None, "one of the two"),
        (LATER, LATER, "one of the two"),
        (NOW, None, "over"),
        (NOW - timedelta(days=1), None, "over"),
        (None, NOW, "over"),
        (NOW + timedelta(days=366, seconds=1), None, "year"),
        (None, NOW + timedelta(days=400), "year"),
    ],
)
def test_it_has_an_end_or_a_day_on_which_it_is_looked_at(
    desk: Cast, until_at: datetime | None, review_at: datetime | None, why: str
) -> None:
    with pytest.raises(TicketRefused, match=why):
        restrict(desk, request(desk), until_at=until_at, review_at=review_at)


@pytest.mark.parametrize("what", ["", "  \n ", "x" * 1001])
def test_it_says_what_happened(desk: Cast, what: str) -> None:
    with pytest.raises(TicketRefused):
        restrict(desk, request(desk), what=what)


def test_a_technician_does_not_restrict(desk: Cast) -> None:
    with pytest.raises(TicketRefused, match="dispatcher"):
        restrict(desk, request(desk), technician=desk.tess)


def test_a_neighbour_does_not_restrict_either(desk: Cast) -> None:
    with pytest.raises(TicketRefused, match="does not work"):
        restrict(desk, request(desk), technician=desk.nils)


def test_the_same_is_not_restricted_twice_for_the_same_reason(desk: Cast) -> None:
    ticket = request(desk)
    restrict(desk, ticket)

    with pytest.raises(TicketRefused, match="already"):
        restrict(desk, ticket)

    restrict(desk, ticket, refusal="against-the-manual")
    restrict(desk, ticket, "contact")
    restrict(desk, request(desk, desk.boris))


# --- appeals ----------------------------------------------------------------------------------------------------------


def appealed(
    desk: Cast, row: Restriction, text: str = "It was not so.", at: datetime = NOW
) -> RestrictionAppeal:
    return actions.appeal_restriction(row, text, contact=desk.ada, by=by(desk.ada), at=at)


def decided(
    appeal: RestrictionAppeal, who: Technician, *, grant: bool = False, at: datetime = NOW
) -> RestrictionAppeal:
    return actions.decide_appeal(
        appeal, grant=grant, reason="We listened to it.", technician=who, by=by(who), at=at
    )


def test_an_appeal_is_told_to_the_owners_who_may_decide(desk: Cast) -> None:
    row = restrict(desk, request(desk), technician=desk.owen)
    olga = technician_of(desk.vendor, "Olga", Technician.Role.OWNER)

    appealed(desk, row)

    assert Fact.objects.get(kind="restriction.appealed").data["technicians"] == [olga.pk]


def test_granting_an_appeal_lifts_the_restriction(desk: Cast) -> None:
    ticket = request(desk)
    row = restrict(desk, ticket)

    decided(appealed(desk, row), desk.owen, grant=True)

    row.refresh_from_db()
    assert row.ended_at == NOW
    assert last_word(ticket).outcome == "lifted"
    assert standing_for(ticket, NOW) is None


def test_upholding_leaves_it_and_keeps_the_words_of_both(desk: Cast) -> None:
    ticket = request(desk)
    row = restrict(desk, ticket)

    decided(appealed(desk, row), desk.owen)

    kept = last_word(ticket)
    assert kept.outcome == "upheld"
    assert (kept.value("appeal"), kept.value("answer")) == ("It was not so.", "We listened to it.")
    assert kept.value("decided-alone") is None
    assert standing_for(ticket, NOW) is not None


def test_who_restricted_does_not_decide_while_somebody_else_can(desk: Cast) -> None:
    technician_of(desk.vendor, "Olga", Technician.Role.OWNER)
    appeal = appealed(desk, restrict(desk, request(desk), technician=desk.owen))

    with pytest.raises(TicketRefused, match="Another owner"):
        decided(appeal, desk.owen)

    assert RestrictionAppeal.objects.get().state == "waiting"


def test_who_made_it_longer_restricted_as_well(desk: Cast) -> None:
    olga = technician_of(desk.vendor, "Olga", Technician.Role.OWNER)
    row = restrict(desk, request(desk))
    row = actions.extend_restriction(
        row, "Again.", until_at=LATER + timedelta(days=1), technician=desk.owen, by=by(desk.owen), at=NOW
    )
    appeal = appealed(desk, row)

    with pytest.raises(TicketRefused, match="Another owner"):
        decided(appeal, desk.owen)
    assert decided(appeal, olga).alone is False


def test_where_there_is_nobody_else_the_record_says_so(desk: Cast) -> None:
    ticket = request(desk)
    appeal = appealed(desk, restrict(desk, ticket, technician=desk.owen))

    assert decided(appeal, desk.owen).alone is True
    assert last_word(ticket).value("decided-alone") == "yes"
    assert Fact.objects.get(kind="restriction.upheld").data["alone"] is True


@pytest.mark.parametrize("name", ["tess", "dora", "bela", "nils"])
def test_only_an_owner_decides(desk: Cast, name: str) -> None:
    appeal = appealed(desk, restrict(desk, request(desk)))

    with pytest.raises(TicketRefused, match="Only an owner"):
        decided(appeal, getattr(desk, name))


def test_an_appeal_is_decided_once(desk: Cast) -> None:
    appeal = appealed(desk, restrict(desk, request(desk)))
    decided(appeal, desk.owen)

    with pytest.raises(TicketRefused, match="already"):
        decided(appeal, desk.owen, grant=True)


def test_one_appeal_at_a_time_and_again_after_a_while_or_an_extension(desk: Cast) -> None:
    row = restrict(desk, request(desk), until_at=NOW + timedelta(days=90))
    first = appealed(desk, row)
    with pytest.raises(TicketRefused, match="waits for its answer"):
        appealed(desk, row)
    decided(first, desk.owen)
    with pytest.raises(TicketRefused, match="30 days"):
        appealed(desk, row, at=NOW + timedelta(days=29))

    second = appealed(desk, row, at=NOW + timedelta(days=30))
    decided(second, desk.owen, at=NOW + timedelta(days=30))
    actions.extend_restriction(
        row,
        "Again.",
        until_at=NOW + timedelta(days=120),
        technician=desk.dora,
        by=by(desk.dora),
        at=NOW + timedelta(days=31),
    )
    assert appealed(desk, row, at=NOW + timedelta(days=31)).state == "waiting"


@pytest.mark.parametrize("text", ["", " \n", "x" * 2001])
def test_an_appeal_says_something(desk: Cast, text: str) -> None:
    row = restrict(desk, request(desk))

    with pytest.raises(TicketRefused):
        appealed(desk, row, text)


def test_nobody_appeals_for_another_customer(desk: Cast) -> None:
    row = restrict(desk, request(desk))

    with pytest.raises(TicketRefused, match="cannot appeal"):
        actions.appeal_restriction(row, "Mine!", contact=desk.boris, by=by(desk.boris), at=NOW)


def test_an_appeal_is_overtaken_when_the_restriction_ends_first(desk: Cast) -> None:
    row = restrict(desk, request(desk))
    appeal = appealed(desk, row)

    actions.sweep(LATER)

    appeal.refresh_from_db()
    assert appeal.state == "overtaken"
    with pytest.raises(TicketRefused, match="ended"):
        decided(appeal, desk.owen, at=LATER)


# --- a running session ------------------------------------------------------------------------------------------------


def running(desk: Cast, who: Contact | None = None, technician: Technician | None = None) -> RemoteSession:
    if who is None:
        with_package(desk.acme, "extended")
    who, tess = who or desk.ada, technician or desk.tess
    ticket = ask(who, "remote-connection", NOW, severity="low")
    choose_presence(tess, "free", by=by(tess), at=NOW)
    call = ring(tess, caller_name=who.name, language="en", at=NOW)
    return answer(call, ticket, technician=tess, fees_paid=(), by=by(tess), at=NOW)


def test_a_session_is_ended_by_a_reason_that_allows_it_and_the_record_says_which(desk: Cast) -> None:
    session = running(desk)

    why = end_by_terms(session, "conduct", "Insults.", technician=desk.tess, by=by(desk.tess), at=NOW)

    assert why == "Offensive conduct (§ 6.3)"
    assert session.events.get(kind="ended-by-terms").data["clause"] == "6.3"
    assert session.ticket is not None
    kept = {each.decision.subject: each.decision for each in decisions_in_force(session.ticket)}
    assert (kept[Subject.SESSION].outcome, kept[Subject.SESSION].clause) == ("ended", "6.3")


def test_a_reason_that_only_refuses_ends_no_session(desk: Cast) -> None:
    session = running(desk)

    with pytest.raises(SessionRefused, match="no such reason"):
        end_by_terms(
            session, "against-the-manual", "Old system.", technician=desk.tess, by=by(desk.tess), at=NOW
        )


def test_the_sessions_that_run_under_a_restriction_are_found(desk: Cast) -> None:
    session = running(desk)
    row = restrict(desk, request(desk), "customer")
    other = restrict(desk, request(desk, desk.boris), "customer")

    assert [each.pk for each in running_under(row)] == [session.pk]
    assert running_under(other) == []
    assert DecisionKept.objects.filter(ticket=session.ticket, subject="restriction").exists()


# --- how much is read -------------------------------------------------------------------------------------------------


def reads_of(what: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as said:
        what()
    return sum(each["sql"].startswith("SELECT") for each in said.captured_queries)


@pytest.mark.parametrize("scope", ["request", "contact", "customer"])
def test_a_change_reads_as_much_for_twenty_requests_as_for_two(desk: Cast, scope: str) -> None:
    def changed(who: Contact, requests: int) -> tuple[int, int]:
        occasion, *_others = [request(desk, who) for _ in range(requests)]
        row = restrict(desk, occasion, scope)
        restrict(desk, occasion, scope, refusal="against-the-manual", until_at=LATER + timedelta(days=1))
        longer = reads_of(
            lambda: actions.extend_restriction(
                row,
                "Again.",
                until_at=LATER + timedelta(days=2),
                technician=desk.dora,
                by=by(desk.dora),
                at=NOW,
            )
        )
        lifted = reads_of(
            lambda: actions.lift_restriction(row, "Enough.", technician=desk.dora, by=by(desk.dora), at=NOW)
        )
        return longer, lifted

    changed(desk.ada, 1)  # the terms are read once

    assert changed(desk.boris, 20) == changed(customer_of(desk.vendor, "Cedar", "Cyril", "en")[1], 2)


def test_sessions_under_a_restriction_are_found_by_one_query_more_than_they_are_read_by(desk: Cast) -> None:
    def found(who: Contact, sessions: int) -> int:
        with_package(who.customer, "extended")
        for number in range(sessions):
            tess = technician_of(desk.vendor, f"{who.name}{number}", Technician.Role.TECHNICIAN)
            running(desk, who, tess)
        row = with_names(Restriction.objects.filter(pk=restrict(desk, request(desk, who)).pk)).get()
        assert len(running_under(row)) == sessions
        return reads_of(lambda: running_under(row))

    assert (found(desk.ada, 2), found(desk.boris, 20)) == (2, 2)
