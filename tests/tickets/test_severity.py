"""A proposed severity: answered once, by whichever way comes first, and then counted from the same start."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import connection

from moments import june
from people import Cast, ask, by, desk_of, with_package
from pomost.journal.models import Fact
from pomost.tickets import actions
from pomost.tickets.actions import SeverityAnswer
from pomost.tickets.errors import TicketRefused
from pomost.tickets.foreseen import severity_change, severity_question
from pomost.tickets.models import Clock, Consent, SeverityProposal, Ticket

State = SeverityProposal.State


@pytest.fixture
def centaur(db: None) -> Cast:
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    return made


@pytest.fixture
def critical(centaur: Cast) -> Ticket:
    """G-C1: received on Thursday 16:30, Friday is a holiday."""
    return ask(centaur.ada, "remote-connection", june(11, 16, 30), severity="critical")


def test_what_would_change_names_both_due_moments_from_the_same_receipt(critical: Ticket) -> None:
    change = severity_change(critical, "medium", june(15, 9, 4), "en")

    (reaction,) = change.promises
    assert (change.before, change.after) == ("Critical", "Medium")
    assert (reaction.due_before, reaction.due_after) == (june(15, 9, 30), june(15, 12, 30))
    assert (reaction.clause, reaction.key) == ("4.1", "reaction")
    assert Clock.objects.get(ticket=critical).due_at == june(15, 9, 30)  # nothing was written


def test_a_clock_that_has_stopped_would_not_change_any_more(centaur: Cast, critical: Ticket) -> None:
    at = june(11, 16, 40)
    ticket = actions.number_told(critical, how="phone", at_told=at, by=by(centaur.tess), at=at)

    assert severity_change(ticket, "medium", june(15, 9, 4), "en").promises == ()


def test_the_words_are_kept_with_their_hash_and_the_way_they_came(centaur: Cast, critical: Ticket) -> None:
    ticket = actions.propose_severity(critical, "medium", by=by(centaur.tess), at=june(15, 9, 4))
    words = severity_question(ticket, june(15, 9, 10), "en")
    assert words.replace("\N{NO-BREAK SPACE}", " ") == (
        f"Change the severity of request {ticket.number} from “Critical” to “Medium”? "
        "Notice of the number: by Mon 15 June, 12:30; now by Mon 15 June, 9:30 (§ 4.1)."
    )
    digest = sha256(words.encode()).hexdigest()

    actions.answer_severity(
        ticket,
        SeverityAnswer(True, centaur.ada, "mail", "en", words_sha256=digest),
        by=by(centaur.ada),
        at=june(15, 9, 10),
    )

    kept = SeverityProposal.objects.get().consent
    assert kept is not None
    assert (kept.text, kept.text_sha256, kept.channel, kept.language) == (words, digest, "mail", "en")
    assert kept.text_version == ticket.terms.version


def test_an_answer_to_other_words_changes_nothing(centaur: Cast, critical: Ticket) -> None:
    ticket = actions.propose_severity(critical, "medium", by=by(centaur.tess), at=june(15, 9, 4))

    with pytest.raises(TicketRefused, match="Something has changed"):
        actions.answer_severity(
            ticket,
            SeverityAnswer(True, centaur.ada, "portal", words_sha256="0" * 64),
            by=by(centaur.ada),
            at=june(15, 9, 10),
        )

    assert Ticket.objects.get().severity_proposed == "medium"
    assert not Consent.objects.exists()


def test_a_third_severity_takes_the_second_back(centaur: Cast, critical: Ticket) -> None:
    actions.propose_severity(critical, "medium", by=by(centaur.tess), at=june(15, 9, 4))
    first = SeverityProposal.objects.get()
    actions.propose_severity(critical, "low", by=by(centaur.tess), at=june(15, 9, 5))

    with pytest.raises(TicketRefused, match="Another severity was proposed since"):
        actions.answer_severity(
            critical,
            SeverityAnswer(True, centaur.ada, "mail", proposal=first.pk),
            by=by(centaur.ada),
            at=june(15, 9, 10),
        )
    ticket = actions.agree_severity(
        critical, contact=centaur.ada, channel="portal", by=by(centaur.ada), at=june(15, 9, 11)
    )

    assert ticket.severity == "low"
    assert list(SeverityProposal.objects.order_by("id").values_list("after", "state")) == [
        ("medium", State.SUPERSEDED),
        ("low", State.AGREED),
    ]


@pytest.mark.parametrize("said_at", [june(15, 9, 3), june(15, 9, 31)], ids=["before it", "in the future"])
def test_a_call_is_noted_only_between_the_proposal_and_now(
    centaur: Cast, critical: Ticket, said_at: datetime
) -> None:
    actions.propose_severity(critical, "medium", by=by(centaur.tess), at=june(15, 9, 4))

    with pytest.raises(TicketRefused, match="between the proposal and now"):
        actions.answer_severity(
            critical,
            SeverityAnswer(True, centaur.ada, "phone", said_at=said_at),
            by=by(centaur.dora),
            at=june(15, 9, 30),
        )


def test_somebody_of_another_customer_cannot_answer(centaur: Cast, critical: Ticket) -> None:
    actions.propose_severity(critical, "medium", by=by(centaur.tess), at=june(15, 9, 4))

    with pytest.raises(TicketRefused, match="cannot answer for this customer"):
        actions.answer_severity(
            critical,
            SeverityAnswer(True, centaur.boris, "phone"),
            by=by(centaur.dora),
            at=june(15, 9, 30),
        )


def test_two_answers_at_once_count_once(disk_database: Path) -> None:
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    ticket = ask(made.ada, "remote-connection", june(11, 16, 30), severity="critical")
    actions.propose_severity(ticket, "medium", by=by(made.tess), at=june(15, 9, 4))

    def says(agreed: bool, channel: str) -> Callable[[], object]:
        return lambda: actions.answer_severity(
            ticket, SeverityAnswer(agreed, made.ada, channel), by=by(made.ada), at=june(15, 9, 10)
        )

    refused = at_once(says(True, "portal"), says(False, "mail"), says(True, "phone"))

    assert len(refused) == 2
    assert Consent.objects.filter(kind="severity").count() == 1
    answers = Fact.objects.filter(kind__in=("ticket.severity-changed", "ticket.severity-refused"))
    assert answers.count() == 1
    kept = Consent.objects.get(kind="severity")
    assert Ticket.objects.get().severity == ("medium" if kept.accepted else "critical")


def at_once(*acts: Callable[[], object]) -> list[TicketRefused]:
    """Do all of it at the same moment, each in a thread with its own connection; return the refusals."""
    together, refused = Barrier(len(acts)), list[TicketRefused]()

    def run(act: Callable[[], object]) -> None:
        try:
            together.wait()
            act()
        except TicketRefused as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused
