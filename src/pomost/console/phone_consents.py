"""What a customer agrees to on the phone: the words to read out, and as they were read, with the price filled in.

The same key, words and language are kept as if the customer had ticked the box themselves; only the channel differs.
"""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext

from pomost.contracts.prices import price_said
from pomost.people.errors import Refused
from pomost.rules.pricing import NoPrice
from pomost.rules.terms.model import Terms, said
from pomost.rules.terms.parts import PartKind
from pomost.tickets.actions import ConsentGiven


def agreed(
    terms: Terms, keys: Collection[str], *, language: str, day: date, service: str, family: str
) -> list[ConsentGiven]:
    """Return the consents behind the ticked `keys`; keys of other parts are left out.

    Raises:
        Refused: the words name a price, and the terms give none.
    """
    return [
        ConsentGiven(
            part.id,
            accepted=True,
            text=_with_price(terms, said(part.ask, language), language, day, service, family),
            language=language,
        )
        for part in terms.parts
        if part.kind is PartKind.CONSENT and part.id in keys
    ]


def words_shown(
    terms: Terms, words: str, *, language: str, day: date, services: Iterable[str], family: str = ""
) -> str:
    """Return the words of a part for staff to read out, with the price of each of the services that ask for it."""
    if "{price}" not in words:
        return words
    prices = []
    for service in services:
        try:
            prices.append(price_said(terms, day, language, service=service, family=family or None))
        except NoPrice:
            continue
    price = "; ".join(dict.fromkeys(prices)) or gettext("the price is agreed separately")
    return words.replace("{price}", price)


def _with_price(terms: Terms, words: str, language: str, day: date, service: str, family: str) -> str:
    if "{price}" not in words:
        return words
    try:
        price = price_said(terms, day, language, service=service, family=family or None)
    except NoPrice as unpriced:
        raise Refused(str(unpriced)) from unpriced
    return words.replace("{price}", price)
