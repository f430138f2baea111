"""Permits: a page that knows who asks hands out a signed word, and the addresses of files ask for nothing else.

Those addresses read no cookie, so that another site's page can make a browser do nothing there. A permit to send names
whom it was made for, what about, and until when; each request looks again whether its holder still has a place at the
vendor. A permit to fetch is for one version and holds for minutes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from pomost.files.errors import PermitRefused
from pomost.files.models import File, Version
from pomost.people.models import Contact, Customer, Technician

SEND_SALT: Final = "pomost.files.send"
FETCH_SALT: Final = "pomost.files.fetch"
SENDING_HOLDS: Final = timedelta(hours=24)
"""A page that was left open longer is loaded again; the upload goes on where it was."""
FETCHING_HOLDS: Final = timedelta(minutes=5)
"""Time to begin; a download that has begun goes on."""
CHARACTERS_MAX: Final = 600


@dataclass(frozen=True, slots=True)
class Permit:
    """Who may send what."""

    customer: Customer
    subject: str
    """What it is about: "ticket:17"."""
    kind: str
    """One of File.Kind."""
    parent: Version | None
    """The version that it corrects."""
    by: str
    """As in the journal: "contact:8" or "technician:3"."""
    language: str


def sending_permit(
    *,
    customer: Customer,
    subject: str,
    kind: str,
    parent: Version | None = None,
    by: str,
    language: str,
    at: datetime,
) -> str:
    """Return a word that lets its holder send; the page that gives it out has decided that they may."""
    until = int((at + SENDING_HOLDS).timestamp())
    said = {
        "c": customer.pk,
        "s": subject,
        "k": File.Kind(kind).value,
        "p": parent.pk if parent else None,
        "b": by,
        "l": language,
        "u": until,
    }
    return _signer(SEND_SALT).sign_object(said, compress=True)


def read_sending(token: str, at: datetime) -> Permit:
    """Return what a word permits.

    Raises:
        PermitRefused: it is not ours, has expired, or its holder has no place at the vendor any more.
    """
    said = _read(token, SEND_SALT, at)
    customer = Customer.objects.select_related("vendor").filter(pk=said["c"]).first()
    if customer is None or not _is_still_there(said["b"], customer):
        raise PermitRefused(_("You have no place at this desk any more, so nothing more is taken from you."))
    parent = None
    if said["p"] is not None:
        parent = Version.objects.select_related("file").filter(pk=said["p"]).first()
        if parent is None:
            raise _unknown()
    return Permit(customer, said["s"], said["k"], parent, said["b"], said["l"])


def fetching_permit(version: Version, at: datetime) -> str:
    """Return a word that lets its holder begin to fetch one version."""
    until = int((at + FETCHING_HOLDS).timestamp())
    return _signer(FETCH_SALT).sign_object({"v": version.pk, "u": until})


def read_fetching(token: str, at: datetime) -> Version:
    """Return the version that a word lets fetch.

    Raises:
        PermitRefused: it is not ours, or has expired.
    """
    said = _read(token, FETCH_SALT, at)
    version = Version.objects.select_related("upload").filter(pk=said["v"]).first()
    if version is None:
        raise _unknown()
    return version


def _is_still_there(by: str, customer: Customer) -> bool:
    who, _colon, number = by.partition(":")
    if who == "contact":
        return Contact.objects.filter(pk=number, customer=customer, person__is_active=True).exists()
    if who == "technician":
        return Technician.objects.filter(
            pk=number, vendor_id=customer.vendor_id, person__is_active=True
        ).exists()
    return False


def _read(token: str, salt: str, at: datetime) -> dict[str, Any]:
    if not 0 < len(token) <= CHARACTERS_MAX:
        raise _unknown()
    try:
        said: dict[str, Any] = _signer(salt).unsign_object(token)
    except (BadSignature, ValueError) as forged:
        raise _unknown() from forged
    if at >= datetime.fromtimestamp(said["u"], UTC):
        raise PermitRefused(_("This page has been open for too long. Load it again; what was sent is kept."))
    return said


def _signer(salt: str) -> Signer:
    return Signer(salt=salt, sep=".")


def _unknown() -> PermitRefused:
    return PermitRefused(_("This link was changed on its way or is not ours. Load the page again."))
