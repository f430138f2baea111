"""The journal, read from where a program stopped: every fact of the vendor in the order of the chain."""

from typing import Any

from ninja import Query, Router
from pydantic import Field

from pomost.api.guard import READ
from pomost.api.requests import ApiRequest
from pomost.api.shapes import Paged, cut
from pomost.api.values import NO_NUL, Instant, Told
from pomost.journal.models import Fact
from pomost.journal.queries import facts_of

router = Router(tags=["Journal"])

MONEY = "invoice."
"""Facts that a token reads only with the scope billing."""


class JournalFact(Told):
    """One thing that happened. It never changes."""

    sequence: int = Field(description="Its place in the chain.")
    kind: str = Field(description="Noun and verb in the past.", examples=["ticket.registered"])
    subject: str = Field(description="What it is about.", examples=["ticket:17"])
    by: str = Field(description="Who did it: a technician, contact or token by id, `desk` or `system`.")
    at: Instant
    data: dict[str, Any]
    hash: str = Field(description="SHA-256 over the hash before and this fact.")


class FactList(Told):
    """A page of facts, the oldest first."""

    items: list[JournalFact]
    next: str = Field(description="Where to go on, now or later.")
    has_more: bool = Field(description="Are there more already?")


class FactFilter(Paged):
    """Which facts."""

    kind: str = Field("", max_length=60, pattern=NO_NUL, description="Only of this kind.")
    subject: str = Field("", max_length=60, pattern=NO_NUL, description="Only about this.")


@router.get("/facts", response=FactList, auth=READ, operation_id="listFacts", summary="Read the journal")
def list_facts(request: ApiRequest, page: Query[FactFilter]) -> FactList:
    """Sealed facts only, so nothing can come in before what was read. Those about invoices need the scope billing."""
    found = facts_of(request.vendor.slug, after=page.begins_after or 0)
    if "billing" not in request.auth.scopes:
        found = found.exclude(kind__startswith=MONEY)
    if page.kind:
        found = found.filter(kind=page.kind)
    if page.subject:
        found = found.filter(subject=page.subject)
    rows, has_more = cut(list(found[: page.limit + 1]), page.limit)
    last = str(rows[-1].sequence) if rows else page.after or "0"
    return FactList(items=[_fact(each) for each in rows], next=last, has_more=has_more)


def _fact(fact: Fact) -> JournalFact:
    return JournalFact(
        sequence=fact.sequence or 0,
        kind=fact.kind,
        subject=fact.subject,
        by=fact.by,
        at=fact.at,
        data=fact.data,
        hash=fact.hash,
    )
