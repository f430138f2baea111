"""Who gets what from every address of the desk: the table, and nothing else.

A new address has to be given its row here before the tests are green; its row says what each of seven people must get.
"""

from dataclasses import dataclass
from typing import Final

PEOPLE: Final = ("anonymous", "ada", "boris", "tess", "bela", "owen", "nils")
"""Nobody; a contact of the customer whose things these are; a contact of another customer of the same vendor; a
technician, a bookkeeper and the owner of the vendor; somebody who works for another vendor."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one address answers, in the order of PEOPLE.

    in: let in (a page, a redirect after a change, a refused form) · sign-in: asked to sign in · console: led to the
    console · no: 403, told that it is not for them · absent: 404, as if there were nothing.
    """

    method: str
    answers: tuple[str, ...]


def row(method: str, answers: str) -> Row:
    found = tuple(answers.split())
    assert len(found) == len(PEOPLE), f"{answers!r} does not name all of {', '.join(PEOPLE)}"
    return Row(method, found)


EVERYBODY = "in in in in in in in"
SIGNED_IN = "sign-in in in in in in in"
CONTACTS = "sign-in in in console console console no"
"""A page of the portal that shows the contact's own things."""
THIS_CUSTOMER = "sign-in in absent console console console no"
"""A thing of Ada's customer."""
NOBODY = "absent absent absent absent absent absent absent"
"""An address that is its own key (tests/portal/test_severity_link.py): without a true one there is nothing."""
STAFF = "sign-in no no in in in no"
BOOKKEEPERS = "sign-in no no no in in no"
OWNERS = "sign-in no no no no in no"

PAGES: Final = {
    "home": row("GET", SIGNED_IN),
    "healthz": row("GET", EVERYBODY),
    "sign_in": row("GET", EVERYBODY),
    "sign_out": row("POST", EVERYBODY),
    "theme": row("POST", EVERYBODY),
    "language": row("POST", EVERYBODY),
    "api:docs": row("GET", EVERYBODY),
    "api:openapi": row("GET", EVERYBODY),
    "api_problems": row("GET", EVERYBODY),
    "portal:terms": row("GET", EVERYBODY),
    "portal:terms_price": row("GET", EVERYBODY),
    "portal:terms_version": row("GET", EVERYBODY),
    "portal:terms_changes": row("GET", EVERYBODY),
    "portal:errors": row("GET", EVERYBODY),
    "audit:page": row("GET", EVERYBODY),
    "audit:example": row("GET", EVERYBODY),
    "portal:home": row("GET", CONTACTS),
    "portal:requests": row("GET", CONTACTS),
    "portal:new": row("GET", CONTACTS),
    "portal:new_preview": row("GET", CONTACTS),
    "portal:request": row("GET", THIS_CUSTOMER),
    "portal:reply": row("POST", THIS_CUSTOMER),
    "portal:complete": row("POST", THIS_CUSTOMER),
    "portal:severity": row("POST", THIS_CUSTOMER),
    "portal:estimate": row("POST", THIS_CUSTOMER),
    "portal:confirm": row("POST", THIS_CUSTOMER),
    "portal:reject": row("POST", THIS_CUSTOMER),
    "portal:book": row("POST", THIS_CUSTOMER),
    "portal:visit_ask": row("POST", THIS_CUSTOMER),
    "portal:visit_answer": row("POST", THIS_CUSTOMER),
    "portal:visit_cancel": row("POST", THIS_CUSTOMER),
    "portal:book_cancel": row("POST", THIS_CUSTOMER),
    "portal:files": row("GET", THIS_CUSTOMER),
    "portal:file_fetch": row("POST", THIS_CUSTOMER),
    "portal:file_receipt": row("POST", THIS_CUSTOMER),
    "console:files": row("GET", STAFF),
    "console:file_fetch": row("POST", STAFF),
    "portal:invitation": row("GET", THIS_CUSTOMER),
    "portal:complain": row("POST", THIS_CUSTOMER),
    "portal:appeal": row("POST", THIS_CUSTOMER),
    "portal:documents": row("GET", CONTACTS),
    "portal:invoice": row("GET", THIS_CUSTOMER),
    "portal:severity_link": row("GET", NOBODY),
    "portal:restriction": row("GET", THIS_CUSTOMER),
    "portal:restriction_link": row("GET", NOBODY),
    "portal:correction": row("GET", THIS_CUSTOMER),
    "portal:consents": row("GET", CONTACTS),
    "portal:app": row("GET", CONTACTS),
    "console:board": row("GET", STAFF),
    "console:board_part": row("GET", STAFF),
    "console:call_new": row("GET", STAFF),
    "console:call_preview": row("GET", STAFF),
    "console:calendar": row("GET", STAFF),
    "console:calendar_address": row("GET", STAFF),
    "console:calendar_feed": row("GET", NOBODY),
    "console:calendar_new": row("GET", STAFF),
    "console:presence": row("POST", STAFF),
    "console:sessions": row("GET", STAFF),
    "console:ringing": row("GET", STAFF),
    "console:session": row("GET", STAFF),
    "console:answer_call": row("POST", STAFF),
    "console:decline": row("POST", STAFF),
    "console:estimate": row("POST", STAFF),
    "console:session_end_by_terms": row("POST", STAFF),
    "console:session_end": row("POST", STAFF),
    "console:absences": row("GET", STAFF),
    "console:absence_withdraw": row("POST", STAFF),
    "console:opening_hours": row("GET", OWNERS),
    "console:hours_history": row("GET", OWNERS),
    "console:exception_new": row("POST", OWNERS),
    "console:year_confirm": row("POST", OWNERS),
    "console:exception_move": row("GET", OWNERS),
    "console:exception_withdraw": row("POST", OWNERS),
    "console:customers": row("GET", STAFF),
    "console:customer": row("GET", STAFF),
    "console:restrict": row("GET", BOOKKEEPERS),
    "console:restrictions": row("GET", STAFF),
    "console:restriction": row("GET", STAFF),
    "console:restriction_extend": row("POST", BOOKKEEPERS),
    "console:restriction_lift": row("POST", BOOKKEEPERS),
    "console:restriction_appeal": row("POST", STAFF),
    "console:restriction_decide": row("POST", OWNERS),
    "console:invoices": row("GET", BOOKKEEPERS),
    "console:invoice_new": row("POST", BOOKKEEPERS),
    "console:complaints": row("GET", STAFF),
    "console:complain": row("POST", STAFF),
    "console:complaint_examine": row("POST", STAFF),
    "console:complaint_accept": row("POST", STAFF),
    "console:complaint_reject": row("POST", STAFF),
    "console:travel": row("GET", STAFF),
    "console:invoice_pdf": row("GET", BOOKKEEPERS),
    "console:invoice": row("GET", BOOKKEEPERS),
    "console:invoice_correct": row("POST", BOOKKEEPERS),
    "console:invoice_pay": row("POST", BOOKKEEPERS),
    "console:correction_pdf": row("GET", BOOKKEEPERS),
    "console:known_errors": row("GET", STAFF),
    "console:known_error": row("GET", STAFF),
    "console:known_error_words": row("POST", STAFF),
    "console:known_error_confirm": row("POST", STAFF),
    "console:known_error_release": row("POST", STAFF),
    "console:releases": row("GET", STAFF),
    "console:release_new": row("POST", BOOKKEEPERS),
    "console:release": row("GET", STAFF),
    "console:release_publish": row("POST", BOOKKEEPERS),
    "console:release_outdate": row("POST", BOOKKEEPERS),
    "console:ticket_errors": row("GET", STAFF),
    "console:error_report": row("POST", STAFF),
    "console:error_link": row("POST", STAFF),
    "console:error_unlink": row("POST", STAFF),
    "console:version_name": row("POST", STAFF),
    "console:version_decide": row("POST", STAFF),
    "console:programs": row("GET", OWNERS),
    "console:token_new": row("POST", OWNERS),
    "console:token_revoke": row("POST", OWNERS),
    "console:webhook_new": row("POST", OWNERS),
    "console:webhook": row("GET", OWNERS),
    "console:webhook_ping": row("POST", OWNERS),
    "console:webhook_secret": row("POST", OWNERS),
    "console:webhook_on": row("POST", OWNERS),
    "console:webhook_remove": row("POST", OWNERS),
    "console:delivery_again": row("POST", OWNERS),
    "console:terms": row("GET", OWNERS),
    "console:terms_file": row("GET", OWNERS),
    "console:terms_start": row("POST", OWNERS),
    "console:terms_draft": row("GET", OWNERS),
    "console:terms_check": row("POST", OWNERS),
    "console:terms_preview": row("POST", OWNERS),
    "console:terms_try": row("POST", OWNERS),
    "console:terms_publish": row("POST", OWNERS),
    "console:terms_discard": row("POST", OWNERS),
    "console:tickets": row("GET", STAFF),
    "console:ticket": row("GET", STAFF),
    "console:allowance": row("POST", BOOKKEEPERS),
    "console:split": row("POST", STAFF),
    "console:merge": row("POST", STAFF),
    "console:take": row("POST", STAFF),
    "console:begin": row("POST", STAFF),
    "console:told": row("POST", STAFF),
    "console:mail_again": row("POST", STAFF),
    "console:package": row("POST", STAFF),
    "console:decide": row("POST", STAFF),
    "console:overrun": row("POST", STAFF),
    "console:reply": row("POST", STAFF),
    "console:note": row("POST", STAFF),
    "console:call": row("POST", STAFF),
    "console:answer": row("POST", STAFF),
    "console:solve": row("POST", STAFF),
    "console:severity": row("POST", STAFF),
    "console:severity_answer": row("POST", STAFF),
    "console:confirm": row("POST", STAFF),
    "console:complete": row("POST", STAFF),
    "console:ticket_estimate": row("POST", STAFF),
    "console:estimate_answer": row("POST", STAFF),
    "console:contract_visits": row("POST", BOOKKEEPERS),
    "console:visits": row("GET", STAFF),
    "console:visit_propose": row("POST", STAFF),
    "console:visit_agree": row("POST", STAFF),
    "console:visit_cancel": row("POST", STAFF),
    "console:visit_made": row("POST", STAFF),
    "console:book": row("POST", STAFF),
    "console:book_cancel": row("POST", STAFF),
    "console:times": row("GET", STAFF),
    "console:work": row("POST", STAFF),
    "console:work_fit": row("GET", STAFF),
    "console:close": row("POST", STAFF),
}

ENGINE: Final = {
    "/{vendor}/agent.json": row("GET", EVERYBODY),
    "/{vendor}/agent/ws": row("WS", EVERYBODY),
    "/{vendor}/live": row("GET", "no no no in in in no"),
    "/{vendor}/viewer/{session}/ws": row("WS", "no no no in no no no"),
}
"""The engine's addresses. A session belongs to the technician who answered it, and to no colleague."""
