"""What a customer sees of a restriction, and the appeal: in the portal, and by the link of the mail without sign-in."""

import pytest

from moments import june
from people import Cast, ask, by
from pomost.people.actions import add_contact, add_person
from pomost.people.models import Contact
from pomost.tickets import actions
from pomost.tickets.links import restriction_token, severity_token
from pomost.tickets.models import Restriction, RestrictionAppeal, SeverityProposal, Ticket
from portal.scene import NOW, browser_of, page, post, rows, stranger, words


@pytest.fixture
def ticket(centaur: Cast) -> Ticket:
    return ask(centaur.ada, "settings-advice", june(15, 9), severity="low")


def restrict(desk: Cast, ticket: Ticket, scope: str = "customer") -> Restriction:
    return actions.restrict(
        ticket,
        scope=scope,
        refusal="conduct",
        what_happened="Shouting at the specialist.",
        until_at=june(23, 0),
        technician=desk.dora,
        by=by(desk.dora),
        at=june(15, 10),
    )


def colleague(desk: Cast) -> Contact:
    email = "anton@acme.example.org"
    person = add_person(email=email, name="Anton", language="en", password=None, by="system", at=june(1, 9))
    return add_contact(
        customer=desk.acme,
        name="Anton",
        language="en",
        email=email,
        person=person,
        by="system",
        at=june(1, 9),
    )


def link_of(desk: Cast, row: Restriction) -> str:
    return f"/centaur/answers/restriction/{restriction_token(row, desk.ada)}/"


def test_the_customer_reads_why_until_when_and_appeals(centaur: Cast, ticket: Ticket) -> None:
    row = restrict(centaur, ticket)
    ada = browser_of(centaur.ada)
    here = f"/centaur/restrictions/{row.pk}/"
    for address in ("/centaur/", f"/centaur/requests/{ticket.number}/"):
        assert f'href="{here}"' in page(ada, address)
    said = words(page(ada, here))
    for each in ("Offensive conduct", "Acme", "Shouting at the specialist.", "Dora", "until the end of"):
        assert each in said

    post(ada, here, text="It was not so.")

    assert RestrictionAppeal.objects.get().by == by(centaur.ada)
    assert "Your appeal is here" in words(page(ada, here))
    assert "Your appeal is here" in words(post(ada, here, 422, text="Again."))


def test_a_new_request_is_registered_and_says_that_it_is_restricted(centaur: Cast, ticket: Ticket) -> None:
    restrict(centaur, ticket)
    new = ask(centaur.ada, "settings-advice", NOW, severity="critical")

    said = words(page(browser_of(centaur.ada), f"/centaur/requests/{new.number}/"))

    assert new.number in said
    assert "Support is restricted for Acme" in said


def test_the_form_of_a_new_request_says_so_before_it_is_sent(centaur: Cast, ticket: Ticket) -> None:
    ada, anton = browser_of(centaur.ada), browser_of(colleague(centaur))
    assert "restricted" not in words(page(ada, "/centaur/requests/new/"))

    row = restrict(centaur, ticket, "contact")

    html = page(ada, "/centaur/requests/new/")
    assert "Support is restricted for Ada" in words(html)
    assert "While it holds, no work begins" in words(html)
    assert f'href="/centaur/restrictions/{row.pk}/"' in html
    assert "restricted" not in words(page(anton, "/centaur/requests/new/"))


def test_a_colleagues_own_restriction_is_nobody_elses_to_read(centaur: Cast, ticket: Ticket) -> None:
    row = restrict(centaur, ticket, "contact")
    anton = browser_of(colleague(centaur))

    page(anton, f"/centaur/restrictions/{row.pk}/", 404)
    assert "restricted" not in words(page(anton, "/centaur/"))
    said = words(page(anton, f"/centaur/requests/{ticket.number}/"))
    assert "Support is restricted for who reported this request" in said
    assert "Offensive" not in said
    assert "Shouting" not in said


def test_what_staff_write_to_each_other_about_it_stays_with_them(centaur: Cast, ticket: Ticket) -> None:
    row = restrict(centaur, ticket)
    actions.appeal_restriction(row, "Secret of Ada's.", contact=centaur.ada, by=by(centaur.ada), at=NOW)

    said = words(page(browser_of(colleague(centaur)), f"/centaur/requests/{ticket.number}/"))

    assert "Secret of Ada's." not in said


@pytest.mark.parametrize("who", ["boris", "nils"])
def test_others_do_not_find_it(centaur: Cast, ticket: Ticket, who: str) -> None:
    row = restrict(centaur, ticket)
    browser = browser_of(getattr(centaur, who))
    status = 404 if who == "boris" else 403

    page(browser, f"/centaur/restrictions/{row.pk}/", status)
    post(browser, f"/centaur/restrictions/{row.pk}/", status, text="Mine.")

    assert not RestrictionAppeal.objects.exists()


# --- the link of the mail ---------------------------------------------------------------------------------------------


def test_the_link_shows_it_and_takes_the_appeal_without_sign_in(centaur: Cast, ticket: Ticket) -> None:
    row = restrict(centaur, ticket)
    nobody, here = stranger(NOW), link_of(centaur, row)
    before = rows()
    assert "You write as Ada" in words(page(nobody, here))
    assert rows() == before, "opening it changes nothing"

    post(nobody, here, text="It was not so.")

    appeal = RestrictionAppeal.objects.get()
    assert (appeal.contact, appeal.text) == (centaur.ada, "It was not so.")


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_an_appeal_without_words_is_refused_with_what_was_typed(
    centaur: Cast, ticket: Ticket, text: str
) -> None:
    row = restrict(centaur, ticket)

    post(stranger(NOW), link_of(centaur, row), 422, text=text)

    assert not RestrictionAppeal.objects.exists()


def test_words_are_shown_as_text(centaur: Cast, ticket: Ticket) -> None:
    row = restrict(centaur, ticket)
    post(stranger(NOW), link_of(centaur, row), text="<img src=x onerror=alert(1)>")

    assert "<img src=x" not in page(browser_of(centaur.ada), f"/centaur/restrictions/{row.pk}/")


def test_a_link_that_was_changed_or_is_anothers_opens_nothing(centaur: Cast, ticket: Ticket) -> None:
    row = restrict(centaur, ticket)
    token = restriction_token(row, centaur.ada)
    others = restriction_token(row, centaur.boris)
    proposal = SeverityProposal.objects.create(
        ticket=ticket, before="low", after="medium", proposed_by="x", proposed_at=NOW
    )
    wrong = [
        token[:-1],
        token[:-2] + "AA",
        "x" + token,
        token.split(".")[0],
        others,
        severity_token(proposal, centaur.ada),
        "a" * 400,
    ]

    for each in wrong:
        page(stranger(NOW), f"/centaur/answers/restriction/{each}/", 404)
        post(stranger(NOW), f"/centaur/answers/restriction/{each}/", 404, text="Mine.")
    page(stranger(NOW), f"/neighbour/answers/restriction/{token}/", 404)

    assert not RestrictionAppeal.objects.exists()


def test_after_its_end_the_link_says_so_and_takes_nothing(centaur: Cast, ticket: Ticket) -> None:
    row = restrict(centaur, ticket)
    later = stranger(june(23, 0))

    assert "Ended" in words(page(later, link_of(centaur, row)))
    assert "ended" in words(post(later, link_of(centaur, row), 422, text="Late."))


@pytest.mark.parametrize(
    ("language", "said"), [("ru", "Поддержка ограничена"), ("pl", "Wsparcie ograniczone")]
)
def test_it_speaks_the_contacts_language(centaur: Cast, ticket: Ticket, language: str, said: str) -> None:
    row = restrict(centaur, ticket)

    assert said in words(page(stranger(NOW, language), link_of(centaur, row)))
