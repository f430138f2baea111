"""Visits of the VoIP vendor (C10): the place, the count, the day, the customer's word, and what comes of it."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attacks import refused
from moments import MOSCOW, june
from people import Cast, ask, by, desk_of, with_package
from pomost.billing.actions import settle
from pomost.billing.errors import BillingRefused
from pomost.contracts.actions import set_visits
from pomost.contracts.models import Contract
from pomost.journal.models import Fact
from pomost.rules.decision import Subject
from pomost.tickets import actions
from pomost.tickets.actions import Place, Slot
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Absence, Booking, Consent, DecisionKept, Ticket, Visit
from pomost.tickets.queries import Filled, decisions_of, diary
from pomost.worklog.models import Entry, Travel
from pomost.worklog.visits import Made, finish_visit

KAZAN = Place("Kazan", "Invented Street 3")


NOW = june(15, 9, 12)
"""A Monday."""


def with_cities(text: str) -> str:
    return text.replace('cities = "unstated"', 'cities = ["Kazan", "Nizhny Novgorod"]', 1)


@pytest.fixture
def desk(db: None) -> Cast:
    made = desk_of("centaur", with_cities)
    contract = with_package(made.acme, "extended")
    set_visits(contract, 2, by="system", at=NOW)
    return made


@pytest.fixture
def silent(db: None) -> Cast:
    """The desk of the published terms, which name no city; the contract names no count."""
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    return made


def wanted(desk: Cast, service: str = "visit") -> Ticket:
    return ask(desk.ada, service, NOW, severity="medium")


WEDNESDAY = june(17, 10)


def slot(desk: Cast, start: datetime = WEDNESDAY, hours: int = 2) -> Slot:
    return Slot(desk.tess, start, start + timedelta(hours=hours))


def propose(
    desk: Cast, ticket: Ticket, place: Place = KAZAN, reason: str = "", when: Slot | None = None
) -> Visit:
    return actions.propose_visit(ticket, place, when or slot(desk), reason=reason, by=by(desk.tess), at=NOW)


def agree(desk: Cast, ticket: Ticket) -> Visit:
    return actions.agree_visit(ticket, contact=desk.ada, channel="portal", by=by(desk.ada), at=NOW)


def outcomes(ticket: Ticket) -> list[str]:
    return [each.decision.outcome for each in decisions_of(ticket, Subject.VISIT)]


def test_a_visit_in_a_city_of_presence_needs_nobodys_yes_but_the_customers(desk: Cast) -> None:
    ticket = wanted(desk)
    actions.ask_for_visit(ticket, KAZAN, wish="not on Friday", by=by(desk.ada), at=NOW)

    visit = propose(desk, ticket)
    assert (visit.state, visit.approval, visit.consent) == ("proposed", None, None)

    visit = agree(desk, ticket)
    assert visit.state == "agreed"
    assert visit.consent is not None
    assert "Kazan, Invented Street 3" in visit.consent.text
    assert "10:00" in visit.consent.text
    assert outcomes(ticket) == ["within-terms"]


@pytest.mark.parametrize("city", ["kazan", " KAZAN ", "nizhny-novgorod"])
def test_the_writing_of_a_city_makes_no_difference(desk: Cast, city: str) -> None:
    assert propose(desk, wanted(desk), Place(city)).needs_approval is False


def test_elsewhere_somebody_has_to_say_yes_with_a_reason(desk: Cast) -> None:
    ticket = wanted(desk)

    with pytest.raises(TicketRefused, match=r"8\.2"):
        propose(desk, ticket, Place("Omsk"))
    visit = propose(desk, ticket, Place("Omsk"), "A new exchange is put up there.")

    assert visit.approval is not None
    (kept,) = decisions_of(ticket, Subject.VISIT)
    assert (kept.decision.outcome, kept.decision.clause) == ("approved", "8.2")
    assert kept.decision.value("decided-by") == by(desk.tess)
    assert kept.decision.value("reason") == "A new exchange is put up there."
    assert kept.decision.value("elsewhere") == "yes"


def test_the_yes_to_a_place_holds_for_another_day_and_not_for_another_place(desk: Cast) -> None:
    ticket = wanted(desk)
    first = propose(desk, ticket, Place("Omsk"), "Once.")

    again = propose(desk, ticket, Place("Omsk"), when=slot(desk, june(18, 10)))
    assert again.approval_id == first.approval_id
    with pytest.raises(TicketRefused, match=r"8\.2"):
        propose(desk, ticket, Place("Tomsk"))


def test_each_city_is_decided_on_and_another_day_in_it_is_not(desk: Cast) -> None:
    ticket = wanted(desk)
    actions.ask_for_visit(ticket, KAZAN, by=by(desk.ada), at=NOW)
    propose(desk, ticket)
    propose(desk, ticket, when=slot(desk, june(18, 10)))
    assert outcomes(ticket) == ["within-terms"]

    propose(desk, ticket, Place("Nizhny Novgorod"))
    propose(desk, ticket, Place("Omsk"), "A new exchange is put up there.")
    propose(desk, ticket)

    assert outcomes(ticket) == ["within-terms", "within-terms", "approved", "within-terms"]


def test_where_the_terms_name_no_cities_a_person_is_asked(silent: Cast) -> None:
    ticket = wanted(silent)
    actions.ask_for_visit(ticket, KAZAN, by=by(silent.ada), at=NOW)
    assert outcomes(ticket) == ["unstated"]

    with pytest.raises(TicketRefused, match=r"8\.1"):
        propose(silent, ticket)
    propose(silent, ticket, reason="We have an office there.")

    assert outcomes(ticket) == ["unstated", "approved"]
    last = decisions_of(ticket, Subject.VISIT)[-1].decision
    assert last.value("cities-unstated") == "yes"
    assert last.value("count-unstated") == "yes"


def test_more_visits_than_the_contract_gives_are_a_persons_decision(desk: Cast) -> None:
    set_visits(Contract.objects.get(), 1, by="system", at=NOW)
    ticket = wanted(desk)
    propose(desk, ticket)
    agree(desk, ticket)
    actions.visit_made(ticket, by=by(desk.tess), at=june(17, 13))

    with pytest.raises(TicketRefused, match=r"8\.1"):
        actions.propose_visit(ticket, KAZAN, slot(desk, june(18, 10)), by=by(desk.tess), at=june(17, 14))
    second = actions.propose_visit(
        ticket,
        KAZAN,
        slot(desk, june(18, 10)),
        reason="The first did not do.",
        by=by(desk.tess),
        at=june(17, 14),
    )

    assert second.needs_approval
    last = decisions_of(ticket, Subject.VISIT)[-1].decision
    assert (last.value("visits-allowed"), last.value("visits-made")) == ("1", "1")
    assert last.value("contract") == Contract.objects.get().number


def test_a_visit_that_was_called_off_does_not_count(desk: Cast) -> None:
    set_visits(Contract.objects.get(), 1, by="system", at=NOW)
    ticket = wanted(desk)
    propose(desk, ticket)
    actions.cancel_visit(ticket, "Snow.", by=by(desk.tess), at=NOW)

    assert propose(desk, ticket).needs_approval is False


def test_where_elsewhere_is_never_visited_no_reason_helps(db: None) -> None:
    def only_in_the_cities(text: str) -> str:
        return with_cities(text).replace('elsewhere = "after-approval"', 'elsewhere = "no"', 1)

    desk = desk_of("centaur", only_in_the_cities)
    with_package(desk.acme, "extended")

    with pytest.raises(TicketRefused, match="Omsk is not among"):
        propose(desk, wanted(desk), Place("Omsk"), "Because.")


@pytest.mark.parametrize(
    ("when", "why"),
    [
        (june(20, 10), "not a working day"),
        (june(17, 8), "9:00–17:00"),
        (june(17, 16), "9:00–17:00"),
        (june(16, 23), "9:00–17:00"),
        (june(15, 9), "is past"),
    ],
    ids=["a Saturday", "before nine", "over at six", "at night", "before now"],
)
def test_somebody_comes_on_a_working_day_from_nine_to_five(desk: Cast, when: datetime, why: str) -> None:
    with pytest.raises(TicketRefused, match=why):
        propose(desk, wanted(desk), when=slot(desk, when))


def test_a_day_whose_holidays_nobody_knows_is_not_promised(desk: Cast) -> None:
    with pytest.raises(TicketRefused, match="not confirmed"):
        propose(desk, wanted(desk), when=slot(desk, datetime(2031, 6, 18, 10, tzinfo=MOSCOW)))


def test_who_is_away_visits_nobody(desk: Cast) -> None:
    Absence.objects.create(
        technician=desk.tess, starts_at=june(17, 0), ends_at=june(18, 0), by=by(desk.tess), at=NOW
    )
    with pytest.raises(TicketRefused, match="away"):
        propose(desk, wanted(desk))


def test_who_is_not_entitled_gets_no_visit(db: None) -> None:
    desk = desk_of("centaur", with_cities)
    with pytest.raises(TicketRefused, match=r"2\.11"):
        propose(desk, wanted(desk))


def test_a_service_that_is_not_done_on_a_visit_names_those_that_are(desk: Cast) -> None:
    with pytest.raises(TicketRefused, match="Выезд"):
        propose(desk, wanted(desk, "settings-advice"))


def test_the_customer_may_want_another_day_and_the_time_is_free_again(desk: Cast) -> None:
    ticket = wanted(desk)
    propose(desk, ticket)

    visit = actions.ask_for_another_day(ticket, "After the 20th", by=by(desk.ada), at=NOW)

    assert (visit.state, visit.technician, visit.starts_at) == ("asked", None, None)
    other = ask(desk.boris, "settings-advice", NOW, severity="low")
    actions.book(other, slot(desk), by=by(desk.tess), at=NOW)


def test_a_yes_to_other_words_is_refused(desk: Cast) -> None:
    ticket = wanted(desk)
    propose(desk, ticket)
    with pytest.raises(TicketRefused, match="has changed"):
        actions.agree_visit(
            ticket, contact=desk.ada, channel="portal", words_sha256="0" * 64, by=by(desk.ada), at=NOW
        )
    assert not Consent.objects.exists()


def test_another_day_after_the_yes_needs_another_yes(desk: Cast) -> None:
    ticket = wanted(desk)
    propose(desk, ticket)
    first = agree(desk, ticket)
    moved = propose(desk, ticket, when=slot(desk, june(18, 10)))

    assert (moved.state, moved.consent) == ("proposed", None)
    given_up = Fact.objects.get(kind="ticket.visit-moved").data
    days = [datetime.fromisoformat(given_up[key]) for key in ("starts_at", "new_starts_at")]
    assert days == [june(17, 10), june(18, 10)]
    assert given_up["technicians"] == [desk.tess.pk]
    assert first.sequence < given_up["sequence"] < moved.sequence


def test_a_day_that_nobody_agreed_to_is_given_up_without_a_word(desk: Cast) -> None:
    ticket = wanted(desk)
    propose(desk, ticket)
    propose(desk, ticket, when=slot(desk, june(18, 10)))

    assert not Fact.objects.filter(kind="ticket.visit-moved").exists()


def test_nobody_is_on_a_visit_and_in_a_session_at_once(desk: Cast) -> None:
    ticket, other = wanted(desk), ask(desk.boris, "settings-advice", NOW, severity="low")
    propose(desk, ticket)
    with pytest.raises(TicketRefused, match="on a visit then"):
        actions.book(other, slot(desk, june(17, 11)), by=by(desk.tess), at=NOW)

    actions.book(other, slot(desk, june(18, 11)), by=by(desk.tess), at=NOW)
    with pytest.raises(TicketRefused, match="is booked then"):
        propose(desk, ticket, when=slot(desk, june(18, 10)))


def test_the_database_keeps_visits_and_bookings_apart(desk: Cast) -> None:
    ticket, other = wanted(desk), ask(desk.boris, "settings-advice", NOW, severity="low")
    visit = propose(desk, ticket)
    booking = actions.book(other, slot(desk, june(18, 10)), by=by(desk.tess), at=NOW).booking

    refused(
        "visit",
        lambda: Booking.objects.filter(pk=booking.pk).update(starts_at=june(17, 11), ends_at=june(17, 13)),
    )
    refused(
        "visit",
        lambda: Visit.objects.filter(pk=visit.pk).update(starts_at=june(18, 11), ends_at=june(18, 12)),
    )


def test_a_yes_cannot_be_made_up_in_the_database(desk: Cast) -> None:
    ticket = wanted(desk)
    visit = propose(desk, ticket)
    refused("visit_day_is_agreed", lambda: Visit.objects.filter(pk=visit.pk).update(state="agreed"))
    refused(
        "visit_is_approved_where_needed",
        lambda: Visit.objects.filter(pk=visit.pk).update(needs_approval=True),
    )


def test_closing_a_request_calls_its_visit_off(desk: Cast) -> None:
    ticket = wanted(desk)
    propose(desk, ticket)
    actions.close(ticket, "Withdrawn.", by=by(desk.tess), at=NOW)

    assert Visit.objects.get().state == "cancelled"
    assert not diary(desk.vendor, june(1, 0), june(30, 0))


def over(desk: Cast, ticket: Ticket, how: str, at: datetime) -> None:
    """End a request: closed, solved and confirmed, or merged into an earlier one."""
    who = by(desk.tess)
    if how == "closed":
        actions.close(ticket, "Withdrawn.", by=who, at=at)
    elif how == "confirmed":
        actions.propose_solution(ticket, "Done.", technician=desk.tess, by=who, at=at)
        actions.confirm_solution(ticket, contact=desk.ada, channel="phone", by=who, at=at)
    else:
        actions.merge(ticket, Ticket.objects.exclude(pk=ticket.pk).get(), by=who, at=at)


ENDS = pytest.mark.parametrize("how", ["closed", "confirmed", "merged"])


@pytest.fixture
def two(desk: Cast) -> Ticket:
    """A request that came after another one of the same firm."""
    ask(desk.ada, "visit", NOW - timedelta(hours=1), severity="medium")
    return wanted(desk)


@ENDS
@pytest.mark.parametrize("agreed", [False, True])
def test_a_request_that_is_over_frees_the_day_of_its_visit(
    desk: Cast, two: Ticket, how: str, agreed: bool
) -> None:
    propose(desk, two)
    if agreed:
        agree(desk, two)

    over(desk, two, how, june(16, 12))

    assert Visit.objects.get().state == "cancelled"
    other = ask(desk.boris, "settings-advice", NOW, severity="low")
    actions.book(other, slot(desk), by=by(desk.tess), at=june(16, 12))


@ENDS
def test_a_visit_that_has_begun_is_what_happened_and_is_entered_afterwards(
    desk: Cast, two: Ticket, how: str
) -> None:
    propose(desk, two)
    agree(desk, two)

    over(desk, two, how, june(17, 11))
    assert Visit.objects.get().state == "agreed"
    with pytest.raises(TicketRefused):
        actions.ask_for_another_day(two, "Friday", by=by(desk.ada), at=june(17, 11))

    made = Made(started_at=june(17, 10), worked_seconds=3600, note="Put up.", agreed_net=Decimal("1000.00"))
    finish_visit(two, made, contact=desk.ada, by=by(desk.tess), at=june(17, 13))
    assert Visit.objects.get().state == "done"
    assert Entry.objects.get(ticket=two).worked_seconds == 3600
    assert Travel.objects.get(ticket=two).agreed_net == Decimal("1000.00")


def test_a_paid_visit_that_has_begun_is_not_merged_away(db: None) -> None:
    damal = desk_of("damal")
    with_package(damal.acme, "sla")
    first, later = (
        ask(damal.ada, "remote-consultation", NOW + timedelta(minutes=minute)) for minute in (0, 1)
    )
    actions.propose_visit(later, KAZAN, slot(damal), reason="Near.", by=by(damal.tess), at=june(15, 10))
    agree(damal, later)

    with pytest.raises(TicketRefused, match="work that is paid for"):
        actions.merge(later, first, by=by(damal.dora), at=june(17, 11))

    assert Visit.objects.get().state == "agreed"


def test_nothing_is_charged_before_a_visit_that_has_begun_is_entered(desk: Cast) -> None:
    ticket = wanted(desk)
    propose(desk, ticket)
    agree(desk, ticket)
    over(desk, ticket, "confirmed", june(17, 11))

    with pytest.raises(BillingRefused, match="has begun and is not entered"):
        settle(ticket, by=by(desk.bela), at=june(17, 12))

    made = Made(started_at=june(17, 10), worked_seconds=3600, agreed_net=Decimal("1000.00"))
    finish_visit(ticket, made, contact=desk.ada, by=by(desk.tess), at=june(17, 13))
    assert settle(ticket, by=by(desk.bela), at=june(17, 14)).settled_at == june(17, 14)


def test_the_customer_does_not_call_off_a_visit_that_has_begun_and_staff_can(desk: Cast) -> None:
    ticket = wanted(desk)
    propose(desk, ticket)
    agree(desk, ticket)

    with pytest.raises(TicketRefused, match="has begun already"):
        actions.cancel_visit(ticket, by=by(desk.ada), at=june(17, 10))
    with pytest.raises(TicketRefused, match="has begun already"):
        actions.ask_for_another_day(ticket, "Friday", by=by(desk.ada), at=june(17, 10))
    assert Visit.objects.get().state == "agreed"

    actions.cancel_visit(ticket, "Nobody was there.", by=by(desk.tess), at=june(17, 13))
    assert Visit.objects.get().state == "cancelled"


def test_until_it_begins_the_customer_may_call_it_off(desk: Cast) -> None:
    ticket = wanted(desk)
    propose(desk, ticket)
    agree(desk, ticket)

    actions.cancel_visit(ticket, by=by(desk.ada), at=june(17, 9, 59))

    assert Visit.objects.get().state == "cancelled"


@ENDS
def test_a_day_that_passed_without_the_customers_word_is_called_off(
    desk: Cast, two: Ticket, how: str
) -> None:
    propose(desk, two)

    over(desk, two, how, june(17, 11))

    assert Visit.objects.get().state == "cancelled"


def test_the_diary_says_what_each_day_holds(desk: Cast) -> None:
    ticket, other = wanted(desk), ask(desk.boris, "settings-advice", NOW, severity="low")
    propose(desk, ticket)
    actions.book(other, slot(desk, june(16, 10)), by=by(desk.tess), at=NOW)

    found = diary(desk.vendor, june(15, 0), june(22, 0))
    assert [each.kind for each in found] == [Filled.BOOKING, Filled.PROPOSED]
    agree(desk, ticket)
    assert diary(desk.vendor, june(17, 0), june(18, 0))[0].kind is Filled.VISIT
    assert not diary(desk.neighbour, june(15, 0), june(22, 0))


def test_the_diary_of_one_technician_reads_nobody_elses_days(desk: Cast) -> None:
    ticket, other = wanted(desk), ask(desk.boris, "settings-advice", NOW, severity="low")
    propose(desk, ticket)
    actions.book(other, slot(desk, june(16, 10)), by=by(desk.tess), at=NOW)
    of_all = diary(desk.vendor, june(15, 0), june(22, 0))

    with CaptureQueriesContext(connection) as said:
        own = diary(desk.vendor, june(15, 0), june(22, 0), desk.dora.pk)

    assert list(own) == [each for each in of_all if each.technician_id == desk.dora.pk]
    assert len(of_all) > 0
    asked = [each["sql"] for each in said.captured_queries]
    assert len(asked) == 3
    assert all(f'"technician_id" = {desk.dora.pk}' in sql for sql in asked)
    assert not diary(desk.neighbour, june(15, 0), june(22, 0), desk.tess.pk)


def test_each_step_is_a_fact(desk: Cast) -> None:
    ticket = wanted(desk)
    actions.ask_for_visit(ticket, KAZAN, by=by(desk.ada), at=NOW)
    propose(desk, ticket)
    agree(desk, ticket)
    actions.visit_made(ticket, by=by(desk.tess), at=june(17, 12))

    told = Fact.objects.filter(kind__startswith="ticket.visit-").order_by("id").values_list("kind", flat=True)
    assert list(told) == [f"ticket.visit-{each}" for each in ("asked", "proposed", "agreed", "made")]
    assert DecisionKept.objects.filter(ticket=ticket, subject="visit").count() == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 81, "\n"])
def test_a_city_is_a_word(desk: Cast, text: str) -> None:
    with pytest.raises(TicketRefused):
        propose(desk, wanted(desk), Place(text))
