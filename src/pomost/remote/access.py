"""Which sessions somebody may see: the only way from a person to a session.

Staff see their vendor's sessions, a contact those about requests of their own customer. What is somebody else's is not
found, with the same answer as what does not exist.
"""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pomost.people.errors import NotFound
from pomost.people.models import Contact, Technician
from pomost.remote.models import RemoteSession


def for_technician(technician: Technician) -> QuerySet[RemoteSession]:
    """Return the sessions that a technician may see: all of their vendor's."""
    return _whole().filter(vendor_id=technician.vendor_id)


def for_contact(contact: Contact) -> QuerySet[RemoteSession]:
    """Return the sessions that a contact may see: those about requests of their own customer."""
    return _whole().filter(ticket__customer_id=contact.customer_id)


def session(technician: Technician, session_id: UUID | str) -> RemoteSession:
    """Return a session of the technician's vendor.

    Raises:
        NotFound: there is none, or it is another vendor's.
    """
    try:
        found = for_technician(technician).filter(pk=UUID(str(session_id))).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound(_("There is no such session here. Look for it in the list."))
    return found


def _whole() -> QuerySet[RemoteSession]:
    return RemoteSession.objects.select_related(
        "vendor", "technician__person", "ticket__customer", "ticket__contact"
    )
