"""The moment at which the console's tests play, and how they read a page."""

from collections.abc import Callable
from datetime import datetime

from django.test import Client

from moments import MOSCOW
from pomost.people.models import Technician

NOW = datetime(2026, 6, 15, 9, 12, tzinfo=MOSCOW)
"""A Monday morning after a long weekend: Friday 12 June is a holiday."""
HOME = "/centaur/console/"

SignIn = Callable[[Technician], Client]


class FixedClock:
    """A desk's clock that stands still."""

    def now(self) -> datetime:
        return NOW

    def monotonic_ms(self) -> int:
        return 0


def page(browser: Client, address: str = "", status: int = 200) -> str:
    """Return a console page as text; `address` is below the vendor's console."""
    answer = browser.get(HOME + address)
    assert answer.status_code == status, f"{address} answers {answer.status_code}"
    return answer.content.decode()


def post(browser: Client, address: str, status: int = 302, **typed: object) -> str:
    """Send a form and return what is answered."""
    answer = browser.post(HOME + address, typed)
    assert answer.status_code == status, (
        f"{address} answers {answer.status_code}: {answer.content.decode()[:2000]}"
    )
    return answer.content.decode()
