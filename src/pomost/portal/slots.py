"""How the portal speaks of free times; which they are is tickets/queries/free_times.py."""

from collections.abc import Iterable

from pomost.tickets.queries import FreeDay


def only_name(days: Iterable[FreeDay]) -> str:
    """Return the technician's name where all hours are theirs, so that it is said once; else nothing."""
    names = {slot.technician.person.name for day in days for slot in day.slots}
    return names.pop() if len(names) == 1 else ""
