"""Addresses of the technicians' pages, below /{vendor}/console/."""

from django.urls import URLPattern, URLResolver, path

from pomost.console import board, calls, customers, invoice_page, invoices, sessions, ticket, tickets, verbs

app_name = "console"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", board.board, name="board"),
    path("board/", board.board_part, name="board_part"),
    path("calls/new/", calls.call_new, name="call_new"),
    path("calls/preview/", calls.call_preview, name="call_preview"),
    path("presence/", sessions.presence, name="presence"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/ringing/", sessions.ringing, name="ringing"),
    path("sessions/<uuid:session_id>/", sessions.session, name="session"),
    path("sessions/<uuid:session_id>/answer/", sessions.answer, name="answer_call"),
    path("sessions/<uuid:session_id>/decline/", sessions.decline, name="decline"),
    path("sessions/<uuid:session_id>/estimate/", sessions.estimate, name="estimate"),
    path("sessions/<uuid:session_id>/end/", sessions.end, name="session_end"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<int:customer_id>/", customers.customer, name="customer"),
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/new/", invoices.invoice_new, name="invoice_new"),
    path("invoices/<path:number>/pdf/", invoices.invoice_pdf, name="invoice_pdf"),
    path("invoices/<path:number>/correct/", invoice_page.correct, name="invoice_correct"),
    path("invoices/<path:number>/pay/", invoice_page.pay, name="invoice_pay"),
    path("invoices/<path:number>/", invoice_page.invoice, name="invoice"),
    path("corrections/<path:number>/pdf/", invoice_page.correction_pdf, name="correction_pdf"),
    path("tickets/", tickets.tickets, name="tickets"),
    path("tickets/<str:number>/", ticket.ticket, name="ticket"),
    path("tickets/<str:number>/take/", verbs.take, name="take"),
    path("tickets/<str:number>/begin/", verbs.begin, name="begin"),
    path("tickets/<str:number>/told/", verbs.told, name="told"),
    path("tickets/<str:number>/mail-again/", verbs.mail_again, name="mail_again"),
    path("tickets/<str:number>/package/", verbs.package, name="package"),
    path("tickets/<str:number>/decide/", verbs.decide, name="decide"),
    path("tickets/<str:number>/overrun/", verbs.overrun, name="overrun"),
    path("tickets/<str:number>/reply/", verbs.reply, name="reply"),
    path("tickets/<str:number>/note/", verbs.note, name="note"),
    path("tickets/<str:number>/call/", verbs.call, name="call"),
    path("tickets/<str:number>/answer/", verbs.answer, name="answer"),
    path("tickets/<str:number>/solve/", verbs.solve, name="solve"),
    path("tickets/<str:number>/severity/", verbs.severity, name="severity"),
    path("tickets/<str:number>/severity/answer/", verbs.severity_answer, name="severity_answer"),
    path("tickets/<str:number>/confirm/", verbs.confirm, name="confirm"),
    path("tickets/<str:number>/complete/", verbs.complete, name="complete"),
    path("tickets/<str:number>/estimate/", verbs.estimate, name="ticket_estimate"),
    path("tickets/<str:number>/estimate/answer/", verbs.estimate_answer, name="estimate_answer"),
    path("tickets/<str:number>/book/", verbs.book, name="book"),
    path("tickets/<str:number>/work/", verbs.work, name="work"),
    path("tickets/<str:number>/close/", verbs.close, name="close"),
]
