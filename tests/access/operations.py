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
    "decide": operation("POST /decisions", READS),
    "priceWork": operation("POST /prices", READS),
}
