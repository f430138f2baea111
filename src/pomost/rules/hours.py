"""Opening hours of one day and the name of a zone: what a calendar is made of, checked.

Refuses intervals that are empty, reversed, outside the day or overlapping, and zones that do not exist. What the hours
mean on a date is `calendar.py`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Hours = Sequence[tuple[int, int]]
"""Intervals of one local day in minutes from midnight: opening included, closing excluded; 1440 ends the day."""


def zone_named(zone: str) -> ZoneInfo:
    """Return a time zone by its IANA name, or say that there is none (ValueError)."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(
            f"There is no time zone {zone!r}. Give an IANA name, such as 'Europe/Warsaw'."
        ) from None


def checked_hours(hours: Hours, of: str) -> Hours:
    """Return a day's hours in order, or say what is wrong with them (ValueError); `of` names the day."""
    ordered = tuple(sorted((opens, closes) for opens, closes in hours))
    for opens, closes in ordered:
        if not 0 <= opens < closes <= 1440:
            raise ValueError(
                f"{of} cannot be open from minute {opens} to minute {closes}. "
                "Hours begin before they end, between 0 and 1440; split a night at midnight."
            )
    for (_, closed), (opens, _) in pairwise(ordered):
        if opens < closed:
            raise ValueError(
                f"The hours of {of} overlap: one ends at minute {closed}, the next begins at {opens}."
            )
    return ordered
