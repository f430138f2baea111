"""The API as a whole: its operations, what is answered when one fails, and the document that describes it (OpenAPI 3.1).

Owns the joining of operations and the turning of exceptions into problems. Every operation stands in the access matrix
(tests/access/operations.py).
"""

import logging
from typing import Any, Final

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from pomost.api import (
    calendars,
    complaints,
    corrections,
    customers,
    facts,
    files,
    invoices,
    me,
    products,
    quotas,
    restrictions,
    tasks,
    terms,
    terms_drafts,
    ticket_verbs,
    tickets,
    visits,
    work,
)
from pomost.api.document import describe
from pomost.api.faults import told_of
from pomost.api.guard import Bearer, known_parameters
from pomost.api.problems import Invalid, Kind, Stopped, kind_of, problem
from pomost.billing.by_hand import BeyondAgreed
from pomost.people.errors import NoAccess, NotFound, Refused

log = logging.getLogger(__name__)


class DeskAPI(NinjaAPI):
    """The operations of a desk, with its own way to describe itself."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the document, with the problems and headers that every operation shares."""
        made = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        scopes = {
            operation.operation_id: callback.scope
            for bound in self._get_bound_routers()
            for view in bound.path_operations.values()
            for operation in view.operations
            for callback in operation.auth_callbacks
            if isinstance(callback, Bearer)
        }
        describe(made, scopes)
        return made


api: Final = DeskAPI(
    title="Pomost",
    version="1",
    description="Everything the desk does by its terms, for programs.",
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
)
api.add_decorator(known_parameters)
PARTS: Final = (
    me,
    terms,
    terms_drafts,
    calendars,
    customers,
    quotas,
    tickets,
    ticket_verbs,
    tasks,
    restrictions,
    visits,
    files,
    work,
    products,
    complaints,
    invoices,
    corrections,
    facts,
)
for part in PARTS:
    api.add_router("", part.router)


@api.exception_handler(Exception)
def _broken(request: HttpRequest, broken: Exception) -> HttpResponse:
    log.error("%s %s failed", request.method, request.path, exc_info=broken)
    return problem(request, Kind.SERVER_ERROR)


@api.exception_handler(OperationalError)
def _busy(request: HttpRequest, busy: OperationalError) -> HttpResponse:
    log.warning("%s %s: %s", request.method, request.path, busy)
    return problem(request, Kind.BUSY, headers={"Retry-After": "5"})


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    if isinstance(refused, NotFound):
        return problem(request, Kind.NOT_FOUND, detail=str(refused))
    if isinstance(refused, NoAccess):
        return problem(request, Kind.FORBIDDEN, detail=str(refused))
    return problem(request, Kind.REFUSED, detail=str(refused))


@api.exception_handler(BeyondAgreed)
def _beyond_agreed(request: HttpRequest, refused: BeyondAgreed) -> HttpResponse:
    beyond = refused.beyond
    more: dict[str, str | int] = {
        "clause": beyond.clause,
        "left_seconds": beyond.left_seconds,
        "beyond_seconds": beyond.beyond_seconds,
    }
    return problem(request, Kind.ESTIMATE_NEEDED, detail=str(refused), more=more)


@api.exception_handler(Stopped)
def _stopped(request: HttpRequest, stopped: Stopped) -> HttpResponse:
    return problem(request, stopped.kind, detail=stopped.detail, headers=stopped.headers)


@api.exception_handler(Invalid)
def _invalid(request: HttpRequest, invalid: Invalid) -> HttpResponse:
    return problem(request, Kind.INVALID, errors=invalid.errors)


@api.exception_handler(ValidationError)
def _misshapen(request: HttpRequest, found: ValidationError) -> HttpResponse:
    return problem(request, Kind.INVALID, errors=[told_of(each) for each in found.errors])


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, kind_of(error.status_code))


@api.exception_handler(Http404)
def _nothing(request: HttpRequest, _missing: Http404) -> HttpResponse:
    return problem(request, Kind.NOT_FOUND)
