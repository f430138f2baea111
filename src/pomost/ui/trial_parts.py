"""A trial of a draft in words: one sentence of totals, and a row for each request that would have come out otherwise.

Owns the words of rules/trial/. Each side stands with its clause. No query is made. Read next: rules/trial/compare.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from pomost.people import formats
from pomost.rules.decision import Subject
from pomost.rules.money import Money
from pomost.rules.terms.model import Terms, Unknown, said
from pomost.rules.trial.compare import PromiseDiffers, Totals, Tried
from pomost.rules.trial.side import Kept, Lacks, Missing, Side, Used
from pomost.tickets.queries.sentences import quantity_words
from pomost.ui.decision_parts import OUTCOME_WORDS, SUBJECT_WORDS
from pomost.ui.parts import ClauseView
from pomost.ui.ticket_parts import clause_view

LACKS_WORDS: Final[Mapping[Missing, Promise]] = {
    "package": pgettext_lazy("trial", "does not know the package “%(key)s”"),
    "service": pgettext_lazy("trial", "does not know the service “%(key)s”"),
    "family": pgettext_lazy("trial", "does not know the product “%(key)s”"),
    "severity": pgettext_lazy("trial", "does not know the severity “%(key)s”"),
}
"""Why a version says nothing of a request."""
NO_SEVERITY: Final = pgettext_lazy("trial", "asks for a severity, and the request has none")


@dataclass(frozen=True, slots=True)
class SideView:
    """What one version says, and by which clauses."""

    words: str
    clauses: Sequence[ClauseView]
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class DifferView:
    """One thing that would have come out otherwise."""

    about: str
    before: SideView
    after: SideView


@dataclass(frozen=True, slots=True)
class TriedView:
    """A request with everything about it that would have come out otherwise."""

    number: str
    subject: str
    differs: Sequence[DifferView]


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the totals, under both versions."""

    name: str
    before: str
    after: str


def headline(totals: Totals) -> str:
    """Return the totals as one sentence, such as “12 promises would have been missed, the work … 3,400.00 PLN less”."""
    if totals.newly_missed or totals.no_longer_missed or totals.more.amount:
        return f"{', '.join(_headline(totals))}."
    if not totals.otherwise:
        return _("Nothing would have come out otherwise.")
    words = ngettext(
        "Promises and prices stay; %(count)d request would have been judged otherwise.",
        "Promises and prices stay; %(count)d requests would have been judged otherwise.",
        totals.otherwise,
    )
    return words % {"count": totals.otherwise}


def _headline(totals: Totals) -> Iterator[str]:
    if totals.newly_missed:
        words = ngettext(
            "%(count)d promise would have been missed",
            "%(count)d promises would have been missed",
            totals.newly_missed,
        )
        yield words % {"count": totals.newly_missed}
    if totals.no_longer_missed:
        words = ngettext(
            "%(count)d promise would not have been missed",
            "%(count)d promises would not have been missed",
            totals.no_longer_missed,
        )
        yield words % {"count": totals.no_longer_missed}
    words = more_words(totals.more)
    is_alone = not (totals.newly_missed or totals.no_longer_missed)
    yield words[:1].upper() + words[1:] if is_alone else words


def more_words(more: Money) -> str:
    """Return by how much the work would have cost more or less."""
    amount = {"amount": formats.money(abs(more.amount), more.currency)}
    if more.amount < 0:
        return _("the work would have cost %(amount)s less") % amount
    if more.amount > 0:
        return _("the work would have cost %(amount)s more") % amount
    return _("the work would have cost the same")


def figures(totals: Totals) -> list[Figure]:
    """Return the totals under both versions."""
    found = [
        Figure(
            _("Promises missed"), formats.number(totals.missed_before), formats.number(totals.missed_after)
        ),
        Figure(_("Price of the work, net"), _money(totals.net_before), _money(totals.net_after)),
    ]
    units = {**totals.used_before, **totals.used_after}
    return found + [
        Figure(
            _("Taken from quotas"),
            quantity_words(totals.used_before.get(unit, Decimal(0)), unit),
            quantity_words(totals.used_after.get(unit, Decimal(0)), unit),
        )
        for unit in units
    ]


def tried_view(
    each: Tried, before: Terms, after: Terms, *, subject: str, language: str, now: datetime
) -> TriedView:
    """Return a request as a row: what differs, with both clauses."""
    words = _Words(before, after, language, now)
    return TriedView(each.request.number, subject, list(words.differs(each)))


@dataclass(frozen=True, slots=True)
class _Words:
    before: Terms
    after: Terms
    language: str
    now: datetime

    def differs(self, each: Tried) -> Iterator[DifferView]:
        if each.both is None:
            yield DifferView(_("Judged at all"), self._judged(each.before), self._judged(each.after))
            return
        before, after = each.both
        for promise in each.promises:
            yield self._promise(promise)
        if each.is_otherwise_decided:
            yield DifferView(
                str(SUBJECT_WORDS[Subject.ENTITLEMENT]),
                self._covered(before, self.before),
                self._covered(after, self.after),
            )
        if before.net != after.net or before.unpriced_seconds != after.unpriced_seconds:
            yield DifferView(
                _("Price, net"), self._price(before, self.before), self._price(after, self.after)
            )
        if each.is_otherwise_counted:
            yield DifferView(
                _("Taken from the quota"),
                self._used(before.used, self.before),
                self._used(after.used, self.after),
            )

    def _judged(self, side: Side | Lacks) -> SideView:
        if isinstance(side, Side):
            return SideView(_("judged by version %(version)s") % {"version": side.version}, ())
        if not side.key:
            return SideView(str(NO_SEVERITY), (), is_bad=True)
        return SideView(str(LACKS_WORDS[side.what]) % {"key": side.key}, (), is_bad=True)

    def _promise(self, promise: PromiseDiffers) -> DifferView:
        terms = self.before if promise.before is not None else self.after
        name = next(said(each.name, self.language) for each in terms.promises if each.id == promise.key)
        return DifferView(
            name, self._kept(promise.before, self.before), self._kept(promise.after, self.after)
        )

    def _kept(self, kept: Kept | None, terms: Terms) -> SideView:
        if kept is None:
            return SideView(pgettext("promise", "not promised"), ())
        words = {
            True: pgettext("promise", "kept"),
            False: pgettext("promise", "missed"),
            None: pgettext("promise", "still open"),
        }[kept.met]
        if kept.due_at is not None:
            words = f"{words} ({formats.by(kept.due_at, self.now)})"
        return SideView(words, self._clauses(terms, [kept.clause]), is_bad=kept.met is False)

    def _covered(self, side: Side, terms: Terms) -> SideView:
        _risk, words = OUTCOME_WORDS[Subject.ENTITLEMENT, side.outcome.value]
        package = _package(terms, side.verdict.package, self.language)
        text = f"{package}: {words}" if package else str(words)
        return SideView(text, self._clauses(terms, [side.verdict.clause]))

    def _price(self, side: Side, terms: Terms) -> SideView:
        words = _money(side.net)
        if side.unpriced_seconds:
            length = formats.length_words(timedelta(seconds=side.unpriced_seconds))
            words += "; " + _("%(length)s have no price") % {"length": length}
        return SideView(
            words,
            self._clauses(terms, [line.clause for line in side.lines]),
            is_bad=bool(side.unpriced_seconds),
        )

    def _used(self, used: Used | None, terms: Terms) -> SideView:
        if used is None:
            return SideView(pgettext("quota", "nothing"), ())
        return SideView(quantity_words(used.amount, used.unit), self._clauses(terms, [used.clause]))

    def _clauses(self, terms: Terms, keys: Sequence[str]) -> list[ClauseView]:
        found = (
            clause_view(terms, key, language=self.language, with_date=False) for key in dict.fromkeys(keys)
        )
        views = [view for view in found if view is not None]
        # A draft has no public page that a clause could lead to.
        return [replace(view, url="") for view in views] if terms is self.after else views


def _package(terms: Terms, package: str | None, language: str) -> str:
    if package is None:
        return ""
    try:
        return said(terms.package(package).name, language)
    except Unknown:
        return package


def _money(amount: Money) -> str:
    return formats.money(amount.amount, amount.currency)
