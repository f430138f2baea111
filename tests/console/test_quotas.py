"""What a contract gives and what is left of it, as the desk sees and agrees it; and a second task split off on the page."""

from urllib.parse import unquote

import pytest
from django.test import Client

from console.scene import SignIn
from moments import june
from people import Cast, ask, desk_of, with_package
from pomost.contracts.models import Allowance, Contract
from pomost.people.formats import NBSP
from pomost.tickets import actions
from pomost.tickets.models import Ticket
from tickets.desk_of_quotas import begun, give

HOME = "/kryzhik/console/"
GIVEN = {
    "unit": "requests",
    "amount": "10",
    "period": "month",
    "carry": "one",
    "beyond": "ask",
    "valid_from": "2026-06-01",
}


@pytest.fixture
def kryzhik(db: None) -> Cast:
    made = desk_of("kryzhik")
    for each in (made.tess, made.dora, made.owen):
        each.person.language = "en"
        each.person.save(update_fields=["language"])
    return made


@pytest.fixture
def contract(kryzhik: Cast) -> Contract:
    return with_package(kryzhik.acme, "start")


@pytest.fixture
def dora(kryzhik: Cast, sign_in: SignIn) -> Client:
    return sign_in(kryzhik.dora)


def customer(browser: Client, cast: Cast) -> str:
    return browser.get(f"{HOME}customers/{cast.acme.pk}/").content.decode()


def agree(browser: Client, contract: Contract, status: int = 302, **typed: str) -> str:
    address = f"{HOME}customers/{contract.customer_id}/contracts/{contract.pk}/allowance/"
    answer = browser.post(address, GIVEN | typed)
    assert answer.status_code == status
    return answer.content.decode()


def test_what_the_dispatcher_agrees_is_seen_at_once(kryzhik: Cast, contract: Contract, dora: Client) -> None:
    agree(dora, contract)

    html = customer(dora, kryzhik)
    assert f"10{NBSP}requests left" in html
    assert f"of 10{NBSP}requests, June 2026" in html
    assert "can be used for one more period" in html


def test_an_amount_below_what_is_used_is_refused_beside_what_was_typed(
    kryzhik: Cast, contract: Contract, dora: Client
) -> None:
    give(contract, "requests", "2")
    begun(kryzhik, june(15, 9))
    begun(kryzhik, june(15, 9))

    html = agree(dora, contract, status=409, amount="1")

    assert "2.00 are used" in html or "2 are used" in html
    assert Allowance.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"amount": "-1"}, 422),
        ({"amount": "1.3"}, 422),
        ({"amount": "much"}, 422),
        ({"unit": "hours"}, 422),
        ({"period": "week"}, 422),
        ({"valid_from": "2026-06-02"}, 409),
        ({"valid_from": "2027-01-01"}, 409),
    ],
)
def test_what_cannot_be_agreed_changes_nothing(
    contract: Contract, dora: Client, typed: dict[str, str], status: int
) -> None:
    agree(dora, contract, status=status, **typed)

    assert not Allowance.objects.exists()


def test_a_technician_reads_what_is_left_and_cannot_change_it(
    kryzhik: Cast, contract: Contract, sign_in: SignIn
) -> None:
    give(contract, "requests", "2")
    tess = sign_in(kryzhik.tess)

    assert f"2{NBSP}requests left" in customer(tess, kryzhik)
    assert "What the contract gives" not in customer(tess, kryzhik)
    agree(tess, contract, status=403)


def test_the_contract_of_another_customer_is_not_found_here(
    kryzhik: Cast, contract: Contract, dora: Client
) -> None:
    address = f"{HOME}customers/{kryzhik.borealis.pk}/contracts/{contract.pk}/allowance/"

    assert dora.post(address, GIVEN).status_code == 404


def test_the_ticket_shows_what_is_left_and_why_it_was_counted(
    kryzhik: Cast, contract: Contract, dora: Client
) -> None:
    give(contract, "requests", "2")
    ticket = begun(kryzhik, june(15, 9))

    html = dora.get(f"{HOME}tickets/{ticket.number}/").content.decode()

    assert f"1{NBSP}request left" in html
    assert "Counted from the quota." in html


def two_tasks(cast: Cast) -> Ticket:
    ticket = ask(cast.ada, "report-solving", june(15, 8))
    message = ticket.messages.get()
    message.text = "The report does not balance. Please install the signature for Anna."
    message.save(update_fields=["text"])
    return ticket


def test_a_second_task_is_picked_out_of_the_message(kryzhik: Cast, contract: Contract, dora: Client) -> None:
    first = two_tasks(kryzhik)
    message = first.messages.get()
    html = dora.get(f"{HOME}tickets/{first.number}/").content.decode()
    assert f'value="{message.pk}-1"' in html

    answer = dora.post(
        f"{HOME}tickets/{first.number}/split/",
        {"sentences": [f"{message.pk}-1"], "subject": "Signature", "service": "signature-installation"},
    )

    second = Ticket.objects.get(split_from=first)
    assert unquote(answer["Location"]) == f"{HOME}tickets/{second.number}/"
    html = dora.get(answer["Location"]).content.decode()
    assert "Split off from" in html
    assert "Please install the signature for Anna." in html


@pytest.mark.parametrize(
    ("sentences", "status"), [([], 422), (["0-1"], 422), (["{0}-0", "{0}-1"], 409), (["{0}-7"], 422)]
)
def test_what_cannot_be_split_is_said_beside_what_was_picked(
    kryzhik: Cast, contract: Contract, dora: Client, sentences: list[str], status: int
) -> None:
    first = two_tasks(kryzhik)
    picked = [each.format(first.messages.get().pk) for each in sentences]

    answer = dora.post(
        f"{HOME}tickets/{first.number}/split/",
        {"sentences": picked, "subject": "Signature", "service": "solving"},
    )

    assert answer.status_code == status
    assert "Signature" in answer.content.decode()
    assert Ticket.objects.count() == 1


def test_two_requests_about_one_task_are_merged_by_number(
    kryzhik: Cast, contract: Contract, dora: Client
) -> None:
    first, second = ask(kryzhik.ada, "solving", june(15, 8)), ask(kryzhik.ada, "solving", june(15, 9))

    answer = dora.post(f"{HOME}tickets/{second.number}/merge/", {"number": first.number})

    assert unquote(answer["Location"]) == f"{HOME}tickets/{first.number}/"
    second.refresh_from_db()
    assert second.merged_into == first
    assert "Goes on as" in dora.get(f"{HOME}tickets/{second.number}/").content.decode()


@pytest.mark.parametrize("number", ["К-9999", "", "К-0301"])
def test_what_cannot_be_merged_is_said_on_the_page(
    kryzhik: Cast, contract: Contract, dora: Client, number: str
) -> None:
    only = ask(kryzhik.ada, "solving", june(15, 8))

    answer = dora.post(f"{HOME}tickets/{only.number}/merge/", {"number": number})

    assert answer.status_code == (422 if not number else 409)
    assert actions.begin_work(only, by="desk", at=june(15, 9)).merged_into is None
