"""One request holds one task: splitting and merging (K6)."""

from collections.abc import Callable
from datetime import date

import pytest

from people import Cast, ask, by, desk_of, with_package
from pomost.contracts.models import Contract
from pomost.journal.models import Fact as Recorded
from pomost.rules.decision import Subject
from pomost.tickets import actions
from pomost.tickets.actions import ConsentGiven
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Clock, Consent, Message, Ticket
from pomost.tickets.queries import decisions_of, kin_of, timeline
from pomost.tickets.tasks import sentences_of
from pomost.worklog.models import Entry
from tickets.desk_of_quotas import begun, draws, give, june, left, worked

TWO_TASKS = "The report does not balance. Line 120 is empty.\nAnd please install the new signature for Anna!"


@pytest.fixture
def desk(db: None) -> Cast:
    return desk_of("kryzhik")


@pytest.fixture
def contract(desk: Cast) -> Contract:
    made = with_package(desk.acme, "start")
    give(made, "requests", "5")
    return made


def say(ticket: Ticket, text: str = TWO_TASKS) -> Message:
    """The request's own message, in other words."""
    message = ticket.messages.get(kind=Message.Kind.REQUEST)
    message.text = text
    message.save(update_fields=["text"])
    return message


def halve(desk: Cast, ticket: Ticket, *picked: int, service: str = "") -> Ticket:
    return actions.split(
        ticket,
        say(ticket),
        picked or (2,),
        subject="Signature for Anna",
        service=service,
        by=by(desk.dora),
        at=june(11),
    )


def join(desk: Cast, ticket: Ticket, into: Ticket) -> Ticket:
    return actions.merge(ticket, into, by=by(desk.dora), at=june(12))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (TWO_TASKS, ("The report does not balance.", "Line 120 is empty.", "And please install the new signature for Anna!")),
        ("1. Отчёт\n\n2. Подпись", ("1.", "Отчёт", "2.", "Подпись")),
        ("  no end  ", ("no end",)),
        ("", ()),
    ],
)  # fmt: skip
def test_a_message_is_told_apart_by_sentences_and_lines(text: str, parts: tuple[str, ...]) -> None:
    assert sentences_of(text) == parts


def test_the_second_task_becomes_a_request_with_the_same_receipt(desk: Cast, contract: Contract) -> None:
    first = ask(desk.ada, "report-solving", june(10))

    second = halve(desk, first, service="signature-installation")

    assert (second.number, second.service) == ("К-0302", "signature-installation")
    assert (second.received_at, second.registered_at) == (first.received_at, first.registered_at)
    assert second.messages.get().text == "And please install the new signature for Anna!"
    assert first.messages.get().text == TWO_TASKS
    begin = {clock.ticket.number: clock.due_at for clock in Clock.objects.filter(key="begin")}
    assert begin == {"К-0301": june(10, 30), "К-0302": june(10, 30)}
    assert kin_of(first).split_off == [second]
    assert kin_of(second).split_from == first
    assert second.notice == Ticket.Notice.SENDING


def test_each_draws_for_itself(desk: Cast, contract: Contract) -> None:  # K5, K6
    first = begun(desk, june(10))
    second = halve(desk, first)
    assert left(desk) == 4

    second = actions.decide(second, "included", "In the tariff", by=by(desk.tess), at=june(11, 5))
    actions.begin_work(second, by=by(desk.tess), at=june(11, 10))

    assert left(desk) == 3


def test_a_split_is_recorded_on_both_and_read_by_the_customer(desk: Cast, contract: Contract) -> None:
    first = ask(desk.ada, "solving", june(10))
    second = halve(desk, first)

    assert Recorded.objects.get(kind="ticket.split").data["number"] == second.number
    told = {item.kind: item.text for item in timeline(first, internal=False, language="en")}
    assert second.number in told["ticket.split"]
    told = {item.kind: item.text for item in timeline(second, internal=False, language="en")}
    assert first.number in told["ticket.registered"]
    assert [each.decision.outcome for each in decisions_of(second, Subject.ENTITLEMENT)] == ["unstated"]


def test_consents_and_entries_stay_with_the_request_they_were_given_for(desk: Cast) -> None:
    with_package(desk.acme, "nadezhny")
    first = worked(desk, begun(desk, june(10)), 30, june(10, 40))
    consent = ConsentGiven("price", True, "I accept the price", "en")
    actions.record_consent(
        first, consent, contact=desk.ada, channel="portal", by=by(desk.ada), at=june(10, 50)
    )

    second = halve(desk, first)
    join(desk, second, first)

    assert Consent.objects.get().ticket == first
    assert Entry.objects.get().ticket == first


@pytest.mark.parametrize(
    ("picked", "says"), [((0, 1, 2), "at least one"), ((3,), "Pick the"), ((-1,), "Pick the")]
)
def test_some_sentences_go_and_some_stay(
    desk: Cast, contract: Contract, picked: tuple[int, ...], says: str
) -> None:
    with pytest.raises(TicketRefused, match=says):
        halve(desk, ask(desk.ada, "solving", june(10)), *picked)

    assert Ticket.objects.count() == 1


def test_only_words_of_the_customer_on_this_request_are_split(desk: Cast, contract: Contract) -> None:
    first, other = ask(desk.ada, "solving", june(9)), ask(desk.ada, "solving", june(10))

    with pytest.raises(TicketRefused, match="no message of the customer"):
        actions.split(first, say(other), (2,), subject="Two", by=by(desk.dora), at=june(11))


def test_a_merged_request_points_to_the_earlier_one_and_gives_its_draw_back(
    desk: Cast, contract: Contract
) -> None:
    first, second = begun(desk, june(9)), begun(desk, june(10))
    assert left(desk) == 3

    into = join(desk, second, first)

    second.refresh_from_db()
    assert (second.state, second.merged_into) == ("closed", into)
    assert left(desk) == 4
    back = decisions_of(second, Subject.QUOTA)[-1].decision
    assert (back.outcome, back.value("merged-into")) == ("given-back", first.number)
    assert kin_of(into).merged == [second]
    assert second.due_at is None
    assert actions.sweep(june(23, day=30)) == 1  # the promise of the earlier one


def test_what_was_written_on_the_later_one_is_read_on_the_earlier(desk: Cast, contract: Contract) -> None:
    first, second = ask(desk.ada, "solving", june(9)), ask(desk.ada, "solving", june(10))
    say(second, "It is the same report, only for May.")

    into = join(desk, second, first)

    read = [item.text for item in timeline(into, internal=False, language="en")]
    assert "It is the same report, only for May." in read


def test_hours_of_a_merged_request_count_for_the_one_that_goes_on(desk: Cast) -> None:  # A8
    give(with_package(desk.acme, "nadezhny"), "hours", "5")
    first = worked(desk, begun(desk, june(9)), 20, june(9, 30))
    second = worked(desk, begun(desk, june(10)), 20, june(10, 30))
    assert left(desk, "hours") == 4

    join(desk, second, first)

    assert left(desk, "hours") == 4  # 40 minutes of one task are an hour
    assert [kind for kind, _amount in draws(second)] == ["drawn", "given-back"]


def the_earlier(desk: Cast) -> tuple[Ticket, Ticket]:
    return ask(desk.ada, "solving", june(9)), ask(desk.ada, "solving", june(10))


def anothers(desk: Cast) -> tuple[Ticket, Ticket]:
    with_package(desk.borealis, "start")
    return ask(desk.boris, "solving", june(10)), ask(desk.ada, "solving", june(9))


def itself(desk: Cast) -> tuple[Ticket, Ticket]:
    one = ask(desk.ada, "solving", june(9))
    return one, one


def closed(desk: Cast) -> tuple[Ticket, Ticket]:
    first = actions.close(ask(desk.ada, "solving", june(9)), "Withdrawn", by="desk", at=june(9, 5))
    return ask(desk.ada, "solving", june(10)), first


def paid(desk: Cast) -> tuple[Ticket, Ticket]:
    first, second = ask(desk.ada, "solving", june(9)), ask(desk.ada, "solving", june(10))
    second = actions.decide(second, "paid", "Agreed", by=by(desk.tess), at=june(10, 5))
    return actions.begin_work(second, by=by(desk.tess), at=june(10, 10)), first


@pytest.mark.parametrize(
    ("scene", "says"),
    [
        (the_earlier, "Merge the later"),
        (anothers, "two customers"),
        (itself, "with itself"),
        (closed, "is closed"),
        (paid, "paid for"),
    ],
)
def test_what_cannot_be_merged_stays_as_it_was(
    desk: Cast, contract: Contract, scene: Callable[[Cast], tuple[Ticket, Ticket]], says: str
) -> None:
    ticket, into = scene(desk)

    with pytest.raises(TicketRefused, match=says):
        join(desk, ticket, into)

    ticket.refresh_from_db()
    assert ticket.merged_into is None


def test_splitting_and_merging_again_leaves_the_quota_as_it_was(desk: Cast, contract: Contract) -> None:
    first = begun(desk, june(10))
    before = left(desk, on=date(2026, 6, 15))

    second = halve(desk, first)
    second = actions.decide(second, "included", "In the tariff", by=by(desk.tess), at=june(11, 5))
    second = actions.begin_work(second, by=by(desk.tess), at=june(11, 10))
    assert join(desk, second, first) == first
    assert join(desk, second, first) == first

    assert left(desk) == before
