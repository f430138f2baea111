"""The people of the demo come onto the desk, by the apps' actions.

Owns: that. Does not own: who they are (roster.py), what happens to them (story.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from pomost.contracts.actions import add_contract, publish_terms
from pomost.contracts.drafts import save_draft, start_draft
from pomost.contracts.models import TermsVersion
from pomost.contracts.public_holidays import public_holidays
from pomost.contracts.quotas import set_allowance
from pomost.contracts.shipped_terms import SHIPPED_TERMS
from pomost.demo.roster import PASSWORD, CustomerSpec, TechnicianSpec, VendorFile
from pomost.people.actions import add_contact, add_customer, add_person, add_technician, add_vendor
from pomost.people.models import Contact, Person, Technician, Vendor
from pomost.rules.quota import Beyond, Carry, Grant, Period
from pomost.rules.tariff import QuotaUnit
from pomost.rules.terms.model import Terms
from pomost.rules.terms.parse import parse_terms

CONTRACT_BEGAN_DAYS: Final = 200
CONTRACT_DAYS: Final = 365
BY: Final = "system"


@dataclass(frozen=True, slots=True)
class Cast:
    """A vendor that stands on the desk, with its people by their keys."""

    vendor: Vendor
    terms: Terms
    technicians: Mapping[str, Technician]
    contacts: Mapping[str, Contact]


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
        address=about.address,
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


def begin_draft(file: VendorFile, cast: Cast, at: datetime) -> None:
    """Let the owner have begun the next version of the terms, from the first day of the month after next.

    Raises:
        ValueError: the file changes a text that the terms do not have.
    """
    if not file.draft:
        return
    published = TermsVersion.objects.get(vendor=cast.vendor)
    owner = next(each for each in file.technicians if each.role == Technician.Role.OWNER)
    by = f"technician:{cast.technicians[owner.key].pk}"
    month = at.year * 12 + at.month + 1
    draft = start_draft(published, version="2", first_day=date(month // 12, month % 12 + 1, 1), by=by, at=at)
    text = draft.text
    for old, new in file.draft.items():
        if old not in text:
            raise ValueError(f"The draft of {file.slug} changes {old!r}, which its terms do not say.")
        text = text.replace(old, new)
    save_draft(draft, text, edition=draft.edition, by=by, at=at)


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


def _grant(allowance: Mapping[str, str], valid_from: date) -> Grant:
    unit: QuotaUnit = "hours" if allowance["unit"] == "hours" else "requests"
    period, carry = Period(allowance["period"]), Carry(allowance["carry"])
    return Grant(unit, Decimal(allowance["amount"]), period, carry, Beyond.ASK, valid_from)


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
        contract = add_contract(
            customer=customer, valid_from=began, valid_until=until, by=BY, at=at, **spec.contract
        )
        if spec.allowance:
            set_allowance(contract, _grant(spec.allowance, began), by=BY, at=at)
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
