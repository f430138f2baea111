"""Which files somebody may see: the only way from a person to a version.

Staff, and the vendor's programs, see their vendor's files, a contact those of their own customer. What is somebody
else's is not found, with the same answer as what does not exist.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pomost.files.models import Version
from pomost.people.access import Staff
from pomost.people.errors import NotFound
from pomost.people.models import Contact


def version(technician: Staff, subject: str, version_id: int) -> Version:
    """Return a version of a file about a subject, at the technician's vendor.

    Raises:
        NotFound: there is none.
    """
    return _one(_whole().filter(file__vendor_id=technician.vendor_id), subject, version_id)


def version_of_contact(contact: Contact, subject: str, version_id: int) -> Version:
    """Return a version of a file about a subject, at the contact's customer.

    Raises:
        NotFound: there is none, or it is another customer's.
    """
    return _one(_whole().filter(file__customer_id=contact.customer_id), subject, version_id)


def _whole() -> QuerySet[Version]:
    return Version.objects.select_related("file__vendor", "upload")


def _one(versions: QuerySet[Version], subject: str, version_id: int) -> Version:
    found = versions.filter(pk=version_id, file__subject=subject).first()
    if found is None:
        raise NotFound(_("There is no such file here. Look for it on its request."))
    return found
