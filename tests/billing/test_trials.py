"""The facts of a month's requests, as the rows hold them: a trial prices and judges them as the desk itself does."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.stories import Story, story_of
from people import by, desk_of, with_package
from pomost.billing import trials
from pomost.billing.queries import cost_to_settle
from pomost.billing.trials import gathered, months_to_try, tried
from pomost.contracts.queries import terms_of
from pomost.journal.models import Fact
from pomost.people.models import Vendor
from pomost.rules.entitlement import Outcome
from pomost.rules.terms.model import Terms
from pomost.rules.trial.facts import Decided
from pomost.rules.trial.side import Side, side_of
from pomost.tickets.actions import decide, merge
from pomost.tickets.models import Clock, Ticket
from pomost.worklog.actions import enter_data_work

JUNE = date(2026, 6, 1)


def in_force(vendor: Vendor) -> Terms:
    return terms_of(vendor.terms_versions.get())


def side(vendor: Vendor, ticket: Ticket, now: datetime) -> Side:
    """Return what the vendor's own terms make of a ticket, by its facts."""
    facts = gathered(vendor, JUNE, now)
    (request,) = (each for each in facts.requests if each.number == ticket.number)
    found = side_of(in_force(vendor), request, facts.fees_paid.get(request.customer, frozenset()))
    assert isinstance(found, Side)
    return found


def data_work(story: Story, ticket: Ticket, at: datetime, minutes: int) -> None:
    enter_data_work(
        ticket,
        technician=story.tess,
        worked_seconds=minutes * 60,
        started_at=at,
        by=by(story.tess),
        at=at + timedelta(minutes=minutes),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("accepted", [None, True, False])
def test_a_trial_under_the_same_terms_prices_work_as_the_desk_does(accepted: bool | None) -> None:
    story = story_of("satisoft")
    at = story.at("2026-06-15 09:00")
    ticket = story.ticket("remote-help", at, family="subiekt")
    data_work(story, ticket, at, 70)
    if accepted is not None:
        estimate = story.estimate(ticket, at + timedelta(minutes=80), more_minutes=90)
        story.decided(estimate, at + timedelta(minutes=81), accepted=accepted)
    ticket.refresh_from_db()
    if accepted:
        data_work(story, ticket, at + timedelta(minutes=90), 80)
    now = at + timedelta(days=1)
    if accepted is not False:
        ticket = story.confirmed(ticket, now)
    found = side(story.vendor, ticket, now + timedelta(days=1))

    expected = {None: "200.00 PLN", True: "600.00 PLN", False: "0.00 PLN"}[accepted]
    assert str(found.net) == expected
    if accepted is not False:
        assert found.net == cost_to_settle(ticket).bill.net


@pytest.mark.django_db
def test_a_minimum_is_counted_for_each_session_as_the_desk_does() -> None:
    story = story_of("bonus")
    with_package(story.customer, "licence")
    ticket = story.ticket("direct-connection", story.at("2026-06-15 09:00"))
    for hour in (10, 13):
        story.worked(ticket, story.at(f"2026-06-15 {hour}:00"), 20)
    ticket = story.confirmed(ticket, story.at("2026-06-15 15:00"))

    found = side(story.vendor, ticket, story.at("2026-06-16 09:00"))

    assert found.net == cost_to_settle(ticket).bill.net
    assert len(found.lines) == 3  # two sessions and the connection fee
    story.invoice([ticket], story.at("2026-06-16 09:00"))
    assert side(story.vendor, ticket, story.at("2026-06-17 09:00")).net == found.net


@pytest.mark.django_db
def test_promises_come_out_as_the_rows_say() -> None:
    desk = desk_of("centaur")
    with_package(desk.acme, "extended")
    story = Story(desk.vendor, desk.tess, desk.acme, desk.ada)
    late = story.ticket("error-diagnosis", story.at("2026-06-15 10:00"), severity="critical")

    found = side(desk.vendor, late, story.at("2026-06-15 10:30"))
    assert found.promises["reaction"].met is None
    now = story.at("2026-06-15 15:00")

    found = side(desk.vendor, late, now)

    clock = Clock.objects.get(ticket=late, key="reaction")
    assert found.promises["reaction"].due_at == clock.due_at
    assert found.missed == {"reaction"}


@pytest.mark.django_db
def test_what_a_person_decided_and_what_was_merged_are_facts() -> None:
    story = story_of("satisoft")
    at = story.at("2026-06-15 09:00")
    undecided = story.ticket("remote-help", at, family="navireo")
    decide(undecided, "included", "A promise of the seller.", by=by(story.tess), at=at)
    later = story.ticket("remote-help", at + timedelta(hours=1), family="navireo")
    merge(later, undecided, by=by(story.tess), at=at + timedelta(hours=2))

    first, second = gathered(story.vendor, JUNE, at + timedelta(days=1)).requests

    assert first.decided == Decided(Outcome.ASK_PERSON, Outcome.INCLUDED)
    assert (first.is_charged, second.is_charged) == (True, False)
    assert second.until == at + timedelta(hours=2)


@pytest.mark.django_db
def test_a_month_is_the_vendors_and_a_trial_writes_nothing() -> None:
    story = story_of("satisoft")
    for day in ("2026-05-31 23:59", "2026-06-01 00:00", "2026-06-30 23:59", "2026-07-01 00:00"):
        story.ticket("remote-help", story.at(day), family="subiekt")
    now = story.at("2026-07-02 09:00")
    facts = Fact.objects.count()

    found = gathered(story.vendor, JUNE, now)
    trial = tried(story.vendor, found, in_force(story.vendor), in_force(story.vendor))

    assert [request.day for request in found.requests] == [JUNE, date(2026, 6, 30)]
    assert trial.differing == ()
    assert Fact.objects.count() == facts
    months = months_to_try(story.vendor, datetime(2026, 6, 30, 22, 30, tzinfo=ZoneInfo("UTC")))
    assert (months[0], months[1], months[-1], len(months)) == (date(2026, 7, 1), JUNE, date(2025, 7, 1), 13)


@pytest.mark.django_db
def test_more_requests_take_no_more_queries_and_a_busy_month_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    story = story_of("satisoft")
    at = story.at("2026-06-15 09:00")

    def asked(count: int) -> int:
        for _n in range(count):
            ticket = story.ticket("remote-help", at, family="subiekt")
            data_work(story, ticket, at, 70)
            story.estimate(ticket, at + timedelta(minutes=80), more_minutes=90)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            gathered(story.vendor, JUNE, at + timedelta(days=1))
        return len(queries)

    assert asked(1) == asked(4)

    monkeypatch.setattr(trials, "REQUESTS_MAX", 3)
    found = gathered(story.vendor, JUNE, at + timedelta(days=1))
    assert (len(found.requests), found.count) == (3, 5)
