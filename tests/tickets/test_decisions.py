"""Where the terms are silent a person decides, and the reason is kept."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from people import Cast, ask, by, desk_of, with_package
from pomost.journal.models import Fact
from pomost.rules.levels import Level
from pomost.tickets import actions
from pomost.tickets.errors import TicketRefused
from pomost.tickets.judgement import verdict_from_json
from pomost.tickets.models import Ticket
from pomost.tickets.queries import NextStep, row, timeline

MOSCOW = ZoneInfo("Europe/Moscow")
WHY = "The manual for this tariff says so"


def june(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, 15, hour, minute, tzinfo=MOSCOW)


@pytest.fixture
def desk(db: None) -> Cast:
    made = desk_of("kryzhik")
    with_package(made.acme, "start")
    return made


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    """A request for what the lost matrix does not say."""
    found = ask(desk.ada, "solving", june(10))
    return actions.number_told(found, how="mail", at_told=june(10, 1), by="desk", at=june(10, 1))


def decide(ticket: Ticket, desk: Cast, outcome: str, reason: str = WHY) -> Ticket:
    return actions.decide(ticket, outcome, reason, by=by(desk.tess), at=june(10, 5))


@pytest.mark.parametrize(
    ("outcome", "kept"), [("included", "from-quota"), ("paid", "paid"), ("refused", "refused")]
)
def test_a_decision_is_kept_with_its_reason_and_who_took_it(
    ticket: Ticket, desk: Cast, outcome: str, kept: str
) -> None:
    assert row(ticket, june(10, 4), language="en").next_step is NextStep.DECIDE

    decided = decide(ticket, desk, outcome)

    assert decided.verdict["outcome"] == kept
    assert (decided.verdict["decided_by"], decided.verdict["reason"]) == (by(desk.tess), WHY)
    fact = Fact.objects.get(kind="ticket.decided")
    assert (fact.by, fact.data["outcome"], fact.data["reason"]) == (by(desk.tess), kept, WHY)
    assert row(decided, june(10, 6), language="en").next_step is not NextStep.DECIDE


def test_a_session_goes_as_far_as_the_service_once_it_is_decided_for(ticket: Ticket, desk: Cast) -> None:
    assert verdict_from_json(ticket.verdict).level is Level.NONE

    verdict = verdict_from_json(decide(ticket, desk, "paid").verdict)

    assert verdict.level is verdict.level_if_agreed
    assert verdict.is_entitled


def test_a_refusal_gives_no_session(ticket: Ticket, desk: Cast) -> None:
    assert verdict_from_json(decide(ticket, desk, "refused").verdict).level is Level.NONE


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_nothing_is_decided_without_a_reason_that_can_be_kept(
    ticket: Ticket, desk: Cast, reason: str
) -> None:
    with pytest.raises(TicketRefused):
        decide(ticket, desk, "paid", reason)

    assert not Fact.objects.filter(kind="ticket.decided").exists()


@pytest.mark.parametrize("outcome", ["", "unstated", "from-quota", "known-solutions-only", "free"])
def test_only_three_things_can_be_decided(ticket: Ticket, desk: Cast, outcome: str) -> None:
    with pytest.raises(TicketRefused, match="Choose"):
        decide(ticket, desk, outcome)


def test_a_decision_can_be_mended_until_the_work_begins(ticket: Ticket, desk: Cast) -> None:
    ticket = decide(decide(ticket, desk, "included"), desk, "paid")
    assert ticket.verdict["outcome"] == "paid"
    ticket = actions.begin_work(ticket, by=by(desk.tess), at=june(10, 10))

    with pytest.raises(TicketRefused, match="before the work began"):
        decide(ticket, desk, "included")


def test_what_the_terms_say_is_nobodys_to_decide(db: None) -> None:
    desk = desk_of("centaur")
    ticket = ask(desk.ada, "remote-connection", june(10), severity="low")

    with pytest.raises(TicketRefused, match="nobody has to decide"):
        decide(ticket, desk, "included")


def test_the_reason_is_read_by_staff_only(ticket: Ticket, desk: Cast) -> None:
    ticket = decide(ticket, desk, "paid")

    assert any(WHY in item.text for item in timeline(ticket, internal=True, language="en"))
    assert not any(WHY in item.text for item in timeline(ticket, internal=False, language="en"))
