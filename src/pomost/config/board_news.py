"""Tells open boards and running sessions what has changed, from the facts of the journal.

Owns how far the facts were read in this process, and nothing else: what a board shows it asks for itself. Facts of a
process that is gone need no telling, since a page that opens shows the board as it is. Read on in engine/hub.py.
"""

from django.db.models import Max
from django.utils import translation

from pomost.billing.models import Estimate
from pomost.config.session_gateway import after_the_answer
from pomost.journal.models import Fact
from pomost.remote.lines import lines
from pomost.remote.models import RemoteSession

ANSWERS = ("estimate.accepted", "estimate.declined")


class BoardNews:
    """Reads the facts from where it stopped. One a process: the open pages are the process's own."""

    def __init__(self) -> None:
        self._read: int | None = None

    def run_once(self) -> None:
        """Tell the boards of each vendor about whom there are new facts; the first run only finds the place."""
        newest: int = Fact.objects.aggregate(newest=Max("sequence"))["newest"] or 0
        if self._read is not None and newest > self._read:
            new = Fact.objects.filter(sequence__gt=self._read, sequence__lte=newest).exclude(vendor="")
            for vendor in new.order_by("vendor").values_list("vendor", flat=True).distinct():
                lines().board_changed(vendor)
            for answer in new.filter(kind__in=ANSWERS):
                _tell_session(int(answer.data["estimate"]))
        self._read = newest


def _tell_session(estimate_id: int) -> None:
    """Tell the session that waits for this answer, if there is one; one that was answered in the app knows already."""
    estimate = Estimate.objects.get(pk=estimate_id)
    running = RemoteSession.objects.filter(ticket_id=estimate.ticket_id, state=RemoteSession.State.ANSWERED)
    for session in running:
        with translation.override(session.language):
            decided = after_the_answer(estimate)
        accepted = estimate.state == Estimate.State.ACCEPTED
        lines().estimate_decided(
            str(session.pk), str(estimate.pk), accepted=accepted, go_on=decided.go_on, why=decided.why
        )
