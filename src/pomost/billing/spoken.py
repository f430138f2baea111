"""Money and planks in words: always net, gross or without VAT by name, in the language that is active."""

from django.utils.translation import gettext as _

from pomost.people.formats import money
from pomost.rules.money import Money, VatRate


def net_words(net: Money, vat: VatRate) -> str:
    """Write a net sum so that it cannot be taken for the gross one: `200,00 zł netto`; `1 300,00 ₽, без НДС`."""
    amount = {"amount": money(net.amount, net.currency)}
    return _("%(amount)s, no VAT") % amount if vat.percent is None else _("%(amount)s net") % amount
