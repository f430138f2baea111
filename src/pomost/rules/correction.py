"""What a correction takes back: from what is left of an invoice's lines to what shall be left.

Owns the differences, line by line and rate by rate. Refuses to take back more than is left, to raise a line, and to
change nothing. VAT changes by what the tax on the sum of its rate changes (decision A6), so an invoice that is taken back
in parts ends at zero to the cent. Documents and numbers are billing's. Read on: docs/explain/complaints.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pomost.rules.money import Money
from pomost.rules.tariff import BillLine, VatSum, price_job


class NotCorrectable(ValueError):
    """The lines cannot become what is asked for. The sentence says which and why."""


@dataclass(frozen=True, slots=True)
class Credit:
    """What changes; every sum is zero or below. `gross == net + vat`, and `net` is the sum of the lines."""

    lines: tuple[Money, ...]
    """For each line, in their order."""
    vat_sums: tuple[VatSum, ...]
    """For each rate of the invoice, in the order in which the rates first occur."""
    net: Money
    vat: Money
    gross: Money


def credit(left: Sequence[BillLine], after: Sequence[Money]) -> Credit:
    """Return the difference between what is left of some lines and what shall be left of them.

    Args:
        left: the lines of one invoice with the net that is left of each; at least one.
        after: the net that each shall have, rounded to the minor unit.

    Raises:
        NotCorrectable: a line would rise or fall below zero, or nothing changes.
        CurrencyMixed: an amount in another currency.
    """
    currency = left[0].net.currency
    for line, net in zip(left, after, strict=True):
        if not Money.zero(currency) <= net <= line.net:
            raise NotCorrectable(
                f"{line.net} are left of this line, so it cannot become {net}. Give 0 to {line.net}."
            )
    lines = tuple((net - line.net).rounded() for line, net in zip(left, after, strict=True))
    if all(difference.amount == 0 for difference in lines):
        raise NotCorrectable("Every line stays as it is, so there is nothing to correct. Lower one.")
    before = price_job(left, currency)
    then = price_job((replace(line, net=net) for line, net in zip(left, after, strict=True)), currency)
    sums = tuple(
        VatSum(old.rate, new.net - old.net, new.vat - old.vat)
        for old, new in zip(before.vat_sums, then.vat_sums, strict=True)
    )
    return Credit(lines, sums, then.net - before.net, then.vat - before.vat, then.gross - before.gross)
