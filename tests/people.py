"""The cast of the tests: one desk with its staff and two customers, and a neighbour's desk.

Tess the technician works here; Ada of the customer Acme asks; Boris is of another customer and must see nothing of
Ada's; Nils works for the neighbour and must see nothing at all.
"""

import tomllib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pomost.contracts.actions import add_contract, publish_terms
from pomost.contracts.models import Contract, TermsVersion
from pomost.people import actions
from pomost.people.models import Contact, Customer, Technician, Vendor
from pomost.tickets.actions import ConsentGiven, Slot, register
from pomost.tickets.models import Ticket

TERMS = Path(__file__).resolve().parent.parent / "terms"

BEFORE = datetime(2026, 1, 2, 8, tzinfo=UTC)
"""When everybody came: before any story begins."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is there."""

    vendor: Vendor
    tess: Technician
    dora: Technician
    """The dispatcher."""
    bela: Technician
    """The bookkeeper."""
    owen: Technician
    """The owner."""
    acme: Customer
    ada: Contact
    borealis: Customer
    boris: Contact
    neighbour: Vendor
    nils: Technician


def by(person: Technician | Contact) -> str:
    """Return the person as the journal names them."""
    return f"{'technician' if isinstance(person, Technician) else 'contact'}:{person.pk}"


def cast(
    slug: str = "harbour", *, language: str = "en", zone: str = "Europe/Warsaw", currency: str = "EUR"
) -> Cast:
    """Make the cast. Nobody has a password: tests sign people in without one."""
    vendor = vendor_of(slug, language=language, zone=zone, currency=currency)
    neighbour = vendor_of("neighbour", language=language, zone=zone, currency=currency)
    acme, ada = customer_of(vendor, "Acme", "Ada", language)
    borealis, boris = customer_of(vendor, "Borealis", "Boris", language)
    return Cast(
        vendor=vendor,
        tess=technician_of(vendor, "Tess", Technician.Role.TECHNICIAN),
        dora=technician_of(vendor, "Dora", Technician.Role.DISPATCHER),
        bela=technician_of(vendor, "Bela", Technician.Role.BOOKKEEPER),
        owen=technician_of(vendor, "Owen", Technician.Role.OWNER),
        acme=acme,
        ada=ada,
        borealis=borealis,
        boris=boris,
        neighbour=neighbour,
        nils=technician_of(neighbour, "Nils", Technician.Role.OWNER),
    )


def vendor_of(slug: str, *, language: str, zone: str, currency: str) -> Vendor:
    """Make a vendor."""
    return actions.add_vendor(
        slug=slug,
        name=slug.title(),
        mark=slug[0].upper(),
        language=language,
        zone=zone,
        currency=currency,
        sender=f"support@{slug}.example.org",
        by="system",
        at=BEFORE,
    )


def technician_of(vendor: Vendor, name: str, role: Technician.Role) -> Technician:
    """Make somebody who works for a vendor."""
    person = actions.add_person(
        email=f"{name.lower()}@{vendor.slug}.example.org",
        name=name,
        language=vendor.language,
        password=None,
        by="system",
        at=BEFORE,
    )
    return actions.add_technician(vendor=vendor, person=person, role=role, by="system", at=BEFORE)


def customer_of(vendor: Vendor, firm: str, name: str, language: str) -> tuple[Customer, Contact]:
    """Make a customer with one contact who can sign in, be written to and be called."""
    customer = actions.add_customer(vendor=vendor, name=firm, language=language, by="system", at=BEFORE)
    email = f"{name.lower()}@{firm.lower()}.example.org"
    person = actions.add_person(
        email=email, name=name, language=language, password=None, by="system", at=BEFORE
    )
    contact = actions.add_contact(
        customer=customer,
        name=name,
        language=language,
        email=email,
        phone="+48 000 000 001",
        person=person,
        by="system",
        at=BEFORE,
    )
    return customer, contact


def desk_of(slug: str, edit: Callable[[str], str] = str) -> Cast:
    """Make the cast at the desk of one of the vendors in terms/, with its terms in force, edited if asked for."""
    text = edit((TERMS / f"{slug}.toml").read_text(encoding="utf-8"))
    vendor = tomllib.loads(text)["vendor"]
    made = cast(slug, language=vendor["languages"][0], zone=vendor["zone"], currency=vendor["currency"])
    publish_terms(made.vendor, text, by="system", at=BEFORE)
    return made


def with_package(customer: Customer, package: str, *, shown: bool = True) -> Contract:
    """Give a customer a contract for all of 2026."""
    return add_contract(
        customer=customer,
        number=f"K-{customer.pk}",
        package=package,
        shown=shown,
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 12, 31),
        by="system",
        at=BEFORE,
    )


def ask(
    contact: Contact,
    service: str,
    at: datetime,
    *,
    family: str = "",
    severity: str = "",
    registered_at: datetime | None = None,
    parts: Collection[str] = (),
    consents: Sequence[ConsentGiven] = (),
    slot: Slot | None = None,
) -> Ticket:
    """Let a contact ask for a service in the portal."""
    return register(
        vendor=contact.customer.vendor,
        contact=contact,
        channel="portal",
        subject="It does not work",
        text="I pressed the button and nothing came.",
        service=service,
        family=family,
        severity=severity,
        parts=parts,
        consents=consents,
        slot=slot,
        received_at=at,
        by=by(contact),
        at=registered_at or at,
    )


def newer_terms(
    vendor: Vendor, day: str, *edits: tuple[str, str], version: str = "2", by: str = "technician:1"
) -> TermsVersion:
    """Publish a later version of the vendor's shipped terms, with some of their text replaced."""
    text = (TERMS / f"{vendor.slug}.toml").read_text(encoding="utf-8")
    for old, new in (
        ('version = "1"', f'version = "{version}"'),
        ("from = 2024-01-01", f"from = {day}"),
        *edits,
    ):
        assert old in text, f"{vendor.slug}.toml does not say {old!r}."
        text = text.replace(old, new, 1)
    return publish_terms(vendor, text, by=by, at=BEFORE)
