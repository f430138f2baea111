"""How many promises were kept in a stretch of days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from pomost.people.models import Vendor
from pomost.tickets.models import Clock


@dataclass(frozen=True, slots=True)
class PromisesKept:
    """Promises that were decided: kept, or broken."""

    met: int
    missed: int

    @property
    def total(self) -> int:
        """How many there were."""
        return self.met + self.missed


def promises_kept(vendor: Vendor, first_day: date, last_day: date) -> PromisesKept:
    """Return how many promises that fell due from `first_day` to `last_day`, both included, were kept and broken.

    The days are the vendor's. One that was kept while its clock stood still has no due moment: its stop counts.
    """
    zone = ZoneInfo(vendor.zone)
    begin = datetime.combine(first_day, time(), zone)
    end = datetime.combine(last_day + timedelta(days=1), time(), zone)
    counted = (
        Clock.objects.filter(ticket__vendor=vendor, met__isnull=False)
        .annotate(decided_at=Coalesce("due_at", "stopped_at"))
        .filter(decided_at__gte=begin, decided_at__lt=end)
        .aggregate(kept=Count("pk", filter=Q(met=True)), broken=Count("pk", filter=Q(met=False)))
    )
    return PromisesKept(counted["kept"], counted["broken"])
