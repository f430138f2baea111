"""Addresses of the portal, below /{vendor}/."""

from django.urls import path

from pomost.portal import answers, app, home, new_request, papers, request_page, severity_link

app_name = "portal"

urlpatterns = [
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
    path("answers/severity/<str:token>/", severity_link.severity_link_page, name="severity_link"),
    path("documents/", papers.documents, name="documents"),
    path("invoices/<int:invoice>.pdf", papers.invoice_pdf, name="invoice"),
    path("corrections/<int:correction>.pdf", papers.correction_pdf, name="correction"),
    path("consents/", papers.consents, name="consents"),
    path("app/", app.app, name="app"),
]
