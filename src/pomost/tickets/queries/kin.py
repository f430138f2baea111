"""Requests that were one once: split off from a message, or merged because they are one task."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from pomost.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Kin:
    """The requests that belong to one."""

    split_from: Ticket | None
    split_off: Sequence[Ticket]
    merged_into: Ticket | None
    merged: Sequence[Ticket]

    def __bool__(self) -> bool:
        return bool(self.split_from or self.split_off or self.merged_into or self.merged)


def kin_of(ticket: Ticket) -> Kin:
    """Return the requests that belong to a ticket, each once; all are of its own customer."""
    near = list(
        Ticket.objects.defer("terms__text")
        .filter(Q(split_from=ticket) | Q(merged_into=ticket))
        .order_by("sequence")
    )
    return Kin(
        ticket.split_from,
        [each for each in near if each.merged_into_id != ticket.pk],
        ticket.merged_into,
        [each for each in near if each.merged_into_id == ticket.pk],
    )
