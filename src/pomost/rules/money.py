"""Amounts of money, and the VAT on them.

Owns exact decimal amounts with a currency, half-up rounding to the minor unit (decision A6) and VAT by a given
rate. Refuses binary floating point and the mixing of currencies. Which rate holds on a date is data of a terms
file; how an amount looks on a page is `ui`'s, in words `words.py`'s. Read on: docs/explain/pricing.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

CENT: Final = Decimal("0.01")
"""The minor unit. RUB, PLN, EUR and USD all have two decimals."""


class CurrencyMixed(ValueError):
    """Two amounts of different currencies met in one calculation."""


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency; it may carry more decimals than the minor unit until `rounded`.

    Raises:
        TypeError: `amount` is not a Decimal (a float has lost the exact value before it arrives here).
        ValueError: `amount` is not finite, or `currency` is not a three-letter code in capitals.
    """

    amount: Decimal
    currency: str
    """ISO 4217 code, such as "PLN"."""

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(
                f"Money takes a Decimal, not {self.amount!r} ({type(self.amount).__name__}). "
                'Write Money.of("12.30", "EUR").'
            )
        if not self.amount.is_finite():
            raise ValueError(f"Money cannot be {self.amount}. Give a finite amount.")
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise ValueError(f"{self.currency!r} is not a currency. Give its ISO 4217 code, such as 'PLN'.")

    @classmethod
    def of(cls, amount: str | int, currency: str) -> Money:
        """Return the amount written as text ("1300.00") or as a whole number.

        Raises:
            TypeError: `amount` is something else, a float above all.
            ValueError: the text is no number.
        """
        if isinstance(amount, bool) or not isinstance(amount, str | int):
            raise TypeError(
                f"Money.of takes text or a whole number, not {amount!r} ({type(amount).__name__})."
            )
        try:
            return cls(Decimal(amount), currency)
        except ArithmeticError:
            raise ValueError(f"{amount!r} is not an amount of money. Write it like '1300.00'.") from None

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return nothing, in a currency."""
        return cls(Decimal("0.00"), currency)

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        if isinstance(factor, bool) or not isinstance(factor, Decimal | int):
            raise TypeError(f"Money is multiplied by a Decimal or a whole number, not {factor!r}.")
        return Money(self.amount * factor, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        self._same_currency(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same_currency(other)
        return self.amount <= other.amount

    def __gt__(self, other: Money) -> bool:
        return other < self

    def __ge__(self, other: Money) -> bool:
        return other <= self

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def rounded(self) -> Money:
        """Return the amount in whole minor units, half away from zero (decision A6)."""
        return Money(self.amount.quantize(CENT, ROUND_HALF_UP), self.currency)

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMixed(
                f"{self} and {other} are of different currencies. Convert one first; the rules know no exchange rate."
            )


@dataclass(frozen=True, slots=True)
class VatRate:
    """A rate of value added tax as a terms file gives it for the date of supply.

    `percent` None means "without VAT": the seller charges none, or the supply is exempt. An invoice words both
    differently from 0 %. Why none is charged is what the clause says.

    Raises:
        TypeError: `percent` is neither a Decimal nor None.
        ValueError: it is below 0 or above 100, or something exempt has a rate.
    """

    percent: Decimal | None
    clause: str = ""
    exempt: bool = False

    def __post_init__(self) -> None:
        if self.exempt and self.percent is not None:
            raise ValueError(f"What is exempt has no VAT rate, so {self.percent} % cannot be.")
        if self.percent is None:
            return
        if not isinstance(self.percent, Decimal):
            raise TypeError(f"A VAT rate takes a Decimal or None, not {self.percent!r}.")
        if not 0 <= self.percent <= 100:
            raise ValueError(f"A VAT rate of {self.percent} % cannot be: give 0 to 100, or none.")


def vat_of(net: Money, rate: VatRate) -> Money:
    """Return the tax on a net sum, rounded half up to the minor unit; zero where no VAT is charged."""
    if rate.percent is None:
        return Money.zero(net.currency)
    return (net * (rate.percent / 100)).rounded()
