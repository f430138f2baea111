"""Who may call an operation: a token of the address's vendor that has the operation's scope and does not run wild.

The header Authorization is the only key; sessions and cookies open nothing here, so no other site can borrow them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, Literal, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security.base import AuthBase
from pydantic import BaseModel

from pomost.api.pace import pace
from pomost.api.problems import FieldError, Invalid, Kind, Stopped
from pomost.api.requests import ApiRequest
from pomost.people import access
from pomost.people.actions import note_use
from pomost.people.errors import NoAccess
from pomost.people.models import Token

Scope = Literal["read", "write", "terms", "billing"]


class Bearer(AuthBase):
    """Lets in a token with one scope."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Token:
        """Return the token behind a request.

        Raises:
            Stopped: there is none that holds here (401), it lacks the scope (403), or it asks too fast (429).
        """
        desk = cast(ApiRequest, request)
        scheme, _space, written = desk.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Stopped(Kind.UNAUTHORIZED)
        try:
            token = access.token(desk.vendor, written.strip(), desk.now)
        except NoAccess as refused:
            raise Stopped(Kind.UNAUTHORIZED, str(refused)) from refused
        wait_seconds = pace.wait_seconds(token.pk, desk.now, settings.API_REQUESTS_A_MINUTE)
        if wait_seconds:
            raise Stopped(Kind.TOO_MANY_REQUESTS, headers={"Retry-After": str(wait_seconds)})
        if self.scope not in token.scopes:
            raise Stopped(
                Kind.FORBIDDEN,
                _(
                    "The token “%(name)s” has no scope “%(scope)s”. The owner of the desk can make one that has."
                )
                % {"name": token.name, "scope": self.scope},
            )
        note_use(token, at=desk.now)
        return token


def known_parameters(act: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse parameters in the address that the operation does not know: a misspelt filter must not look like none."""

    @wraps(act)
    def checked(request: ApiRequest, *args: Any, **given: Any) -> Any:
        page = given.get("page")
        known = set(type(page).model_fields) if isinstance(page, BaseModel) else set()
        unknown = sorted(set(request.GET) - known)
        if unknown:
            raise Invalid(
                *(
                    FieldError("query", name[:60], "extra-forbidden", _("There is no such field here."))
                    for name in unknown
                )
            )
        return act(request, *args, **given)

    return checked


READ: Final[Any] = Bearer("read")
WRITE: Final[Any] = Bearer("write")
TERMS: Final[Any] = Bearer("terms")
BILLING: Final[Any] = Bearer("billing")
