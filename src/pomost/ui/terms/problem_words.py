"""What is wrong with a terms file, in the reader's language.

Owns the words of rules/terms/worded.py: each of its codes has its row here (a test compares them). What the rules say
in plain text is not in that list and stays English.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pomost.rules.terms.problems import Problem
from pomost.rules.terms.worded import Worded

PROBLEM_WORDS: Final[Mapping[str, Promise]] = {
    "add-earlier-prices": _("Add a [[price_list]] that begins with the terms or before."),
    "add-if-price-known": _('Add one; where the price is not known, rate_per_hour = "unstated".'),
    "add-key": _("Add %(key)s = %(example)s."),
    "add-language": _('Add "%(language)s" to vendor.languages.'),
    "add-or-use": _("Add a [[%(kind)s]] with this id, or use one of: %(words)s."),
    "add-quota": _('Add a [[quota]] for "%(package)s", or write another cell.'),
    "add-row": _('Add [[matrix]] with service = "%(service)s"; a cell that is not known is "unstated".'),
    "add-severity-or-out": _("Add a [[severity]] for each, or take the section out."),
    "add-severity-rule": _('Add [severity_rule] with set_by = "customer" and change = "with-consent".'),
    "add-text": _('Add %(key)s = "…".'),
    "add-versions-or-out": _("Add [versions], or take the key out."),
    "add-visit-channel": _('Add "visit" to the channels of a service, or take the section out.'),
    "amount-form": _('Write it with a point and at most two decimals: "1300.00".'),
    "amount-negative": _("The amount “%(text)s” is negative."),
    "amount-not": _("“%(text)s” is not an amount."),
    "amount-zero-or-more": _("Prices and fees are zero or more."),
    "before-look": _('Write before = "look", without waivable.'),
    "begin-later-and-lower": _("Let the later list stand lower in the file and begin after the earlier one."),
    "booked-at-once": _("The service “%(service)s” is had at once."),
    "booked-clause-or-out": _("Give it a booked_clause, or take it out of the list."),
    "booked-twice": _("The times of “%(service)s” are agreed in another [[booking]] already."),
    "cannot-be-an-id": _("“%(word)s” cannot be an id."),
    "cell-paid-or-fee-out": _('Let a cell of the matrix say "paid", or take the fee out.'),
    "cell-paid-or-other-service": _('Let the cell of the matrix say "paid", or name another service.'),
    "cell-paid-or-price-out": _('Let a cell of the matrix say "paid", or take the price out.'),
    "cell-paid-or-service-out": _('Let a cell of the matrix say "paid", or take the service out.'),
    "cell-quota-or-package-out": _('Let a cell of the matrix say "quota", or take the package out.'),
    "clash-in-one": _("%(what)s (§ %(one)s)."),
    "clash-of-two": _("%(what)s (§ %(one)s against § %(other)s)."),
    "clock-both": _("“%(event)s” starts the clock and stops it."),
    "clock-circle": _("The clock waits for itself."),
    "clock-circle-do": _("Let one clock of the chain start by an event."),
    "clock-metered-do": _("Take pauses and resumes out."),
    "clock-metered-pauses": _("A clock of metered time stands still by itself."),
    "clock-never-starts": _("The clock has no event that starts it."),
    "clock-never-stops": _("The clock has no event that stops it."),
    "clock-not-promised": _("The clock waits for “%(other)s” (%(case)s), and that is not promised."),
    "clock-not-promised-do": _("Promise both, or neither."),
    "clock-pauses-for-good": _("The clock pauses and nothing lets it run on."),
    "clock-resumes-only": _("The clock resumes and nothing pauses it."),
    "consent-late": _("The consent “%(gate)s” comes after the first look, which is paid"),
    "consent-left-out": _("The consent “%(gate)s” may be left out"),
    "count-multiples": _('Count in multiples of "%(step)s", such as "0.5" or "1".'),
    "count-one-way": _("Count each package one way, or name the services that each way is for."),
    "dates-in-order": _("Put the dates in order."),
    "default-needs-no-proof": _("Whoever shows nothing has this package, so nobody can fail to show it"),
    "default-out": _("Take if_not_shown out, or make another package the default."),
    "default-twice": _("Another package is the default already."),
    "default-twice-do": _("Only one can serve whoever has none."),
    "did-you-mean": _("Did you mean “%(word)s”?"),
    "duration-form": _('Write a number and a unit: "4h", "30m", "1h30m".'),
    "duration-not": _("“%(text)s” is not a duration."),
    "duration-nothing": _("“%(text)s” is no time at all."),
    "duration-or-none": _('Write a duration such as "4h", or "none".'),
    "estimate-never-paid": _("An estimate is asked for on “%(service)s”, which is never to pay"),
    "estimate-of-nothing": _("An estimate is asked for, and nothing is ever to pay"),
    "families-or-services": _("Give the service its families, or the price its services."),
    "fee-never-paid": _("It is due with “%(service)s”, which is never to pay"),
    "field-unknown": _("Nothing is known of %(field)s."),
    "fields-here": _("Fields here: %(words)s."),
    "gate-above-level": _("“%(gate)s” comes before “%(level)s”, and the service reaches “%(most)s” at most"),
    "gate-lower-or-out": _("Let the gate come before a lower level, or take it out of the service."),
    "give-consent": _("Give it a gate “%(one)s” or “%(other)s”, or a [[part]] of kind “consent”."),
    "give-gate": _("Give the service a gate “%(gate)s”."),
    "give-hours": _("Give the calendar hours."),
    "hours-backward": _("“%(text)s” ends before it starts."),
    "hours-form": _('Write it as "09:00-17:00".'),
    "hours-not": _("“%(text)s” is not an interval of hours."),
    "hours-off-the-clock": _("“%(text)s” holds a time that no clock shows."),
    "hours-run": _("Hours run from 00:00 to 24:00."),
    "id-of-its-own": _("Give each an id of its own."),
    "id-twice": _("There is more than one %(kind)s “%(word)s”."),
    "in-one-line": _("Write it in one."),
    "in-quotes": _('Write it in quotes: %(key)s = "%(value)s".'),
    "invoice-after-no": _("An invoice follows a declined estimate, which leaves nothing to pay"),
    "is-missing-here": _("The %(kind)s “%(word)s” is missing here."),
    "keep-one": _("Keep one of them."),
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
    "leave-old-prices": _("Leave prices that are no longer needed to older versions of the terms."),
    "list-empty": _("The list is empty."),
    "multiple-too-fine": _("%(multiple)s is finer than a contract can give."),
    "name-one-of": _("Name at least one of: %(words)s."),
    "name-services-apart": _("Name services in each of them, and none in two."),
    "name-who-serves": _("Name the package that serves who cannot show this one."),
    "name-without-proof": _("Name a package that needs no proof."),
    "never-due": _("So much time does not pass within ten years in its hours"),
    "night-shift": _('A night shift is two intervals: "22:00-24:00", and "00:00-06:00" on the next day.'),
    "no-day": _("“%(text)s” names no day."),
    "no-such": _("There is no %(kind)s “%(word)s”."),
    "not-a-date-in-list": _("Something in this list is not a date."),
    "not-known": _("“%(word)s” is not known."),
    "not-text-in-list": _("Something in this list is not text."),
    "number-form": _('Write it with a point: "0.5".'),
    "number-not": _("“%(text)s” is not a number above zero."),
    "one-per-package": _("Keep one of them for each package."),
    "out-of-bounds": _("%(value)s is out of bounds."),
    "outdated-without-rule": _("It stays for outdated versions, and no rule takes anything from them"),
    "paid-without-consent": _("The service is paid and nothing asks for consent to the price."),
    "paid-without-prices": _("The service is paid, and no prices hold on %(day)s."),
    "paid-without-tariff": _("The service is paid and “%(prices)s” has no tariff for it (%(case)s)."),
    "price-by-product": _("The price “%(price)s” is for some products, and the service asks for none"),
    "price-id-twice": _("More than one price has the id “%(word)s”."),
    "price-without-amount": _("The price in words does not name the amount."),
    "priced-never-paid": _("It prices “%(service)s”, which is never to pay"),
    "prices-end-early": _("The prices end on %(until)s, before they begin on %(begin)s."),
    "prices-overlap": _(
        "The prices from %(day)s overlap with the list “%(other)s” (§ %(one)s against § %(two)s)."
    ),
    "prices-the-same": _(
        "It prices the same work as “%(other)s”: %(case)s (§ %(clause_before)s against § %(clause_after)s)."
    ),
    "promise-less": _("Promise less, or open longer."),
    "promise-or-package-out": _("Promise a time, or take the package out."),
    "promise-same-events": _("It runs between the same events as “%(other)s”: %(case)s"),
    "put-into-text": _("Put %(field)s into the text."),
    "quota-never-drawn": _("“%(package)s” is counted, and no service is taken from it"),
    "quota-not-had": _("The service is taken from a quota that the package does not have."),
    "quota-twice": _("The package “%(package)s” has a quota already."),
    "rate-not-stated": _("The price in words names a rate that is not stated."),
    "row-missing": _("The matrix has no row for this service."),
    "row-twice": _("The matrix has a row for this service already."),
    "say-how-agreed": _("Say how the price is agreed instead."),
    "section-missing": _("The section [%(section)s] is missing."),
    "severity-nobody-sets": _("There are severities, and nothing says who sets them."),
    "severity-none": _("There is no severity to set."),
    "shorten-slot": _("Shorten it, or name other hours."),
    "slot-too-long": _(
        "The slot is longer than the hours are open at a stretch, so there would never be one."
    ),
    "stand-in-for-each-other": _("“%(one)s” and “%(other)s” stand in for each other"),
    "stands-in-for-itself": _("The package stands in for itself."),
    "stands-twice": _("“%(word)s” stands here twice."),
    "take-it-out": _("Take it out."),
    "take-it-out-of-one": _("Take it out of one."),
    "take-one-out": _("Take one out."),
    "take-section-out": _("Take the section out."),
    "tell-apart": _("Tell them apart by services, packages or families."),
    "terms-end-early": _("The terms end on %(until)s, before they begin on %(begin)s."),
    "text-empty": _("The text is empty."),
    "text-hidden-character": _("The text holds the invisible character %(character)s."),
    "text-several-lines": _("The text runs over several lines."),
    "text-too-long": _("The text has %(count)s characters."),
    "then-included": _("“%(service)s” is to be paid after this promise, and is included in “%(package)s”"),
    "then-not-promised": _("It says what follows for “%(package)s”, to which nothing is promised"),
    "then-quota": _(
        "“%(service)s” is to be paid after this promise, and is taken from the quota in “%(package)s”"
    ),
    "then-refused": _("“%(service)s” is to be paid after this promise, and is refused in “%(package)s”"),
    "then-without-consent": _(
        "“%(service)s” is to be paid after this promise, and nothing asks for consent to the price."
    ),
    "this-is-not": _("This is %(found)s, not %(wanted)s."),
    "too-many-prices": _("There are too many prices to compare them all."),
    "vat-form": _('Write the percentage, "23", or "none" where no VAT is added.'),
    "vat-not": _("“%(text)s” is not a VAT rate."),
    "visits-without-channel": _("It says where a technician travels, and no service has the channel “visit”"),
    "waits-never-open": _("It counts working days by hours that never open"),
    "warning-early": _("The warning comes before the clock begins: %(case)s."),
    "warning-shorter": _('Write a shorter time, or a share of the amount: before = "25%%".'),
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


def problem_line(problem: Problem) -> str:
    """Return one line as a terminal and a list show it: the place, the key, what is wrong, what to do."""
    place = problem.file if problem.line is None else f"{problem.file}:{problem.line}"
    key = f" {problem.key}:" if problem.key else ""
    return f"{place}:{key} {problem_words(problem.what, problem.do)}"
