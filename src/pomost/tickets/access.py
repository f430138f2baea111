"""Which tickets somebody may see: the only way from a person to a ticket.

Staff, and the vendor's programs, see their vendor's tickets, a contact those of their own customer. What is somebody else's is not found, with the
same answer as what does not exist.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pomost.people.access import Staff
from pomost.people.errors import NotFound
from pomost.people.models import Contact
from pomost.tickets.models import Absence, Ticket


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


def _whole() -> QuerySet[Ticket]:
    # The text of the terms is long and parsed already: it stays where it is.
    return Ticket.objects.select_related(
        "vendor", "customer", "contact", "terms__vendor", "assigned_to__person", "booking", "overrun"
    ).defer("terms__text")


def _one(tickets: QuerySet[Ticket], number: str) -> Ticket:
    found = tickets.filter(number=number).first()
    if found is None:
        raise NotFound(
            _("There is no request %(number)s here. Look for it in the list.") % {"number": number}
        )
    return found
