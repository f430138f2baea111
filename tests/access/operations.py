"""Which token may do what: the table of the API's operations, and nothing else.

A new operation has to be given its row here before the tests are green.
"""

from dataclasses import dataclass
from typing import Final

PROGRAMS: Final = (
    "reader",
    "writer",
    "publisher",
    "biller",
    "nobody",
    "unknown",
    "revoked",
    "expired",
    "neighbour",
    "cookie",
)
"""Programs with one scope each (read, write, terms, billing); one without a token; one with a token that nobody made, one
whose token was revoked, one whose token has expired; one of another vendor with all scopes; a browser in which the
owner is signed in, without a token."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What one operation answers, in the order of PROGRAMS.

    in: let in, whatever comes of it · no: 403, the token lacks the scope · out: 401, no token of this desk.
    """

    address: str
    answers: tuple[str, ...]

    @property
    def method(self) -> str:
        return self.address.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.address.partition(" ")[2]


def operation(address: str, answers: str) -> Operation:
    found = tuple(answers.split())
    assert len(found) == len(PROGRAMS), f"{answers!r} does not name all of {', '.join(PROGRAMS)}"
    return Operation(address, found)


READS = "in no no no out out out out out out"
CHANGES = "no in no no out out out out out out"
PUBLISHES = "no no in no out out out out out out"
BILLS = "no no no in out out out out out out"

OPERATIONS: Final = {
    "getToken": operation("GET /me", READS),
    "getTerms": operation("GET /terms", READS),
    "listTermsVersions": operation("GET /terms/versions", READS),
    "getTermsVersion": operation("GET /terms/versions/{version}", READS),
    "publishTerms": operation("POST /terms/versions", PUBLISHES),
    "getDraft": operation("GET /terms/draft", PUBLISHES),
    "startDraft": operation("POST /terms/draft", PUBLISHES),
    "checkTerms": operation("POST /terms/check", PUBLISHES),
    "saveDraft": operation("POST /terms/draft/text", PUBLISHES),
    "discardDraft": operation("POST /terms/draft/discard", PUBLISHES),
    "publishDraft": operation("POST /terms/draft/publication", PUBLISHES),
    "tryDraft": operation("POST /terms/draft/trial", PUBLISHES),
    "listCalendars": operation("GET /calendars", READS),
    "getCalendarYear": operation("GET /calendars/{calendar}/years/{year}", READS),
    "confirmYear": operation("POST /calendars/{calendar}/years/{year}", PUBLISHES),
    "listCalendarEdits": operation("GET /calendars/{calendar}/edits", READS),
    "previewException": operation("POST /calendars/{calendar}/edits/preview", READS),
    "addException": operation("POST /calendars/{calendar}/edits", PUBLISHES),
    "previewWithdrawal": operation("POST /calendars/{calendar}/edits/{edit}/withdrawal/preview", READS),
    "withdrawException": operation("POST /calendars/{calendar}/edits/{edit}/withdrawal", PUBLISHES),
    "decide": operation("POST /decisions", READS),
    "priceWork": operation("POST /prices", READS),
    "listTechnicians": operation("GET /technicians", READS),
    "listCustomers": operation("GET /customers", READS),
    "createCustomer": operation("POST /customers", CHANGES),
    "getCustomer": operation("GET /customers/{customer}", READS),
    "listContacts": operation("GET /customers/{customer}/contacts", READS),
    "createContact": operation("POST /customers/{customer}/contacts", CHANGES),
    "getContact": operation("GET /contacts/{contact}", READS),
    "listContracts": operation("GET /customers/{customer}/contracts", READS),
    "createContract": operation("POST /customers/{customer}/contracts", CHANGES),
    "setContractShown": operation("POST /customers/{customer}/contracts/{contract}/shown", CHANGES),
    "listQuotas": operation("GET /customers/{customer}/contracts/{contract}/quotas", READS),
    "setAllowance": operation("POST /customers/{customer}/contracts/{contract}/allowances", CHANGES),
    "listKnownErrors": operation("GET /known-errors", READS),
    "getKnownError": operation("GET /known-errors/{error}", READS),
    "rewordKnownError": operation("POST /known-errors/{error}/words", CHANGES),
    "confirmKnownError": operation("POST /known-errors/{error}/confirmation", CHANGES),
    "mendKnownError": operation("POST /known-errors/{error}/release", CHANGES),
    "reportKnownError": operation("POST /tickets/{number}/known-errors", CHANGES),
    "linkKnownError": operation("POST /tickets/{number}/known-errors/{error}", CHANGES),
    "unlinkKnownError": operation("POST /tickets/{number}/known-errors/{error}/removal", CHANGES),
    "nameVersion": operation("POST /tickets/{number}/version", CHANGES),
    "decideVersion": operation("POST /tickets/{number}/version/decision", CHANGES),
    "listReleases": operation("GET /releases", READS),
    "planRelease": operation("POST /releases", CHANGES),
    "publishRelease": operation("POST /releases/{release}/publication", CHANGES),
    "outdateRelease": operation("POST /releases/{release}/outdating", CHANGES),
    "listTickets": operation("GET /tickets", READS),
    "registerTicket": operation("POST /tickets", CHANGES),
    "getTicket": operation("GET /tickets/{number}", READS),
    "completeTicket": operation("POST /tickets/{number}/completion", CHANGES),
    "tellNumber": operation("POST /tickets/{number}/told", CHANGES),
    "sendNoticeAgain": operation("POST /tickets/{number}/notice-again", CHANGES),
    "setPackageShown": operation("POST /tickets/{number}/package", CHANGES),
    "decideTicket": operation("POST /tickets/{number}/decision", CHANGES),
    "proposeSeverity": operation("POST /tickets/{number}/severity", CHANGES),
    "answerSeverity": operation("POST /tickets/{number}/severity/answer", CHANGES),
    "assignTicket": operation("POST /tickets/{number}/assignment", CHANGES),
    "beginWork": operation("POST /tickets/{number}/work/begin", CHANGES),
    "stopWork": operation("POST /tickets/{number}/work/stop", CHANGES),
    "writeMessage": operation("POST /tickets/{number}/messages", CHANGES),
    "waitForCustomer": operation("POST /tickets/{number}/wait", CHANGES),
    "proposeAnswer": operation("POST /tickets/{number}/answer", CHANGES),
    "proposeSolution": operation("POST /tickets/{number}/solution", CHANGES),
    "confirmSolution": operation("POST /tickets/{number}/solution/confirmation", CHANGES),
    "rejectSolution": operation("POST /tickets/{number}/solution/rejection", CHANGES),
    "closeTicket": operation("POST /tickets/{number}/closure", CHANGES),
    "listFreeTimes": operation("GET /tickets/{number}/times", READS),
    "bookTime": operation("POST /tickets/{number}/booking", CHANGES),
    "cancelBooking": operation("POST /tickets/{number}/booking/cancellation", CHANGES),
    "listSentences": operation("GET /tickets/{number}/sentences", READS),
    "splitTicket": operation("POST /tickets/{number}/split", CHANGES),
    "mergeTicket": operation("POST /tickets/{number}/merge", CHANGES),
    "listComplaints": operation("GET /tickets/{number}/complaints", READS),
    "openComplaint": operation("POST /tickets/{number}/complaints", CHANGES),
    "getComplaint": operation("GET /complaints/{complaint}", READS),
    "examineComplaint": operation("POST /complaints/{complaint}/examination", CHANGES),
    "acceptComplaint": operation("POST /complaints/{complaint}/acceptance", CHANGES),
    "rejectComplaint": operation("POST /complaints/{complaint}/rejection", CHANGES),
    "appealComplaint": operation("POST /complaints/{complaint}/appeal", CHANGES),
    "listRestrictions": operation("GET /restrictions", READS),
    "getRestriction": operation("GET /restrictions/{restriction}", READS),
    "restrictSupport": operation("POST /tickets/{number}/restrictions", CHANGES),
    "extendRestriction": operation("POST /restrictions/{restriction}/extension", CHANGES),
    "liftRestriction": operation("POST /restrictions/{restriction}/lifting", CHANGES),
    "appealRestriction": operation("POST /restrictions/{restriction}/appeals", CHANGES),
    "answerAppeal": operation("POST /restrictions/{restriction}/appeals/{appeal}/answer", CHANGES),
    "listVisits": operation("GET /tickets/{number}/visits", READS),
    "askForVisit": operation("POST /tickets/{number}/visits", CHANGES),
    "proposeVisit": operation("POST /tickets/{number}/visits/proposal", CHANGES),
    "agreeVisit": operation("POST /tickets/{number}/visits/agreement", CHANGES),
    "moveVisit": operation("POST /tickets/{number}/visits/another-day", CHANGES),
    "finishVisit": operation("POST /tickets/{number}/visits/made", CHANGES),
    "cancelVisit": operation("POST /tickets/{number}/visits/cancellation", CHANGES),
    "listEntries": operation("GET /tickets/{number}/entries", READS),
    "enterTime": operation("POST /tickets/{number}/entries", CHANGES),
    "listEstimates": operation("GET /tickets/{number}/estimates", READS),
    "proposeEstimate": operation("POST /tickets/{number}/estimates", CHANGES),
    "getEstimate": operation("GET /estimates/{estimate}", READS),
    "answerEstimate": operation("POST /estimates/{estimate}/answer", CHANGES),
    "listBillable": operation("GET /billable", BILLS),
    "listFiles": operation("GET /tickets/{number}/files", READS),
    "fetchFile": operation("GET /tickets/{number}/files/{file_version}/content", READS),
    "listInvoices": operation("GET /invoices", BILLS),
    "makeInvoice": operation("POST /invoices", BILLS),
    "getInvoice": operation("GET /invoices/{invoice}", BILLS),
    "getInvoicePdf": operation("GET /invoices/{invoice}/pdf", BILLS),
    "listCorrections": operation("GET /invoices/{invoice}/corrections", BILLS),
    "correctInvoice": operation("POST /invoices/{invoice}/corrections", BILLS),
    "getCorrectionPdf": operation("GET /corrections/{correction}/pdf", BILLS),
    "listPayments": operation("GET /invoices/{invoice}/payments", BILLS),
    "notePayment": operation("POST /invoices/{invoice}/payments", BILLS),
    "listFacts": operation("GET /facts", READS),
}

BODIES: Final[dict[str, dict[str, object]]] = {
    "confirmYear": {"days_off": [{"day": "2043-01-01", "name": "New Year"}]},
    "previewException": {"first_day": "2026-06-22"},
    "addException": {"first_day": "2026-06-22"},
    "previewWithdrawal": {},
    "withdrawException": {},
    "rewordKnownError": {"title": {"en": "Nothing is printed"}},
    "confirmKnownError": {},
    "mendKnownError": {"release": None},
    "reportKnownError": {"title": {"en": "Nothing is printed"}},
    "linkKnownError": {},
    "unlinkKnownError": {},
    "nameVersion": {"version": "1.0"},
    "decideVersion": {"outdated": True, "reason": "It is."},
    "publishRelease": {},
    "outdateRelease": {"outdated_from": None},
    "createContact": {"name": "Eve", "language": "en", "phone": "+48 000 000 009"},
    "createContract": {"number": "K", "valid_from": "2020-01-01", "valid_until": "2020-12-31"},
    "setContractShown": {"shown": True},
    "completeTicket": {"channel": "phone"},
    "tellNumber": {},
    "sendNoticeAgain": {},
    "setPackageShown": {"package": "price-list", "shown": True},
    "decideTicket": {"outcome": "paid", "reason": "Agreed."},
    "proposeSeverity": {"severity": "high"},
    "answerSeverity": {"agreed": True},
    "assignTicket": {"technician": None},
    "beginWork": {},
    "stopWork": {"reason": "Lunch."},
    "writeMessage": {"kind": "from-customer", "text": "Hello."},
    "waitForCustomer": {"technician": 1},
    "proposeAnswer": {"technician": 1, "text": "Hello."},
    "proposeSolution": {"technician": 1, "text": "Hello."},
    "confirmSolution": {},
    "rejectSolution": {"reason": "No."},
    "closeTicket": {"reason": "No."},
    "bookTime": {"technician": 1, "starts_at": "2026-06-16T10:00:00Z", "ends_at": "2026-06-16T11:00:00Z"},
    "cancelBooking": {},
    "restrictSupport": {
        "scope": "request",
        "reason": "conduct",
        "what_happened": "Shouting.",
        "until_at": "2026-06-20T00:00:00Z",
        "technician": 1,
    },
    "extendRestriction": {"reason": "Again.", "until_at": "2026-06-20T00:00:00Z", "technician": 1},
    "liftRestriction": {"reason": "Enough.", "technician": 1},
    "appealRestriction": {"contact": 1, "text": "It was not so."},
    "answerAppeal": {"granted": True, "reason": "We listened.", "technician": 1},
    "askForVisit": {"city": "Gdynia"},
    "proposeVisit": {
        "city": "Gdynia",
        "technician": 1,
        "starts_at": "2026-06-16T10:00:00Z",
        "ends_at": "2026-06-16T11:00:00Z",
        "reason": "Nothing else helps.",
    },
    "agreeVisit": {},
    "moveVisit": {},
    "finishVisit": {"started_at": "2026-06-15T07:00:00Z", "worked_seconds": 60},
    "cancelVisit": {},
    "enterTime": {
        "source": "call",
        "technician": 1,
        "worked_seconds": 60,
        "started_at": "2026-06-15T07:00:00Z",
    },
    "proposeEstimate": {"technician": 1, "more_seconds": 60, "reason": "Long."},
    "setAllowance": {"unit": "hours", "amount": "2.5", "period": "month", "valid_from": "2026-06-01"},
    "splitTicket": {"message": 1, "sentences": [0], "subject": "Another one"},
    "mergeTicket": {"into": "Z-0501"},
    "openComplaint": {"text": "Broken again."},
    "examineComplaint": {},
    "acceptComplaint": {"reason": "Goodwill."},
    "rejectComplaint": {"reason": "It is another fault.", "clause": "6", "technician": 1},
    "appealComplaint": {"text": "It is the same fault."},
    "correctInvoice": {"lines": [{"position": 1, "net": "0"}], "reason": "Cancelled."},
    "notePayment": {"amount": "10.00", "received_on": "2026-06-15"},
    "answerEstimate": {"accepted": True, "text_sha256": "0" * 64},
}
"""A well-formed body for each change of a thing that its address names."""
