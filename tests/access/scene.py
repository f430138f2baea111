"""One desk with one of everything, and the seven people of the matrix."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast as typed
from zoneinfo import ZoneInfo

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from files.sending import on_record
from people import Cast, ask, by, desk_of, newer_terms, with_package
from pomost.api.site import api
from pomost.billing.actions import complain, correct_invoice, make_invoice, propose_estimate
from pomost.billing.models import Complaint, Correction, Estimate, Invoice
from pomost.config.middleware import CLOCK_KEY
from pomost.contracts.calendar_edits import override_calendar
from pomost.contracts.models import CalendarEdit, Contract, TermsVersion
from pomost.files.models import Version
from pomost.journal.models import Fact
from pomost.people.actions import issue_token, set_presence
from pomost.people.models import Person, Token
from pomost.remote.actions import answer, ring
from pomost.remote.models import RemoteSession
from pomost.tickets import actions
from pomost.tickets.models import Absence, KnownError, Release, Restriction, Ticket
from pomost.webhooks.actions import subscribe
from pomost.webhooks.models import Delivery
from pomost.worklog.actions import enter_call

WARSAW = ZoneInfo("Europe/Warsaw")
REFUSAL = """
[[refusal]]
id = "conduct"
effect = "may-end"
clause = "1.1"
name = { pl = "Obraza", ru = "Оскорбления", en = "Offensive conduct" }
"""
NOW = datetime(2026, 6, 15, 12, tzinfo=WARSAW)


class FixedClock:
    """A desk's clock that stands still."""

    def now(self) -> datetime:
        return NOW

    def monotonic_ms(self) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class Scene:
    """One of everything at the desk of one vendor; all of it is Ada's customer's."""

    cast: Cast
    ticket: Ticket
    estimate: Estimate
    invoice: Invoice
    correction: Correction
    complaint: Complaint
    session: RemoteSession | None
    contract: Contract
    token: Token
    delivery: Delivery
    version: TermsVersion
    absence: Absence
    """Tess's own."""
    exception: CalendarEdit
    restriction: Restriction
    error: KnownError
    release: Release
    file: Version

    def person(self, name: str) -> Person | None:
        """Return the person behind a name of the matrix; None: nobody signed in."""
        if name == "anonymous":
            return None
        found: Person | None = getattr(self.cast, name).person
        assert found is not None
        return found

    def browser(self, name: str, *, checks_csrf: bool = False) -> Client:
        """Return that person's browser at the fixed moment."""
        browser = Client(enforce_csrf_checks=checks_csrf)
        typed(dict[str, object], browser.defaults)[CLOCK_KEY] = FixedClock()
        browser.cookies["language"] = "en"
        person = self.person(name)
        if person is not None:
            browser.force_login(person)
        return browser

    def arguments(self, route: str, pattern: str) -> dict[str, object]:
        """Return what the address needs, all of it Ada's."""
        all_of_them: dict[str, object] = {
            "vendor": self.cast.vendor.slug,
            "number": self._number(route),
            "estimate": self.estimate.pk,
            "invoice": self.invoice.pk,
            "correction": self.correction.pk,
            "customer_id": self.cast.acme.pk,
            "contract_id": self.contract.pk,
            "sequence": self.error.sequence,
            "release_id": self.release.pk,
            "token": "not.signed",
            "secret": "nobodys",
            "restriction_id": self.restriction.pk,
            "version_id": self.version.pk,
            "file_version": self.file.pk,
            "day": "2027-01-01" if route == "portal:terms_changes" else "2024-01-01",
            "key": f"desk-{self.cast.vendor.slug}",
            "token_id": self.token.pk,
            "webhook_id": self.delivery.subscription_id,
            "absence_id": self.absence.pk,
            "calendar": "working-days",
            "year": 2043,
            "edit_id": self.exception.pk,
            "delivery_id": self.delivery.pk,
            "session_id": self.session.pk if self.session else None,
        }
        return {name: value for name, value in all_of_them.items() if f":{name}>" in pattern}

    def _number(self, route: str) -> str:
        if route == "console:correction_pdf":
            return self.correction.number
        return self.invoice.number if route.startswith("console:invoice") else self.ticket.number


def at(hour: int, minute: int = 0, day: int = 15) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=WARSAW)


def make_scene(*, with_session: bool = True) -> Scene:
    """Make a desk with a request in work, a price that waits, an invoice, terms to come and, if asked for, a session."""
    cast = desk_of("satisoft", lambda text: text + REFUSAL)
    published = newer_terms(cast.vendor, "2027-01-01", by=by(cast.owen))
    tess = by(cast.tess)
    done = ask(cast.ada, "remote-help", at(8, day=8), family="subiekt")
    enter_call(
        done, technician=cast.tess, worked_seconds=2400, started_at=at(8, 5, 8), by=tess, at=at(9, day=8)
    )
    done = actions.propose_solution(done, "Done.", technician=cast.tess, by=tess, at=at(9, day=8))
    done = actions.confirm_solution(
        done, contact=cast.ada, channel="portal", by=by(cast.ada), at=at(10, day=8)
    )
    invoice = make_invoice([done], by=by(cast.bela), at=at(9, day=9))
    Invoice.objects.filter(pk=invoice.pk).update(
        pdf=b"%PDF-1.7 kept"
    )  # drawing it anew takes a second each time
    correction = correct_invoice(
        invoice, {1: Decimal("100.00")}, reason="Counted twice.", by=by(cast.bela), at=at(9, day=10)
    )
    Correction.objects.filter(pk=correction.pk).update(pdf=b"%PDF-1.7 kept")
    complaint = complain(
        done, "It broke again.", contact=cast.ada, channel="phone", by=tess, at=at(9, day=11)
    )
    ticket = ask(cast.ada, "remote-help", at(9), family="subiekt")
    ticket = actions.take(ticket, cast.tess, by=tess, at=at(9, 1))
    enter_call(ticket, technician=cast.tess, worked_seconds=2400, started_at=at(9, 5), by=tess, at=at(9, 50))
    set_presence(cast.tess, "free", by=tess, at=at(10))
    session = None
    if with_session:
        session = ring(cast.tess, caller_name="Ada", caller_company="Acme", language="en", at=at(10))
        session = answer(
            session, ticket, technician=cast.tess, fees_paid=(), noted=["phone-call"], by=tess, at=at(10, 1)
        )
    estimate = propose_estimate(
        ticket, technician=cast.tess, more_seconds=3600, reason="It takes longer.", by=tess, at=at(10, 30)
    )
    return Scene(
        cast=cast,
        ticket=ticket,
        estimate=estimate,
        invoice=invoice,
        correction=correction,
        complaint=complaint,
        session=session,
        contract=with_package(cast.acme, "price-list"),
        version=published,
        error=actions.report_error(
            ticket, title={"en": "Nothing is printed"}, symptom={}, by=tess, at=at(10, 40)
        ),
        release=actions.plan_release(
            cast.vendor, version="2.0", family="subiekt", by=by(cast.owen), at=at(10, 45)
        ),
        token=issue_token(owner=cast.owen, name="Seen", scopes=["read"], by=by(cast.owen), at=at(8))[0],
        delivery=_delivery(cast),
        exception=override_calendar(
            cast.vendor,
            "working-days",
            first_day=date(2026, 12, 24),
            last_day=date(2026, 12, 24),
            hours=(),
            by=by(cast.owen),
            at=NOW,
        ),
        absence=actions.note_absence(cast.tess, at(8, day=20), at(9, day=20), by=tess, at=at(8)),
        restriction=_restricted(cast, done),
        file=on_record(ticket, cast.ada, at=at(9, 30)),
    )


def _restricted(cast: Cast, occasion: Ticket) -> Restriction:
    """Return a restriction because of a request that is over, with an appeal that waits."""
    made = actions.restrict(
        occasion,
        scope="request",
        refusal="conduct",
        what_happened="Shouting.",
        until_at=at(0, day=30),
        technician=cast.dora,
        by=by(cast.dora),
        at=at(11),
    )
    actions.appeal_restriction(made, "It was not so.", contact=cast.ada, by=by(cast.ada), at=at(11, 30))
    return made


def _delivery(cast: Cast) -> Delivery:
    """Return a fact that waits to be told to a program of the vendor."""
    made, _secret = subscribe(owner=cast.owen, url="https://example.org/hook", by=by(cast.owen), at=at(8))
    fact = Fact.objects.filter(vendor=cast.vendor.slug).order_by("-pk")[0]
    return Delivery.objects.create(subscription=made, fact=fact, next_try_at=at(23))


def routes() -> dict[str, str]:
    """Return every address of the pages: its name, and its pattern as it is written.

    The operations of the API are for programs: their table is operations.py.
    """
    for_programs = {f"api:{each.name}" for each in api.urls[0] if isinstance(each, URLPattern)}
    found = dict(_walk(get_resolver().url_patterns, "", ""))
    return {name: pattern for name, pattern in found.items() if name not in for_programs}


def _walk(patterns: list[URLPattern | URLResolver], space: str, before: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for each in patterns:
        pattern = f"{before}{each.pattern}"
        if isinstance(each, URLResolver):
            inner = f"{each.namespace}:" if each.namespace else ""
            found += _walk(each.url_patterns, space + inner, pattern)
        else:
            found.append((f"{space}{each.name or pattern}", pattern))
    return found
