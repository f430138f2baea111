"""The pages that belong to no vendor: sign-in, the start, choices kept in the browser, errors."""

import pytest
from django.test import Client

from people import BEFORE, Cast, cast
from pomost.people.actions import set_password

PASSWORD = "a bridge of nine planks"


@pytest.fixture
def desk(db: None) -> Cast:
    made = cast()
    set_password(made.tess.person, PASSWORD, by="system", at=BEFORE)
    return made


def test_signing_in_leads_to_the_page_one_was_on_the_way_to(desk: Cast) -> None:
    answer = Client().post(
        "/sign-in/?next=/harbour/console/", {"username": desk.tess.person.email, "password": PASSWORD}
    )

    assert answer.status_code == 302
    assert answer["Location"] == "/harbour/console/"


def test_the_sign_in_page_shows_the_vendor_one_is_on_the_way_to(desk: Cast) -> None:
    assert "Harbour" in Client().get("/sign-in/?next=/harbour/").content.decode()


def test_signing_in_never_leads_to_another_site(desk: Cast) -> None:
    answer = Client().post(
        "/sign-in/?next=https://evil.example.org/", {"username": desk.tess.person.email, "password": PASSWORD}
    )

    assert answer["Location"] == "/"


@pytest.mark.parametrize("password", ["wrong", "", PASSWORD.upper()])
def test_a_wrong_password_is_answered_the_same_for_everybody(desk: Cast, password: str) -> None:
    known = Client().post("/sign-in/", {"username": desk.tess.person.email, "password": password})
    unknown = Client().post("/sign-in/", {"username": "nobody@example.org", "password": password})

    assert known.status_code == unknown.status_code == 200
    assert ("do not fit together" in known.content.decode()) == (
        "do not fit together" in unknown.content.decode()
    )


def test_the_start_leads_to_the_only_desk_one_has(desk: Cast) -> None:
    browser = Client()
    browser.force_login(desk.tess.person)

    assert browser.get("/")["Location"] == "/harbour/"


def test_the_start_asks_to_sign_in() -> None:
    assert Client().get("/")["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(("choice", "kept"), [("dark", "dark"), ("light", "light"), ('"><script>', None)])
def test_a_theme_is_kept_in_the_browser_if_it_is_one(choice: str, kept: str | None) -> None:
    browser = Client()
    browser.post("/theme/", {"theme": choice})

    assert (browser.cookies["pomost_theme"].value if "pomost_theme" in browser.cookies else None) == kept


def test_a_language_that_the_desk_does_not_speak_is_not_kept() -> None:
    browser = Client()
    browser.post("/language/", {"language": "xx"})
    assert "language" not in browser.cookies

    browser.post("/language/", {"language": "pl"})
    assert browser.cookies["language"].value == "pl"


def test_a_choice_never_leads_to_another_site() -> None:
    answer = Client().post("/theme/", {"theme": "dark"}, headers={"referer": "https://evil.example.org/"})

    assert answer["Location"] == "/"


def test_a_page_that_does_not_exist_is_said_in_the_look(desk: Cast) -> None:
    browser = Client()
    browser.force_login(desk.tess.person)

    answer = browser.get("/no-such-vendor/")

    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_the_desk_says_that_it_is_alive(desk: Cast) -> None:
    assert Client().get("/healthz").content == b"ok\n"
