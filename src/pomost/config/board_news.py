"""Tells the boards that are open that something changed, from the facts of the journal.

Owns how far the facts were read in this process, and nothing else: what a board shows it asks for itself. Facts of a
process that is gone need no telling, since a page that opens shows the board as it is. Read on in engine/hub.py.
"""

from django.db.models import Max

from pomost.journal.models import Fact
from pomost.remote.lines import lines


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
        self._read = newest
