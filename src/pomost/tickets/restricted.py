"""Which restriction stands for a request now, and what it refuses.

Owns the way from rows to rules/restriction.py and the sentence of a refusal. While one stands no work begins on a request
and no session is offered; everything else goes on: requests are registered, numbers are told, clocks run as the terms say.
Imposing, extending and lifting is actions/restricting.py, appeals actions/appealing.py.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pomost.contracts.queries import terms_of
from pomost.people import formats
from pomost.people.models import Contact
from pomost.rules import restriction as rules
from pomost.rules.restriction import Concerned, Scope
from pomost.rules.terms.model import said
from pomost.tickets.errors import TicketRefused
from pomost.tickets.models import Restriction, Ticket


class Restricted(TicketRefused):
    """Support is restricted. The sentence says by which clause, for whom and until when."""


def value_of(row: Restriction) -> rules.Restriction:
    """Return a restriction as the rules take it."""
    scope = Scope(row.scope)
    names = {
        Scope.REQUEST: row.occasion.number,
        Scope.CONTACT: f"contact:{row.contact_id}",
        Scope.CUSTOMER: row.customer.name,
    }
    return rules.Restriction(
        key=row.pk,
        scope=scope,
        about=Concerned(row.customer_id, row.contact_id, row.occasion_id),
        name=names[scope],
        refusal=row.refusal,
        clause=row.clause,
        version=row.terms.version,
        what_happened=row.what_happened,
        imposed_by=row.imposed_by,
        starts_at=row.starts_at,
        until_at=row.until_at,
        review_at=row.review_at,
        ended_at=row.ended_at,
    )


def concerned(ticket: Ticket) -> Concerned:
    """Return whom a request is about, with the requests that it came from or that go on in it."""
    return _concerned([ticket])[ticket.pk]


def _concerned(tickets: Collection[Ticket]) -> dict[int, Concerned]:
    """Return by a request's key whom it is about. One query."""
    kin: dict[int, set[int]] = {each.pk: set() for each in tickets}
    gone_on = Ticket.objects.filter(merged_into__in=kin).values_list("merged_into_id", "pk")
    for into, merged in gone_on:
        kin[into].add(merged)
    return {
        each.pk: Concerned(
            each.customer_id,
            each.contact_id,
            each.pk,
            frozenset(kin[each.pk] | ({each.split_from_id} if each.split_from_id is not None else set())),
        )
        for each in tickets
    }


def standing_for(ticket: Ticket, now: datetime) -> Restriction | None:
    """Return the restriction that decides about a request now, or None."""
    return standing_among([ticket], now).get(ticket.pk)


def standing_among(tickets: Collection[Ticket], now: datetime) -> Mapping[int, Restriction]:
    """Return by a request's key the restriction that decides about it now, where one does. Two queries at most."""
    rows = {row.pk: row for row in open_ones().filter(customer__in={each.customer_id for each in tickets})}
    if not rows:
        return {}
    values = [value_of(row) for row in rows.values()]
    firms = {row.customer_id for row in rows.values()}
    about = _concerned([each for each in tickets if each.customer_id in firms])
    found = {key: rules.standing(values, each, now) for key, each in about.items()}
    return {key: rows[each.key] for key, each in found.items() if each is not None}


def standing_for_new(contact: Contact, now: datetime) -> Restriction | None:
    """Return the restriction that a request would fall under which this person registers now, or None."""
    rows = {row.pk: row for row in open_ones().filter(customer_id=contact.customer_id)}
    about = Concerned(contact.customer_id, contact.pk, None)
    found = rules.standing(map(value_of, rows.values()), about, now)
    return rows[found.key] if found is not None else None


def tickets_under(row: Restriction, tickets: Collection[Ticket]) -> list[Ticket]:
    """Return those of a customer's requests that fall under a restriction. One query."""
    value, about = value_of(row), _concerned(tickets)
    return [each for each in tickets if value.concerns(about[each.pk])]


def open_ones() -> QuerySet[Restriction]:
    """Return the restrictions that were not lifted and did not lapse, with what they name."""
    return with_names(Restriction.objects.filter(ended_at=None))


def with_names(rows: QuerySet[Restriction]) -> QuerySet[Restriction]:
    """Return restrictions with what their words need, in one query."""
    return rows.select_related("vendor", "occasion", "customer", "contact", "terms__vendor").defer(
        "terms__text", "occasion__verdict"
    )


def not_restricted(ticket: Ticket, now: datetime) -> None:
    """Refuse what support a restriction keeps from a request.

    Raises:
        Restricted: with the reason, the clause, for whom and until when.
    """
    found = standing_for(ticket, now)
    if found is not None:
        raise Restricted(refusal_words(found, now))


def refusal_words(row: Restriction, now: datetime) -> str:
    """Return why nothing is done now, in the language that is active."""
    return _("Support is restricted for %(who)s: %(reason)s (§ %(clause)s), %(until)s.") % {
        "who": who_words(row),
        "reason": reason_words(row),
        "clause": row.clause,
        "until": until_words(row, now),
    }


def reason_words(row: Restriction) -> str:
    """Return the reason as the terms name it."""
    language = translation.get_language() or "en"
    return said(terms_of(row.terms).refusal(row.refusal).name, language)


def who_words(row: Restriction) -> str:
    """Return for whom it holds: a request, a person, a firm."""
    if row.scope == Restriction.Scope.REQUEST:
        return _("request %(number)s") % {"number": row.occasion.number}
    return row.contact.name if row.scope == Restriction.Scope.CONTACT else row.customer.name


def until_words(row: Restriction, now: datetime) -> str:
    """Return until when it holds, or when it is looked at again."""
    if row.until_at is None:
        return _("without an end; we look at it again on %(day)s") % {
            "day": formats.day(row.review_at or now, now)
        }
    local = timezone.localtime(row.until_at)
    if local.time() == time():
        # People read "to the end of Thursday", not "until Friday, 0:00".
        last = formats.day(row.until_at - timedelta(seconds=1), now)
        return _("until the end of %(day)s") % {"day": last}
    return _("until %(moment)s") % {"moment": formats.moment(row.until_at, now)}
