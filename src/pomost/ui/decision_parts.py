"""A decision turned into words: what came out, by which clause, because of what, by which version of the terms.

Owns the words of rules/decision.py: each outcome and each fact has its row here (tests/ui/test_decisions.py compares
them). The console, the portal and the mails show the same part. No query is made.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pomost.people import formats
from pomost.rules.decision import UNSTATED, Fact, Kind, Subject
from pomost.rules.terms.model import Terms, Unknown, said
from pomost.tickets.queries import Explained
from pomost.tickets.queries.sentences import quantity_words
from pomost.ui.parts import FactView, Risk, WhyView
from pomost.ui.ticket_parts import clause_view

SUBJECT_WORDS: Final[Mapping[Subject, Promise]] = {
    Subject.ENTITLEMENT: pgettext_lazy("subject", "What is covered"),
    Subject.PACKAGE: pgettext_lazy("subject", "Package"),
    Subject.QUOTA: pgettext_lazy("subject", "Quota"),
    Subject.CLOCK: pgettext_lazy("subject", "When the promised time is over"),
    Subject.COMPLAINT: pgettext_lazy("subject", "Complaint"),
    Subject.GUARANTEE: pgettext_lazy("subject", "Decision on the complaint"),
    Subject.LIABILITY: pgettext_lazy("subject", "Liability"),
    Subject.RESTRICTION: pgettext_lazy("subject", "Restriction"),
    Subject.SESSION: pgettext_lazy("subject", "Session"),
    Subject.VERSION: pgettext_lazy("subject", "Version of the product"),
    Subject.VISIT: pgettext_lazy("subject", "Visit"),
}
OUTCOME_WORDS: Final[Mapping[tuple[Subject, str], tuple[Risk, Promise]]] = {
    (Subject.ENTITLEMENT, "included"): (Risk.ON_TIME, _("Included.")),
    (Subject.ENTITLEMENT, "from-quota"): (Risk.ON_TIME, _("From the package's quota.")),
    (Subject.ENTITLEMENT, "paid"): (Risk.AGREED, _("Paid by the price list.")),
    (Subject.ENTITLEMENT, UNSTATED): (Risk.SOON, _("The terms do not say: a person decides.")),
    (Subject.ENTITLEMENT, "sold-separately"): (Risk.SOON, _("Sold separately.")),
    (Subject.ENTITLEMENT, "known-solutions-only"): (
        Risk.SOON,
        _("Known solutions only: the version is outdated."),
    ),
    (Subject.ENTITLEMENT, "refused"): (Risk.LATE, _("Not included.")),
    (Subject.PACKAGE, "as-claimed"): (Risk.ON_TIME, _("The package was shown.")),
    (Subject.PACKAGE, "base-only"): (Risk.SOON, _("The package was not shown, so the base package serves.")),
    (Subject.PACKAGE, UNSTATED): (
        Risk.SOON,
        _("The package was not shown, and the terms do not say what holds then: a person decides."),
    ),
    (Subject.QUOTA, "drawn"): (Risk.ON_TIME, _("Counted from the quota.")),
    (Subject.QUOTA, "given-back"): (Risk.ON_TIME, _("Given back to the quota.")),
    (Subject.QUOTA, "not-counted"): (Risk.NONE, _("Not counted: there is no contract with this package.")),
    (Subject.QUOTA, "paid"): (Risk.AGREED, _("The quota is used up; beyond it the price list applies.")),
    (Subject.QUOTA, UNSTATED): (Risk.SOON, _("The quota is used up: a person decides.")),
    (Subject.CLOCK, "goes-on"): (Risk.ON_TIME, _("Work goes on as before.")),
    (Subject.CLOCK, "agree-price"): (Risk.AGREED, _("Work goes on once its price is accepted.")),
    (Subject.CLOCK, "ended"): (Risk.LATE, _("Work does not go on.")),
    (Subject.COMPLAINT, "in-time"): (Risk.ON_TIME, _("The complaint is in time.")),
    (Subject.COMPLAINT, "under-guarantee"): (
        Risk.AGREED,
        _("The time for complaints has passed; the guarantee on the work still holds."),
    ),
    (Subject.COMPLAINT, "late"): (Risk.LATE, _("The complaint came too late.")),
    (Subject.COMPLAINT, UNSTATED): (
        Risk.SOON,
        _("The terms do not say until when one may complain: a person decides."),
    ),
    (Subject.GUARANTEE, "free-repair"): (Risk.ON_TIME, _("Accepted: it is repaired free of charge.")),
    (Subject.GUARANTEE, "goodwill"): (
        Risk.ON_TIME,
        _("Accepted as goodwill: it is repaired free of charge."),
    ),
    (Subject.GUARANTEE, "rejected"): (Risk.LATE, _("The complaint was rejected.")),
    (Subject.LIABILITY, "pay-received"): (Risk.NONE, _("At most the pay received for this work.")),
    (Subject.RESTRICTION, "restricted"): (Risk.LATE, _("Support is restricted.")),
    (Subject.RESTRICTION, "upheld"): (Risk.LATE, _("Support stays restricted after the appeal.")),
    (Subject.RESTRICTION, "lifted"): (Risk.ON_TIME, _("The restriction was lifted.")),
    (Subject.RESTRICTION, "lapsed"): (Risk.ON_TIME, _("The restriction has ended.")),
    (Subject.SESSION, "ended"): (Risk.LATE, _("The session was ended by the terms.")),
    (Subject.VERSION, "current"): (Risk.ON_TIME, _("The version is not outdated.")),
    (Subject.VERSION, "outdated"): (Risk.SOON, _("The version is outdated.")),
    (Subject.VERSION, UNSTATED): (
        Risk.SOON,
        _("The version is not in the list of releases: a person decides."),
    ),
    (Subject.VISIT, "within-terms"): (Risk.ON_TIME, _("The visit is within the terms.")),
    (Subject.VISIT, "approval-needed"): (
        Risk.SOON,
        _("Outside the cities where visits are made: it has to be approved."),
    ),
    (Subject.VISIT, "beyond-count"): (
        Risk.SOON,
        _("More visits than the contract gives for one request: a person decides."),
    ),
    (Subject.VISIT, "approved"): (Risk.AGREED, _("The visit was approved.")),
    (Subject.VISIT, "refused"): (Risk.LATE, _("No visits are made there.")),
    (Subject.VISIT, UNSTATED): (Risk.SOON, _("The terms do not settle the visit: a person decides.")),
}
"""How each outcome stands and what it says."""
FACT_WORDS: Final[Mapping[str, Promise]] = {
    "answer": pgettext_lazy("fact", "Answer"),
    "appeal": pgettext_lazy("fact", "Appeal"),
    "appealed-at": pgettext_lazy("fact", "Appeal received"),
    "cities-unstated": pgettext_lazy("fact", "The terms do not list the cities"),
    "city": pgettext_lazy("fact", "City"),
    "closed-unsolved": pgettext_lazy("fact", "Closed without a solution"),
    "complained-at": pgettext_lazy("fact", "Complaint received"),
    "complaint-until": pgettext_lazy("fact", "Complaints until"),
    "confirmed-at": pgettext_lazy("fact", "Work confirmed"),
    "contract": pgettext_lazy("fact", "Contract"),
    "decided-alone": pgettext_lazy("fact", "Nobody else could decide the appeal"),
    "count-unstated": pgettext_lazy("fact", "The contract does not say how many visits it gives"),
    "decided-by": pgettext_lazy("fact", "Decided by"),
    "decided-otherwise": pgettext_lazy("fact", "It is not taken from the quota"),
    "estimate-declined": pgettext_lazy("fact", "The estimate was declined"),
    "due-at": pgettext_lazy("fact", "Due"),
    "elsewhere": pgettext_lazy("fact", "Not a city where visits are made"),
    "family": pgettext_lazy("fact", "Product"),
    "family-unstated": pgettext_lazy("fact", "The terms do not name this product for the service"),
    "guarantee-until": pgettext_lazy("fact", "Last day of the guarantee"),
    "holidays-unknown": pgettext_lazy("fact", "The holidays of that time are not confirmed yet"),
    "merged-into": pgettext_lazy("fact", "Goes on as request"),
    "next-service-at": pgettext_lazy("fact", "Next service ordered begins"),
    "no-contract": pgettext_lazy("fact", "No contract with this package"),
    "no-package": pgettext_lazy("fact", "No package was named"),
    "not-shown": pgettext_lazy("fact", "The claimed package was not shown"),
    "not-shown-unstated": pgettext_lazy("fact", "The claimed package was not shown"),
    "outdated": pgettext_lazy("fact", "The version of the product is outdated"),
    "outdated-from": pgettext_lazy("fact", "Outdated from"),
    "package": pgettext_lazy("fact", "Package"),
    "package-claimed": pgettext_lazy("fact", "Package claimed"),
    "pay-received": pgettext_lazy("fact", "Pay received, with VAT"),
    "period-from": pgettext_lazy("fact", "Period from"),
    "period-until": pgettext_lazy("fact", "Period until"),
    "quota-amount": pgettext_lazy("fact", "Amount"),
    "quota-exhausted": pgettext_lazy("fact", "The quota is used up"),
    "quota-left": pgettext_lazy("fact", "Left in the period"),
    "quota-multiple": pgettext_lazy("fact", "Counted in steps of"),
    "quota-needed": pgettext_lazy("fact", "Needed"),
    "product-version": pgettext_lazy("fact", "Version"),
    "promise": pgettext_lazy("fact", "Promise"),
    "rate": pgettext_lazy("fact", "Price of an hour"),
    "rate-unstated": pgettext_lazy("fact", "The terms give no price for it"),
    "reason": pgettext_lazy("fact", "Reason"),
    "refusal": pgettext_lazy("fact", "Reason in the terms"),
    "restricted-contact": pgettext_lazy("fact", "Holds for"),
    "restricted-customer": pgettext_lazy("fact", "Holds for"),
    "restricted-from": pgettext_lazy("fact", "Restricted from"),
    "restricted-request": pgettext_lazy("fact", "Holds for request"),
    "restricted-review-at": pgettext_lazy("fact", "Looked at again"),
    "restricted-until": pgettext_lazy("fact", "Restricted until"),
    "service": pgettext_lazy("fact", "Service"),
    "what-happened": pgettext_lazy("fact", "What happened"),
    "released-on": pgettext_lazy("fact", "Released on"),
    "version-newest": pgettext_lazy("fact", "Newest version"),
    "version-unknown": pgettext_lazy("fact", "Not in the list of releases"),
    "visits-allowed": pgettext_lazy("fact", "Visits for one request"),
    "visits-made": pgettext_lazy("fact", "Visits made so far"),
    "visits-unstated": pgettext_lazy("fact", "The terms say nothing of visits"),
    "work-began": pgettext_lazy("fact", "Work has begun"),
    "worked": pgettext_lazy("fact", "Time worked"),
}
FOR_STAFF: Final[Collection[str]] = {"answer", "appeal", "reason", "what-happened"}
"""Facts in words that were written for colleagues, or to one contact; a customer reads the decision without them. What a
restricted contact is told stands on the restriction's own page."""


def why_view(
    kept: Explained,
    names: Mapping[str, str],
    *,
    now: datetime,
    language: str,
    internal: bool,
) -> WhyView:
    """Return a decision as the part that pages and mails show.

    `names` are those behind `by` and `decided-by` (`actors_in`). `internal` shows what only staff may read. The language
    must be active.
    """
    decision, terms = kept.decision, kept.terms
    risk, words = OUTCOME_WORDS[decision.subject, decision.outcome]
    return WhyView(
        risk=risk,
        about=str(SUBJECT_WORDS[decision.subject]),
        words=str(words),
        clause=clause_view(terms, decision.clause, language=language, with_date=False),
        facts=[
            FactView(
                name=str(FACT_WORDS[fact.name]),
                value=_value(fact, terms, names, now, language),
                clause=clause_view(terms, fact.clause, language=language, with_date=False)
                if fact.clause and fact.clause != decision.clause
                else None,
            )
            for fact in decision.facts
            if (internal or fact.name not in FOR_STAFF) and fact.name != "decided-by"  # the last line says it
        ],
        terms=gettext("%(title)s, version %(version)s")
        % {"title": said(terms.title, language), "version": terms.version},
        since=terms.in_force_from,
        decided=_decided(kept, names, now),
    )


def actors_in(decisions: Collection[Explained]) -> set[str]:
    """Return everybody whose name the decisions need, for people.queries.names_of."""
    named = {each.by for each in decisions}
    return named | {
        fact.value for each in decisions for fact in each.decision.facts if fact.kind is Kind.PERSON
    }


def why_lines(view: WhyView) -> list[str]:
    """Return the decision as lines of a mail."""
    lines = [view.words]
    if view.clause is not None:
        lines.append(f"{view.clause.label}: {view.clause.sentence}")
    lines += [f"{each.name}: {each.value}" if each.value else each.name for each in view.facts]
    lines.append(_in_force(view))
    return lines


def _in_force(view: WhyView) -> str:
    return gettext("%(terms)s, in force from %(day)s") % {
        "terms": view.terms,
        "day": formats.date_figures(view.since),
    }


def _decided(kept: Explained, names: Mapping[str, str], now: datetime) -> str:
    moment = formats.moment(kept.at, now)
    decider = kept.decision.value("decided-by")
    if decider is None:
        return gettext("Decided by the desk, %(moment)s") % {"moment": moment}
    return gettext("Decided by %(name)s, %(moment)s") % {
        "name": names.get(decider, decider),
        "moment": moment,
    }


def _value(fact: Fact, terms: Terms, names: Mapping[str, str], now: datetime, language: str) -> str:
    text = fact.value
    match fact.kind:
        case Kind.YES:
            return ""
        case Kind.AMOUNT:
            amount, currency = text.split(" ")
            return formats.money(Decimal(amount), currency)
        case Kind.NUMBER:
            return formats.number(Decimal(text))
        case Kind.INSTANT:
            return formats.moment(datetime.fromisoformat(text), now)
        case Kind.DAY:
            return formats.date_figures(date.fromisoformat(text))
        case Kind.SECONDS:
            return formats.length_words(timedelta(seconds=int(text)))
        case Kind.QUANTITY:
            amount, unit = text.split(" ")
            return quantity_words(Decimal(amount), unit)
        case Kind.PERSON:
            return names.get(text, text)
        case Kind.TEXT | Kind.TICKET:
            return text
        case _:
            return _name_in_terms(fact.kind, text, terms, language)


def _name_in_terms(kind: Kind, key: str, terms: Terms, language: str) -> str:
    """Return the name that the terms give a key; the key itself where this version does not know it."""
    try:
        match kind:
            case Kind.PACKAGE:
                return said(terms.package(key).name, language)
            case Kind.SERVICE:
                return said(terms.service(key).name, language)
            case Kind.FAMILY:
                return said(terms.family(key).name, language)
            case Kind.SEVERITY:
                return said(terms.severity(key).name, language)
            case Kind.REFUSAL:
                return said(terms.refusal(key).name, language)
            case _:
                return next(said(each.name, language) for each in terms.promises if each.id == key)
    except (Unknown, StopIteration):
        return key
