"""A desk on which anything may be tried at any time: the steps of a machine, each one action of the product.

What an action refuses with a sentence changes nothing and is fine; every other error fails the test. Which laws must hold
afterwards is invariants.py, and that the journal alone gives the same clocks.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from billing.stories import Story
from laws.invariants import breaches
from people import by
from pomost.billing import actions as money
from pomost.billing.models import Complaint, Estimate, Invoice
from pomost.contracts.actions import add_contract
from pomost.contracts.calendar_edits import override_calendar
from pomost.contracts.models import Contract
from pomost.contracts.queries import terms_in_force
from pomost.contracts.quotas import set_allowance
from pomost.people.errors import Refused
from pomost.rules.quota import Beyond, Carry, Grant, Period
from pomost.rules.terms.parts import PartKind
from pomost.tickets import actions
from pomost.tickets.actions import ConsentGiven, SeverityAnswer, Slot
from pomost.tickets.actions.hold import hold
from pomost.tickets.clockwork import recompute
from pomost.tickets.models import Ticket
from pomost.tickets.queries.replay import differences
from pomost.worklog.actions import TravelAgreed, enter_call, enter_data_work, enter_travel

TICKETS_MAX: Final = 6
which = st.integers(0, TICKETS_MAX - 1)
minutes = st.sampled_from([0, 1, 15, 29, 31, 45, 60, 61, 90, 200])
waits = st.sampled_from([0, 1, 20, 55, 60, 61, 240, 1500, 6000])
"""Minutes that pass before a step."""


class DeskMachine(RuleBasedStateMachine):
    """One vendor's desk from a Monday morning on. Set `story` before it runs; all is taken back afterwards."""

    story: Story
    happened: Counter[str]
    """What succeeded, over all examples, so that a verb that never did is seen."""

    def __init__(self) -> None:
        super().__init__()
        self.at = self.story.at("2026-06-01 09:00")
        self.tickets: list[int] = []
        self.touched: set[int] = set()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        _version, self.terms = terms_in_force(self.story.vendor, self.at.date())

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # How a step is taken

    def do(self, verb: str, act: Callable[[], object], wait: int = 1) -> object:
        """Let time pass and try something; a refusal leaves all as it was."""
        self.at += timedelta(minutes=wait)
        try:
            with transaction.atomic():
                done = act()
        except Refused:
            return None
        self.happened[verb] += 1
        return done

    def ticket(self, place: int, *states: str) -> Ticket:
        """Return one of the requests; of those in these states if there are any."""
        fitting = list(
            Ticket.objects.filter(pk__in=self.tickets, state__in=states)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        among = fitting or self.tickets
        key = among[place % len(among)]
        self.touched.add(key)
        return Ticket.objects.select_related("vendor", "customer", "contact", "terms__vendor").get(pk=key)

    def keep(self, ticket: object) -> None:
        if isinstance(ticket, Ticket) and ticket.pk not in self.tickets:
            self.tickets.append(ticket.pk)
            self.touched.add(ticket.pk)

    @property
    def who(self) -> str:
        return by(self.story.tess)

    # Asking

    @precondition(lambda self: len(self.tickets) < TICKETS_MAX)
    @rule(
        service=st.integers(0, 30),
        family=st.integers(0, 9),
        steps=st.integers(3, 10),
        worked=minutes,
        yes=st.booleans(),
    )
    def the_usual_way(self, service: int, family: int, steps: int, worked: int, yes: bool) -> None:
        """Ask for something that is paid, and go on as one does for so many steps."""
        self.ask(service, family, 1, False, 1, paid=True)
        n = len(self.tickets) - 1
        usual: list[Callable[[], None]] = [
            lambda: self.complete(n, True, 1),
            lambda: self.decide(n, "paid"),
            lambda: self.work(n, worked, False, 0),
            lambda: self.estimate(n, 60, False),
            lambda: self.answer_estimate(n, yes, 20),
            lambda: self.work(n, 29, True, 0),
            lambda: self.solve(n, 1),
            lambda: self.confirm(n, True, 20),
            lambda: self.invoice(n, n),
            lambda: self.correct(50),
        ]
        for step in usual[:steps]:
            if self.tickets:
                step()
                self.the_tables_hold()

    @initialize(package=st.integers(0, 9), amount=st.integers(0, 6), shown=st.booleans())
    def a_contract(self, package: int, amount: int, shown: bool) -> None:
        chosen = self.terms.packages[package % len(self.terms.packages)].id
        self.contract: Contract = add_contract(
            customer=self.story.customer,
            number="M-1",
            package=chosen,
            shown=shown,
            valid_from=self.story.at("2026-01-01 00:00").date(),
            by="system",
            at=self.story.at("2026-01-02 00:00"),
        )
        for quota in self.terms.quotas_of(chosen)[:1]:
            day = self.story.at("2026-01-01 00:00").date()
            grant = Grant(quota.counts, Decimal(amount), Period.MONTH, Carry.ONE, Beyond.ASK, day)
            set_allowance(self.contract, grant, by="system", at=self.at)

    @precondition(lambda self: len(self.tickets) < TICKETS_MAX)
    @rule(
        service=st.integers(0, 30),
        family=st.integers(0, 9),
        severity=st.integers(0, 5),
        outdated=st.booleans(),
        wait=waits,
    )
    def ask(
        self, service: int, family: int, severity: int, outdated: bool, wait: int, paid: bool = False
    ) -> None:
        priced = [
            self.terms.service(row.service)
            for row in self.terms.matrix
            if "paid" in row.cells.values() or "unstated" in row.cells.values()
        ]
        among = priced if paid and priced else self.terms.services
        wanted = among[service % len(among)]
        known = wanted.families or tuple(each.id for each in self.terms.families)
        levels = self.terms.severities

        def register() -> Ticket:
            return actions.register(
                vendor=self.story.vendor,
                contact=self.story.ada,
                channel=Ticket.Channel.PHONE,
                subject="It does not work",
                text="The report is empty. Please install the signature.",
                service=wanted.id,
                family=known[family % len(known)] if known else "",
                severity=levels[severity % len(levels)].id if levels else "",
                outdated=outdated and family % 3 == 0,
                received_at=self.at - timedelta(minutes=5),
                by=self.who,
                at=self.at,
            )

        self.keep(self.do("ask", register, wait))

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, yes=st.sampled_from([True, True, True, False]), wait=waits)
    def complete(self, n: int, yes: bool, wait: int) -> None:
        ticket = self.ticket(n, "incomplete")
        parts = [each for each in self.terms.parts_for(ticket.service) if each.id in ticket.missing]
        consents = [
            ConsentGiven(each.id, yes, "I agree to pay.", self.story.ada.language)
            for each in parts
            if each.kind is PartKind.CONSENT
        ]
        there = [each.id for each in parts if each.kind is not PartKind.CONSENT]
        self.do(
            "complete",
            lambda: actions.complete_missing(
                ticket, parts=there, consents=consents, channel="phone", by=self.who, at=self.at
            ),
            wait,
        )

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, outcome=st.sampled_from(["included", "paid", "paid", "refused"]))
    def decide(self, n: int, outcome: str) -> None:
        ticket = self.ticket(n, "open")
        self.do("decide", lambda: actions.decide(ticket, outcome, "Agreed.", by=self.who, at=self.at))

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, package=st.integers(0, 9), shown=st.booleans())
    def show_package(self, n: int, package: int, shown: bool) -> None:
        ticket, chosen = self.ticket(n), self.terms.packages[package % len(self.terms.packages)].id
        self.do(
            "show package",
            lambda: actions.set_package_shown(ticket, package=chosen, shown=shown, by=self.who, at=self.at),
        )

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, bounced=st.booleans(), wait=waits)
    def tell(self, n: int, bounced: bool, wait: int) -> None:
        ticket = self.ticket(n)
        if bounced:
            self.do(
                "bounce", lambda: actions.notice_bounced(ticket, answer="550 no", by="desk", at=self.at), wait
            )
            return
        self.do(
            "tell",
            lambda: actions.number_told(ticket, how="phone", at_told=self.at, by=self.who, at=self.at),
            wait,
        )

    # Working

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, wait=waits)
    def begin(self, n: int, wait: int) -> None:
        ticket = self.ticket(n)
        self.do("begin", lambda: actions.begin_work(ticket, by=self.who, at=self.at), wait)

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, wait=waits)
    def stop(self, n: int, wait: int) -> None:
        ticket = self.ticket(n)
        self.do("stop", lambda: actions.stop_work(ticket, reason="lunch", by=self.who, at=self.at), wait)

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, worked=minutes, call=st.booleans(), other=st.integers(0, 30))
    def work(self, n: int, worked: int, call: bool, other: int) -> None:
        ticket, enter = self.ticket(n, "open"), enter_call if call else enter_data_work
        service = self.terms.services[other % len(self.terms.services)].id if other > 24 else ""
        self.do(
            "work",
            lambda: enter(
                ticket,
                technician=self.story.tess,
                service=service,
                worked_seconds=worked * 60,
                started_at=self.at - timedelta(minutes=worked),
                by=self.who,
                at=self.at,
            ),
            worked,
        )

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, more=minutes, fixed=st.booleans())
    def estimate(self, n: int, more: int, fixed: bool) -> None:
        ticket = self.ticket(n, "open")
        self.do(
            "estimate",
            lambda: money.propose_estimate(
                ticket,
                technician=self.story.tess,
                more_seconds=more * 60,
                reason="The index is broken.",
                quoted_net=Decimal("321.50") if fixed else None,
                by=self.who,
                at=self.at,
            ),
        )

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, yes=st.booleans(), wait=waits)
    def answer_estimate(self, n: int, yes: bool, wait: int) -> None:
        asked = list(Estimate.objects.filter(ticket__in=self.tickets, state="proposed").order_by("pk"))
        asked = asked or list(Estimate.objects.filter(ticket__in=self.tickets).order_by("pk"))
        if asked:
            one = asked[n % len(asked)]
            self.touched.add(one.ticket_id)
            self.do(
                "yes to a price" if yes else "no to a price",
                lambda: self.story.decided(one, self.at, accepted=yes),
                wait,
            )

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, way=st.sampled_from(["go-on", "paid", "close"]), wait=waits)
    def over_time(self, n: int, way: str, wait: int) -> None:
        ticket = self.ticket(n, "open")
        paid = next((each.service for each in self.terms.matrix if "paid" in each.cells.values()), "")
        self.do(
            "decide on work over time",
            lambda: actions.decide_overrun(ticket, way, "We agreed.", service=paid, by=self.who, at=self.at),
            wait,
        )

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, wait=waits)
    def answer(self, n: int, wait: int) -> None:
        ticket = self.ticket(n, "open")
        self.do(
            "answer",
            lambda: actions.propose_answer(
                ticket, "Try this.", technician=self.story.tess, by=self.who, at=self.at
            ),
            wait,
        )

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, wait=waits)
    def solve(self, n: int, wait: int) -> None:
        ticket = self.ticket(n, "open")
        self.do(
            "solve",
            lambda: actions.propose_solution(
                ticket, "Done.", technician=self.story.tess, by=self.who, at=self.at
            ),
            wait,
        )

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, yes=st.sampled_from([True, True, False]), wait=waits)
    def confirm(self, n: int, yes: bool, wait: int) -> None:
        ticket, ada = self.ticket(n, "solved"), self.story.ada
        if yes:
            self.do(
                "confirm",
                lambda: actions.confirm_solution(
                    ticket, contact=ada, channel="portal", by=by(ada), at=self.at
                ),
                wait,
            )
            return
        self.do(
            "reject",
            lambda: actions.reject_solution(
                ticket, "It does not.", contact=ada, channel="portal", by=by(ada), at=self.at
            ),
            wait,
        )

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, wrote=st.booleans(), wait=waits)
    def wait(self, n: int, wrote: bool, wait: int) -> None:
        ticket, ada = self.ticket(n), self.story.ada
        if wrote:
            self.do(
                "customer wrote",
                lambda: actions.customer_wrote(ticket, "Here it is.", contact=ada, by=by(ada), at=self.at),
                wait,
            )
            return
        self.do(
            "wait",
            lambda: actions.wait_for_customer(
                ticket, question="Which one?", technician=self.story.tess, by=self.who, at=self.at
            ),
            wait,
        )

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which)
    def close(self, n: int) -> None:
        ticket = self.ticket(n)
        self.do("close", lambda: actions.close(ticket, "Withdrawn.", by=self.who, at=self.at))

    # One task a request, severity, times

    @precondition(lambda self: bool(self.tickets) and len(self.tickets) < TICKETS_MAX)
    @rule(n=which)
    def split(self, n: int) -> None:
        ticket = self.ticket(n)
        message = ticket.messages.order_by("id").first()
        if message is not None:
            self.keep(
                self.do(
                    "split",
                    lambda: actions.split(
                        ticket, message, [1], subject="The signature", by=self.who, at=self.at
                    ),
                )
            )

    @precondition(lambda self: len(self.tickets) > 1)
    @rule(n=which, into=which)
    def merge(self, n: int, into: int) -> None:
        unsolved = ("incomplete", "open", "waiting")
        pair = sorted((self.ticket(n, *unsolved), self.ticket(into, *unsolved)), key=lambda each: -each.pk)
        one, other = pair
        self.do("merge", lambda: actions.merge(one, other, by=self.who, at=self.at))

    @precondition(lambda self: bool(self.tickets) and bool(self.terms.severities))
    @rule(n=which, severity=st.integers(0, 5), wait=waits)
    def propose_severity(self, n: int, severity: int, wait: int) -> None:
        ticket, chosen = self.ticket(n), self.terms.severities[severity % len(self.terms.severities)].id
        self.do(
            "propose severity",
            lambda: actions.propose_severity(ticket, chosen, by=self.who, at=self.at),
            wait,
        )

    @precondition(lambda self: bool(self.tickets) and bool(self.terms.severities))
    @rule(n=which, yes=st.booleans(), wait=waits)
    def answer_severity(self, n: int, yes: bool, wait: int) -> None:
        asked = Ticket.objects.filter(pk__in=self.tickets).exclude(severity_proposed="").first()
        ticket, answer = asked or self.ticket(n), SeverityAnswer(yes, self.story.ada, "phone")
        self.touched.add(ticket.pk)
        self.do(
            "answer severity", lambda: actions.answer_severity(ticket, answer, by=self.who, at=self.at), wait
        )

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, ahead=st.sampled_from([1, 2, 3, 24]), hours=st.sampled_from([1, 2]), cancel=st.booleans())
    def book(self, n: int, ahead: int, hours: int, cancel: bool) -> None:
        ticket = self.ticket(n)
        if cancel:
            self.do("cancel booking", lambda: actions.cancel_booking(ticket, by=self.who, at=self.at))
            return
        full = self.at.replace(minute=0, second=0)
        starts = full + timedelta(hours=ahead)
        slot = Slot(self.story.tess, starts, starts + timedelta(hours=hours))
        self.do("book", lambda: actions.book(ticket, slot, by=self.who, at=self.at))

    # Money and complaints

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, also=which)
    def invoice(self, n: int, also: int) -> None:
        tickets = list(
            {each.pk: each for each in (self.ticket(n, "confirmed"), self.ticket(also, "confirmed"))}.values()
        )
        self.do("invoice", lambda: money.make_invoice(tickets, by="desk", at=self.at))

    @rule(share=st.integers(0, 100))
    def correct(self, share: int) -> None:
        invoice = Invoice.objects.order_by("pk").last()
        if invoice is None:
            return
        nets = {
            line.position: (line.net * share / 100).quantize(Decimal("0.01")) for line in invoice.lines.all()
        }
        self.do(
            "correct", lambda: money.correct_invoice(invoice, nets, reason="Agreed.", by="desk", at=self.at)
        )

    @precondition(lambda self: bool(self.tickets))
    @rule(n=which, wait=waits)
    def complain(self, n: int, wait: int) -> None:
        ticket, ada = self.ticket(n, "confirmed"), self.story.ada
        made = self.do(
            "complain",
            lambda: money.complain(
                ticket, "Still broken.", contact=ada, channel="phone", by=self.who, at=self.at
            ),
            wait,
        )
        if isinstance(made, Complaint) and len(self.tickets) < TICKETS_MAX:
            self.keep(
                self.do("look at a complaint", lambda: money.examine_complaint(made, by=self.who, at=self.at))
            )

    @rule(yes=st.booleans(), travelled=st.booleans(), agreed=st.booleans())
    def judge_complaint(self, yes: bool, travelled: bool, agreed: bool) -> None:
        complaint = Complaint.objects.filter(state="open").order_by("pk").first()
        if complaint is None:
            return
        looked_at, tess = complaint.follow_up, self.story.tess
        if travelled and looked_at is not None:
            self.do(
                "travel",
                lambda: enter_travel(
                    looked_at,
                    technician=tess,
                    key=next((each.travel.key for each in self.terms.price_lists[-1].travels), ""),
                    quantity=Decimal(1),
                    travelled_on=self.at.date(),
                    agreed=TravelAgreed(Decimal("120.00"), self.story.ada, "phone") if agreed else None,
                    by=self.who,
                    at=self.at,
                ),
            )
        if yes:
            self.do(
                "accept a complaint",
                lambda: money.accept_complaint(complaint, reason="We are sorry.", by=self.who, at=self.at),
            )
            return
        self.do(
            "reject a complaint",
            lambda: money.reject_complaint(
                complaint,
                reason="The fault is another one.",
                clause=self.terms.clauses[0].id,
                technician=tess,
                by=self.who,
                at=self.at,
            ),
        )

    # What time does, and the calendar

    @precondition(lambda self: bool(self.tickets))
    @rule(
        what=st.sampled_from(["sweep", "sweep", "silence", "a day off"]), wait=waits, days=st.integers(1, 9)
    )
    def time_passes(self, what: str, wait: int, days: int) -> None:
        self.touched.update(self.tickets)
        if what == "a day off":
            self.do(what, lambda: self._day_off(days), wait)
            return
        if what == "silence":
            self.at += timedelta(days=8)
        self.do(what, lambda: actions.sweep(self.at), wait)

    def _day_off(self, days: int) -> None:
        day = (self.at + timedelta(days=days)).date()
        override_calendar(
            self.story.vendor,
            self.terms.hours[0].id,
            first_day=day,
            last_day=day,
            hours=(),
            by=self.who,
            at=self.at,
        )
        recomputer = actions.Recomputer(pause=lambda _length: None)
        while recomputer.run_once(self.at):
            pass

    # What must hold after each step

    @invariant()
    def the_tables_hold(self) -> None:
        assert breaches() == {}

    @invariant()
    def the_journal_gives_the_same_clocks(self) -> None:
        touched, self.touched = sorted(self.touched), set()
        for key in touched:
            with suppress(_Back), transaction.atomic():
                ticket = hold(key)
                recompute(ticket, self.at)
                found = differences(Ticket.objects.get(pk=key), self.at)
                assert found == [], f"{ticket.number}: {found}"
                raise _Back


class _Back(Exception):
    """Ends a block whose writes are taken back."""
