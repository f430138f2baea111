"""What a desk does besides requests and money: visits, and restrictions for misuse or conduct. Part of the machine of machine.py."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from laws.machine import DeskMachine, waits, which
from people import by, technician_of
from pomost.people.models import Technician
from pomost.tickets import actions
from pomost.tickets.actions import Place, Slot
from pomost.tickets.models import Restriction


class WiderDeskMachine(DeskMachine):
    """The desk with visits and restrictions."""

    @property
    def dora(self) -> Technician:
        """A dispatcher of the desk."""
        found = Technician.objects.filter(vendor=self.story.vendor, role=Technician.Role.DISPATCHER).first()
        return found or technician_of(self.story.vendor, "Dora", Technician.Role.DISPATCHER)

    @precondition(lambda self: bool(self.tickets))
    @rule(
        n=which,
        what=st.sampled_from(["ask", "propose", "propose", "agree", "another day", "call off", "made"]),
        days=st.integers(0, 3),
        reason=st.sampled_from(["", "The owner agreed."]),
        wait=waits,
    )
    def visit(self, n: int, what: str, days: int, reason: str, wait: int) -> None:
        ticket, place, ada = self.ticket(n, "open"), Place("Kazan", "1 Nowhere Street"), self.story.ada
        starts = (self.at + timedelta(days=days)).replace(hour=10, minute=0, second=0)
        slot = Slot(self.story.tess, starts, starts + timedelta(hours=2))
        acts = {
            "ask": lambda: actions.ask_for_visit(ticket, place, by=by(ada), at=self.at),
            "propose": lambda: actions.propose_visit(
                ticket, place, slot, reason=reason, by=self.who, at=self.at
            ),
            "agree": lambda: actions.agree_visit(
                ticket, contact=ada, channel="phone", by=self.who, at=self.at
            ),
            "another day": lambda: actions.ask_for_another_day(ticket, "Later.", by=by(ada), at=self.at),
            "call off": lambda: actions.cancel_visit(ticket, "Ill.", by=self.who, at=self.at),
            "made": lambda: actions.visit_made(ticket, by=self.who, at=self.at),
        }
        self.do(f"visit: {what}", acts[what], wait)

    @precondition(lambda self: bool(self.tickets) and bool(self.terms.refusals))
    @rule(n=which, scope=st.sampled_from(["request", "contact", "customer"]), days=st.integers(0, 2))
    def restrict(self, n: int, scope: str, days: int) -> None:
        ticket, dora = self.ticket(n), self.dora
        self.touched.update(self.tickets)
        self.do(
            "restrict",
            lambda: actions.restrict(
                ticket,
                scope=scope,
                refusal=self.terms.refusals[0].id,
                what_happened="It was used against the manual.",
                until_at=self.at + timedelta(days=days) if days else None,
                review_at=None if days else self.at + timedelta(days=5),
                technician=dora,
                by=by(dora),
                at=self.at,
            ),
        )

    @precondition(lambda self: bool(self.terms.refusals))
    @rule(wait=waits)
    def lift(self, wait: int) -> None:
        standing, dora = Restriction.objects.filter(ended_at=None).first(), self.dora
        if standing is not None:
            self.do(
                "lift",
                lambda: actions.lift_restriction(
                    standing, "We talked.", technician=dora, by=by(dora), at=self.at
                ),
                wait,
            )
