"""Which tickets, restrictions, known errors and releases somebody may see: the only way from a person to them.

Staff, and the vendor's programs, see their vendor's tickets, a contact those of their own customer. What is somebody else's is not found, with the
same answer as what does not exist. Known errors and releases are the vendor's own; what customers read of them is
public (queries/known_errors.py).
"""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from pomost.people.access import Staff
from pomost.people.errors import NotFound
from pomost.people.models import Contact
from pomost.tickets.models import Absence, KnownError, Release, Restriction, RestrictionAppeal, Ticket
from pomost.tickets.restricted import with_names
from pomost.tickets.visiting import with_open_visit


def for_technician(technician: Staff) -> QuerySet[Ticket]:
    """Return the tickets that a technician may see: all of their vendor's."""
    return _whole().filter(vendor_id=technician.vendor_id)


def for_contact(contact: Contact) -> QuerySet[Ticket]:
    """Return the tickets that a contact may see: those of their own customer."""
    return _whole().filter(customer_id=contact.customer_id)


def ticket(technician: Staff, number: str) -> Ticket:
    """Return the ticket of that number at the technician's vendor.

    Raises:
        NotFound: there is none.
    """
    return _one(for_technician(technician), number)


def ticket_of_contact(contact: Contact, number: str) -> Ticket:
    """Return the ticket of that number at the contact's customer.

    Raises:
        NotFound: there is none, or it is another customer's.
    """
    return _one(for_contact(contact), number)


def absence(technician: Staff, absence_id: int) -> Absence:
    """Return an absence of one of the technician's colleagues.

    Raises:
        NotFound: there is none, or it is another vendor's.
    """
    found = (
        Absence.objects.select_related("technician__person")
        .filter(pk=absence_id, technician__vendor_id=technician.vendor_id)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such absence here. Look at the list of absences."))
    return found


def restrictions(technician: Staff) -> QuerySet[Restriction]:
    """Return the restrictions that staff may see: all of their vendor's."""
    return with_names(Restriction.objects.filter(vendor_id=technician.vendor_id))


def restriction(technician: Staff, key: int) -> Restriction:
    """Return a restriction of the technician's vendor.

    Raises:
        NotFound: there is none.
    """
    return _one_restriction(restrictions(technician), key)


def restrictions_of_contact(contact: Contact) -> QuerySet[Restriction]:
    """Return the restrictions that a contact may see: of their firm and its requests, and their own; no colleague's."""
    others = Q(scope=Restriction.Scope.CONTACT) & ~Q(contact_id=contact.pk)
    return with_names(Restriction.objects.filter(customer_id=contact.customer_id).exclude(others))


def restriction_of_contact(contact: Contact, key: int) -> Restriction:
    """Return a restriction that a contact may see.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    return _one_restriction(restrictions_of_contact(contact), key)


def appeal(technician: Staff, restriction: Restriction, key: int) -> RestrictionAppeal:
    """Return an appeal against a restriction of the technician's vendor.

    Raises:
        NotFound: there is none.
    """
    found = (
        RestrictionAppeal.objects.select_related("restriction", "contact")
        .filter(pk=key, restriction=restriction, restriction__vendor_id=technician.vendor_id)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such appeal here. Look for it at its restriction."))
    return found


def _one_restriction(restrictions: QuerySet[Restriction], key: int) -> Restriction:
    found = restrictions.filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such restriction here. Look for it in the list."))
    return found


def known_errors(technician: Staff) -> QuerySet[KnownError]:
    """Return the known errors of a technician's vendor, the newest first."""
    return (
        KnownError.objects.select_related("vendor", "release")
        .filter(vendor_id=technician.vendor_id)
        .order_by("-sequence")
    )


def known_error(technician: Staff, sequence: int) -> KnownError:
    """Return a known error of the technician's vendor by its count.

    Raises:
        NotFound: there is none.
    """
    found = known_errors(technician).filter(sequence=sequence).first()
    if found is None:
        raise NotFound(_("There is no such known error here. Look for it in the list."))
    return found


def releases(technician: Staff) -> QuerySet[Release]:
    """Return the releases of a technician's vendor, in no particular order."""
    return Release.objects.select_related("vendor").filter(vendor_id=technician.vendor_id)


def release(technician: Staff, release_id: int) -> Release:
    """Return a release of the technician's vendor.

    Raises:
        NotFound: there is none.
    """
    found = releases(technician).filter(pk=release_id).first()
    if found is None:
        raise NotFound(_("There is no such release here. Look for it in the list."))
    return found


def _whole() -> QuerySet[Ticket]:
    # The text of the terms is long and parsed already: it stays where it is.
    whole = Ticket.objects.select_related(
        "vendor", "customer", "contact", "terms__vendor", "assigned_to__person", "booking", "overrun"
    )
    return with_open_visit(whole).defer("terms__text")


def _one(tickets: QuerySet[Ticket], number: str) -> Ticket:
    found = tickets.filter(number=number).first()
    if found is None:
        raise NotFound(
            _("There is no request %(number)s here. Look for it in the list.") % {"number": number}
        )
    return found
