"""The people of the demo: what `data/vendors/*.toml` says of them, and how they come onto the desk.

Owns: reading those files, adding vendors and their people by the apps' actions. Does not own: what happens to them (story.py).
Refuses: keys that it does not know.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pomost.contracts.actions import add_contract, publish_terms
from pomost.contracts.public_holidays import public_holidays
from pomost.contracts.shipped_terms import SHIPPED_TERMS
from pomost.people.actions import add_contact, add_customer, add_person, add_technician, add_vendor
from pomost.people.models import Contact, Person, Technician, Vendor
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parse import parse_terms

VENDORS: Final = Path(__file__).with_name("data") / "vendors"
CONTRACT_BEGAN_DAYS: Final = 200
CONTRACT_DAYS: Final = 365
PASSWORD: Final = "pomost-demo"  # noqa: S105  # of invented people in the demo's own folder; printed on the terminal
BY: Final = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicianSpec:
    """Somebody of the vendor. `signs_in`: has the demo's password."""

    key: str
    name: str
    email: str
    speciality: str
    role: str = "technician"
    takes_calls: bool = True
    signs_in: bool = False
    presence: str = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSpec:
    """Somebody of a customer."""

    key: str
    name: str
    email: str = ""
    phone: str = ""
    signs_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSpec:
    """A customer with its people and, where the terms know packages, its contract."""

    key: str
    name: str
    contacts: tuple[ContactSpec, ...]
    version: str = ""
    tax_id: str = ""
    address: str = ""
    consultant: str = ""
    contract: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VendorFile:
    """One file: people, and the requests as they stand (story.py reads them)."""

    slug: str
    bank_account: str
    technicians: tuple[TechnicianSpec, ...]
    customers: tuple[CustomerSpec, ...]
    tickets: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """A vendor that stands on the desk, with its people by their keys."""

    vendor: Vendor
    terms: Terms
    technicians: Mapping[str, Technician]
    contacts: Mapping[str, Contact]


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody whom a stranger can be, for the table on the terminal."""

    vendor: str
    who: str
    name: str
    email: str


def vendor_files() -> list[VendorFile]:
    """Read what the demo knows of each vendor, in the order of their addresses."""
    return [_read(file) for file in sorted(VENDORS.glob("*.toml"))]


def _read(file: Path) -> VendorFile:
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    customers = tuple(_customer(table) for table in read.pop("customers"))
    technicians = tuple(TechnicianSpec(**table) for table in read.pop("technicians"))
    tickets = tuple(read.pop("tickets", ()))
    bank_account = read.pop("bank_account", "")
    if read:
        raise ValueError(f"{file.name} has {', '.join(read)}, which mean nothing here.")
    return VendorFile(file.stem, bank_account, technicians, customers, tickets)


def _customer(table: Mapping[str, Any]) -> CustomerSpec:
    contacts = tuple(ContactSpec(**contact) for contact in table["contacts"])
    return CustomerSpec(**(dict(table) | {"contacts": contacts}))


def sign_ins(files: Sequence[VendorFile]) -> list[SignIn]:
    """Return who can sign in, staff before customers, a vendor at a time."""
    found = []
    for file in files:
        found += [
            SignIn(file.slug, each.role, each.name, each.email) for each in file.technicians if each.signs_in
        ]
        contacts = [contact for customer in file.customers for contact in customer.contacts]
        found += [SignIn(file.slug, "customer", each.name, each.email) for each in contacts if each.signs_in]
    return found


def enter(file: VendorFile, at: datetime) -> Cast:
    """Add the vendor with its terms and people to the desk, as of `at`.

    Raises:
        Refused: something of it is there already, or does not fit the terms.
    """
    text = (SHIPPED_TERMS / f"{file.slug}.toml").read_text(encoding="utf-8")
    terms = parse_terms(text, f"{file.slug}.toml", public_holidays)
    about = terms.vendor
    vendor = add_vendor(
        slug=about.slug,
        name=about.name,
        mark=about.mark,
        language=about.languages[0],
        zone=about.zone,
        currency=about.currency,
        sender=about.email,
        phone=about.phone,
        address=f"{about.legal_name}\n{about.address}",
        tax_id=about.tax_id,
        bank_account=file.bank_account,
        by=BY,
        at=at,
    )
    publish_terms(vendor, text, by=BY, at=at)
    technicians = {each.key: _add_technician(vendor, each, at) for each in file.technicians}
    contacts: dict[str, Contact] = {}
    for spec in file.customers:
        contacts |= _add_customer(vendor, spec, technicians, at)
    return Cast(vendor, terms, technicians, contacts)


def _person(name: str, email: str, language: str, *, signs_in: bool, at: datetime) -> Person:
    password = PASSWORD if signs_in else None
    return add_person(email=email, name=name, language=language, password=password, by=BY, at=at)


def _add_technician(vendor: Vendor, spec: TechnicianSpec, at: datetime) -> Technician:
    person = _person(spec.name, spec.email, vendor.language, signs_in=spec.signs_in, at=at)
    return add_technician(
        vendor=vendor,
        person=person,
        role=spec.role,
        speciality=spec.speciality,
        takes_calls=spec.takes_calls,
        by=BY,
        at=at,
    )


def _add_customer(
    vendor: Vendor, spec: CustomerSpec, technicians: Mapping[str, Technician], at: datetime
) -> dict[str, Contact]:
    customer = add_customer(
        vendor=vendor,
        name=spec.name,
        language=vendor.language,
        tax_id=spec.tax_id,
        address=spec.address,
        product_version=spec.version,
        consultant=technicians[spec.consultant] if spec.consultant else None,
        by=BY,
        at=at,
    )
    if spec.contract:
        began = at.date() - timedelta(days=CONTRACT_BEGAN_DAYS)
        until = began + timedelta(days=CONTRACT_DAYS)
        add_contract(customer=customer, valid_from=began, valid_until=until, by=BY, at=at, **spec.contract)
    contacts = {}
    for each in spec.contacts:
        person = (
            _person(each.name, each.email, vendor.language, signs_in=True, at=at) if each.signs_in else None
        )
        contacts[each.key] = add_contact(
            customer=customer,
            name=each.name,
            language=vendor.language,
            email=each.email,
            phone=each.phone,
            person=person,
            by=BY,
            at=at,
        )
    return contacts
