"""Which estimates, invoices and corrections somebody may see: the only way from a person to one.

Staff see their vendor's, a contact those of their own customer. What is somebody else's is not found, with the same
answer as what does not exist.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pomost.billing.models import Complaint, Correction, Estimate, Invoice
from pomost.people.access import Staff
from pomost.people.errors import NotFound
from pomost.people.models import Contact


def invoices_for_technician(technician: Staff) -> QuerySet[Invoice]:
    """Return the invoices that a technician may see: all of their vendor's, the newest first. Without their PDFs."""
    return _invoices().filter(vendor_id=technician.vendor_id)


def invoices_for_contact(contact: Contact) -> QuerySet[Invoice]:
    """Return the invoices that a contact may see: those of their own customer, the newest first. Without their PDFs."""
    return _invoices().filter(customer_id=contact.customer_id)


def invoice(technician: Staff, number: str) -> Invoice:
    """Return an invoice of the technician's vendor.

    Raises:
        NotFound: there is none of that number.
    """
    return _one(invoices_for_technician(technician), number)


def invoice_of_contact(contact: Contact, number: str) -> Invoice:
    """Return an invoice of the contact's customer.

    Raises:
        NotFound: there is none of that number, or it is another customer's.
    """
    return _one(invoices_for_contact(contact), number)


def correction(technician: Staff, number: str) -> Correction:
    """Return a correction of the technician's vendor.

    Raises:
        NotFound: there is none of that number.
    """
    found = _corrections().filter(vendor_id=technician.vendor_id, number=number).first()
    if found is None:
        raise NotFound(_("There is no correction %(number)s here.") % {"number": number})
    return found


def correction_by_id(technician: Staff, correction_id: int) -> Correction:
    """Return a correction of the technician's vendor.

    Raises:
        NotFound: there is none.
    """
    found = _corrections().filter(vendor_id=technician.vendor_id, pk=correction_id).first()
    if found is None:
        raise NotFound(_("There is no such correction here."))
    return found


def complaint(technician: Staff, complaint_id: int) -> Complaint:
    """Return a complaint about work of the technician's vendor.

    Raises:
        NotFound: there is none.
    """
    rows = Complaint.objects.select_related(
        "contact", "follow_up", "ticket__terms__vendor", "ticket__contact"
    )
    found = rows.filter(pk=complaint_id, ticket__vendor_id=technician.vendor_id).first()
    if found is None:
        raise NotFound(_("There is no such complaint here. Look for it on its request."))
    return found


def corrections_for_contact(contact: Contact) -> QuerySet[Correction]:
    """Return the corrections of the contact's own customer, the newest first. Without their PDFs."""
    return _corrections().filter(invoice__customer_id=contact.customer_id)


def _corrections() -> QuerySet[Correction]:
    return (
        Correction.objects.select_related("vendor", "invoice")
        .defer("pdf", "invoice__pdf")
        .order_by("-issued_at", "-id")
    )


def estimate(technician: Staff, estimate_id: int) -> Estimate:
    """Return an estimate of the technician's vendor.

    Raises:
        NotFound: there is none.
    """
    return _estimate(_estimates().filter(ticket__vendor_id=technician.vendor_id), estimate_id)


def estimate_of_contact(contact: Contact, estimate_id: int) -> Estimate:
    """Return an estimate for the contact's customer.

    Raises:
        NotFound: there is none, or it is another customer's.
    """
    return _estimate(_estimates().filter(ticket__customer_id=contact.customer_id), estimate_id)


def _invoices() -> QuerySet[Invoice]:
    return Invoice.objects.select_related("vendor", "customer").defer("pdf").order_by("-issued_at", "-id")


def _one(invoices: QuerySet[Invoice], number: str) -> Invoice:
    found = invoices.filter(number=number).first()
    if found is None:
        raise NotFound(
            _("There is no invoice %(number)s here. Look for it in the list.") % {"number": number}
        )
    return found


def _estimates() -> QuerySet[Estimate]:
    return Estimate.objects.select_related(
        "ticket__vendor", "ticket__customer", "ticket__contact", "technician__person"
    )


def _estimate(estimates: QuerySet[Estimate], estimate_id: int) -> Estimate:
    found = estimates.filter(pk=estimate_id).first()
    if found is None:
        raise NotFound(_("There is no such estimate here."))
    return found
