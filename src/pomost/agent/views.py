"""What the windows show, as plain data: the seam between what may happen (`session_flow`) and how it looks (`windows`).

It owns the list of views. Nothing here decides or draws. Texts that come from the desk (gates, prices, reasons) are shown as they
came; everything else is worded by the windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pomost.wire.control import Cost, Person
from pomost.wire.levels import Level
from pomost.wire.offer import Gate, Offer


@dataclass(frozen=True, slots=True)
class Connecting:
    """The desk does not answer (yet); `why` says what happened, empty at the first try."""

    why: str


@dataclass(frozen=True, slots=True)
class Barred:
    """Nothing will be sent to this desk; `why` says what happened and what to do."""

    why: str


@dataclass(frozen=True, slots=True)
class Choosing:
    """The list of technicians; `notice` is the desk's last sentence, such as why a call was declined."""

    people: tuple[Person, ...]
    notice: str


@dataclass(frozen=True, slots=True)
class Calling:
    """The technician's page rings."""

    person: Person


@dataclass(frozen=True, slots=True)
class Before:
    """What the customer is asked before anything begins: gates to tick, price, ceiling."""

    offer: Offer
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The technician's page is not there (yet, or again)."""

    technician: str
    again: bool


@dataclass(frozen=True, slots=True)
class Words:
    """Four words to compare over the telephone. `said`: the customer has answered and the technician has not."""

    technician: str
    words: tuple[str, ...]
    said: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """May the technician have `level`? Gates that stand before it are to be ticked."""

    offer: Offer
    level: Level
    level_now: Level
    gates: tuple[Gate, ...]
    silence_s: int
    """After so many seconds without an answer it is no."""
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A price to accept or decline; both results stand side by side."""

    estimate: str
    technician: str
    text: str
    if_yes: Cost
    if_no: Cost


@dataclass(frozen=True, slots=True)
class Running:
    """A session is open and nothing is asked: only the bar is shown."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over."""

    why: str
    metered_ms: int
    cost: str


View: TypeAlias = (
    Connecting | Barred | Choosing | Calling | Before | Waiting | Words | Asked | Estimate | Running | Ended
)
