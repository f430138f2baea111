"""Finding what a body names: by the access functions, by the terms; what is not there is an error of that field."""

from collections.abc import Callable
from typing import TypeVar

from pomost.api.problems import FieldError, Invalid
from pomost.api.requests import ApiRequest
from pomost.people import access
from pomost.people.errors import NotFound
from pomost.people.models import Contact, Technician
from pomost.rules.terms.model import Unknown
from pomost.tickets.models import Ticket

K = TypeVar("K")
T = TypeVar("T")


def named_in_body(field: str, find: Callable[[K], T], key: K) -> T:
    """Return what a field of the body names.

    Raises:
        Invalid: there is no such thing at this desk.
    """
    try:
        return find(key)
    except NotFound as missing:
        raise Invalid(FieldError("body", field, "unknown", str(missing))) from missing


def technician_of(request: ApiRequest, key: int) -> Technician:
    """Return the technician whom the field `technician` names.

    Raises:
        Invalid: nobody of this desk has that key.
    """
    return named_in_body("technician", lambda wanted: access.colleague(request.auth, wanted), key)


def contact_of(request: ApiRequest, ticket: Ticket, key: int | None) -> Contact:
    """Return the contact whom the field `contact` names; None: who reported the request.

    Raises:
        Invalid: nobody of this desk's customers has that key.
    """
    if key is None:
        return ticket.contact
    return named_in_body("contact", lambda wanted: access.contact_at(request.auth, wanted), key)


def term(field: str, look: Callable[[str], object], key: str | None) -> None:
    """Check that the terms know the key in a field of the body; None is not asked about.

    Raises:
        Invalid: they do not; the sentence says which they know.
    """
    if key is None:
        return
    try:
        look(key)
    except Unknown as unknown:
        raise Invalid(FieldError("body", field, "unknown", str(unknown))) from unknown
