"""The moment at which the portal's tests play, and how they read a page."""

import html
import re
from datetime import datetime
from html.parser import HTMLParser
from typing import cast as typed
from zoneinfo import ZoneInfo

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from moments import MOSCOW
from pomost.config.middleware import CLOCK_KEY
from pomost.journal.models import Fact
from pomost.people.models import Contact, Person, Technician
from pomost.tickets.models import Message, Ticket

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2026, 6, 15, 10, 12, tzinfo=MOSCOW)
"""A Monday morning after a long weekend: Friday 12 June is a holiday in Russia."""


class FixedClock:
    """A desk's clock that stands still."""

    def now(self) -> datetime:
        return NOW

    def monotonic_ms(self) -> int:
        return 0


def browser_of(person: Person | Contact | Technician | None, language: str = "en") -> Client:
    """Return somebody's browser, at the fixed moment; None: nobody is signed in."""
    browser = Client()
    typed(dict[str, object], browser.defaults)[CLOCK_KEY] = FixedClock()
    browser.cookies["language"] = language
    who = person.person if isinstance(person, Contact | Technician) else person
    if who is not None:
        browser.force_login(who)
    return browser


class MovedClock:
    """A desk's clock at a chosen moment."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def monotonic_ms(self) -> int:
        return 0


def stranger(at: datetime, language: str = "en") -> Client:
    """Return the browser of somebody who is not signed in."""
    browser = Client()
    typed(dict[str, object], browser.defaults)[CLOCK_KEY] = MovedClock(at)
    if language:
        browser.cookies["language"] = language
    return browser


def page(browser: Client, address: str, status: int = 200) -> str:
    """Return a page as text."""
    answer = browser.get(address)
    assert answer.status_code == status, f"{address} answers {answer.status_code}"
    return answer.content.decode()


def post(browser: Client, address: str, status: int = 302, /, **typed_in: object) -> str:
    """Send a form and return what is answered."""
    answer = browser.post(address, typed_in)
    said = answer.content.decode()
    assert answer.status_code == status, f"{address} answers {answer.status_code}: {words(said)[:1500]}"
    return said


def words(page_as_html: str) -> str:
    """Return what a person reads on a page, hidden texts and titles left aside."""
    body = re.sub(r"<(script|style|svg|head)\b.*?</\1>", " ", page_as_html, flags=re.DOTALL)
    body = re.sub(r'<span class="clause-pop".*?</(?:small|span|a)></span>', " ", body, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def queries_of(browser: Client, address: str) -> int:
    """Return how many queries a page costs."""
    with CaptureQueriesContext(
        connection,
    ) as seen:
        page(browser, address)
    return len(seen)


def rows() -> tuple[int, int, int]:
    """Return how much has been written: tickets, messages, facts."""
    return Ticket.objects.count(), Message.objects.count(), Fact.objects.count()


class _Fields(HTMLParser):
    """Gathers what a form would send, ticked or not."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "input":
            self.found.append({key: value or "" for key, value in attrs})


def fields(page_as_html: str, name: str) -> list[dict[str, str]]:
    """Return the attributes of all inputs of that name, in the order of the page."""
    parser = _Fields()
    parser.feed(page_as_html)
    return [each for each in parser.found if each.get("name") == name]


def hidden(page_as_html: str, name: str) -> str:
    """Return the value of the one field of that name, as the browser would send it back."""
    (only,) = fields(page_as_html, name)
    return only["value"]


def ticked(page_as_html: str, name: str) -> list[str]:
    """Return the values of that name's boxes or choices that are marked."""
    return [each["value"] for each in fields(page_as_html, name) if "checked" in each]


def slots(page_as_html: str) -> list[str]:
    """Return the times that a page offers."""
    return [each["value"] for each in fields(page_as_html, "slot") if each["value"]]
