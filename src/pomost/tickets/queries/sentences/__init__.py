"""Facts of the journal as sentences, in the language that is active.

Owns one sentence for each kind of fact that concerns a ticket, whichever app wrote it. Names stay in the nominative and
facts are nouns or present tense, so that no language has to guess a gender (look.md, Voice).
"""

from collections.abc import Mapping
from typing import Final

from pomost.rules.terms.model import Terms, Unknown
from pomost.tickets.models import Ticket
from pomost.tickets.queries.sentences.appointments import APPOINTMENTS
from pomost.tickets.queries.sentences.files import FILES
from pomost.tickets.queries.sentences.money import MONEY
from pomost.tickets.queries.sentences.products import PRODUCTS
from pomost.tickets.queries.sentences.promises import PROMISES
from pomost.tickets.queries.sentences.requests import REQUESTS
from pomost.tickets.queries.sentences.sessions import SESSIONS
from pomost.tickets.queries.sentences.told import (
    About,
    Data,
    Told,
    Writer,
    last_day_words,
    level_words,
    moment_words,
    quantity_words,
)

SENTENCES: Final[Mapping[str, Writer]] = {
    **REQUESTS,
    **PROMISES,
    **MONEY,
    **APPOINTMENTS,
    **SESSIONS,
    **PRODUCTS,
    **FILES,
}


def sentence(
    kind: str, data: Data, ticket: Ticket, terms: Terms, names: Mapping[str, str], language: str
) -> Told | None:
    """Return the fact as a line; None for a kind that has none. The language must be active."""
    write = SENTENCES.get(kind)
    if write is None:
        return None
    try:
        return write(data, About(ticket, terms, names, language))
    except Unknown:
        return None  # a key of other terms than the ticket's: nothing true can be said


__all__ = [
    "SENTENCES",
    "Told",
    "last_day_words",
    "level_words",
    "moment_words",
    "quantity_words",
    "sentence",
]
