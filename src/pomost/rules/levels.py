"""The ladder of access that a service may reach and a customer may grant.

Owns the order and the words of the levels, nothing else: what a service may
reach is in the terms (rules/terms), what must come first is rules/consent.py.
"""

from enum import IntEnum
from typing import Final


class Level(IntEnum):
    """How far a technician may go on the customer's machine; a higher one includes the lower."""

    NONE = 0
    """No picture, no input: help by mail, by phone or on files sent."""
    LOOK = 1
    """The technician sees the screen."""
    POINT = 2
    """The technician's named pointer is drawn on the customer's screen."""
    ACT = 3
    """Mouse and keyboard work for one object at a time."""
    CHANGE_MANY = 4
    """Mouse and keyboard for a change of many objects: differs from ACT by consent and price (A14)."""

    @property
    def word(self) -> str:
        """The name that terms files, messages and records use, such as `change-many`."""
        return self.name.lower().replace("_", "-")


LEVELS_BY_WORD: Final = {level.word: level for level in Level}
