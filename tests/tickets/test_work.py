"""What is done to a ticket between its number and its end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from moments import june
from people import Cast, ask, by, desk_of, with_package
from pomost.journal.models import Fact
from pomost.tickets import actions
from pomost.tickets.actions import ConsentGiven, Slot
from pomost.tickets.clockwork import recompute
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Booking, Clock, Consent, Message, Ticket

State = Ticket.State


NOW = june(15, 9)


@pytest.fixture
def desk(db: None) -> Cast:
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    return made


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    return ask(desk.ada, "settings-advice", NOW, severity="critical")


@pytest.fixture
def solved(desk: Cast, ticket: Ticket) -> Ticket:
    return actions.propose_solution(
        ticket, "Update to 3.16.", technician=desk.tess, by=by(desk.tess), at=june(15, 10)
    )


def facts(kind: str) -> int:
    return Fact.objects.filter(kind=f"ticket.{kind}").count()


# Telling the number


def test_telling_the_number_twice_keeps_the_first_time(desk: Cast, ticket: Ticket) -> None:
    for minute in (10, 20):
        ticket = actions.number_told(
            ticket, how="phone", at_told=june(15, 9, minute), by=by(desk.tess), at=june(15, 9, 30)
        )

    assert ticket.told_at == june(15, 9, 10)
    assert facts("number-told") == 1


def test_a_call_noted_later_counts_from_when_it_was_made(desk: Cast, ticket: Ticket) -> None:
    ticket = actions.number_told(
        ticket, how="phone", at_told=june(15, 9, 50), by=by(desk.tess), at=june(15, 11)
    )

    clock = Clock.objects.get(ticket=ticket)
    assert (clock.stopped_at, clock.met) == (june(15, 9, 50), True)


@pytest.mark.parametrize(
    "told", [NOW - timedelta(seconds=1), june(15, 11, 1)], ids=["before the number", "after now"]
)
def test_a_number_cannot_be_told_before_it_exists_or_in_the_future(
    desk: Cast, ticket: Ticket, told: datetime
) -> None:
    with pytest.raises(TicketRefused, match="between its registration and now"):
        actions.number_told(ticket, how="phone", at_told=told, by=by(desk.tess), at=june(15, 11))


def test_a_delayed_notice_keeps_the_clock_running_and_says_when_it_is_tried_again(ticket: Ticket) -> None:
    ticket = actions.notice_delayed(
        ticket, answer="450 later", next_try_at=june(15, 9, 20), by="desk", at=june(15, 9, 1)
    )

    assert (ticket.notice, ticket.notice_next_try_at) == (Ticket.Notice.DELAYED, june(15, 9, 20))
    assert ticket.due_at == june(15, 10)


def test_what_mail_does_after_a_call_changes_nothing(desk: Cast, ticket: Ticket) -> None:
    told = june(15, 9, 10)
    ticket = actions.number_told(ticket, how="phone", at_told=told, by=by(desk.tess), at=told)
    ticket = actions.notice_delayed(
        ticket, answer="450", next_try_at=june(15, 9, 20), by="desk", at=june(15, 9, 11)
    )
    ticket = actions.notice_refused(ticket, answer="550", by="desk", at=june(15, 9, 12))
    ticket = actions.notice_bounced(ticket, answer="550", by="desk", at=june(15, 9, 13))

    assert (ticket.notice, ticket.told_at, ticket.due_at) == (Ticket.Notice.TOLD, told, None)


def test_a_promise_that_breaks_leaves_one_fact_whoever_comes_upon_it(desk: Cast, ticket: Ticket) -> None:
    actions.take(ticket, desk.tess, by=by(desk.tess), at=june(15, 10, 1))
    assert facts("promise-missed") == 0

    actions.begin_work(ticket, by=by(desk.tess), at=june(15, 10, 2))
    actions.sweep(june(15, 10, 3))
    told = june(15, 10, 4)
    actions.number_told(ticket, how="phone", at_told=told, by=by(desk.tess), at=told)

    missed = Fact.objects.get(kind="ticket.promise-missed")
    assert (missed.by, missed.data["clock"], missed.data["clause"]) == ("desk", "reaction", "4.1")


# Whose it is, and work


def test_a_ticket_is_taken_once(desk: Cast, ticket: Ticket) -> None:
    for _twice in range(2):
        ticket = actions.take(ticket, desk.tess, by=by(desk.tess), at=NOW)
    assert facts("taken") == 1

    with pytest.raises(TicketRefused, match="Tess has this request already"):
        actions.take(ticket, desk.dora, by=by(desk.dora), at=NOW)
    assert actions.assign(ticket, desk.dora, by=by(desk.dora), at=NOW).assigned_to == desk.dora


def test_a_strangers_technician_is_not_put_in_charge(desk: Cast, ticket: Ticket) -> None:
    with pytest.raises(TicketRefused, match="does not work for this vendor"):
        actions.assign(ticket, desk.nils, by=by(desk.dora), at=NOW)


def test_a_stale_copy_does_not_undo_what_happened_since(desk: Cast, ticket: Ticket) -> None:
    stale = Ticket.objects.get(pk=ticket.pk)
    actions.take(ticket, desk.tess, by=by(desk.tess), at=NOW)

    after = actions.reply(stale, "We are on it.", technician=desk.tess, by=by(desk.tess), at=NOW)

    assert after.assigned_to == desk.tess


# Talk


def test_waiting_for_the_customer_ends_with_their_answer(desk: Cast, ticket: Ticket) -> None:
    for _twice in range(2):
        ticket = actions.wait_for_customer(
            ticket, question="Which queue?", technician=desk.tess, by=by(desk.tess), at=june(15, 9, 5)
        )
    assert (ticket.state, ticket.waiting_since) == (State.WAITING, june(15, 9, 5))

    ticket = actions.customer_wrote(
        ticket, "The second.", contact=desk.ada, by=by(desk.ada), at=june(15, 9, 9)
    )

    assert (ticket.state, ticket.waiting_since) == (State.OPEN, None)
    assert (facts("waiting"), facts("customer-answered")) == (1, 1)
    assert list(ticket.messages.order_by("id").values_list("author_name", "text")) == [
        ("Ada", "I pressed the button and nothing came."),
        ("Tess", "Which queue?"),
        ("Ada", "The second."),
    ]


def test_an_answer_nobody_waits_for_is_kept_and_changes_no_state(desk: Cast, ticket: Ticket) -> None:
    ticket = actions.customer_wrote(ticket, "It is worse now.", contact=desk.ada, by=by(desk.ada), at=NOW)

    assert ticket.state == State.OPEN
    assert facts("customer-answered") == 0
    assert facts("customer-wrote") == 1


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_a_message_without_text_is_refused(desk: Cast, ticket: Ticket, text: str) -> None:
    with pytest.raises(TicketRefused, match="There is no text"):
        actions.reply(ticket, text, technician=desk.tess, by=by(desk.tess), at=NOW)

    assert Message.objects.filter(kind=Message.Kind.REPLY).count() == 0


# Solution


def test_a_solution_waits_for_the_customers_word_as_long_as_the_terms_say(solved: Ticket) -> None:
    assert (solved.state, solved.solved_at) == (State.SOLVED, june(15, 10))
    assert solved.silence_ends_at == june(19, 0)  # the midnight that ends Thursday, the third working day


def test_the_customer_confirms_once(desk: Cast, solved: Ticket) -> None:
    for hour in (11, 12):
        ticket = actions.confirm_solution(
            solved, contact=desk.ada, channel="portal", by=by(desk.ada), at=june(15, hour)
        )

    assert (ticket.state, ticket.confirmed_at, ticket.silence_ends_at) == (
        State.CONFIRMED,
        june(15, 11),
        None,
    )
    assert facts("confirmed") == 1
    consent = Consent.objects.get()
    assert (consent.kind, consent.accepted, consent.contact) == ("solution", True, desk.ada)


def test_a_rejection_opens_the_ticket_again(desk: Cast, solved: Ticket) -> None:
    ticket = actions.reject_solution(
        solved, "Still broken.", contact=desk.ada, channel="portal", by=by(desk.ada), at=june(15, 11)
    )

    assert (ticket.state, ticket.solved_at, ticket.silence_ends_at) == (State.OPEN, None, None)
    assert Consent.objects.get().accepted is False
    actions.sweep(june(30, 12))
    assert Ticket.objects.get().state == State.OPEN


def test_a_rejection_reopens_the_clock_of_the_solution(db: None) -> None:
    kryzhik = desk_of("kryzhik")
    with_package(kryzhik.acme, "kryzhik")
    ticket = ask(kryzhik.ada, "solving", june(15, 10))
    ticket = actions.propose_solution(
        ticket, "Done.", technician=kryzhik.tess, by=by(kryzhik.tess), at=june(15, 10, 20)
    )
    assert ticket.due_at is None

    ticket = actions.reject_solution(
        ticket, "No.", contact=kryzhik.ada, channel="portal", by=by(kryzhik.ada), at=june(15, 11)
    )

    assert ticket.due_at == june(15, 12, 20)


def test_silence_counts_as_a_yes_from_the_very_moment_and_not_before(solved: Ticket) -> None:
    assert Ticket.objects.get().silence_ends_at == june(19, 0)
    actions.sweep(june(19, 0) - timedelta(seconds=1))
    assert Ticket.objects.get().state == State.SOLVED

    actions.sweep(june(19, 0))

    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.confirmed_at) == (State.CONFIRMED, june(19, 0))
    assert Fact.objects.get(kind="ticket.confirmed").data == {"how": "silence"}
    assert Fact.objects.get(kind="ticket.confirmed").by == "desk"
    assert not Consent.objects.exists()


def test_what_does_not_fit_the_state_is_refused_with_the_reason(desk: Cast, ticket: Ticket) -> None:
    tess, ada = by(desk.tess), by(desk.ada)
    with pytest.raises(TicketRefused, match="fits only once a solution was given"):
        actions.confirm_solution(ticket, contact=desk.ada, channel="portal", by=ada, at=NOW)
    actions.close(ticket, "withdrawn", by=tess, at=NOW)

    too_late: list[Callable[[], object]] = [
        lambda: actions.begin_work(ticket, by=tess, at=NOW),
        lambda: actions.propose_solution(ticket, "x", technician=desk.tess, by=tess, at=NOW),
        lambda: actions.propose_severity(ticket, "low", by=tess, at=NOW),
        lambda: actions.close(ticket, "again", by=tess, at=NOW),
        lambda: actions.take(ticket, desk.tess, by=tess, at=NOW),
        lambda: actions.confirm_solution(ticket, contact=desk.ada, channel="portal", by=ada, at=NOW),
    ]
    for act in too_late:
        with pytest.raises(TicketRefused, match=r"is closed\. Register a new one"):
            act()


# Bookings


def test_a_technician_is_not_booked_twice_for_the_same_time(desk: Cast, ticket: Ticket) -> None:
    other = ask(desk.boris, "settings-advice", NOW, severity="low")
    actions.book(ticket, Slot(desk.tess, june(16, 10), june(16, 11)), by=by(desk.dora), at=NOW)

    with pytest.raises(TicketRefused, match=f"Tess is booked then for request {ticket.number}"):
        actions.book(other, Slot(desk.tess, june(16, 10, 59), june(16, 12)), by=by(desk.dora), at=NOW)
    actions.book(other, Slot(desk.tess, june(16, 11), june(16, 12)), by=by(desk.dora), at=NOW)
    assert Booking.objects.count() == 2


def test_another_time_replaces_the_agreed_one(desk: Cast, ticket: Ticket) -> None:
    for hour in (10, 10, 14):
        actions.book(ticket, Slot(desk.tess, june(16, hour), june(16, hour + 1)), by=by(desk.dora), at=NOW)

    assert Booking.objects.get().starts_at == june(16, 14)
    actions.cancel_booking(ticket, by=by(desk.dora), at=NOW)
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("starts", "ends", "says"),
    [
        (june(16, 10), june(16, 10), "end before it begins"),
        (june(16, 10), june(16, 9), "end before it begins"),
        (june(15, 8), june(15, 12), "is past"),
    ],
)
def test_a_time_that_cannot_be_is_refused(
    desk: Cast, ticket: Ticket, starts: datetime, ends: datetime, says: str
) -> None:
    with pytest.raises(TicketRefused, match=says):
        actions.book(ticket, Slot(desk.tess, starts, ends), by=by(desk.dora), at=NOW)


# Consents


def test_a_consent_keeps_the_words_their_hash_the_version_and_who_noted_it(
    desk: Cast, ticket: Ticket
) -> None:
    words = "Согласие с ценой: 1 300,00 ₽ за час"
    consent = actions.record_consent(
        ticket,
        ConsentGiven("price", True, words, "ru"),
        contact=desk.ada,
        channel="phone",
        by=by(desk.dora),
        at=NOW,
    )

    assert (consent.text, consent.text_sha256) == (words, sha256(words.encode()).hexdigest())
    assert (consent.text_version, consent.language, consent.channel, consent.by) == (
        "1",
        "ru",
        "phone",
        by(desk.dora),
    )
    assert Fact.objects.get(kind="ticket.consent").data["kind"] == "price"


def test_another_customers_contact_cannot_answer(desk: Cast, ticket: Ticket) -> None:
    with pytest.raises(TicketRefused, match="Boris cannot answer"):
        actions.record_consent(
            ticket,
            ConsentGiven("price", True, "x", "en"),
            contact=desk.boris,
            channel="portal",
            by="x",
            at=NOW,
        )


class Unreadable:
    """Stands in for the computing of clocks, and fails for one ticket."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket, self.tried, self.is_mended = ticket, 0, False

    def __call__(self, held: Ticket, now: datetime) -> bool:
        if held.pk == self.ticket.pk and not self.is_mended:
            self.tried += 1
            raise ValueError("These terms cannot be read.")
        return recompute(held, now)


def test_a_ticket_that_cannot_be_swept_holds_up_none_of_the_others(
    desk: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poisoned = ask(desk.ada, "settings-advice", NOW, severity="critical")
    healthy = ask(desk.ada, "settings-advice", NOW + timedelta(minutes=1), severity="critical")
    fails = Unreadable(poisoned)
    monkeypatch.setattr("pomost.tickets.actions.sweeping.recompute", fails)
    sweeper = actions.Sweeper()

    assert sweeper.run_once(june(15, 11)) == 1

    assert Clock.objects.filter(ticket=healthy, met=False).exists()
    assert f"Ticket {poisoned.pk} cannot be swept" in caplog.text


def test_a_ticket_that_could_not_be_swept_is_tried_again_after_a_while(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned = ask(desk.ada, "settings-advice", NOW, severity="critical")
    fails = Unreadable(poisoned)
    monkeypatch.setattr("pomost.tickets.actions.sweeping.recompute", fails)
    sweeper = actions.Sweeper()
    sweeper.run_once(june(15, 11))
    sweeper.run_once(june(15, 11, 1))
    assert fails.tried == 1

    fails.is_mended = True

    assert sweeper.run_once(june(15, 11, 6)) == 1
    assert Clock.objects.filter(ticket=poisoned, met=False).exists()
