"""Reads of the journal for those who follow it from outside."""

from django.db.models import QuerySet

from pomost.journal.models import Fact


def facts_of(vendor: str, *, after: int = 0) -> QuerySet[Fact]:
    """Return a vendor's sealed facts after a place in the chain, in its order, which is final."""
    return Fact.objects.filter(vendor=vendor, sequence__gt=after).order_by("sequence")
