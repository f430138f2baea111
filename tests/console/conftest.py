"""A desk at a fixed moment, and staff who are signed in."""

from typing import cast

import pytest
from django.test import Client

from console.scene import FixedClock, SignIn
from people import Cast, desk_of, with_package
from pomost.config.middleware import CLOCK_KEY
from pomost.people.models import Technician


@pytest.fixture
def desk(db: None) -> Cast:
    made = desk_of("centaur")
    with_package(made.acme, "extended")
    for person in (made.tess, made.dora, made.bela, made.owen, made.nils):
        person.person.language = "en"
        person.person.save(update_fields=["language"])
    return made


@pytest.fixture
def sign_in() -> SignIn:
    """Return how to get somebody's browser, at the desk's fixed moment."""

    def signed_in(person: Technician) -> Client:
        browser = Client()
        cast(dict[str, object], browser.defaults)[CLOCK_KEY] = FixedClock()
        browser.force_login(person.person)
        return browser

    return signed_in


@pytest.fixture
def tess(desk: Cast, sign_in: SignIn) -> Client:
    return sign_in(desk.tess)


@pytest.fixture
def dora(desk: Cast, sign_in: SignIn) -> Client:
    return sign_in(desk.dora)


@pytest.fixture
def owen(desk: Cast, sign_in: SignIn) -> Client:
    return sign_in(desk.owen)
