"""Requests that were one once: split off from a message, or merged because they are one task."""

from collections.abc import Sequence
from dataclasses import dataclass

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
    """Return the requests that belong to a ticket; all are of its own customer."""
    near = Ticket.objects.defer("terms__text").order_by("sequence")
    return Kin(
        ticket.split_from,
        list(near.filter(split_from=ticket)),
        ticket.merged_into,
        list(near.filter(merged_into=ticket)),
    )
