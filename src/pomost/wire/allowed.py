"""Drops and counts what the present level does not allow.

The customer's app asks it before anything reaches mouse, keyboard or screen, and before anything
of the picture is sent. It holds the level, counts by level for the record, and knows no way to
raise the level but being told to by the app after the customer's own click.
"""

from collections.abc import Mapping

from .levels import Level, Side
from .peer import RULE_BY_CLASS, Message


class Allowed:
    """What may pass, in either direction, at the level that holds."""

    def __init__(self, ceiling: Level) -> None:
        """Begin with nothing allowed.

        Args:
            ceiling: the highest level the signed offer allows.
        """
        self._ceiling = ceiling
        self._level = Level.NONE
        self._taken = dict.fromkeys(Level, 0)
        self._dropped = 0

    @property
    def level(self) -> Level:
        """The level that holds."""
        return self._level

    @property
    def taken(self) -> Mapping[Level, int]:
        """How many of the technician's messages passed, by the level each needs."""
        return dict(self._taken)

    @property
    def dropped(self) -> int:
        """How many messages of either side did not pass."""
        return self._dropped

    def set(self, level: Level) -> Level:
        """Let `level` hold, or the ceiling where that is lower; return what holds."""
        self._level = min(level, self._ceiling)
        return self._level

    def passes(self, message: Message, sender: Side) -> bool:
        """Whether `message` may pass now; counts it either way."""
        rule = RULE_BY_CLASS[type(message)]
        if sender not in rule.senders or self._level < rule.level:
            self._dropped += 1
            return False
        if sender is Side.VIEWER:
            self._taken[rule.level] += 1
        return True
