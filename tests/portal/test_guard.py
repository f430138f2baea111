"""Who may open the portal: contacts of this vendor's customers. Staff are led to their console."""

import pytest

from moments import june
from people import Cast, ask
from pomost.portal.urls import urlpatterns
from pomost.ui import pages
from portal.scene import browser_of, words

PAGES = ["", "requests/", "requests/new/", "requests/new/preview/", "documents/", "consents/", "app/"]


@pytest.mark.parametrize("address", PAGES)
def test_nobody_comes_in_without_signing_in(centaur: Cast, address: str) -> None:
    answer = browser_of(None).get(f"/centaur/{address}")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=/centaur/")


@pytest.mark.parametrize("address", PAGES)
def test_a_contact_opens_every_page(centaur: Cast, address: str) -> None:
    assert browser_of(centaur.ada).get(f"/centaur/{address}").status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_staff_are_led_to_their_console(centaur: Cast, address: str) -> None:
    answer = browser_of(centaur.tess).get(f"/centaur/{address}")

    assert (answer.status_code, answer["Location"]) == (302, "/centaur/console/")


@pytest.mark.parametrize("address", PAGES)
def test_people_of_another_vendor_read_only_that_it_is_not_for_them(centaur: Cast, address: str) -> None:
    ask(centaur.ada, "error-diagnosis", june(15, 9), severity="low")

    answer = browser_of(centaur.nils).get(f"/centaur/{address}")

    assert answer.status_code == 403
    assert "This page is for customers of Centaur." in words(answer.content.decode())
    assert "It does not work" not in answer.content.decode()


def test_a_contact_who_was_switched_off_gets_nothing(centaur: Cast) -> None:
    browser = browser_of(centaur.ada)
    assert centaur.ada.person is not None
    centaur.ada.person.is_active = False
    centaur.ada.person.save(update_fields=["is_active"])

    assert browser.get("/centaur/").status_code == 302


def test_a_vendor_that_does_not_exist_is_not_found(centaur: Cast) -> None:
    assert browser_of(centaur.ada).get("/nowhere/").status_code == 404


def is_guarded(view: object) -> bool:
    code = getattr(view, "__code__", None)
    return code is not None and code.co_name == "guarded"


def test_every_address_wears_the_guard() -> None:
    bare = [each.name for each in urlpatterns if not is_guarded(each.callback)]

    # The terms are for everybody to read (test_terms_pages.py).
    public = ["terms", "terms_price", "terms_version", "terms_changes", "errors"]
    # Their address is the key: test_severity_link.py and test_restrictions.py attack them.
    assert bare == [*public, "restriction_link", "severity_link"]


def test_the_check_of_guards_can_fail() -> None:
    assert not is_guarded(pages.home)
