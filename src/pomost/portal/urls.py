"""Addresses of the portal, below /{vendor}/."""

from datetime import date

from django.urls import path, register_converter

from pomost.portal import (
    answers,
    app,
    complaints,
    errors,
    files,
    home,
    new_request,
    papers,
    request_page,
    restrictions,
    severity_link,
    terms_pages,
    visits,
)

app_name = "portal"


class DayConverter:
    """A day in an address, `2026-07-01`."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Return the day. Raises ValueError, by which the address is none of ours."""
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        """Write the day."""
        return str(value)


register_converter(DayConverter, "day")

urlpatterns = [
    path("terms/", terms_pages.terms, name="terms"),
    path("terms/price/", terms_pages.price, name="terms_price"),
    path("terms/<day:day>/", terms_pages.terms, name="terms_version"),
    path("terms/<day:day>/changes/", terms_pages.changes, name="terms_changes"),
    path("errors/", errors.errors, name="errors"),
    path("", home.home, name="home"),
    path("requests/", home.requests, name="requests"),
    path("requests/new/", new_request.new, name="new"),
    path("requests/new/preview/", new_request.preview_part, name="new_preview"),
    path("requests/<str:number>/", request_page.request_page, name="request"),
    path("requests/<str:number>/reply/", answers.reply, name="reply"),
    path("requests/<str:number>/complete/", answers.complete, name="complete"),
    path("requests/<str:number>/severity/", answers.severity, name="severity"),
    path("requests/<str:number>/estimates/<int:estimate>/", answers.estimate, name="estimate"),
    path("requests/<str:number>/confirm/", answers.confirm, name="confirm"),
    path("requests/<str:number>/reject/", answers.reject, name="reject"),
    path("requests/<str:number>/book/", answers.book, name="book"),
    path("restrictions/<int:restriction_id>/", restrictions.restriction, name="restriction"),
    path("answers/restriction/<str:token>/", restrictions.restriction_link_page, name="restriction_link"),
    path("requests/<str:number>/visit/ask/", visits.ask, name="visit_ask"),
    path("requests/<str:number>/visit/answer/", visits.answer, name="visit_answer"),
    path("requests/<str:number>/visit/cancel/", visits.cancel, name="visit_cancel"),
    path("requests/<str:number>/book/cancel/", answers.cancel, name="book_cancel"),
    path("requests/<str:number>/files/", files.files, name="files"),
    path("requests/<str:number>/files/<int:file_version>/fetch/", files.file_fetch, name="file_fetch"),
    path("requests/<str:number>/files/<int:file_version>/receipt/", files.file_receipt, name="file_receipt"),
    path("requests/<str:number>/invite.ics", request_page.invitation, name="invitation"),
    path("answers/severity/<str:token>/", severity_link.severity_link_page, name="severity_link"),
    path("requests/<str:number>/complain/", complaints.complain, name="complain"),
    path("requests/<str:number>/appeal/", complaints.appeal, name="appeal"),
    path("documents/", papers.documents, name="documents"),
    path("invoices/<int:invoice>.pdf", papers.invoice_pdf, name="invoice"),
    path("corrections/<int:correction>.pdf", papers.correction_pdf, name="correction"),
    path("consents/", papers.consents, name="consents"),
    path("app/", app.app, name="app"),
]
