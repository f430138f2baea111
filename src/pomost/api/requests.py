"""The request as an operation of the API sees it: with the moment, the vendor and the token that was let in."""

from pomost.people.models import Token
from pomost.people.requests import DeskRequest


class ApiRequest(DeskRequest):
    """A request of a program to one vendor's desk."""

    auth: Token
    spoken: str
    """Language of the answer: "en", "pl" or "ru"."""


def actor(request: ApiRequest) -> str:
    """Return the token as the journal names it."""
    return f"token:{request.auth.pk}"
