"""What is wrong with a terms file, in the reader's language.

Owns the words of rules/terms/worded.py: each of its codes has its row here (a test compares them). What the rules say
in plain text is not in that list and stays English.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pomost.rules.terms.worded import Worded

PROBLEM_WORDS: Final[Mapping[str, Promise]] = {
    "add-key": _("Add %(key)s = %(example)s."),
    "add-language": _('Add "%(language)s" to vendor.languages.'),
    "add-or-use": _("Add a [[%(kind)s]] with this id, or use one of: %(words)s."),
    "add-row": _('Add [[matrix]] with service = "%(service)s"; a cell that is not known is "unstated".'),
    "add-text": _('Add %(key)s = "…".'),
    "amount-form": _('Write it with a point and at most two decimals: "1300.00".'),
    "amount-negative": _("The amount “%(text)s” is negative."),
    "amount-not": _("“%(text)s” is not an amount."),
    "amount-zero-or-more": _("Prices and fees are zero or more."),
    "cannot-be-an-id": _("“%(word)s” cannot be an id."),
    "clock-never-starts": _("The clock has no event that starts it."),
    "clock-never-stops": _("The clock has no event that stops it."),
    "did-you-mean": _("Did you mean “%(word)s”?"),
    "duration-form": _('Write a number and a unit: "4h", "30m", "1h30m".'),
    "duration-not": _("“%(text)s” is not a duration."),
    "duration-nothing": _("“%(text)s” is no time at all."),
    "duration-or-none": _('Write a duration such as "4h", or "none".'),
    "field-unknown": _("Nothing is known of %(field)s."),
    "fields-here": _("Fields here: %(words)s."),
    "hours-backward": _("“%(text)s” ends before it starts."),
    "hours-form": _('Write it as "09:00-17:00".'),
    "hours-not": _("“%(text)s” is not an interval of hours."),
    "hours-off-the-clock": _("“%(text)s” holds a time that no clock shows."),
    "hours-run": _("Hours run from 00:00 to 24:00."),
    "id-of-its-own": _("Give each an id of its own."),
    "id-twice": _("There is more than one %(kind)s “%(word)s”."),
    "in-one-line": _("Write it in one."),
    "in-quotes": _('Write it in quotes: %(key)s = "%(value)s".'),
    "is-missing-here": _("The %(kind)s “%(word)s” is missing here."),
    "keep-within": _("Keep it within %(most)s."),
    "key-means-nothing": _("This key means nothing here."),
    "key-missing": _("This key is missing."),
    "keys-here": _("Keys here are: %(words)s."),
    "kind-date": _("a date"),
    "kind-flag": _("true or false"),
    "kind-list": _("a list"),
    "kind-moment": _("a date with a time"),
    "kind-number": _("a number with a point"),
    "kind-table": _("a table"),
    "kind-text": _("text"),
    "kind-time": _("a time of day"),
    "kind-whole": _("a whole number"),
    "known-are": _("Known are: %(words)s."),
    "language-missing": _("The text is missing in this language."),
    "language-unused": _("The vendor does not use this language."),
    "list-empty": _("The list is empty."),
    "name-one-of": _("Name at least one of: %(words)s."),
    "night-shift": _('A night shift is two intervals: "22:00-24:00", and "00:00-06:00" on the next day.'),
    "no-day": _("“%(text)s” names no day."),
    "no-such": _("There is no %(kind)s “%(word)s”."),
    "not-a-date-in-list": _("Something in this list is not a date."),
    "not-known": _("“%(word)s” is not known."),
    "not-text-in-list": _("Something in this list is not text."),
    "number-form": _('Write it with a point: "0.5".'),
    "number-not": _("“%(text)s” is not a number above zero."),
    "out-of-bounds": _("%(value)s is out of bounds."),
    "price-without-amount": _("The price in words does not name the amount."),
    "prices-the-same": _(
        "It prices the same work as “%(other)s”: %(case)s (§ %(clause_before)s against § %(clause_after)s)."
    ),
    "put-into-text": _("Put %(field)s into the text."),
    "rate-not-stated": _("The price in words names a rate that is not stated."),
    "row-missing": _("The matrix has no row for this service."),
    "say-how-agreed": _("Say how the price is agreed instead."),
    "section-missing": _("The section [%(section)s] is missing."),
    "stands-twice": _("“%(word)s” stands here twice."),
    "take-it-out": _("Take it out."),
    "take-one-out": _("Take one out."),
    "tell-apart": _("Tell them apart by services, packages or families."),
    "text-empty": _("The text is empty."),
    "text-hidden-character": _("The text holds the invisible character %(character)s."),
    "text-several-lines": _("The text runs over several lines."),
    "text-too-long": _("The text has %(count)s characters."),
    "this-is-not": _("This is %(found)s, not %(wanted)s."),
    "vat-form": _('Write the percentage, "23", or "none" where no VAT is added.'),
    "vat-not": _("“%(text)s” is not a VAT rate."),
    "weekdays-are": _("Days are %(words)s, or a range such as mon-fri."),
    "whole-between": _("Give a whole number from %(low)s to %(high)s."),
    "write-above-zero": _('Write a number above zero, such as "30m".'),
    "write-it": _('Write "%(text)s".'),
    "write-key": _("Write %(key)s = %(example)s."),
    "write-like": _("Write it like %(example)s."),
    "write-or-take-out": _("Write it, or take the key out where it is optional."),
    "year-unknown": _("No calendar knows the year %(year)s."),
    "years-between": _("Write a day of the years %(low)s to %(high)s."),
}
"""Each sentence by its code."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as a page shows it."""

    text: str
    is_english: bool
    """It has no words in other languages, so the page has to mark it."""


def sentence(said: str) -> Sentence:
    """Return what the rules said, in the active language where there are words for it."""
    if not isinstance(said, Worded):
        return Sentence(said, is_english=True)
    values = {name: sentence(value).text for name, value in said.values.items()}
    return Sentence(str(PROBLEM_WORDS[said.code]) % values, is_english=False)


def problem_words(what: str, do: str) -> str:
    """Return what is wrong and what to do as one text."""
    return f"{sentence(what).text} {sentence(do).text}"
