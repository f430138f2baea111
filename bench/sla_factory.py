"""Pomost's calendar in the shape that sla_speed.py drives.

    python sla_speed.py --python PEERS/bin/python --pomost sla_factory:factory --pomost-python .venv/bin/python \\
        --engines reference,workclock,workclock-batched --n 20000 --rounds 5

with this folder on PYTHONPATH. sla_speed.py is the driver of the shared benchmark; it prints a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pomost.rules.calendar import Calendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def minute(clock: str) -> int:
    """Return "HH:MM" as minutes from midnight."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def factory(timezone: str, hours: Mapping[str, Sequence[Sequence[str]]], holidays: Iterable[str]) -> Calendar:
    """Return a calendar with `add` and `add_many`, as the driver calls them."""
    return Calendar(
        timezone,
        {WEEKDAYS.index(day): [(minute(a), minute(b)) for a, b in spans] for day, spans in hours.items()},
        holidays=[date.fromisoformat(day) for day in holidays],
    )
