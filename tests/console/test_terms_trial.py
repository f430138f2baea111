"""The owner tries a draft on a month: one sentence, the totals, and a table of the requests that differ."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from console.scene import HOME, page, post
from console.test_terms import begin, typed
from moments import june
from people import Cast, ask, by
from pomost.journal.models import Fact
from pomost.tickets.actions import close, number_told
from pomost.tickets.models import Ticket

TRY = "terms/draft/try/"
SHORTER = (
    'extended = { low = "8h", medium = "4h", critical = "1h" }',
    'extended = { low = "8h", medium = "4h", critical = "30m" }',
)


@pytest.fixture
def late(desk: Cast) -> Ticket:
    """A request whose number was told by phone after three quarters of an hour; an hour was promised."""
    ticket = ask(desk.ada, "error-diagnosis", june(8, 10), severity="critical")
    told_at = june(8, 10, 45)
    return number_told(ticket, how="phone", at_told=told_at, by=by(desk.dora), at=told_at)


def test_a_shorter_promise_is_told_as_one_more_miss_with_both_clauses(
    desk: Cast, owen: Client, late: Ticket
) -> None:
    draft = begin(desk, owen)
    assert 'formaction="/centaur/console/terms/draft/try/"' in page(owen, "terms/draft/")

    html = post(owen, TRY, 200, **typed(draft, SHORTER, month="2026-06"))

    assert "1 promise would have been missed, the work would have cost the same." in html
    assert late.number in html
    assert "kept (by" in html
    assert "missed (by" in html


def test_a_draft_that_changes_nothing_says_so(desk: Cast, owen: Client, late: Ticket) -> None:
    draft = begin(desk, owen)

    html = post(owen, TRY, 200, **typed(draft, month="2026-06"))

    assert "Nothing would have come out otherwise." in html
    assert late.number not in html


def test_what_is_no_longer_given_is_told_by_request(desk: Cast, owen: Client) -> None:
    ticket = ask(desk.ada, "remote-connection", june(8, 10), severity="low")
    draft = begin(desk, owen)
    edit = (
        'clause = "2.7"\ncells = { basic = "no", extended = "yes" }',
        'clause = "2.7"\ncells = { basic = "no", extended = "no" }',
    )

    html = post(owen, TRY, 200, **typed(draft, edit, month="2026-06"))

    assert "Promises and prices stay; 1 request would have been judged otherwise." in html
    assert ticket.number in html
    assert "Not included." in html


def test_trying_keeps_and_records_nothing(desk: Cast, owen: Client, late: Ticket) -> None:
    draft = begin(desk, owen)
    facts = Fact.objects.count()

    post(owen, TRY, 200, **typed(draft, SHORTER, month="2026-06"))

    draft.refresh_from_db()
    assert draft.edition == 1
    assert Fact.objects.count() == facts


@pytest.mark.parametrize("month", ["", "2026-13", "1900-01", "June", "2026-06-01", "' OR 1=1 --"])
def test_a_month_that_cannot_be_chosen_is_refused_beside_its_field(
    desk: Cast, owen: Client, month: str
) -> None:
    draft = begin(desk, owen)

    html = post(owen, TRY, 422, **typed(draft, month=month))

    assert 'aria-invalid="true"' in html


@pytest.mark.parametrize("text", ["", "format = 1", "[[[", "x" * 300_000])
def test_a_text_with_mistakes_is_not_tried(desk: Cast, owen: Client, text: str) -> None:
    draft = begin(desk, owen)

    html = post(owen, TRY, 422, **(typed(draft, month="2026-06") | {"text": text}))

    assert "A text with mistakes cannot be tried" in html


def test_more_requests_take_no_more_queries(desk: Cast, owen: Client) -> None:
    draft = begin(desk, owen)
    fields = typed(draft, SHORTER, month="2026-06")

    def asked(count: int) -> int:
        for _n in range(count):
            ticket = ask(desk.ada, "error-diagnosis", june(8, 10), severity="critical")
            close(ticket, "Withdrawn.", by=by(desk.tess), at=june(8, 12))
        with CaptureQueriesContext(connection) as queries:
            owen.post(HOME + TRY, fields)
        return len(queries)

    assert asked(2) == asked(5)


def test_a_long_list_is_shown_by_pages_with_the_totals_of_all(
    desk: Cast, owen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pomost.console.terms_trial.ROWS_A_PAGE", 2)
    numbers = []
    for hour in range(3):
        asked = ask(desk.ada, "error-diagnosis", june(8, 9 + hour), severity="critical")
        told_at = june(8, 9 + hour, 45)
        numbers.append(number_told(asked, how="phone", at_told=told_at, by=by(desk.dora), at=told_at).number)
    draft = begin(desk, owen)

    first = post(owen, TRY, 200, **typed(draft, SHORTER, month="2026-06"))
    second = post(owen, TRY, 200, **typed(draft, SHORTER, month="2026-06", page="2"))
    beyond = post(owen, TRY, 200, **typed(draft, SHORTER, month="2026-06", page="999"))
    odd = post(owen, TRY, 200, **typed(draft, SHORTER, month="2026-06", page="-1"))

    assert [number in first for number in numbers] == [True, True, False]
    assert [number in second for number in numbers] == [False, False, True]
    assert "1 to 2 of 3" in first
    assert "3 promises would have been missed" in first
    assert "3 promises would have been missed" in second
    assert 'value="2"' in first
    assert (numbers[2] in beyond, numbers[0] in odd) == (True, True)
