"""Amounts of money in words, as invoices write them in Russian, Polish and English.

Owns the numerals and the forms of the currencies' names. Refuses negative amounts, fractions of a minor unit, and
languages and currencies it has no table for. Read on: docs/explain/pricing.md.
"""

from __future__ import annotations

from pomost.rules.money import Money


def amount_in_words(money: Money, language: str) -> str:
    """Return the amount in words, minor units in digits as the trade writes them.

    `language` is "ru", "pl" or "en"; the currency RUB, PLN, EUR or USD.

    Raises:
        ValueError: another language or currency, a negative amount, more than 999 999 999 999.99, or an amount
            that is not in whole minor units (round it first: what is written must be what is asked for).
    """
    raise NotImplementedError
