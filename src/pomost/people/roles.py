"""The roles of a vendor's staff as a ladder: which of them may do what only some may.

Owns their order. Which role a thing needs is said where it is done: console/guard.py for pages, the actions for the rest.
"""

from typing import Final

from pomost.people.models import Technician

ROLES: Final = (
    Technician.Role.TECHNICIAN,
    Technician.Role.DISPATCHER,
    Technician.Role.BOOKKEEPER,
    Technician.Role.OWNER,
)
"""From the narrowest to the widest; each may do what those before it may."""


def at_least(least: Technician.Role) -> tuple[Technician.Role, ...]:
    """Return the roles that are as wide as `least`, and wider."""
    return ROLES[ROLES.index(least) :]


def may(technician: Technician, least: Technician.Role) -> bool:
    """Say whether a technician's role is at least `least`."""
    return technician.role in at_least(least)
