"""From a request to the known error, the release that mends it and its customers, through the pages."""

import pytest
from django.test import Client

from console.scene import page, post
from moments import june
from people import Cast, ask, by, with_package
from pomost.people.models import Person
from pomost.tickets import actions
from pomost.tickets.models import KnownError, Release, ReleaseTold, Ticket


@pytest.fixture
def ticket(desk: Cast) -> Ticket:
    return ask(desk.ada, "settings-advice", june(15, 9), severity="medium")


def report(browser: Client, ticket: Ticket) -> KnownError:
    post(
        browser,
        f"tickets/{ticket.number}/errors/report/",
        title="The button prints nothing",
        symptom="Pressed, and nothing came.",
        workaround="Use the menu.",
    )
    return KnownError.objects.latest("pk")


def test_c9_from_the_request_to_the_release(tess: Client, dora: Client, desk: Cast, ticket: Ticket) -> None:
    with_package(desk.borealis, "extended")
    other = ask(desk.boris, "settings-advice", june(15, 9), severity="medium")
    error = report(tess, ticket)

    suggestions = page(tess, f"tickets/{other.number}/errors/")
    assert "May fit, by its words" in suggestions
    assert "The button prints nothing" in suggestions
    post(tess, f"tickets/{other.number}/errors/link/", error=error.sequence)
    post(tess, f"errors/{error.sequence}/confirm/")
    post(dora, "releases/new/", version="3.16.3", planned_for="2026-06-20")
    release = Release.objects.get()
    post(tess, f"errors/{error.sequence}/release/", release=release.pk)
    assert "3.16.3" in page(tess, f"errors/{error.sequence}/")
    assert "concerns 2 contacts" in page(dora, f"releases/{release.pk}/")

    post(
        dora,
        f"releases/{release.pk}/publish/",
        mends=error.sequence,
        released_on="2026-06-15",
        notes_en="The button prints again.",
    )

    assert ReleaseTold.objects.count() == 2
    shown = page(tess, f"errors/{error.sequence}/")
    assert "Mended in" in shown
    assert shown.count("hears by mail") == 2
    assert "2 contacts hear of it" in page(tess, f"releases/{release.pk}/")
    assert "Version 3.16.3 mends the error." in page(tess, f"tickets/{other.number}/")
    listed = page(tess, "errors/")
    assert "The button prints nothing" in listed
    assert "mended" in listed


def test_the_words_of_an_error_are_kept_by_language(tess: Client, ticket: Ticket) -> None:
    error = report(tess, ticket)

    post(
        tess,
        f"errors/{error.sequence}/words/",
        title_en="Nothing is printed",
        title_ru="Ничего не печатается",
        workaround_ru="Печатайте из меню.",
        found_in="3.16.2",
    )

    error.refresh_from_db()
    assert error.title == {"en": "Nothing is printed", "ru": "Ничего не печатается"}
    assert error.workaround == {"ru": "Печатайте из меню."}
    assert error.found_in == "3.16.2"


def test_words_without_any_title_are_refused_and_change_nothing(tess: Client, ticket: Ticket) -> None:
    error = report(tess, ticket)

    shown = post(tess, f"errors/{error.sequence}/words/", status=409, workaround_en="Wait.")

    assert "Name the error in one line." in shown
    assert "Wait." in shown
    error.refresh_from_db()
    assert error.title == {"en": "The button prints nothing"}


def test_a_version_is_judged_by_the_list_and_may_be_decided_otherwise(
    tess: Client, dora: Client, ticket: Ticket
) -> None:
    post(dora, "releases/new/", version="3.12", released_on="2024-03-01")
    post(dora, f"releases/{Release.objects.get().pk}/outdate/", outdated_from="2025-01-01")
    post(dora, "releases/new/", version="3.16.2", released_on="2026-05-20")
    address = f"tickets/{ticket.number}/"

    post(tess, f"{address}version/", version="3.11")
    assert "not in the list of releases: a person decides" in page(tess, f"{address}errors/")

    post(tess, f"{address}version/", version="v3.12")
    found = Ticket.objects.get(pk=ticket.pk)
    assert found.outdated
    assert found.verdict["outcome"] == "known-solutions-only"
    assert "Advise the update to 3.16.2" in page(tess, address)

    post(tess, f"{address}version/decide/", outdated="no", reason="We promised to help until July.")
    found = Ticket.objects.get(pk=ticket.pk)
    assert found.outdated is False
    assert found.verdict["outcome"] != "known-solutions-only"
    shown = page(tess, f"{address}errors/")
    assert "The version is not outdated." in shown
    assert "We promised to help until July." in shown


def test_only_a_dispatcher_publishes(tess: Client) -> None:
    post(tess, "releases/new/", status=403, version="3.16.3")

    assert not Release.objects.exists()


def test_only_a_dispatcher_says_that_a_release_that_is_out_mends_an_error(
    tess: Client, dora: Client, ticket: Ticket
) -> None:
    error = report(tess, ticket)
    post(dora, "releases/new/", version="3.16.3")
    release = Release.objects.get()
    post(dora, f"releases/{release.pk}/publish/", released_on="2026-06-15")

    refused = post(tess, f"errors/{error.sequence}/release/", 409, release=release.pk)

    assert "A dispatcher can choose it" in refused
    error.refresh_from_db()
    assert error.state != KnownError.State.MENDED
    post(dora, f"errors/{error.sequence}/release/", release=release.pk)
    error.refresh_from_db()
    assert error.state == KnownError.State.MENDED


@pytest.mark.parametrize(
    "sent",
    [
        {"version": ""},
        {"version": "latest"},
        {"version": "3.16\x00"},
        {"version": "9" * 41},
        {"version": "3.16", "released_on": "yesterday"},
        {"version": "3.16", "released_on": "2026-06-16"},
        {"version": "3.16", "family": "subiekt' OR 1=1"},
    ],
)
def test_a_release_that_makes_no_sense_is_refused_whole(dora: Client, sent: dict[str, str]) -> None:
    answer = dora.post("/centaur/console/releases/new/", sent)

    if "family" in sent:  # this vendor has one product, so nobody asks which
        assert answer.status_code == 302
        assert Release.objects.get().family == ""
        return
    assert answer.status_code in (400, 409, 422)
    assert not Release.objects.exists()


@pytest.mark.parametrize("typed", ["", "x", "-1", "٣", "9" * 30, "999999"])
def test_an_error_that_is_not_there_is_not_linked(tess: Client, ticket: Ticket, typed: str) -> None:
    answer = tess.post(f"/centaur/console/tickets/{ticket.number}/errors/link/", {"error": typed})

    assert answer.status_code in (404, 409)
    assert not ticket.known_errors.exists()


def test_customers_read_confirmed_errors_and_no_names(desk: Cast, tess: Client, ticket: Ticket) -> None:
    hidden = report(tess, ticket)
    public = report(tess, ticket)
    actions.reword_error(
        public,
        title={"en": "Totals <b>differ</b>"},
        symptom={},
        workaround={"en": "Print by day."},
        found_in="",
        by=by(desk.tess),
        at=june(15, 10),
    )
    actions.confirm_error(public, by=by(desk.tess), at=june(15, 10))

    stranger = Client()
    stranger.cookies["language"] = "en"
    shown = stranger.get("/centaur/errors/").content.decode()

    assert "Totals &lt;b&gt;differ&lt;/b&gt;" in shown
    assert "Print by day." in shown
    assert hidden.title["en"] not in shown
    for name in ("Acme", "Ada", ticket.number):
        assert name not in shown

    person = desk.ada.person
    assert isinstance(person, Person)
    ada = Client()
    ada.cookies["language"] = "en"
    ada.force_login(person)
    own = ada.get(f"/centaur/requests/{ticket.number}/").content.decode()
    assert "Print by day." in own
    assert hidden.title["en"] not in own
