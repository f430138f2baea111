"""Sizes in words: "1.5 GB", in the reader's language. Thousands are decimal, as the systems of today count them."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import pgettext

THOUSAND: Final = 1000


def size_words(size: int) -> str:
    """Return a size in bytes as a person says it, with at most one digit after the point."""
    units = [
        pgettext("size", "bytes"),
        pgettext("size", "kB"),
        pgettext("size", "MB"),
        pgettext("size", "GB"),
        pgettext("size", "TB"),
    ]
    place, amount = 0, Decimal(size)
    while amount >= THOUSAND and place < len(units) - 1:
        place, amount = place + 1, amount / THOUSAND
    digits = 1 if place and amount < 100 else 0
    rounded = amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    return f"{number_format(rounded, decimal_pos=digits if rounded % 1 else 0)} {units[place]}"
