"""Reads of tickets that pages show: the board, a ticket's chain of clocks, its timeline, what would happen next.

Every function is given `now` and the reader's language; nothing is written. Words of the vendor (names of packages,
severities, promises) come from the terms of each ticket.
"""

from pomost.tickets.queries.away import AbsenceRow, absences, filled
from pomost.tickets.queries.board import Board, BoardRow, board, row, row_of
from pomost.tickets.queries.chain import ChainLink, chain
from pomost.tickets.queries.deck import DeckDay, DeckPost
from pomost.tickets.queries.drawn import Drawn, drawn_in
from pomost.tickets.queries.explained import Explained, decisions_in_force, decisions_of
from pomost.tickets.queries.kept import PromisesKept, promises_kept
from pomost.tickets.queries.kin import Kin, kin_of
from pomost.tickets.queries.listing import PAGE, Found, due_before, holding, listing
from pomost.tickets.queries.next_step import Group, NextStep, Risk
from pomost.tickets.queries.previewing import Missing, Preview, PromiseShown, preview, preview_by
from pomost.tickets.queries.timeline import TimelineItem, timeline

__all__ = [
    "PAGE",
    "AbsenceRow",
    "Board",
    "BoardRow",
    "ChainLink",
    "DeckDay",
    "DeckPost",
    "Drawn",
    "Explained",
    "Found",
    "Group",
    "Kin",
    "Missing",
    "NextStep",
    "Preview",
    "PromiseShown",
    "PromisesKept",
    "Risk",
    "TimelineItem",
    "absences",
    "board",
    "chain",
    "decisions_in_force",
    "decisions_of",
    "drawn_in",
    "due_before",
    "filled",
    "holding",
    "kin_of",
    "listing",
    "preview",
    "preview_by",
    "promises_kept",
    "row",
    "row_of",
    "timeline",
]
