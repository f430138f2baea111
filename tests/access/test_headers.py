"""What every page says to the browser: run nothing but ours, frame us nowhere, send our cookies to nobody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from http import HTTPStatus
from typing import cast

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from access.matrix import PAGES
from access.scene import Scene, make_scene, routes
from people import BEFORE
from pomost.people.actions import add_person
from pomost.ui import pages
from pomost.ui.attempts import Attempts

FORMS = ("sign_in", "portal:new", "console:call_new")
"""Pages that are also posted to."""
EVIL = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "http://testserver.evil.example/",
    "http://testserver@evil.example/",
)


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


@pytest.fixture(autouse=True)
def quick_sign_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no test wait for a deliberately slow hash, nor for the attempts of another one."""
    monkeypatch.setattr(pages, "attempts", Attempts())
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


def address_of(scene: Scene, route: str) -> str:
    return reverse(route, kwargs=scene.arguments(route, routes()[route]))


def get(browser: Client, address: str) -> HttpResponse:
    return cast(HttpResponse, browser.get(address))


def whose(route: str) -> str:
    return "ada" if route.startswith("portal:") else "owen"


def every_page(scene: Scene) -> dict[str, HttpResponse]:
    """Return every page that can be opened, by who may open it, and those that say no."""
    found = {
        route: get(scene.browser(whose(route)), address_of(scene, route))
        for route, row in PAGES.items()
        if row.method == "GET"
    }
    found["sign_in"] = get(scene.browser("anonymous"), "/sign-in/?next=/satisoft/")
    found["nothing there"] = get(scene.browser("ada"), "/satisoft/requests/Z-9999/")
    found["no vendor"] = get(scene.browser("ada"), "/nowhere/")
    found["not for them"] = get(scene.browser("nils"), "/satisoft/")
    refused = scene.browser("ada").post("/satisoft/requests/new/", {"family": "subiekt"})
    found["refused form"] = cast(HttpResponse, refused)
    return found


def is_html(answer: HttpResponse) -> bool:
    return answer["Content-Type"].startswith("text/html")


def policy(answer: HttpResponse) -> dict[str, list[str]]:
    """Return the directives of an answer's Content-Security-Policy."""
    parts = (part.split() for part in answer["Content-Security-Policy"].split(";") if part.strip())
    return {name: sources for name, *sources in parts}


@dataclass(slots=True)
class Marked:
    """What a page contains that the policy is about."""

    styles: list[str]
    handlers: list[str]
    scripts: list[dict[str, str]]
    inline_styles: int
    addresses: list[str]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen = Marked([], [], [], 0, [])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.seen.styles += [f"<{tag} style>"] if "style" in named else []
        self.seen.handlers += [f"<{tag} {name}>" for name in named if name.startswith("on")]
        self.seen.inline_styles += tag == "style"
        if tag == "script":
            self.seen.scripts.append(named)
        for name in ("href", "src", "action", "formaction"):
            if name in named:
                self.seen.addresses.append(named[name])


def read(answer: HttpResponse) -> Marked:
    reader = _Reader()
    reader.feed(answer.content.decode())
    return reader.seen


def test_the_pages_are_there_to_be_looked_at(scene: Scene) -> None:
    found = every_page(scene)

    assert len(found) > 20
    assert sum(is_html(answer) for answer in found.values()) > 18
    assert {name: answer.status_code for name, answer in found.items() if answer.status_code >= 500} == {}


def test_no_page_may_run_or_load_anything_but_ours(scene: Scene) -> None:
    for name, answer in every_page(scene).items():
        allowed = policy(answer)
        everything = [source for sources in allowed.values() for source in sources]
        assert not [each for each in everything if "unsafe" in each or "*" in each or "http" in each], name
        assert allowed["default-src"] == ["'self'"], name
        assert {key: allowed[key] for key in ("object-src", "base-uri", "frame-ancestors")} == {
            "object-src": ["'none'"],
            "base-uri": ["'none'"],
            "frame-ancestors": ["'none'"],
        }, name
        assert allowed["form-action"] == ["'self'"], name
        assert set(allowed["img-src"]) == {"'self'", "data:", "blob:"}, name
        assert [source for source in allowed["script-src"] if not source.startswith("'nonce-")] == [
            "'self'"
        ], name


def test_every_script_is_a_file_of_ours_or_carries_the_nonce_of_this_answer(scene: Scene) -> None:
    for name, answer in every_page(scene).items():
        if not is_html(answer) or "<html" not in answer.content.decode():
            continue
        scripts = read(answer).scripts
        inline = [script for script in scripts if "src" not in script]
        nonces = [source[7:-1] for source in policy(answer)["script-src"] if source.startswith("'nonce-")]
        assert [script["nonce"] for script in inline] == nonces, name
        assert [script["type"] for script in inline] == ["importmap"], name
        assert all(script["src"].startswith("/static/") for script in scripts if "src" in script), name


def test_a_nonce_is_used_once(scene: Scene) -> None:
    browser = scene.browser("ada")
    nonces = {policy(get(browser, "/satisoft/"))["script-src"][-1] for _time in range(3)}

    assert len(nonces) == 3


def test_no_page_has_a_style_or_a_handler_in_its_markup(scene: Scene) -> None:
    for name, answer in every_page(scene).items():
        if is_html(answer):
            seen = read(answer)
            assert (seen.styles, seen.handlers, seen.inline_styles) == ([], [], 0), name


def test_no_page_leads_or_sends_elsewhere(scene: Scene) -> None:
    for name, answer in every_page(scene).items():
        if is_html(answer):
            foreign = [
                each for each in read(answer).addresses if re.match(r"(?!tel:|mailto:)[a-z]+:|//", each)
            ]
            assert foreign == [], name


def test_the_check_of_markup_can_fail() -> None:
    seen = read(HttpResponse('<p style="x" onclick="y"><style></style><a href="https://evil.example">'))

    assert (seen.styles, seen.handlers, seen.inline_styles) == (["<p style>"], ["<p onclick>"], 1)
    assert seen.addresses == ["https://evil.example"]


def test_every_answer_forbids_framing_guessing_and_telling(scene: Scene) -> None:
    for name, answer in every_page(scene).items():
        assert answer["X-Frame-Options"] == "DENY", name
        assert answer["X-Content-Type-Options"] == "nosniff", name
        assert answer["Referrer-Policy"] == "same-origin", name
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", name


# Cookies ----------------------------------------------------------------------------------------


def test_the_sign_in_is_a_cookie_that_no_script_and_no_other_site_gets(db: None) -> None:
    add_person(
        email="eva@example.org", name="Eva", language="en", password="a long bridge", by="system", at=BEFORE
    )
    browser = Client()
    browser.get("/sign-in/")
    browser.post("/sign-in/", {"username": "eva@example.org", "password": "a long bridge"})

    session, csrf = browser.cookies["sessionid"], browser.cookies["csrftoken"]
    assert (session["httponly"], session["samesite"], csrf["samesite"]) == (True, "Lax", "Lax")
    assert settings.SESSION_COOKIE_SECURE == settings.CSRF_COOKIE_SECURE == settings.HTTPS


@pytest.mark.parametrize(
    ("address", "sent"), [("/theme/", {"theme": "dark"}), ("/language/", {"language": "pl"})]
)
def test_a_choice_of_this_browser_is_kept_for_this_site_only(
    db: None, address: str, sent: dict[str, str]
) -> None:
    browser = Client()
    browser.post(address, sent)

    (cookie,) = browser.cookies.values()
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    ("address", "sent"), [("/theme/", {"theme": "<script>"}), ("/language/", {"language": "../../etc"})]
)
def test_a_choice_that_does_not_exist_is_not_kept(db: None, address: str, sent: dict[str, str]) -> None:
    browser = Client()
    browser.post(address, sent)

    assert not browser.cookies


# Forms ------------------------------------------------------------------------------------------


def test_no_form_is_taken_from_another_site(scene: Scene) -> None:
    taken = {}
    for route, row in PAGES.items():
        if row.method == "POST" or route in FORMS:
            name = "anonymous" if route == "sign_in" else whose(route)
            answer = scene.browser(name, checks_csrf=True).post(address_of(scene, route))
            taken[route] = (answer.status_code, "The form is too old" in answer.content.decode())

    assert len(taken) > 35
    assert {route: said for route, said in taken.items() if said != (HTTPStatus.FORBIDDEN, True)} == {}


def test_the_check_of_forms_can_fail(scene: Scene) -> None:
    browser = scene.browser("ada", checks_csrf=True)
    browser.get("/satisoft/")
    token = browser.cookies["csrftoken"].value

    assert browser.post("/theme/", {"theme": "dark"}, headers={"X-CSRFToken": token}).status_code == 302


@pytest.mark.parametrize("target", EVIL)
def test_a_sign_in_leads_nowhere_else(db: None, target: str) -> None:
    add_person(
        email="eva@example.org", name="Eva", language="en", password="a long bridge", by="system", at=BEFORE
    )
    answer = Client().post(
        "/sign-in/", {"username": "eva@example.org", "password": "a long bridge", "next": target}
    )

    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_sign_in_leads_where_somebody_was_on_the_way_to(db: None) -> None:
    add_person(
        email="eva@example.org", name="Eva", language="en", password="a long bridge", by="system", at=BEFORE
    )
    answer = Client().post(
        "/sign-in/", {"username": "eva@example.org", "password": "a long bridge", "next": "/satisoft/"}
    )

    assert answer["Location"] == "/satisoft/"


@pytest.mark.parametrize("address", ["/theme/", "/language/"])
@pytest.mark.parametrize("came_from", EVIL)
def test_a_choice_leads_nowhere_else(db: None, address: str, came_from: str) -> None:
    answer = Client().post(address, {"theme": "dark", "language": "pl"}, headers={"Referer": came_from})

    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("address", ["/theme/", "/language/"])
def test_a_choice_leads_back_to_the_page_it_was_made_on(db: None, address: str) -> None:
    here = "http://testserver/satisoft/requests/"

    assert Client().post(address, {"theme": "dark"}, headers={"Referer": here})["Location"] == here


def test_the_answer_to_a_wrong_password_does_not_tell_whether_the_address_exists(db: None) -> None:
    add_person(
        email="eva@example.org", name="Eva", language="en", password="a long bridge", by="system", at=BEFORE
    )
    said = []
    for email in ("eva@example.org", "nobody@example.org"):
        answer = Client().post("/sign-in/", {"username": email, "password": "wrong"})
        text = re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.content.decode()).replace(email, "")
        said.append((answer.status_code, text))

    assert said[0] == said[1]
    assert "do not fit together" in said[0][1]


def test_a_closed_account_is_told_apart_from_nothing(db: None) -> None:
    person = add_person(
        email="eva@example.org", name="Eva", language="en", password="a long bridge", by="system", at=BEFORE
    )
    person.is_active = False
    person.save(update_fields=["is_active"])

    answer = Client().post("/sign-in/", {"username": "eva@example.org", "password": "a long bridge"})

    assert "do not fit together" in answer.content.decode()
