from datetime import datetime, timedelta

import pytest

from moments import june
from people import Cast, ask, by, desk_of, with_package
from pomost.contracts.calendars import CalendarBook
from pomost.journal.models import Fact
from pomost.tickets import actions
from pomost.tickets.models import Ticket
from pomost.tickets.queries import ChainLink, Risk, chain, timeline
from pomost.tickets.queries.sentences import SENTENCES
from pomost.tickets.queries.timeline import SHOWN_OTHERWISE


@pytest.fixture
def centaur(db: None) -> Cast:
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    return made


@pytest.fixture
def critical(centaur: Cast) -> Ticket:
    return ask(centaur.ada, "settings-advice", june(11, 16, 30), severity="critical")


def short(links: tuple[ChainLink, ...]) -> list[tuple[str, datetime | None, str]]:
    return [(link.kind, link.at, link.event or link.reason_text or link.label) for link in links]


def test_an_open_clock_shows_its_start_what_did_not_count_and_what_is_next(critical: Ticket) -> None:
    links = chain(critical, june(15, 9, 12), book=CalendarBook.of(critical.vendor_id), language="en")

    assert short(links) == [
        ("post", june(11, 16, 30), "request.received"),
        ("gap", june(11, 17), "Holiday 12.06, Sat, Sun"),
        ("resume", june(15, 9), "reaction"),
        ("open", june(15, 9, 30), "reaction"),
    ]
    gap, resume, ahead = links[1:]
    assert gap.until == june(15, 9)
    assert gap.reasons == ("holiday:2026-06-12", "weekend")
    assert resume.counted == timedelta(minutes=30)
    assert (ahead.label, ahead.risk, ahead.clause) == ("Notice of the number", Risk.SOON, "4.1")


@pytest.mark.parametrize(
    ("told", "margin", "risk"),
    [
        (june(15, 9, 12), timedelta(minutes=18), Risk.ONTIME),
        (june(15, 9, 30), timedelta(0), Risk.ONTIME),
        (june(16, 9, 30), -timedelta(hours=8), Risk.LATE),
    ],
    ids=["early", "at the very moment", "a day late"],
)
def test_a_stopped_clock_keeps_its_post_and_says_by_how_much(
    critical: Ticket, told: datetime, margin: timedelta, risk: Risk
) -> None:
    ticket = actions.number_told(critical, how="phone", at_told=told, by="technician:1", at=told)

    links = chain(ticket, told, book=CalendarBook.of(ticket.vendor_id), language="en")

    post = next(link for link in links if link.event == "notice.accepted")
    assert (post.margin, post.risk, post.clause) == (margin, risk, "4.1")
    assert links[-1].kind == "none"
    assert "resume" not in {link.kind for link in links}


def test_a_missed_promise_says_how_late_it_is_by_now(critical: Ticket) -> None:
    (missed,) = [
        link
        for link in chain(critical, june(15, 10), book=CalendarBook.of(critical.vendor_id), language="en")
        if link.kind == "missed"
    ]

    assert (missed.at, missed.margin, missed.risk) == (june(15, 9, 30), -timedelta(minutes=30), Risk.LATE)


def test_a_night_and_a_start_before_opening_are_named(centaur: Cast) -> None:
    ticket = ask(centaur.boris, "settings-advice", june(16, 7), severity="medium")

    gaps = [
        link
        for link in chain(ticket, june(16, 8), book=CalendarBook.of(ticket.vendor_id), language="ru")
        if link.kind == "gap"
    ]

    assert [(gap.at, gap.until, gap.reasons) for gap in gaps] == [(june(16, 7), june(16, 9), ("night",))]


def test_once_nothing_is_promised_the_chain_says_so_until_the_end(centaur: Cast, critical: Ticket) -> None:
    at = june(11, 16, 40)
    ticket = actions.number_told(critical, how="mail", at_told=at, by="desk", at=at)
    assert [
        link.kind for link in chain(ticket, at, book=CalendarBook.of(ticket.vendor_id), language="en")
    ] == ["post", "post", "none"]

    ticket = actions.propose_solution(
        ticket, "Done.", technician=centaur.tess, by=by(centaur.tess), at=june(11, 16, 50)
    )
    ticket = actions.confirm_solution(
        ticket, contact=centaur.ada, channel="portal", by=by(centaur.ada), at=june(11, 16, 55)
    )

    assert [
        link.event
        for link in chain(ticket, june(11, 17), book=CalendarBook.of(ticket.vendor_id), language="en")
    ] == [
        "request.received",
        "notice.accepted",
        "work.began",
        "solution.proposed",
        "solution.confirmed",
    ]


def test_promises_that_follow_one_another_stand_in_the_order_of_time(db: None) -> None:
    kryzhik = desk_of("kryzhik")
    with_package(kryzhik.acme, "start")
    ticket = ask(kryzhik.ada, "consultation", june(8, 10))
    ticket = actions.begin_work(ticket, by=by(kryzhik.tess), at=june(8, 10, 20))

    links = chain(ticket, june(8, 10, 25), book=CalendarBook.of(ticket.vendor_id), language="en")

    assert [(link.kind, link.event) for link in links] == [
        ("post", "request.received"),
        ("post", "request.registered"),
        ("post", "work.began"),
        ("open", "answer"),
        ("open", "solve"),
    ]
    assert links[2].margin == timedelta(minutes=10)


def texts(ticket: Ticket, *, internal: bool, language: str = "en") -> list[str]:
    return [item.text for item in timeline(ticket, internal=internal, language=language)]


def test_the_timeline_tells_the_story_in_the_order_of_time(centaur: Cast, critical: Ticket) -> None:
    actions.notice_delayed(
        critical, answer="450 later", next_try_at=june(15, 9, 20), by="desk", at=june(11, 16, 31)
    )
    actions.propose_severity(critical, "medium", by=by(centaur.tess), at=june(15, 9, 4))
    actions.note(
        critical, "Looks like the queue.", technician=centaur.tess, by=by(centaur.tess), at=june(15, 9, 8)
    )
    actions.reply(
        critical, "Which queue is it?", technician=centaur.tess, by=by(centaur.tess), at=june(15, 9, 10)
    )

    items = timeline(critical, internal=True, language="en")

    assert [(item.is_fact, item.kind, item.side) for item in items] == [
        (True, "ticket.registered", "customer"),
        (False, "request", "customer"),
        (True, "ticket.notice-delayed", "desk"),
        (True, "ticket.severity-proposed", "vendor"),
        (False, "note", "vendor"),
        (False, "reply", "vendor"),
    ]
    assert items[2].is_bad
    assert "450 later" in items[2].text
    assert items[3].text == "Proposed severity: Medium. Without agreement it stays Critical."
    assert [item.who for item in items[3:]] == ["Tess", "Tess", "Tess"]


def test_a_customer_sees_neither_notes_nor_how_the_desk_works(centaur: Cast, critical: Ticket) -> None:
    actions.notice_refused(critical, answer="550 secret.internal.example", by="desk", at=june(11, 16, 31))
    actions.take(critical, centaur.tess, by=by(centaur.tess), at=june(11, 16, 32))
    actions.note(
        critical, "Their admin is new.", technician=centaur.tess, by=by(centaur.tess), at=june(11, 16, 33)
    )
    actions.reply(
        critical, "We are on it.", technician=centaur.tess, by=by(centaur.tess), at=june(11, 16, 34)
    )

    seen = texts(critical, internal=False)

    assert "We are on it." in seen
    assert not any("550" in text or "admin" in text or "In charge" in text for text in seen)


def test_every_fact_of_a_ticket_has_a_sentence(centaur: Cast, critical: Ticket) -> None:
    """What the actions record is what the timeline can say: a new kind without a sentence fails here."""
    tess, ada, at = by(centaur.tess), by(centaur.ada), june(15, 9)
    slot = actions.Slot(centaur.tess, june(16, 10), june(16, 11))
    actions.notice_delayed(critical, answer="450", next_try_at=at, by="desk", at=at)
    actions.notice_refused(critical, answer="550", by="desk", at=at)
    actions.number_told(critical, how="mail", at_told=at, by="desk", at=at)
    actions.notice_bounced(critical, answer="550", by="desk", at=at)
    actions.number_told(critical, how="phone", at_told=at, by=tess, at=at)
    actions.take(critical, centaur.tess, by=tess, at=at)
    actions.assign(critical, None, by=tess, at=at)
    actions.propose_severity(critical, "medium", by=tess, at=at)
    actions.refuse_severity(critical, contact=centaur.ada, channel="portal", by=ada, at=at)
    actions.propose_severity(critical, "medium", by=tess, at=at)
    actions.agree_severity(critical, contact=centaur.ada, channel="portal", by=ada, at=at)
    actions.set_package_shown(critical, package="extended", shown=False, by=tess, at=at)
    actions.set_package_shown(critical, package="extended", shown=True, by=tess, at=at)
    actions.book(critical, slot, by=tess, at=at)
    actions.cancel_booking(critical, by=tess, at=at)
    actions.begin_work(critical, by=tess, at=at)
    actions.stop_work(critical, reason="lunch", by=tess, at=at)
    actions.reply(critical, "x", technician=centaur.tess, by=tess, at=at)
    actions.note(critical, "x", technician=centaur.tess, by=tess, at=at)
    actions.note_call(critical, "x", technician=centaur.tess, by=tess, at=at)
    actions.wait_for_customer(critical, question="x", technician=centaur.tess, by=tess, at=at)
    actions.customer_wrote(critical, "x", contact=centaur.ada, by=ada, at=at)
    actions.propose_answer(critical, "x", technician=centaur.tess, by=tess, at=at)
    actions.propose_solution(critical, "x", technician=centaur.tess, by=tess, at=at)
    actions.reject_solution(critical, "x", contact=centaur.ada, channel="portal", by=ada, at=at)
    actions.propose_solution(critical, "x", technician=centaur.tess, by=tess, at=at)
    actions.confirm_solution(critical, contact=centaur.ada, channel="phone", by=tess, at=at)
    other = ask(centaur.ada, "settings-advice", june(15, 9), severity="low")
    actions.record_clock_event(other, "next.ordered", happened_at=at, by="desk", at=at)
    actions.close(other, "withdrawn", by=tess, at=at)

    kinds = set(Fact.objects.filter(kind__startswith="ticket.").values_list("kind", flat=True))
    assert kinds - SENTENCES.keys() == set(SHOWN_OTHERWISE)
    for language in ("ru", "pl", "en"):
        assert all(texts(critical, internal=True, language=language))
