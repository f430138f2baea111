"""The only way from somebody who works for a vendor to the vendor's versions of terms, its draft and its calendars.

Another vendor's are never found, and the answer is the same as for those that do not exist. That only the owner may ask
is the page's guard.
"""

from datetime import date

from django.utils.translation import gettext as _

from pomost.contracts.errors import NoTermsInForce
from pomost.contracts.models import CalendarEdit, TermsDraft, TermsVersion
from pomost.contracts.queries import terms_in_force
from pomost.people.access import Staff
from pomost.people.errors import NotFound
from pomost.rules.terms.model import Unknown
from pomost.rules.terms.parts import Hours


def version(staff: Staff, version_id: int) -> TermsVersion:
    """Return one of the vendor's published versions.

    Raises:
        NotFound: there is none, or it is another vendor's.
    """
    found = (
        TermsVersion.objects.select_related("vendor").filter(pk=version_id, vendor_id=staff.vendor_id).first()
    )
    if found is None:
        raise NotFound(_("There is no such version of the terms here. Look for it under “Terms”."))
    return found


def draft(staff: Staff) -> TermsDraft | None:
    """Return the draft of the vendor's next version; None: nobody has begun one."""
    return TermsDraft.objects.select_related("vendor", "based_on").filter(vendor_id=staff.vendor_id).first()


def calendar(staff: Staff, key: str, today: date) -> Hours:
    """Return a calendar of the vendor's terms in force, as they were published.

    Raises:
        NotFound: they have no such calendar, or there are no terms.
    """
    try:
        _version, terms = terms_in_force(staff.vendor, today)
        return terms.hours_called(key)
    except (NoTermsInForce, Unknown):
        raise NotFound(_("The terms in force have no such calendar.")) from None


def calendar_exception(staff: Staff, edit_id: int, key: str = "") -> CalendarEdit:
    """Return one of the vendor's exceptions that hold, to the calendar of that key where one is given.

    Raises:
        NotFound: there is none, it is another vendor's or another calendar's, or it was withdrawn.
    """
    found = (
        CalendarEdit.objects.select_related("vendor")
        .filter(
            pk=edit_id, vendor_id=staff.vendor_id, kind=CalendarEdit.Kind.EXCEPTION, withdrawal__isnull=True
        )
        .first()
    )
    if found is None or key not in ("", found.calendar):
        raise NotFound(_("There is no such exception here any more. Look at the calendar."))
    return found
