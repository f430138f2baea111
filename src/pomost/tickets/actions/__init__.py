"""Every change to a ticket: one function a verb, one transaction each, one fact in the journal.

An action is told who acts (`by`) and when (`at`); it never asks the request or the clock. Whether `by` may do it has
been decided before (tickets/access.py). The ticket that is given may be a stale copy: it is locked and read anew, and
the fresh one is returned. An action sends nothing: mail reads the facts after the commit. By concept: register, told
(the number), talk, severity, packages, decisions, solution, booking,
consents, explained (decisions with their reasons), use (quotas), tasks (two in one message, or
one in two), sweeping, recomputing (after
an edit of a calendar), restricting and appealing (support refused for a time), versions (of the product),
known_errors, releases, visits.
"""

from pomost.tickets.actions.absences import note_absence, withdraw_absence
from pomost.tickets.actions.appealing import appeal_restriction, decide_appeal
from pomost.tickets.actions.booking import (
    Slot,
    book,
    cancel_booking,
    change_until,
    customer_books,
    customer_cancels,
)
from pomost.tickets.actions.consents import ConsentGiven, record_consent
from pomost.tickets.actions.decisions import DECISIONS, decide, include, is_decided
from pomost.tickets.actions.explained import keep_decision
from pomost.tickets.actions.files import file_came, subject_of
from pomost.tickets.actions.known_errors import (
    confirm_error,
    link_error,
    report_error,
    reword_error,
    unlink_error,
)
from pomost.tickets.actions.overrun import decide_overrun, price_answered, price_named
from pomost.tickets.actions.packages import set_package_shown
from pomost.tickets.actions.recomputing import Recomputer
from pomost.tickets.actions.register import complete_missing, register
from pomost.tickets.actions.releases import (
    mend_in,
    outdate_release,
    plan_release,
    publish_release,
)
from pomost.tickets.actions.restricting import extend_restriction, lift_restriction, restrict
from pomost.tickets.actions.severity import (
    SeverityAnswer,
    agree_severity,
    answer_severity,
    propose_severity,
    refuse_severity,
)
from pomost.tickets.actions.solution import (
    close,
    confirm_solution,
    propose_answer,
    propose_solution,
    reject_solution,
)
from pomost.tickets.actions.sweeping import Sweeper, sweep
from pomost.tickets.actions.talk import (
    customer_answered,
    customer_wrote,
    note,
    note_call,
    reply,
    wait_for_customer,
)
from pomost.tickets.actions.tasks import merge, split
from pomost.tickets.actions.told import (
    notice_bounced,
    notice_delayed,
    notice_refused,
    number_told,
    send_notice_again,
)
from pomost.tickets.actions.use import count_use, give_back
from pomost.tickets.actions.versions import decide_version, name_version
from pomost.tickets.actions.visits import (
    Place,
    agree_visit,
    ask_for_another_day,
    ask_for_visit,
    cancel_visit,
    propose_visit,
    visit_made,
)
from pomost.tickets.actions.work import assign, begin_work, record_clock_event, stop_work, take

__all__ = [
    "DECISIONS",
    "ConsentGiven",
    "Place",
    "Recomputer",
    "SeverityAnswer",
    "Slot",
    "Sweeper",
    "agree_severity",
    "agree_visit",
    "answer_severity",
    "appeal_restriction",
    "ask_for_another_day",
    "ask_for_visit",
    "assign",
    "begin_work",
    "book",
    "cancel_booking",
    "cancel_visit",
    "change_until",
    "close",
    "complete_missing",
    "confirm_error",
    "confirm_solution",
    "count_use",
    "customer_answered",
    "customer_books",
    "customer_cancels",
    "customer_wrote",
    "decide",
    "decide_appeal",
    "decide_overrun",
    "decide_version",
    "extend_restriction",
    "file_came",
    "give_back",
    "include",
    "is_decided",
    "keep_decision",
    "lift_restriction",
    "link_error",
    "mend_in",
    "merge",
    "name_version",
    "note",
    "note_absence",
    "note_call",
    "notice_bounced",
    "notice_delayed",
    "notice_refused",
    "number_told",
    "outdate_release",
    "plan_release",
    "price_answered",
    "price_named",
    "propose_answer",
    "propose_severity",
    "propose_solution",
    "propose_visit",
    "publish_release",
    "record_clock_event",
    "record_consent",
    "refuse_severity",
    "register",
    "reject_solution",
    "reply",
    "report_error",
    "restrict",
    "reword_error",
    "send_notice_again",
    "set_package_shown",
    "split",
    "stop_work",
    "subject_of",
    "sweep",
    "take",
    "unlink_error",
    "visit_made",
    "wait_for_customer",
    "withdraw_absence",
]
