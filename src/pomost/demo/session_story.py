"""A remote session of the demo's history, moment by moment, as the records keep it.

Owns: the order in which a session's events come. Does not own: what they mean (remote, billing, worklog).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from pomost.billing.actions import decide_estimate, propose_estimate
from pomost.billing.queries import fees_paid
from pomost.demo.story import Part, Step, Story
from pomost.people.actions import set_presence
from pomost.people.models import Technician
from pomost.remote import actions as remote
from pomost.remote import record
from pomost.remote.models import RemoteSession
from pomost.rules.levels import LEVELS_BY_WORD
from pomost.worklog.actions import enter_session

MS_A_MINUTE: Final = 60_000
ANSWERED: Final = timedelta(seconds=25)
AGREED: Final = timedelta(seconds=70)
COMPARED: Final = timedelta(seconds=85)
GRANTED: Final = timedelta(seconds=100)
BETWEEN_GRANTS: Final = timedelta(seconds=75)
THOUGHT: Final = timedelta(minutes=2)
"""How long the customer reads an estimate; the meter stands still meanwhile."""
INPUTS_A_MINUTE: Final = 38


@dataclass
class Played:
    """One session while it is played."""

    story: Story
    step: Step
    technician: Technician
    _session: RemoteSession | None = field(default=None, init=False)
    _estimate: Any = field(default=None, init=False)

    @property
    def session(self) -> RemoteSession:
        """Return the session; it must have rung."""
        if self._session is None:
            raise ValueError("This session has not rung yet.")
        return self._session

    def ring(self, at: datetime) -> None:
        """Let the customer call the technician, who is there."""
        contact = self.story.contact
        set_presence(self.technician, Technician.Presence.FREE, by=self.story.staff(self.technician), at=at)
        self._session = remote.ring(
            self.technician,
            caller_name=contact.name,
            caller_company=contact.customer.name,
            language=contact.language,
            at=at,
        )

    def answer(self, at: datetime) -> None:
        """Take the call for the request; the phone call before it is noted with it."""
        gates = self.story.cast.terms.service(self.story.request.service).gates
        remote.answer(
            self.session,
            self.story.ticket,
            technician=self.technician,
            fees_paid=fees_paid(self.story.contact.customer),
            noted=gates,
            by=self.story.staff(self.technician),
            at=at,
        )

    def agree(self, at: datetime) -> None:
        """Say yes to everything that the offer asks."""
        self.session.refresh_from_db()
        record.viewer_joined(self.session, at=at)
        for gate in record.offer_of(self.session).gates:
            record.consent_answered(
                self.session, gate=gate.key, text_sha256=gate.text_sha256, accepted=True, at=at
            )

    def compare(self, at: datetime) -> None:
        """Read the words to each other."""
        for side in ("agent", "viewer"):
            record.words_compared(self.session, side=side, match=True, at=at)

    def grant(self, word: str, at: datetime) -> None:
        """Ask for a level and get it."""
        level = LEVELS_BY_WORD[word]
        record.level_asked(self.session, level, at=at)
        record.level_granted(self.session, level, at=at)

    def propose(self, at: datetime) -> None:
        """Ask whether to go on, with the price; the meter stands still."""
        remote.metered(self.session, self.step.ask * MS_A_MINUTE, at=at)
        record.meter_held(self.session, at=at)
        self._estimate = propose_estimate(
            self.story.ticket,
            technician=self.technician,
            more_seconds=self.step.more * 60,
            reason=self.step.text,
            by=self.story.staff(self.technician),
            at=at,
        )

    def decide(self, at: datetime) -> None:
        """Let the customer answer in the app."""
        decide_estimate(
            self._estimate,
            accepted=self.step.yes,
            text_sha256=self._estimate.text_sha256,
            contact=self.story.contact,
            channel="app",
            session=str(self.session.pk),
            by=self.story.as_contact,
            at=at,
        )
        if self.step.yes:
            record.meter_released(self.session, at=at)

    def end(self, at: datetime) -> None:
        """End it and enter its time."""
        acted = any(LEVELS_BY_WORD[word] >= LEVELS_BY_WORD["act"] for word in self.step.levels)
        minutes = self.step.minutes if self.step.yes else self.step.ask
        if acted:
            record.inputs_counted(self.session, counted=minutes * INPUTS_A_MINUTE, dropped=0, at=at)
        remote.end(
            self.session,
            why="The technician ended the session.",
            total_ms=minutes * MS_A_MINUTE,
            side="viewer",
            by=self.story.staff(self.technician),
            at=at,
        )
        enter_session(self.session, at=at)


def session(story: Story, step: Step) -> Iterator[Part]:
    """Return a session's deeds: rung, answered, agreed, granted, perhaps an estimate, ended and entered."""
    played = Played(story, step, story.technician(step.who))
    yield timedelta(), played.ring
    yield ANSWERED, played.answer
    yield AGREED, played.agree
    yield COMPARED, played.compare
    for n, word in enumerate(step.levels):
        yield GRANTED + n * BETWEEN_GRANTS, lambda at, word=word: played.grant(word, at)  # type: ignore[misc]
    ends = GRANTED + timedelta(minutes=step.minutes)
    if step.ask:
        asked = GRANTED + timedelta(minutes=step.ask)
        yield asked, played.propose
        yield asked + THOUGHT, played.decide
        ends = ends + THOUGHT if step.yes else asked + THOUGHT + timedelta(seconds=20)
    yield ends, played.end
