"""Sentences about mistakes in a terms file that can be said in other languages: a code, and the values in it.

Owns WORDINGS, the closed list of those sentences in English. A `Worded` is that English text and remembers what it was made
of, so whoever shows it in another language (ui/terms/problem_words.py) need not read it back. Sentences that are not in the
list are plain text and stay English everywhere.
"""

from collections.abc import Mapping
from typing import Final, Self

WORDINGS: Final[Mapping[str, str]] = {
    "add-key": "Add {key} = {example}.",
    "add-language": 'Add "{language}" to vendor.languages.',
    "add-or-use": "Add a [[{kind}]] with this id, or use one of: {words}.",
    "add-row": 'Add [[matrix]] with service = "{service}"; a cell that is not known is "unstated".',
    "add-text": 'Add {key} = "…".',
    "amount-form": 'Write it with a point and at most two decimals: "1300.00".',
    "amount-negative": "The amount “{text}” is negative.",
    "amount-not": "“{text}” is not an amount.",
    "amount-zero-or-more": "Prices and fees are zero or more.",
    "cannot-be-an-id": "“{word}” cannot be an id.",
    "clock-never-starts": "The clock has no event that starts it.",
    "clock-never-stops": "The clock has no event that stops it.",
    "did-you-mean": "Did you mean “{word}”?",
    "duration-form": 'Write a number and a unit: "4h", "30m", "1h30m".',
    "duration-not": "“{text}” is not a duration.",
    "duration-nothing": "“{text}” is no time at all.",
    "duration-or-none": 'Write a duration such as "4h", or "none".',
    "field-unknown": "Nothing is known of {field}.",
    "fields-here": "Fields here: {words}.",
    "hours-backward": "“{text}” ends before it starts.",
    "hours-form": 'Write it as "09:00-17:00".',
    "hours-not": "“{text}” is not an interval of hours.",
    "hours-off-the-clock": "“{text}” holds a time that no clock shows.",
    "hours-run": "Hours run from 00:00 to 24:00.",
    "id-of-its-own": "Give each an id of its own.",
    "id-twice": "There is more than one {kind} “{word}”.",
    "in-one-line": "Write it in one.",
    "in-quotes": 'Write it in quotes: {key} = "{value}".',
    "is-missing-here": "The {kind} “{word}” is missing here.",
    "keep-within": "Keep it within {most}.",
    "key-means-nothing": "This key means nothing here.",
    "key-missing": "This key is missing.",
    "keys-here": "Keys here are: {words}.",
    "kind-date": "a date",
    "kind-flag": "true or false",
    "kind-list": "a list",
    "kind-moment": "a date with a time",
    "kind-number": "a number with a point",
    "kind-table": "a table",
    "kind-text": "text",
    "kind-time": "a time of day",
    "kind-whole": "a whole number",
    "known-are": "Known are: {words}.",
    "language-missing": "The text is missing in this language.",
    "language-unused": "The vendor does not use this language.",
    "list-empty": "The list is empty.",
    "name-one-of": "Name at least one of: {words}.",
    "night-shift": 'A night shift is two intervals: "22:00-24:00", and "00:00-06:00" on the next day.',
    "no-day": "“{text}” names no day.",
    "no-such": "There is no {kind} “{word}”.",
    "not-a-date-in-list": "Something in this list is not a date.",
    "not-known": "“{word}” is not known.",
    "not-text-in-list": "Something in this list is not text.",
    "number-form": 'Write it with a point: "0.5".',
    "number-not": "“{text}” is not a number above zero.",
    "out-of-bounds": "{value} is out of bounds.",
    "price-without-amount": "The price in words does not name the amount.",
    "prices-the-same": "It prices the same work as “{other}”: {case} (§ {clause_before} against § {clause_after}).",
    "put-into-text": "Put {field} into the text.",
    "rate-not-stated": "The price in words names a rate that is not stated.",
    "row-missing": "The matrix has no row for this service.",
    "say-how-agreed": "Say how the price is agreed instead.",
    "section-missing": "The section [{section}] is missing.",
    "stands-twice": "“{word}” stands here twice.",
    "take-it-out": "Take it out.",
    "take-one-out": "Take one out.",
    "tell-apart": "Tell them apart by services, packages or families.",
    "text-empty": "The text is empty.",
    "text-hidden-character": "The text holds the invisible character {character}.",
    "text-several-lines": "The text runs over several lines.",
    "text-too-long": "The text has {count} characters.",
    "this-is-not": "This is {found}, not {wanted}.",
    "vat-form": 'Write the percentage, "23", or "none" where no VAT is added.',
    "vat-not": "“{text}” is not a VAT rate.",
    "weekdays-are": "Days are {words}, or a range such as mon-fri.",
    "whole-between": "Give a whole number from {low} to {high}.",
    "write-above-zero": 'Write a number above zero, such as "30m".',
    "write-it": 'Write "{text}".',
    "write-key": "Write {key} = {example}.",
    "write-like": "Write it like {example}.",
    "write-or-take-out": "Write it, or take the key out where it is optional.",
    "year-unknown": "No calendar knows the year {year}.",
    "years-between": "Write a day of the years {low} to {high}.",
}
"""What can be said in other languages, by code. A value in braces is text, a number, or itself one of these."""


class Worded(str):
    """A sentence of WORDINGS with its values, as English text."""

    code: str
    values: Mapping[str, str]

    @classmethod
    def of(cls, code: str, values: Mapping[str, str | int]) -> Self:
        """Return the sentence of a code.

        Raises:
            KeyError: there is no such code, or a value that it needs is missing.
        """
        texts = {name: value if isinstance(value, str) else str(value) for name, value in values.items()}
        made = cls(WORDINGS[code].format_map(texts))
        made.code, made.values = code, texts
        return made


def worded(code: str, **values: str | int) -> Worded:
    """Return the sentence of a code with these values; raises as `Worded.of`."""
    return Worded.of(code, values)
