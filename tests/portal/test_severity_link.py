"""The link of a mail: a page that anybody with the mail can read, and one answer that counts."""

from datetime import timedelta

import pytest
from django.core.signing import Signer
from hypothesis import given
from hypothesis import strategies as st

from moments import june
from people import Cast, ask, by
from pomost.people.errors import NotFound
from pomost.people.models import Contact, Vendor
from pomost.tickets import actions
from pomost.tickets.links import SALT, VALID_FOR, severity_link, severity_token
from pomost.tickets.models import Consent, SeverityProposal, Ticket
from portal.scene import hidden, page, post, stranger, words


@pytest.fixture
def critical(centaur: Cast) -> Ticket:
    return ask(centaur.ada, "remote-connection", june(11, 16, 30), severity="critical")


@pytest.fixture
def proposal(centaur: Cast, critical: Ticket) -> SeverityProposal:
    actions.propose_severity(critical, "medium", by=by(centaur.tess), at=june(15, 9, 4))
    return SeverityProposal.objects.get()


@pytest.fixture
def address(centaur: Cast, proposal: SeverityProposal) -> str:
    return f"/centaur/answers/severity/{severity_token(proposal, centaur.ada)}/"


def test_a_no_is_an_answer_too(address: str) -> None:
    browser = stranger(june(15, 9, 20))

    post(browser, address, answer="no", words=hidden(page(browser, address), "words"))

    assert Ticket.objects.get().severity == "critical"
    assert Consent.objects.get().accepted is False
    assert "The severity stays as it was" in words(page(browser, address))


def test_opening_it_again_and_again_answers_nothing(address: str) -> None:
    browser = stranger(june(15, 9, 20))
    for _time in range(3):
        page(browser, address)
        browser.head(address)

    assert Ticket.objects.get().severity_proposed == "medium"
    assert not Consent.objects.exists()


@pytest.mark.parametrize("answer", ["", "perhaps"])
def test_neither_yes_nor_no_is_no_answer(address: str, answer: str) -> None:
    assert "Choose yes or no" in words(post(stranger(june(15, 9, 20)), address, 422, answer=answer))
    assert not Consent.objects.exists()


def test_a_used_link_answers_no_second_time(address: str) -> None:
    browser = stranger(june(15, 9, 20))
    shown = hidden(page(browser, address), "words")
    post(browser, address, answer="yes", words=shown)

    again = post(browser, address, 409, answer="no", words=shown)

    assert "this link is used up" in words(again)
    assert Ticket.objects.get().severity == "medium"
    assert Consent.objects.count() == 1


def test_an_expired_link_says_so_and_changes_nothing(address: str) -> None:
    in_time = june(15, 9, 4) + VALID_FOR - timedelta(seconds=1)
    shown = hidden(page(stranger(in_time), address), "words")
    late = stranger(june(15, 9, 4) + VALID_FOR)

    assert "is not any more" in words(page(late, address, 410))
    post(late, address, 410, answer="yes", words=shown)
    assert not Consent.objects.exists()


def test_a_superseded_link_points_to_the_newer_mail(centaur: Cast, critical: Ticket, address: str) -> None:
    shown = hidden(page(stranger(june(15, 9, 20)), address), "words")
    actions.propose_severity(critical, "low", by=by(centaur.tess), at=june(15, 9, 21))
    browser = stranger(june(15, 9, 22))

    assert "another severity was proposed since" in words(page(browser, address, 410))
    post(browser, address, 410, answer="yes", words=shown)
    assert Ticket.objects.get().severity_proposed == "low"


def test_after_the_solution_nothing_is_asked_any_more(centaur: Cast, critical: Ticket, address: str) -> None:
    actions.propose_solution(critical, "Done.", technician=centaur.tess, by=by(centaur.tess), at=june(15, 10))

    assert "is solved or over" in words(page(stranger(june(15, 10, 1)), address, 410))


def test_a_link_leads_nowhere_at_another_vendor(address: str, centaur: Cast) -> None:
    elsewhere = address.replace("/centaur/", f"/{centaur.neighbour.slug}/")

    assert "was changed" in words(page(stranger(june(15, 9, 20)), elsewhere, 404))


def test_a_link_signed_for_something_else_is_a_forgery(proposal: SeverityProposal, centaur: Cast) -> None:
    other = Signer(salt="another page", sep=".").sign_object(
        {"p": proposal.pk, "c": centaur.ada.pk, "u": 9e9}
    )

    page(stranger(june(15, 9, 20)), f"/centaur/answers/severity/{other}/", 404)


@pytest.mark.parametrize("change", ["other contact", "no contact", "not numbers", "a list"])
def test_what_is_signed_but_means_nothing_is_refused(
    proposal: SeverityProposal, centaur: Cast, change: str
) -> None:
    forms: dict[str, object] = {
        "other contact": {"p": proposal.pk, "c": centaur.boris.pk, "u": 9_999_999_999},
        "no contact": {"p": proposal.pk, "u": 9_999_999_999},
        "not numbers": {"p": "x", "c": None, "u": []},
        "a list": [1, 2, 3],
    }
    token = Signer(salt=SALT, sep=".").sign_object(forms[change])

    with pytest.raises(NotFound):
        severity_link(token, centaur.vendor, june(15, 9, 20))


@given(token=st.text(max_size=400))
def test_whatever_stands_in_the_address_is_refused_in_a_sentence(token: str) -> None:
    with pytest.raises(NotFound, match="not complete or was changed"):
        severity_link(token, Vendor(slug="nowhere"), june(15, 9))


@pytest.mark.parametrize("place", [0, 3, 20, -1])
def test_one_changed_letter_makes_it_a_forgery(address: str, place: int) -> None:
    token = address.rstrip("/").rsplit("/", 1)[1]
    letters = list(token)
    letters[place] = "A" if letters[place] != "A" else "B"

    page(stranger(june(15, 9, 20)), f"/centaur/answers/severity/{''.join(letters)}/", 404)


@pytest.mark.parametrize(("language", "heard"), [("ru", "сейчас"), ("pl", "teraz"), ("en", "; now")])
def test_the_page_speaks_the_contacts_language_until_another_is_picked(
    centaur: Cast, address: str, language: str, heard: str
) -> None:
    Contact.objects.filter(pk=centaur.ada.pk).update(language=language)

    assert heard in words(page(stranger(june(15, 9, 20), language=""), address))
    assert "teraz" in words(page(stranger(june(15, 9, 20), language="pl"), address))


def test_the_page_is_kept_by_no_cache(address: str) -> None:
    assert "no-store" in stranger(june(15, 9, 20)).get(address)["Cache-Control"]
