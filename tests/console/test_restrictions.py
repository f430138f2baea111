"""The console's pages of restrictions: imposed at a request, seen, made longer, lifted; appeals answered."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from console.scene import NOW, page, post
from people import Cast, ask, by, technician_of
from pomost.people.models import Technician
from pomost.remote.actions import answer, choose_presence, ring
from pomost.remote.lines import NoLines, connect
from pomost.tickets import actions
from pomost.tickets.models import Restriction, RestrictionAppeal, RestrictionStep, Ticket


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    return ask(desk.ada, "remote-connection", NOW, severity="low")


def typed(**other: object) -> dict[str, object]:
    return {
        "refusal": "conduct",
        "scope": "customer",
        "what_happened": "Shouting at the specialist.",
        "until_day": "2026-06-22",
    } | other


def impose(browser: Client, ticket: Ticket, status: int = 302, **other: object) -> str:
    return post(browser, f"tickets/{ticket.number}/restrict/", status, **typed(**other))


def only() -> Restriction:
    return Restriction.objects.get()


def test_a_dispatcher_restricts_at_the_request_and_reads_it_everywhere(
    desk: Cast, dora: Client, tess: Client, ticket: Ticket
) -> None:
    assert "Restrict support" in page(dora, f"tickets/{ticket.number}/")
    assert "Restrict support" not in page(tess, f"tickets/{ticket.number}/")

    impose(dora, ticket)

    row = only()
    assert row.until_at is not None
    assert row.until_at.isoformat() == "2026-06-22T21:00:00+00:00", "to the end of the day in Moscow"
    assert row.imposed_by == by(desk.dora)
    one = page(tess, f"restrictions/{row.pk}/")
    for words in (
        "Acme",
        "Offensive conduct",
        "§ 6.3",
        "Shouting at the specialist.",
        "Dora",
        "22\N{NO-BREAK SPACE}Jun",
    ):
        assert words in one
    assert "Support is restricted" in page(tess, f"tickets/{ticket.number}/")
    assert "Offensive conduct" in page(tess, f"customers/{desk.acme.pk}/")
    assert "Offensive conduct" in page(tess, "restrictions/")
    refused = post(tess, f"tickets/{ticket.number}/begin/", 409)
    assert "Support is restricted for Acme" in refused


def test_the_board_marks_what_is_restricted_and_no_work_is_offered(
    desk: Cast, dora: Client, tess: Client, ticket: Ticket
) -> None:
    theirs = ask(desk.boris, "settings-advice", NOW, severity="low")
    for each in (ticket, theirs):
        actions.number_told(each, how="phone", at_told=NOW, by=by(desk.tess), at=NOW)
        actions.take(each, desk.tess, by=by(desk.tess), at=NOW)
    assert "Begin the work" in page(tess, f"tickets/{ticket.number}/")
    impose(dora, ticket)

    board = page(tess)
    assert board.count("Support is restricted for Acme") == 1, "and not the neighbour's"
    assert '<div class="ell2">Support is restricted</div>' in board
    text = page(tess, f"tickets/{ticket.number}/")
    assert "Begin the work" not in text
    assert "Support is restricted: no work begins" in text
    assert "Begin the work" in page(tess, f"tickets/{theirs.number}/")
    post(tess, f"tickets/{ticket.number}/begin/", 409)


def test_restrictions_cost_the_board_no_query_for_each(
    desk: Cast,
    dora: Client,
    tess: Client,
    ticket: Ticket,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _each in range(6):
        impose(dora, ask(desk.ada, "settings-advice", NOW, severity="low"), scope="request")
    impose(dora, ask(desk.boris, "settings-advice", NOW, severity="low"), scope="contact")

    with django_assert_max_num_queries(16):
        html = page(tess)

    assert html.count("Support is restricted for") == 7


def test_who_notes_a_call_reads_that_the_caller_is_restricted(
    desk: Cast, dora: Client, tess: Client, ticket: Ticket
) -> None:
    impose(dora, ticket, scope="contact")

    for more in ("", "&service=settings-advice&severity=low"):
        assert "Support is restricted for Ada" in page(tess, f"calls/preview/?contact={desk.ada.pk}{more}")
        assert "restricted" not in page(tess, f"calls/preview/?contact={desk.boris.pk}{more}")


def test_what_was_typed_stays_when_it_is_refused(dora: Client, ticket: Ticket) -> None:
    html = impose(dora, ticket, 409, until_day="2026-06-14")

    assert "That day is over" in html
    assert "Shouting at the specialist." in html
    assert not Restriction.objects.exists()


@pytest.mark.parametrize(
    "other",
    [
        {"refusal": ""},
        {"refusal": "too-many-questions"},
        {"scope": "everybody"},
        {"what_happened": ""},
        {"what_happened": "x" * 1001},
        {"until_day": "9999-12-31"},
        {"until_day": "22.06.2026; DROP TABLE"},
        {"review_day": "0000-00-00"},
    ],
)
def test_what_is_no_form_is_refused_beside_the_field(
    dora: Client, ticket: Ticket, other: dict[str, object]
) -> None:
    impose(dora, ticket, 422, **other)

    assert not Restriction.objects.exists()


@pytest.mark.parametrize(
    "other", [{"until_day": ""}, {"review_day": "2026-07-01"}, {"until_day": "2099-01-01"}]
)
def test_it_needs_one_end_within_a_year(dora: Client, ticket: Ticket, other: dict[str, object]) -> None:
    impose(dora, ticket, 409, **other)

    assert not Restriction.objects.exists()


def test_what_happened_is_shown_as_text(dora: Client, ticket: Ticket) -> None:
    impose(dora, ticket, what_happened="<script>alert(1)</script>")

    assert "<script>alert" not in page(dora, f"restrictions/{only().pk}/")


def test_it_is_made_longer_and_lifted_with_reasons(desk: Cast, dora: Client, ticket: Ticket) -> None:
    impose(dora, ticket)
    here = f"restrictions/{only().pk}/"

    post(dora, here + "extend/", until_day="2026-06-29", reason="It went on.")
    post(dora, here + "lift/", reason="They said sorry.")

    html = page(dora, here)
    for words in ("It went on.", "They said sorry.", "29\N{NO-BREAK SPACE}Jun"):
        assert words in html
    assert "Lift the restriction" not in html
    assert [each.kind for each in RestrictionStep.objects.order_by("id")] == ["imposed", "extended", "lifted"]
    assert "ended" in post(dora, here + "lift/", 409, reason="Again.")


def test_an_appeal_by_phone_is_answered_by_an_owner(
    desk: Cast, dora: Client, owen: Client, ticket: Ticket
) -> None:
    impose(dora, ticket)
    here = f"restrictions/{only().pk}/"
    post(dora, here + "appeal/", contact=str(desk.ada.pk), text="It was not so.")
    assert "It was not so." in page(owen, "restrictions/")
    assert "Answer the appeal" not in page(dora, here)

    post(dora, here + "decide/", 403, answer="grant", reason="x")
    post(owen, here + "decide/", 422, answer="", reason="We listened.")
    post(owen, here + "decide/", answer="grant", reason="We listened.")

    assert RestrictionAppeal.objects.get().state == "granted"
    assert only().ended_at == NOW
    post(owen, here + "decide/", 404, answer="grant", reason="We listened.")


def test_an_owner_does_not_answer_an_appeal_against_their_own_decision(
    desk: Cast, owen: Client, ticket: Ticket
) -> None:
    technician_of(desk.vendor, "Olga", Technician.Role.OWNER)
    impose(owen, ticket)
    actions.appeal_restriction(only(), "No.", contact=desk.ada, by=by(desk.ada), at=NOW)

    html = post(owen, f"restrictions/{only().pk}/decide/", 409, answer="uphold", reason="It stays.")

    assert "Another owner can" in html
    assert "It stays." in html
    assert RestrictionAppeal.objects.get().state == "waiting"


def test_nobody_appeals_as_somebody_of_another_firm(desk: Cast, dora: Client, ticket: Ticket) -> None:
    impose(dora, ticket)

    post(dora, f"restrictions/{only().pk}/appeal/", 422, contact=str(desk.boris.pk), text="Mine.")

    assert not RestrictionAppeal.objects.exists()


class Told(NoLines):
    """Remembers which sessions were to end, and why."""

    def __init__(self) -> None:
        self.ended: list[tuple[str, str]] = []

    def end(self, session: str, why: str) -> None:
        self.ended.append((session, why))


@pytest.fixture
def told() -> Iterator[Told]:
    heard = Told()
    connect(heard)
    yield heard
    connect(NoLines())


def test_the_session_that_runs_is_ended_by_the_clause_where_it_allows_that(
    desk: Cast, dora: Client, ticket: Ticket, told: Told
) -> None:
    choose_presence(desk.tess, "free", by=by(desk.tess), at=NOW)
    call = ring(desk.tess, caller_name="Ada", language="en", at=NOW)
    session = answer(call, ticket, technician=desk.tess, fees_paid=(), by=by(desk.tess), at=NOW)

    impose(dora, ticket, 409, refusal="against-the-manual", ends_session="on")
    assert (told.ended, Restriction.objects.count()) == ([], 0), "both or neither"
    impose(dora, ticket, ends_session="on")

    assert told.ended == [(str(session.pk), "Offensive conduct (§ 6.3)")]
    assert session.events.filter(kind="ended-by-terms").count() == 1


def test_a_longer_list_of_restrictions_needs_no_more_queries(desk: Cast, dora: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(dora, "restrictions/")
        return len(seen)

    def one_more() -> None:
        impose(dora, ask(desk.boris, "remote-connection", NOW, severity="low"), scope="request")

    one_more()
    page(dora, "restrictions/")
    before = cost()
    for _number in range(5):
        one_more()

    assert cost() == before
