"""Which restriction stands for a request now, and what it refuses.

Owns the way from rows to rules/restriction.py and the sentence of a refusal. While one stands no work begins on a request
and no session is offered; everything else goes on: requests are registered, numbers are told, clocks run as the terms say.
Imposing, extending and lifting is actions/restricting.py, appeals actions/appealing.py.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pomost.contracts.queries import terms_of
from pomost.people import formats
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
    kin = set(Ticket.objects.filter(merged_into=ticket).values_list("pk", flat=True))
    if ticket.split_from_id is not None:
        kin.add(ticket.split_from_id)
    return Concerned(ticket.customer_id, ticket.contact_id, ticket.pk, frozenset(kin))


def standing_for(ticket: Ticket, now: datetime) -> Restriction | None:
    """Return the restriction that decides about a request now, or None."""
    rows = {row.pk: row for row in open_ones().filter(customer_id=ticket.customer_id)}
    if not rows:
        return None
    found = rules.standing(map(value_of, rows.values()), concerned(ticket), now)
    return rows[found.key] if found is not None else None


def tickets_under(row: Restriction, tickets: Iterable[Ticket]) -> list[Ticket]:
    """Return those of a customer's requests that fall under a restriction."""
    value = value_of(row)
    return [each for each in tickets if value.concerns(concerned(each))]


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
