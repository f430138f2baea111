"""Whatever is sent to the console is answered with a sentence, and nothing is left half-written."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.scene import HOME
from moments import june
from people import Cast, ask, customer_of
from pomost.journal.models import Fact
from pomost.people.actions import set_presence
from pomost.people.models import Customer, Technician
from pomost.remote import actions as remote
from pomost.tickets.models import Booking, Message, Ticket
from pomost.worklog.models import Entry

VALUES = {
    "nothing": "",
    "NUL": "a\x00b",
    "a long text": "x" * 30_000,
    "a negative number": "-1",
    "no number": "NaN",
    "an endless number": "Infinity",
    "a huge number": "9" * 400,
    "a number of another alphabet": "²",
    "a list": "[1, 2]",
    "an object": '{"$gt": ""}',
    "a date that is none": "2026-13-99T99:99",
    "the end of time": "9999-12-31T23:59",
    "before time": "0001-01-01T00:00",
    "a script": "<script>alert(1)</script>",
    "SQL": "'; DROP TABLE tickets_ticket; --",
    "letters from right to left": "\u202eabc",
}
FIELDS = [
    "text",
    "subject",
    "service",
    "family",
    "severity",
    "package",
    "product_version",
    "contact",
    "outdated",
    "told",
    "told_at",
    "wait",
    "outcome",
    "reason",
    "decided",
    "more_hours",
    "source",
    "minutes",
    "note",
    "technician",
    "starts_at",
    "parts",
    "consents",
    "agreed",
    "ticket",
    "noted",
    "presence",
    "why",
    "name",
    "email",
    "phone",
    "language",
    "tax_id",
    "address",
    "q",
    "state",
    "page",
    "whose",
]
VERBS = [
    "take",
    "begin",
    "told",
    "mail-again",
    "package",
    "decide",
    "reply",
    "note",
    "call",
    "answer",
    "solve",
    "severity",
    "severity/answer",
    "confirm",
    "complete",
    "estimate",
    "estimate/answer",
    "book",
    "work",
    "close",
]


def written() -> tuple[int, ...]:
    """Return how much there is of everything that a form can write."""
    tables = (Fact, Ticket, Message, Booking, Entry, Customer)
    return tuple(table._default_manager.count() for table in tables)


def sent(browser: Client, address: str, typed: dict[str, object]) -> int:
    """Post a form; say how it was answered, after looking that a refusal is a page and wrote nothing."""
    before = written()
    answer = browser.post(HOME + address, typed)
    assert answer.status_code in {302, 400, 403, 404, 409, 422}, f"{address} answers {answer.status_code}"
    if answer.status_code != 302:
        assert "<html" in answer.content.decode()
        assert written() == before
    return answer.status_code


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    return ask(desk.ada, "remote-connection", june(15, 9), severity="critical")


@pytest.mark.parametrize("verb", VERBS)
def test_no_value_breaks_a_tickets_page(ticket: Ticket, tess: Client, verb: str) -> None:
    for value in VALUES.values():
        sent(tess, f"tickets/{ticket.number}/{verb}/", dict.fromkeys(FIELDS, value))


@pytest.mark.parametrize("address", ["calls/new/", "customers/", "presence/"])
def test_no_value_breaks_the_other_forms(ticket: Ticket, tess: Client, address: str) -> None:
    for value in VALUES.values():
        sent(tess, address, dict.fromkeys(FIELDS, value))


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("reply/", "text"),
        ("close/", "reason"),
        ("work/", "note"),
        ("work/", "minutes"),
        ("told/", "told_at"),
        ("decide/", "reason"),
        ("calls/new/", "subject"),
        ("calls/new/", "contact"),
    ],
)
def test_a_megabyte_is_refused(ticket: Ticket, tess: Client, address: str, field: str) -> None:
    typed: dict[str, object] = {
        "source": "call",
        "minutes": "5",
        "note": "x",
        "outcome": "paid",
        "subject": "x",
    }

    assert (
        sent(
            tess,
            address if address == "calls/new/" else f"tickets/{ticket.number}/{address}",
            typed | {field: "9" * 1_000_000},
        )
        == 422
    )


@pytest.mark.parametrize("verb", ["answer", "decline", "estimate", "end"])
def test_no_value_breaks_a_call(ticket: Ticket, desk: Cast, tess: Client, verb: str) -> None:
    set_presence(desk.tess, Technician.Presence.FREE, by="system", at=june(15, 9))
    call = remote.ring(desk.tess, caller_name="Ada", language="ru", at=june(15, 9, 5))

    for value in VALUES.values():
        answer = tess.post(f"{HOME}sessions/{call.pk}/{verb}/", dict.fromkeys(FIELDS, value))
        assert answer.status_code in {302, 400, 404, 409, 422}


@pytest.mark.parametrize("address", ["", "board/", "tickets/", "customers/", "calls/new/", "calls/preview/"])
def test_no_question_breaks_a_list(ticket: Ticket, tess: Client, address: str) -> None:
    for value in VALUES.values():
        answer = tess.get(HOME + address, dict.fromkeys(FIELDS, value))
        assert answer.status_code in {200, 400, 404, 409}
        assert "<script>alert(1)" not in answer.content.decode()


@pytest.mark.parametrize(
    "number", ["Ц-999999", "\x00", "..", "%2e%2e%2f", "' OR 1=1 --", "x" * 300, "<b>", "0"]
)
def test_a_ticket_that_does_not_exist_is_not_found(tess: Client, number: str) -> None:
    assert tess.post(f"{HOME}tickets/{number}/take/").status_code == 404


def test_what_is_another_desks_does_not_exist_here(ticket: Ticket, desk: Cast, tess: Client) -> None:
    _firm, stranger = customer_of(desk.neighbour, "Strange", "Sven", "en")
    form = {"contact": stranger.pk, "subject": "x", "service": "remote-connection", "severity": "low"}
    slot = {"technician": desk.nils.pk, "starts_at": "2026-06-16T10:00", "minutes": "60"}

    assert sent(tess, "calls/new/", form) == 404
    assert sent(tess, f"tickets/{ticket.number}/book/", slot) in {404, 422}
    assert tess.get(f"{HOME}customers/{_firm.pk}/").status_code == 404


def test_a_form_without_its_token_is_refused_with_a_page(ticket: Ticket, desk: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(desk.tess.person)

    answer = browser.post(f"{HOME}tickets/{ticket.number}/take/", {"csrfmiddlewaretoken": "x" * 64})

    assert answer.status_code == 403
    assert "<html" in answer.content.decode()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe\x00", b"a=%zz&%00=1", b"--x\r\nContent-Disposition:"])
@pytest.mark.parametrize(
    "kind",
    ["application/json", "multipart/form-data", "multipart/form-data; boundary=x", "text/plain; charset=no"],
)
def test_a_malformed_body_is_an_empty_form(ticket: Ticket, tess: Client, body: bytes, kind: str) -> None:
    before = written()

    answer = tess.generic("POST", f"{HOME}tickets/{ticket.number}/reply/", body, content_type=kind)

    assert answer.status_code in {400, 415, 422}
    assert written() == before


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    verb=st.sampled_from(VERBS),
    typed=st.dictionaries(
        st.sampled_from(FIELDS), st.text(max_size=60) | st.sampled_from([*VALUES.values()]), max_size=8
    ),
)
def test_no_mixture_of_values_breaks_a_tickets_page(
    ticket: Ticket, tess: Client, verb: str, typed: dict[str, object]
) -> None:
    sent(tess, f"tickets/{ticket.number}/{verb}/", typed)
