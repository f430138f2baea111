"""How much the customer lets the technician do, and the two ends between which it is said.

The ladder itself is the terms' (rules/levels.py); on the wire a level is its word. Only the customer's own app raises a
level; anybody may lower it.
"""

from enum import StrEnum

from pomost.rules.levels import LEVELS_BY_WORD, Level

__all__ = ["LEVELS_BY_WORD", "Level", "Side"]


class Side(StrEnum):
    """One of the two ends of a session."""

    AGENT = "agent"
    """The customer's app."""
    VIEWER = "viewer"
    """The technician's page."""

    @property
    def other(self) -> "Side":
        """The end across."""
        return Side.VIEWER if self is Side.AGENT else Side.AGENT
