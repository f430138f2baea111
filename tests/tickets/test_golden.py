"""The golden cases of the desk, lived through its actions by the vendors' own terms."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from people import Cast, ask, by, desk_of, with_package
from pomost.contracts.quotas import held, set_allowance
from pomost.journal.models import Fact
from pomost.rules.quota import Beyond, Carry, Grant, Period
from pomost.tickets import actions
from pomost.tickets.actions import ConsentGiven
from pomost.tickets.errors import TicketRefused
from pomost.tickets.judgement import verdict_from_json
from pomost.tickets.models import Clock, Consent, SeverityProposal, Ticket
from pomost.worklog.actions import enter_data_work

MOSCOW = ZoneInfo("Europe/Moscow")


def moscow(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=MOSCOW)


@pytest.fixture
def centaur(db: None) -> Cast:
    return desk_of("centaur")


@pytest.fixture
def bonus(db: None) -> Cast:
    return desk_of("bonus")


@pytest.fixture
def kryzhik(db: None) -> Cast:
    return desk_of("kryzhik")


@pytest.fixture
def critical(centaur: Cast) -> Ticket:
    """G-C1: Extended, critical, received on Thursday 16:30 before a holiday."""
    with_package(centaur.acme, "extended")
    return ask(centaur.ada, "remote-connection", moscow(6, 11, 16, 30), severity="critical")


def clock(ticket: Ticket, key: str = "reaction") -> Clock:
    return Clock.objects.get(ticket=ticket, key=key)


def test_c1_the_reaction_is_due_after_one_working_hour_across_the_holiday(critical: Ticket) -> None:
    assert critical.due_at == moscow(6, 15, 9, 30)
    assert clock(critical).clause == "4.1"


@pytest.mark.parametrize(("minute", "met"), [(30, True), (31, False)], ids=["at 9:30", "at 9:31"])
def test_c1_the_notice_decides_and_not_the_registration(
    centaur: Cast, critical: Ticket, minute: int, met: bool
) -> None:
    told_at = moscow(6, 15, 9, minute)
    ticket = actions.number_told(critical, how="phone", at_told=told_at, by=by(centaur.tess), at=told_at)

    assert clock(ticket).met is met
    assert ticket.due_at is None


def test_c1_a_bounce_reopens_the_clock_from_the_same_start(critical: Ticket) -> None:
    accepted = moscow(6, 11, 16, 31)
    ticket = actions.number_told(critical, how="mail", at_told=accepted, by="desk", at=accepted)
    assert ticket.due_at is None

    ticket = actions.notice_bounced(ticket, answer="550 no such user", by="desk", at=moscow(6, 11, 16, 45))

    assert ticket.due_at == moscow(6, 15, 9, 30)
    assert ticket.notice == Ticket.Notice.REFUSED
    assert clock(ticket).met is None


def test_c2_who_cannot_show_extended_is_served_as_basic(centaur: Cast) -> None:
    with_package(centaur.acme, "extended", shown=False)
    ticket = ask(centaur.ada, "remote-connection", moscow(6, 8, 9), severity="low")

    verdict = verdict_from_json(ticket.verdict)
    assert ticket.package == "basic"
    assert ticket.due_at == moscow(6, 10, 17)
    assert (verdict.outcome, verdict.clause, verdict.fact_clauses) == ("refused", "2.7", ("6.4",))


def test_c2_a_package_shown_later_is_judged_anew_from_the_same_receipt(centaur: Cast) -> None:
    ticket = ask(centaur.ada, "remote-connection", moscow(6, 8, 9), severity="low")
    assert (ticket.package, ticket.due_at) == ("basic", moscow(6, 10, 17))

    for _ in range(2):
        ticket = actions.set_package_shown(
            ticket, package="extended", shown=True, by=by(centaur.tess), at=moscow(6, 8, 11)
        )

    assert (ticket.package, ticket.verdict["outcome"]) == ("extended", "included")
    assert ticket.due_at == moscow(6, 8, 17)
    assert Fact.objects.filter(kind="ticket.package-changed").count() == 1


def test_c3_a_proposal_changes_nothing_until_the_customer_agrees(centaur: Cast, critical: Ticket) -> None:
    ticket = actions.propose_severity(critical, "medium", by=by(centaur.tess), at=moscow(6, 15, 9, 4))

    assert (ticket.severity, ticket.severity_proposed) == ("critical", "medium")
    assert ticket.due_at == moscow(6, 15, 9, 30)

    ticket = actions.agree_severity(
        ticket, contact=centaur.ada, channel="portal", by=by(centaur.ada), at=moscow(6, 15, 9, 10)
    )

    assert (ticket.severity, ticket.severity_proposed) == ("medium", "")
    assert ticket.due_at == moscow(6, 15, 12, 30)
    assert clock(ticket).started_at == moscow(6, 11, 16, 30)
    proposal = SeverityProposal.objects.get()
    assert list(
        Fact.objects.filter(kind__contains="severity").values_list("kind", "by", "data").order_by("id")
    ) == [
        (
            "ticket.severity-proposed",
            by(centaur.tess),
            {"before": "critical", "after": "medium", "proposal": proposal.pk},
        ),
        ("ticket.severity-changed", by(centaur.ada), {"before": "critical", "after": "medium"}),
    ]
    consent = Consent.objects.get(kind="severity")
    assert consent.accepted
    assert "«Критическая»" in consent.text or "“Критическая”" in consent.text


def test_c3_a_no_leaves_everything_as_it_was(centaur: Cast, critical: Ticket) -> None:
    actions.propose_severity(critical, "medium", by=by(centaur.tess), at=moscow(6, 15, 9, 4))
    ticket = actions.refuse_severity(
        critical, contact=centaur.ada, channel="phone", by=by(centaur.tess), at=moscow(6, 15, 9, 10)
    )

    assert (ticket.severity, ticket.severity_proposed, ticket.due_at) == (
        "critical",
        "",
        moscow(6, 15, 9, 30),
    )
    assert Consent.objects.get(kind="severity").accepted is False
    with pytest.raises(TicketRefused, match="No other severity is proposed"):
        actions.agree_severity(
            ticket, contact=centaur.ada, channel="portal", by=by(centaur.ada), at=moscow(6, 15, 9, 11)
        )


def test_b1_what_a_backup_by_mail_lacks_is_named_and_work_waits_for_it(bonus: Cast) -> None:
    ticket = ask(bonus.ada, "backup-by-mail", moscow(6, 8, 10), parts=["backup-file"])

    assert ticket.state == Ticket.State.INCOMPLETE
    assert ticket.missing == ["consent-to-pay"]
    with pytest.raises(TicketRefused, match="not complete yet"):
        actions.begin_work(ticket, by=by(bonus.tess), at=moscow(6, 8, 10, 5))


def test_b1_a_consent_is_not_had_by_saying_that_it_is_there(bonus: Cast) -> None:
    ticket = ask(bonus.ada, "backup-by-mail", moscow(6, 8, 10), parts=["backup-file", "consent-to-pay"])

    assert ticket.missing == ["consent-to-pay"]


def test_b1_work_begins_once_everything_is_there(bonus: Cast) -> None:
    ticket = ask(bonus.ada, "backup-by-mail", moscow(6, 8, 10))
    assert ticket.missing == ["backup-file", "consent-to-pay"]
    yes = ConsentGiven("consent-to-pay", True, "Согласие оплатить работу: 1 300,00 ₽ за час", "ru")

    ticket = actions.complete_missing(
        ticket, parts=["backup-file"], channel="mail", by=by(bonus.ada), at=moscow(6, 8, 11)
    )
    assert (ticket.state, ticket.missing) == (Ticket.State.INCOMPLETE, ["consent-to-pay"])
    ticket = actions.complete_missing(
        ticket, consents=[yes], channel="mail", by=by(bonus.ada), at=moscow(6, 8, 12)
    )
    ticket = actions.begin_work(ticket, by=by(bonus.tess), at=moscow(6, 8, 12, 5))

    assert (ticket.state, ticket.missing) == (Ticket.State.OPEN, [])
    assert ticket.began_at == moscow(6, 8, 12, 5)
    assert Consent.objects.get().text == yes.text


def test_b1_a_no_to_the_price_completes_nothing(bonus: Cast) -> None:
    ticket = ask(bonus.ada, "backup-by-mail", moscow(6, 8, 10), parts=["backup-file"])
    no = ConsentGiven("consent-to-pay", False, "Согласие оплатить работу: 1 300,00 ₽ за час", "ru")

    ticket = actions.complete_missing(
        ticket, consents=[no], channel="mail", by=by(bonus.ada), at=moscow(6, 8, 12)
    )

    assert ticket.missing == ["consent-to-pay"]
    assert Consent.objects.get().accepted is False


def test_k1_the_chain_of_promises_of_the_first_column(kryzhik: Cast) -> None:
    with_package(kryzhik.acme, "start")
    ticket = ask(kryzhik.ada, "consultation", moscow(6, 8, 10))
    assert ticket.due_at == moscow(6, 8, 10, 30)

    ticket = actions.begin_work(ticket, by=by(kryzhik.tess), at=moscow(6, 8, 10, 20))
    assert ticket.due_at == moscow(6, 8, 10, 50)
    ticket = actions.propose_answer(
        ticket, "Try this.", technician=kryzhik.tess, by=by(kryzhik.tess), at=moscow(6, 8, 10, 45)
    )
    assert ticket.due_at == moscow(6, 8, 14, 20)
    assert [clock(ticket, key).met for key in ("begin", "answer", "solve")] == [True, True, None]


def test_k1_when_the_time_has_passed_work_stops_until_its_price_is_agreed(kryzhik: Cast) -> None:
    with_package(kryzhik.acme, "start")
    ticket = ask(kryzhik.ada, "consultation", moscow(6, 8, 10))
    ticket = actions.begin_work(ticket, by=by(kryzhik.tess), at=moscow(6, 8, 10, 20))

    assert actions.sweep(moscow(6, 8, 14, 20)) == 1  # the answer's 10:50 was missed
    assert Ticket.objects.get().began_at is not None
    assert actions.sweep(moscow(6, 8, 14, 20) + timedelta(seconds=1)) == 1

    assert Ticket.objects.get().began_at is None
    missed = Fact.objects.filter(kind="ticket.promise-missed").order_by("id")
    assert [(fact.data["clock"], fact.data["then"]) for fact in missed] == [
        ("answer", ""),
        ("solve", "agree-paid-work"),
    ]
    assert Fact.objects.filter(kind="ticket.work-stopped", by="desk").count() == 1
    assert actions.sweep(moscow(6, 8, 15)) == 0


def test_k1_one_request_is_used_however_it_goes_on(kryzhik: Cast) -> None:
    contract = with_package(kryzhik.acme, "start")
    grant = Grant("requests", Decimal(5), Period.MONTH, Carry.NONE, Beyond.ASK, date(2026, 6, 1))
    set_allowance(contract, grant, by=by(kryzhik.owen), at=moscow(6, 1, 9))
    ticket = ask(kryzhik.ada, "consultation", moscow(6, 8, 10))
    ticket = actions.decide(
        ticket, "included", "It is in the column", by=by(kryzhik.tess), at=moscow(6, 8, 10, 5)
    )
    ticket = actions.begin_work(ticket, by=by(kryzhik.tess), at=moscow(6, 8, 10, 20))
    actions.propose_answer(
        ticket, "Try this.", technician=kryzhik.tess, by=by(kryzhik.tess), at=moscow(6, 8, 10, 45)
    )
    actions.sweep(moscow(6, 8, 14, 20) + timedelta(seconds=1))
    assert Ticket.objects.get().began_at is None

    (stands,) = (each.stand for each in held(contract, date(2026, 6, 8)))

    assert (stands.used, stands.left) == (Decimal(1), Decimal(4))


def test_k2_forty_minutes_use_an_hour_and_two_tasks_become_two_requests(kryzhik: Cast) -> None:
    contract = with_package(kryzhik.acme, "nadezhny")
    grant = Grant("hours", Decimal(5), Period.MONTH, Carry.NONE, Beyond.ASK, date(2026, 6, 1))
    set_allowance(contract, grant, by=by(kryzhik.owen), at=moscow(6, 1, 9))
    ticket = ask(kryzhik.ada, "solving", moscow(6, 8, 10))
    message = ticket.messages.get()
    ticket = actions.decide(
        ticket, "included", "It is in the column", by=by(kryzhik.tess), at=moscow(6, 8, 10, 5)
    )
    enter_data_work(
        ticket,
        technician=kryzhik.tess,
        worked_seconds=40 * 60,
        started_at=moscow(6, 8, 10, 10),
        by=by(kryzhik.tess),
        at=moscow(6, 8, 11),
    )
    message.text = "The report is empty. Please install the signature."
    message.save(update_fields=["text"])
    actions.split(ticket, message, [1], subject="The signature", by=by(kryzhik.dora), at=moscow(6, 8, 11, 5))

    (stands,) = (each.stand for each in held(contract, date(2026, 6, 8)))

    assert (stands.used, stands.left) == (Decimal(1), Decimal(4))
    assert Ticket.objects.count() == 2
