"""What staff read out on the phone: the words of the terms with a price in them, never a gap."""

from moments import june
from people import desk_of
from pomost.console.choices import choices_of
from pomost.contracts.queries import local_day, terms_in_force


def test_the_words_to_read_out_carry_the_price(db: None) -> None:
    desk = desk_of("bonus")
    day = local_day(desk.vendor, june(11, 9))
    _version, terms = terms_in_force(desk.vendor, day)

    (asked,) = [part.ask for part in choices_of(terms, "en", day).parts if part.key == "consent-to-pay"]

    assert "{price}" not in asked
    assert "RUB" in asked or "₽" in asked
