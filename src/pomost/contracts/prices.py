"""A price in the words that people read before they agree to it.

The words and the rate are the terms'; here the amounts are written in the reader's language, and a price list whose
rates are only examples says so wherever one of its prices is shown. Read next: rules/pricing.py.
"""

from collections.abc import Collection
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from pomost.people.formats import money
from pomost.rules.money import Money
from pomost.rules.pricing import price_words
from pomost.rules.terms.model import Terms


def price_said(
    terms: Terms,
    day: date,
    language: str,
    *,
    service: str,
    package: str | None = None,
    family: str | None = None,
    fees_paid: Collection[str] = (),
) -> str:
    """Return the price of a service on the vendor's day, in words of `language`.

    Raises:
        NoPrice: the terms give no single price for it.
    """

    def show(amount: Money) -> str:
        return money(amount.amount, amount.currency)

    with translation.override(language):
        words = price_words(
            terms, day, language, show, service=service, package=package, family=family, fees_paid=fees_paid
        )
        return with_sample_note(words, terms, day)


def with_sample_note(words: str, terms: Terms, day: date) -> str:
    """Return the words of a price, with the remark that it is an example where the vendor has published no rate.

    The active language is the reader's.
    """
    prices = terms.price_list(day)
    if prices is None or not prices.sample:
        return words
    return _("%(price)s (example rate)") % {"price": words}
