"""Every change to money: one function a verb, one transaction each, one fact in the journal.

An action is told who acts (`by`) and when (`at`); it never asks the request or the clock. Whether `by` may do it has
been decided before (billing/access.py and the page's guard). By concept: time by hand, estimates, settlements, invoices, corrections and payments, complaints. What must
never happen is held by triggers as well (migrations/).
"""

from pomost.billing.actions.by_hand import GoOn, Worked, enter_and_estimate, enter_by_hand
from pomost.billing.actions.complaints import (
    accept_complaint,
    appeal_complaint,
    complain,
    examine_complaint,
    reject_complaint,
)
from pomost.billing.actions.corrections import correct_invoice, note_payment, render_correction_pdf
from pomost.billing.actions.estimates import decide_estimate, propose_estimate
from pomost.billing.actions.invoices import make_invoice, render_pdf
from pomost.billing.actions.settlements import settle

__all__ = [
    "GoOn",
    "Worked",
    "accept_complaint",
    "appeal_complaint",
    "complain",
    "correct_invoice",
    "decide_estimate",
    "enter_and_estimate",
    "enter_by_hand",
    "examine_complaint",
    "make_invoice",
    "note_payment",
    "propose_estimate",
    "reject_complaint",
    "render_correction_pdf",
    "render_pdf",
    "settle",
]
