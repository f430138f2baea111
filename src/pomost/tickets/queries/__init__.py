"""Reads of tickets that pages show: the board, a ticket's chain of clocks, its timeline, what would happen next.

Every function is given `now` and the reader's language; nothing is written. Words of the vendor (names of packages,
severities, promises) come from the terms of each ticket.
"""

from pomost.tickets.queries.ahead import Ahead, moves_ahead, unpromised_requests
from pomost.tickets.queries.away import AbsenceRow, Meanwhile, absences, filled
from pomost.tickets.queries.board import Board, BoardRow, board, row, row_of
from pomost.tickets.queries.chain import ChainLink, chain
from pomost.tickets.queries.deck import DeckDay, DeckPost
from pomost.tickets.queries.diary import DiaryEntry, Filled, diary
from pomost.tickets.queries.drawn import Drawn, drawn_in
from pomost.tickets.queries.explained import Explained, decisions_in_force, decisions_of
from pomost.tickets.queries.free_times import FreeDay, FreeTime, NotFree, chosen_time, free_times, other_times
from pomost.tickets.queries.invitations import (
    EventName,
    booking_of,
    event_for_customer,
    event_for_staff,
    event_name,
    event_names,
    visit_name,
)
from pomost.tickets.queries.kept import PromisesKept, promises_kept
from pomost.tickets.queries.kin import Kin, kin_of
from pomost.tickets.queries.known_errors import (
    PUBLIC,
    Advice,
    Concerned,
    ErrorCounted,
    advice_for,
    concerned_by,
    counted,
    errors_of,
    in_order,
    newest_release,
    public_errors,
    suggested,
)
from pomost.tickets.queries.languages import in_language, language_of
from pomost.tickets.queries.listing import PAGE, Found, due_before, holding, listing
from pomost.tickets.queries.next_step import Group, NextStep, Risk
from pomost.tickets.queries.previewing import Missing, Preview, PromiseShown, preview, preview_by
from pomost.tickets.queries.timeline import TimelineItem, timeline

__all__ = [
    "PAGE",
    "PUBLIC",
    "AbsenceRow",
    "Advice",
    "Ahead",
    "Board",
    "BoardRow",
    "ChainLink",
    "Concerned",
    "DeckDay",
    "DeckPost",
    "DiaryEntry",
    "Drawn",
    "ErrorCounted",
    "EventName",
    "Explained",
    "Filled",
    "Found",
    "FreeDay",
    "FreeTime",
    "Group",
    "Kin",
    "Meanwhile",
    "Missing",
    "NextStep",
    "NotFree",
    "Preview",
    "PromiseShown",
    "PromisesKept",
    "Risk",
    "TimelineItem",
    "absences",
    "advice_for",
    "board",
    "booking_of",
    "chain",
    "chosen_time",
    "concerned_by",
    "counted",
    "decisions_in_force",
    "decisions_of",
    "diary",
    "drawn_in",
    "due_before",
    "errors_of",
    "event_for_customer",
    "event_for_staff",
    "event_name",
    "event_names",
    "filled",
    "free_times",
    "holding",
    "in_language",
    "in_order",
    "kin_of",
    "language_of",
    "listing",
    "moves_ahead",
    "newest_release",
    "other_times",
    "preview",
    "preview_by",
    "promises_kept",
    "public_errors",
    "row",
    "row_of",
    "suggested",
    "timeline",
    "unpromised_requests",
    "visit_name",
]
