"""What a program is told when something is not done: one shape for every error (RFC 9457, application/problem+json).

Owns the kinds of problems with their status and title. The `type` of each leads to its paragraph on a page of the desk;
docs/reference/problems.md says the same, and a test holds them together. The detail is a sentence in the caller's
language.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

MEDIA_TYPE: Final = "application/problem+json"


class Kind(StrEnum):
    """Which problem it is; the value stands at the end of its `type`."""

    UNREADABLE = "unreadable"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    REFUSED = "refused"
    ESTIMATE_NEEDED = "estimate-needed"
    TOO_LARGE = "too-large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type"
    INVALID = "invalid"
    KEY_REUSED = "key-reused"
    TOO_MANY_REQUESTS = "too-many-requests"
    SERVER_ERROR = "server-error"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class About:
    """One kind of problem, as it is documented."""

    status: int
    title: LazyText
    what: LazyText
    """What happened and what to do, where the problem itself says nothing better."""


ABOUT: Final[Mapping[Kind, About]] = {
    Kind.UNREADABLE: About(
        400,
        _("The request cannot be read"),
        _("The body is not JSON, or a header is broken. Mend and send it again."),
    ),
    Kind.UNAUTHORIZED: About(
        401,
        _("No token that holds"),
        _("Send a token of this desk as “Authorization: Bearer …”. The owner makes one under “Programs”."),
    ),
    Kind.FORBIDDEN: About(
        403,
        _("The token may not do this"),
        _("The token lacks the scope that this needs. The owner can make another."),
    ),
    Kind.NOT_FOUND: About(
        404, _("There is nothing here"), _("Nothing of that name is at this desk. Check the address.")
    ),
    Kind.METHOD_NOT_ALLOWED: About(
        405,
        _("Not by this method"),
        _("This address does not take that method; the header Allow names those it takes."),
    ),
    Kind.REFUSED: About(
        409,
        _("The desk does not do this"),
        _("What was asked does not fit the terms or the present state. Nothing was changed."),
    ),
    Kind.ESTIMATE_NEEDED: About(
        409,
        _("The customer has to accept a price first"),
        _("The work reaches beyond what the customer agreed to. Say in “go_on” what becomes of the rest."),
    ),
    Kind.TOO_LARGE: About(413, _("The body is too large"), _("Send less at once.")),
    Kind.UNSUPPORTED_MEDIA_TYPE: About(
        415, _("Only JSON is taken"), _("Send the body as application/json in UTF-8.")
    ),
    Kind.INVALID: About(
        422,
        _("Something given does not fit"),
        _("The list “errors” names each field and what is wrong with it. Nothing was changed."),
    ),
    Kind.KEY_REUSED: About(
        422,
        _("The key belongs to another request"),
        _("This idempotency key was sent with another request before. Use a new key for each new request."),
    ),
    Kind.TOO_MANY_REQUESTS: About(
        429, _("Too many requests"), _("Wait as long as the header Retry-After says, then go on.")
    ),
    Kind.SERVER_ERROR: About(
        500,
        _("Something broke here"),
        _("It was not your request. It is logged; try again later, with the same key."),
    ),
    Kind.BUSY: About(
        503,
        _("The desk is busy"),
        _("Another change took too long. Nothing was changed; try again with the same key."),
    ),
}

_KIND_OF_STATUS: Final = {
    400: Kind.UNREADABLE,
    401: Kind.UNAUTHORIZED,
    403: Kind.FORBIDDEN,
    404: Kind.NOT_FOUND,
    405: Kind.METHOD_NOT_ALLOWED,
    409: Kind.REFUSED,
    413: Kind.TOO_LARGE,
    415: Kind.UNSUPPORTED_MEDIA_TYPE,
    422: Kind.INVALID,
    429: Kind.TOO_MANY_REQUESTS,
    503: Kind.BUSY,
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one value."""

    where: str
    """`body`, `query`, `path` or `header`."""
    field: str
    """Its name; inside a body the way to it, with dots: `consents.0.kind`."""
    code: str
    """For programs: `missing`, `unknown`, `pattern` …"""
    detail: str
    """For people."""


class Invalid(Exception):
    """What was given does not fit, though its shape does: a key that nothing has, say."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("; ".join(f"{error.field}: {error.detail}" for error in errors))
        self.errors = errors


class Stopped(Exception):
    """The request ends here with a problem of this kind."""

    def __init__(self, kind: Kind, detail: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail or kind.value)
        self.kind, self.detail, self.headers = kind, detail, headers


def kind_of(status: int) -> Kind:
    """Return the kind of problem that an answer of this status is, where nothing says it better."""
    if status in _KIND_OF_STATUS:
        return _KIND_OF_STATUS[status]
    return Kind.SERVER_ERROR if status >= 500 else Kind.UNREADABLE


def type_of(kind: Kind) -> str:
    """Return the address that stands for a kind of problem and explains it."""
    return f"{settings.PUBLIC_URL}{reverse('api_problems')}#{kind.value}"


def problem(
    request: HttpRequest,
    kind: Kind,
    *,
    detail: str = "",
    errors: Sequence[FieldError] = (),
    more: Mapping[str, str | int] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return the answer that tells a problem, in the active language. `more` are members of this kind of problem alone."""
    about = ABOUT[kind]
    body: dict[str, object] = {
        "type": type_of(kind),
        "title": str(about.title),
        "status": about.status,
        "detail": detail or str(about.what),
        "instance": request.path,
        **(more or {}),
    }
    if errors:
        body["errors"] = [
            {"in": error.where, "field": error.field, "code": error.code, "detail": error.detail}
            for error in errors
        ]
    answer = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=about.status, content_type=MEDIA_TYPE, headers=headers
    )
    if kind is Kind.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="pomost"'
    return answer
