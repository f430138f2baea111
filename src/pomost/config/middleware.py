"""What every request is given before a view sees it: the moment, the vendor, the language; and what none may hold.

The clock is handed in by the ASGI application (`scope["pomost.clock"]`), so that tests bring their own and production
has no switch for it. A client cannot set it: what comes over the wire is a header, never a key of the scope.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone, translation

from pomost.people.models import Vendor
from pomost.wire.clock import Clock, SystemClock

CLOCK_KEY = "pomost.clock"
_SYSTEM_CLOCK = SystemClock()

Respond = Callable[[HttpRequest], HttpResponse]


def clock_of(request: HttpRequest) -> Clock:
    """Return the clock of the application that received this request."""
    carried: dict[str, Any] = getattr(request, "scope", request.META)
    clock: Clock = carried.get(CLOCK_KEY, _SYSTEM_CLOCK)
    return clock


class Moment:
    """Takes the time once, so that one request never sees two."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = clock_of(request).now()  # type: ignore[attr-defined]
        return self.respond(request)


class VendorAndLanguage:
    """Finds the vendor of the address, and speaks the person's language in the vendor's zone."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(_language(request, None), deactivate=True):
            try:
                return self.respond(request)
            finally:
                timezone.deactivate()

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: dict[str, Any]) -> None:
        """Turn the address's `vendor` into a row.

        Raises:
            Http404: no vendor has this address.
        """
        slug = kwargs.get("vendor")
        if slug is None:
            return
        vendor = Vendor.objects.filter(slug=slug).first()
        if vendor is None:
            raise Http404(f"No vendor has the address /{slug}/.")
        request.vendor = vendor  # type: ignore[attr-defined]
        timezone.activate(vendor.zone)
        language = _language(request, vendor)
        translation.activate(language)
        request.LANGUAGE_CODE = language


class NoNul:
    """Refuses the letter NUL: nobody types it, PostgreSQL keeps no text with it, and SQLite keeps it until the move."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: dict[str, Any]) -> None:
        """Look through the address and what was typed.

        Raises:
            Http404: it is in the address; nothing is called so.
            BadRequest: it is in a field.
        """
        if "\x00" in request.path:
            raise Http404("No address holds the letter NUL.")
        if _holds_nul(request.GET) or _holds_nul(request.POST):
            raise BadRequest("A field holds the letter NUL.")

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Call a NUL that came another way, as JSON can bring it, the sender's slip and not ours.

        Raises:
            BadRequest: PostgreSQL met one.
        """
        if isinstance(error, DataError) and "NUL" in str(error):
            raise BadRequest("A text holds the letter NUL.") from error


def _holds_nul(typed: QueryDict) -> bool:
    return any("\x00" in value for _name, values in typed.lists() for value in values)


def _language(request: HttpRequest, vendor: Vendor | None) -> str:
    """Choose: what a program asked for or the person picked in this browser, else their own, the vendor's, the browser's."""
    spoken: str = getattr(request, "spoken", "")
    if spoken:
        return spoken
    picked = request.COOKIES.get("language", "")
    if picked in {"ru", "pl", "en"}:
        return picked
    if request.user.is_authenticated:
        return request.user.language
    if vendor is not None:
        return vendor.language
    return translation.get_language_from_request(request)
