"""A vendor's desk that is used by its pages alone: people with browsers, at moments that the story names.

Nothing here calls an action of the product, except for the contract that a customer brings along.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast as typed
from zoneinfo import ZoneInfo

from django.test import Client

from people import Cast, desk_of, with_package
from pomost.billing.models import Invoice
from pomost.config.middleware import CLOCK_KEY
from pomost.people.models import Contact, Technician
from pomost.tickets.models import Ticket
from portal.scene import MovedClock, fields, words


class Pages:
    """The desk, and what its people do on its pages."""

    def __init__(self, slug: str, package: str = "", *, shown: bool = True) -> None:
        self.cast: Cast = desk_of(slug)
        self.slug = slug
        self.zone = ZoneInfo(self.cast.vendor.zone)
        if package:
            with_package(self.cast.acme, package, shown=shown)
        for person in (self.cast.tess, self.cast.dora, self.cast.bela, self.cast.owen, self.cast.ada):
            assert person.person is not None
            person.person.language = "en"
            person.person.save(update_fields=["language"])
        # The language of what the desk writes to the customer, such as the lines of an invoice.
        type(self.cast.acme).objects.filter(pk=self.cast.acme.pk).update(language="en")
        self.cast.acme.refresh_from_db()

    def at(self, text: str) -> datetime:
        """Return a moment by the vendor's wall clock, `2026-06-16 10:02`."""
        return datetime.fromisoformat(text).replace(tzinfo=self.zone)

    def browser(self, person: Contact | Technician, at: str) -> Client:
        """Return somebody's browser at a moment; whose it is decides whether it opens the portal or the console."""
        browser = Client()
        typed(dict[str, object], browser.defaults)[CLOCK_KEY] = MovedClock(self.at(at))
        browser.cookies["language"] = "en"
        assert person.person is not None
        browser.force_login(person.person)
        return browser

    def _address(self, person: Contact | Technician, below: str) -> str:
        return f"/{self.slug}/{'console/' if isinstance(person, Technician) else ''}{below}"

    def see(self, person: Contact | Technician, at: str, below: str) -> str:
        """Return what a person reads on a page."""
        return words(self.html(person, at, below))

    def html(self, person: Contact | Technician, at: str, below: str) -> str:
        """Return a page."""
        answer = self.browser(person, at).get(self._address(person, below))
        assert answer.status_code == 200, f"{below} answers {answer.status_code}"
        return answer.content.decode()

    def send(
        self, person: Contact | Technician, at: str, below: str, status: int = 302, /, **typed_in: object
    ) -> str:
        """Send a form and return what a person reads then."""
        answer = self.browser(person, at).post(self._address(person, below), typed_in)
        said = words(answer.content.decode())
        assert answer.status_code == status, f"{below} answers {answer.status_code}: {said[:1500]}"
        return said

    def asked(self, at: str, **typed_in: object) -> Ticket:
        """Let Ada ask in the portal."""
        known = set(Ticket.objects.values_list("pk", flat=True))
        text = {"subject": "It does not print", "text": "Since this morning."}
        self.send(self.cast.ada, at, "requests/new/", **(text | typed_in))
        return Ticket.objects.exclude(pk__in=known).get()

    def called(self, at: str, **typed_in: object) -> Ticket:
        """Let Tess note a call of Ada's."""
        known = set(Ticket.objects.values_list("pk", flat=True))
        text = {"contact": self.cast.ada.pk, "subject": "It does not print", "text": "Since this morning."}
        self.send(self.cast.tess, at, "calls/new/", **(text | typed_in))
        return Ticket.objects.exclude(pk__in=known).get()

    def staff(self, at: str, ticket: Ticket, verb: str, status: int = 302, /, **typed_in: object) -> str:
        """Let Tess press a button on the ticket's page."""
        return self.send(self.cast.tess, at, f"tickets/{ticket.number}/{verb}/", status, **typed_in)

    def customer(self, at: str, ticket: Ticket, verb: str, status: int = 302, /, **typed_in: object) -> str:
        """Let Ada press a button on the request's page."""
        return self.send(self.cast.ada, at, f"requests/{ticket.number}/{verb}/", status, **typed_in)

    def worked(self, at: str, ticket: Ticket, minutes: int) -> None:
        """Let Tess enter work on the phone that ends at this moment."""
        self.staff(at, ticket, "work", source="call", minutes=minutes, note="Rebuilt the index.")

    def solved(self, at: str, ticket: Ticket) -> None:
        """Let Tess propose a solution and Ada say yes to it."""
        self.staff(at, ticket, "solve", text="Done.")
        self.customer(at, ticket, "confirm")

    def words_asked(self, at: str, ticket: Ticket, name: str = "words") -> str:
        """Return the hash of the words that Ada's page asks her about."""
        page = self.html(self.cast.ada, at, f"requests/{ticket.number}/")
        return fields(page, name)[0]["value"]

    def priced(self, at: str, ticket: Ticket, hours: str, *, yes: bool) -> str:
        """Let Tess name the price of so many hours more, and Ada answer on her page; return what her page asked."""
        self.staff(at, ticket, "estimate", more_hours=hours, reason="The index is broken.")
        seen = self.see(self.cast.ada, at, f"requests/{ticket.number}/")
        estimate = ticket.estimates.get(state="proposed")
        self.customer(
            at,
            ticket,
            f"estimates/{estimate.pk}",
            answer="yes" if yes else "no",
            words=self.words_asked(at, ticket),
        )
        return seen

    def invoice(self, at: str, *tickets: Ticket, status: int = 302) -> str:
        """Let the bookkeeper invoice requests; return what her page says then, the refusal or the newest invoice."""
        numbers = [each.number for each in tickets]
        said = self.send(self.cast.bela, at, "invoices/new/", status, ticket=numbers)
        if status != 302:
            return said
        newest = Invoice.objects.latest("pk")
        return self.see(self.cast.bela, at, f"invoices/{newest.number}/")
