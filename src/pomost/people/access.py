"""Who somebody is at a vendor: the only way from a sign-in to a technician, a contact or a customer.

Another vendor's people and customers are never found, and the answer is the same as for those that do not exist.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pomost.people.errors import NoAccess, NotFound
from pomost.people.models import Contact, Customer, Person, Technician, Token, Vendor
from pomost.people.tokens import UNKNOWN_SHA256, parse

Staff = Technician | Token
"""Who acts for a vendor: a person who works there, or a program of the vendor's."""


def vendor(slug: str) -> Vendor:
    """Return the vendor at the address /slug/.

    Raises:
        NotFound: there is none.
    """
    found = Vendor.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(_("There is no support desk at this address. Check the link."))
    return found


def technician(person: Person, vendor: Vendor) -> Technician:
    """Return the place of a person who works for the vendor.

    Raises:
        NoAccess: they do not, or the person was switched off.
    """
    found = (
        Technician.objects.select_related("person", "vendor")
        .filter(vendor=vendor, person_id=person.pk, person__is_active=True)
        .first()
    )
    if found is None:
        raise NoAccess(
            _("This page is for the staff of %(vendor)s. Sign in as one of them.") % {"vendor": vendor.name}
        )
    return found


def contact(person: Person, vendor: Vendor) -> Contact:
    """Return the contact as which a person is a customer of the vendor; the oldest, if there are several.

    Raises:
        NoAccess: they are at no customer of this vendor, or the person was switched off.
    """
    found = (
        Contact.objects.select_related("customer__vendor", "person")
        .filter(customer__vendor=vendor, person_id=person.pk, person__is_active=True)
        .order_by("pk")
        .first()
    )
    if found is None:
        raise NoAccess(
            _("This page is for customers of %(vendor)s. Ask your vendor for an invitation.")
            % {"vendor": vendor.name}
        )
    return found


def token(vendor: Vendor, written: str, now: datetime) -> Token:
    """Return the vendor's token that is written so; one that is unknown, expired or another vendor's is all the same.

    Raises:
        NoAccess: there is none that holds at `now`.
    """
    given = parse(written)
    found = (
        Token.objects.select_related("vendor", "created_by__person")
        .filter(vendor=vendor, prefix=given.prefix)
        .first()
        if given
        else None
    )
    fits = given is not None and given.is_that_of(found.secret_sha256 if found else UNKNOWN_SHA256)
    if (
        found is None
        or not fits
        or found.revoked_at is not None
        or (found.expires_at is not None and found.expires_at <= now)
    ):
        raise NoAccess(
            _("%(vendor)s knows no such token, or it holds no longer. The owner of the desk makes a new one.")
            % {"vendor": vendor.name}
        )
    return found


def tokens(owner: Technician) -> QuerySet[Token]:
    """Return the tokens of an owner's vendor, the newest first."""
    return (
        Token.objects.select_related("created_by__person")
        .filter(vendor_id=owner.vendor_id)
        .order_by("-created_at", "-pk")
    )


def customers(technician: Staff) -> QuerySet[Customer]:
    """Return the customers that a technician may see: all of their vendor's."""
    return Customer.objects.filter(vendor_id=technician.vendor_id).order_by("name")


def customer(technician: Staff, customer_id: int) -> Customer:
    """Return one of the technician's customers.

    Raises:
        NotFound: there is none, or it is another vendor's.
    """
    found = customers(technician).filter(pk=customer_id).first()
    if found is None:
        raise NotFound(_("There is no such customer here. Look for it in the list of customers."))
    return found


def contact_at(technician: Staff, contact_id: int) -> Contact:
    """Return a contact of one of the technician's customers.

    Raises:
        NotFound: there is none, or it is another vendor's.
    """
    found = (
        Contact.objects.select_related("customer")
        .filter(pk=contact_id, customer__vendor_id=technician.vendor_id)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such contact here. Look for it at its customer."))
    return found


def colleagues(technician: Staff) -> QuerySet[Technician]:
    """Return everybody who works for the same vendor, by name."""
    return (
        Technician.objects.select_related("person")
        .filter(vendor_id=technician.vendor_id, person__is_active=True)
        .order_by("person__name", "pk")
    )


def colleague(technician: Staff, technician_id: int) -> Technician:
    """Return a technician of the same vendor.

    Raises:
        NotFound: there is none, or they work for another vendor.
    """
    found = (
        Technician.objects.select_related("person")
        .filter(pk=technician_id, vendor_id=technician.vendor_id)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such colleague here. Choose one from the list."))
    return found
