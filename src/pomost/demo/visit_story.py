"""A visit of the demo's history: wanted, proposed with a day, agreed to.

Owns: the verbs of visits. Does not own: what may be proposed (tickets/actions/visits.py).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from pomost.demo.story import AT_ONCE, Part, Step, Story, Verb
from pomost.rules.visits import Misfit, misfit
from pomost.tickets import actions as tickets
from pomost.tickets.visiting import open_visit, visiting_calendar


def _ask(story: Story, step: Step) -> Iterator[Part]:
    """Let the customer ask for a visit, with `text` about the day."""

    def ask(at: datetime) -> None:
        place = tickets.Place(step.city)
        tickets.ask_for_visit(story.ticket, place, wish=step.text, by=story.as_contact, at=at)

    yield AT_ONCE, ask


def _propose(story: Story, step: Step) -> Iterator[Part]:
    """Propose a day, with `text` as the reason; none in a year whose holidays nobody has confirmed."""
    technician, starts = story.technician(step.who), story.moments.at(step.starts)
    slot = tickets.Slot(technician, starts, starts + timedelta(minutes=step.minutes))
    by = story.staff(technician)

    def propose(at: datetime) -> None:
        calendar = visiting_calendar(story.cast.terms, story.cast.vendor.pk)
        if misfit(calendar, slot.starts_at, slot.ends_at) is Misfit.HOLIDAYS_UNKNOWN:
            return
        place = tickets.Place(step.city)
        tickets.propose_visit(story.ticket, place, slot, reason=step.text, by=by, at=at)

    yield AT_ONCE, propose


def _agree(story: Story, _step: Step) -> Iterator[Part]:
    def agree(at: datetime) -> None:
        visit = open_visit(story.ticket)
        if visit is not None and visit.starts_at is not None:
            tickets.agree_visit(
                story.ticket, contact=story.contact, channel="portal", by=story.as_contact, at=at
            )

    yield AT_ONCE, agree


VISIT_VERBS: Final[Mapping[str, Verb]] = {"visit": _ask, "propose-visit": _propose, "agree-visit": _agree}
