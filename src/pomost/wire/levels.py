"""How much the customer lets the technician do, and the two ends between which it is said.

Five steps, each holding the ones below it. Only the customer's own app raises a level; anybody
may lower it. The names are the ones people see; on the wire a level is its word.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Final


class Level(IntEnum):
    """What is allowed now; compare with < and >=."""

    NONE = 0
    """Nothing leaves the customer's computer."""
    LOOK = 1
    """The technician sees the picture."""
    POINT = 2
    """… and shows a named pointer that moves nothing."""
    ACT = 3
    """… and uses mouse and keyboard."""
    CHANGE_MANY = 4
    """… and may change many records at once; a promise between people, asked for separately."""

    @property
    def word(self) -> str:
        """The level as it is written on the wire: none, look, point, act, change_many."""
        return self.name.lower()


LEVEL_BY_WORD: Final[Mapping[str, Level]] = {level.word: level for level in Level}
"""The levels by the words of the wire."""


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
