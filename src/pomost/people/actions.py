"""Every change to vendors, customers, contacts, technicians and sign-ins: one function a verb.

An action is told who acts and when. Whether `by` may do it has been decided before (people/access.py and the page's
guard). Passwords are kept as argon2 hashes and never recorded.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from pomost.journal.actions import record
from pomost.people.errors import PersonRefused
from pomost.people.keys import new_key
from pomost.people.models import Contact, Customer, Person, Technician, Token, Vendor
from pomost.people.tokens import SCOPES, Written, new_token

LANGUAGES: Final = ("ru", "pl", "en")
PHONE_SIGNS: Final = frozenset("0123456789 +-()/.")
PHONE_DIGITS_MIN: Final = 5
PHONE_DIGITS_MAX: Final = 15
"""E.164 allows no more; fewer than five are an extension, which nobody outside can call."""
USE_NOTED_EVERY: Final = timedelta(minutes=1)


@transaction.atomic
def add_vendor(
    *,
    slug: str,
    name: str,
    mark: str,
    language: str,
    zone: str,
    currency: str,
    sender: str,
    phone: str = "",
    address: str = "",
    tax_id: str = "",
    bank_account: str = "",
    by: str,
    at: datetime,
) -> Vendor:
    """Give a vendor its desk at /slug/ and its own signing key.

    Raises:
        PersonRefused: the address is taken, or language, zone or sender cannot be.
    """
    _known_language(language)
    _mail_address(sender)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise PersonRefused(
            _("There is no time zone “%(zone)s”. Write it like Europe/Warsaw.") % {"zone": zone}
        ) from error
    if Vendor.objects.filter(slug=slug).exists():
        raise PersonRefused(_("The address /%(slug)s/ is taken. Choose another.") % {"slug": slug})
    vendor = Vendor.objects.create(
        slug=slug,
        name=name,
        mark=mark,
        language=language,
        zone=zone,
        currency=currency,
        sender=sender,
        phone=phone,
        address=address,
        tax_id=tax_id,
        bank_account=bank_account,
        signing_key=new_key(),
    )
    record("vendor.added", vendor=slug, subject=f"vendor:{vendor.pk}", by=by, at=at, data={"name": name})
    return vendor


@transaction.atomic
def add_person(
    *, email: str, name: str, language: str, password: str | None, by: str, at: datetime
) -> Person:
    """Let somebody sign in. Without a password they cannot, until one is set.

    Raises:
        PersonRefused: the mail address cannot be, or belongs to another person.
    """
    _known_language(language)
    _mail_address(email)
    if Person.objects.filter(email__iexact=email).exists():
        raise PersonRefused(
            _("Somebody signs in with %(email)s already. Give that person a place instead.")
            % {"email": email}
        )
    person = Person(email=email, name=name, language=language)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    person.save()
    record("person.added", vendor="", subject=f"person:{person.pk}", by=by, at=at, data={"name": name})
    return person


@transaction.atomic
def set_password(person: Person, password: str, *, by: str, at: datetime) -> Person:
    """Give a person another password."""
    person.set_password(password)
    person.save(update_fields=["password"])
    record("person.password-set", vendor="", subject=f"person:{person.pk}", by=by, at=at)
    return person


@transaction.atomic
def add_technician(
    *,
    vendor: Vendor,
    person: Person,
    role: str = Technician.Role.TECHNICIAN,
    speciality: str = "",
    takes_calls: bool = True,
    by: str,
    at: datetime,
) -> Technician:
    """Let a person work for a vendor.

    Raises:
        PersonRefused: they do already.
    """
    if Technician.objects.filter(vendor=vendor, person=person).exists():
        raise PersonRefused(_("%(name)s works here already.") % {"name": person.name})
    technician = Technician.objects.create(
        vendor=vendor, person=person, role=role, speciality=speciality, takes_calls=takes_calls
    )
    record(
        "technician.added",
        vendor=vendor.slug,
        subject=f"technician:{technician.pk}",
        by=by,
        at=at,
        data={"name": person.name, "role": role},
    )
    return technician


@transaction.atomic
def add_customer(
    *,
    vendor: Vendor,
    name: str,
    language: str,
    tax_id: str = "",
    address: str = "",
    product_version: str = "",
    consultant: Technician | None = None,
    by: str,
    at: datetime,
) -> Customer:
    """Note a firm that the vendor supports.

    Raises:
        PersonRefused: the vendor has a customer of that name, or the consultant works elsewhere.
    """
    _known_language(language)
    if Customer.objects.filter(vendor=vendor, name=name).exists():
        raise PersonRefused(_("There is a customer “%(name)s” already. Open that one.") % {"name": name})
    if consultant is not None and consultant.vendor_id != vendor.pk:
        raise PersonRefused(_("%(name)s does not work for this vendor.") % {"name": consultant.person.name})
    customer = Customer.objects.create(
        vendor=vendor,
        name=name,
        language=language,
        tax_id=tax_id,
        address=address,
        product_version=product_version,
        consultant=consultant,
    )
    record(
        "customer.added",
        vendor=vendor.slug,
        subject=f"customer:{customer.pk}",
        by=by,
        at=at,
        data={"name": name},
    )
    return customer


@transaction.atomic
def add_contact(
    *,
    customer: Customer,
    name: str,
    language: str,
    email: str = "",
    phone: str = "",
    person: Person | None = None,
    by: str,
    at: datetime,
) -> Contact:
    """Note somebody at a customer; with a person, they can sign in to the portal.

    Raises:
        PersonRefused: neither mail address nor phone is given, or the mail address cannot be.
    """
    _known_language(language)
    if email:
        _mail_address(email)
    elif not phone:
        raise PersonRefused(
            _("%(name)s has no mail address and no phone. Give one of them.") % {"name": name}
        )
    contact = Contact.objects.create(
        customer=customer, name=name, language=language, email=email, phone=phone, person=person
    )
    record(
        "contact.added",
        vendor=customer.vendor.slug,
        subject=f"contact:{contact.pk}",
        by=by,
        at=at,
        data={"name": name, "customer": customer.pk},
    )
    return contact


@transaction.atomic
def set_contact_phone(contact: Contact, phone: str, *, by: str, at: datetime) -> Contact:
    """Keep the number at which a contact is called. Saying the same again changes and records nothing.

    Raises:
        PersonRefused: it has too few or too many digits for a telephone number, or other signs than such numbers have.
    """
    contact = (
        Contact.objects.select_for_update(of=("self",), no_key=True)
        .select_related("customer__vendor")
        .get(pk=contact.pk)
    )
    kept = " ".join(phone.split())
    digits = sum(letter.isdigit() for letter in kept)
    if not set(kept) <= PHONE_SIGNS or not PHONE_DIGITS_MIN <= digits <= PHONE_DIGITS_MAX:
        raise PersonRefused(
            _("“%(phone)s” is not a telephone number. Write it like +48 000 000 000.") % {"phone": kept}
        )
    if contact.phone == kept:
        return contact
    contact.phone = kept
    contact.save(update_fields=["phone"])
    record(
        "contact.phone-set",
        vendor=contact.customer.vendor.slug,
        subject=f"contact:{contact.pk}",
        by=by,
        at=at,
    )
    return contact


@transaction.atomic
def set_presence(technician: Technician, presence: str, *, by: str, at: datetime) -> Technician:
    """Say whether a technician can be called. Saying the same again changes and records nothing."""
    technician = (
        Technician.objects.select_for_update(no_key=True)
        .select_related("vendor", "person")
        .get(pk=technician.pk)
    )
    wanted = Technician.Presence(presence)
    if technician.presence == wanted:
        return technician
    technician.presence, technician.presence_at = wanted, at
    technician.save(update_fields=["presence", "presence_at"])
    record(
        "technician.presence",
        vendor=technician.vendor.slug,
        subject=f"technician:{technician.pk}",
        by=by,
        at=at,
        data={"presence": wanted.value},
    )
    return technician


@transaction.atomic
def issue_token(
    *,
    owner: Technician,
    name: str,
    scopes: Collection[str],
    expires_at: datetime | None = None,
    by: str,
    at: datetime,
) -> tuple[Token, Written]:
    """Make a token for a program of the vendor's; return it with its secret, which nobody can read again.

    Raises:
        PersonRefused: the name is missing or taken, no scope or an unknown one is given, or it would never hold.
    """
    kept = " ".join(name.split())
    if not kept:
        raise PersonRefused(_("Give the token a name, so that the journal can say who did it."))
    if not scopes or not set(scopes) <= set(SCOPES):
        raise PersonRefused(_("Choose what the token may do: %(scopes)s.") % {"scopes": ", ".join(SCOPES)})
    if expires_at is not None and expires_at <= at:
        raise PersonRefused(_("The token would have expired already. Choose a later day."))
    if Token.objects.filter(vendor_id=owner.vendor_id, name=kept, revoked_at=None).exists():
        raise PersonRefused(_("There is a token “%(name)s” already. Revoke that one first.") % {"name": kept})
    written = new_token()
    token = Token.objects.create(
        vendor=owner.vendor,
        name=kept,
        scopes=[scope for scope in SCOPES if scope in scopes],
        prefix=written.prefix,
        secret_sha256=written.secret_sha256,
        created_by=owner,
        created_at=at,
        expires_at=expires_at,
    )
    data = {"name": kept, "scopes": token.scopes, "prefix": token.prefix}
    record("token.issued", vendor=owner.vendor.slug, subject=f"token:{token.pk}", by=by, at=at, data=data)
    return token, written


@transaction.atomic
def revoke_token(token: Token, *, by: str, at: datetime) -> Token:
    """Let a token open nothing any more. Revoking it again changes and records nothing."""
    token = (
        Token.objects.select_for_update(of=("self",), no_key=True).select_related("vendor").get(pk=token.pk)
    )
    if token.revoked_at is not None:
        return token
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    record(
        "token.revoked",
        vendor=token.vendor.slug,
        subject=f"token:{token.pk}",
        by=by,
        at=at,
        data={"name": token.name},
    )
    return token


def note_use(token: Token, *, at: datetime) -> None:
    """Keep when a token was last used, to the minute. It leaves no fact: what it did leaves its own."""
    if token.last_used_at is None or token.last_used_at <= at - USE_NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=at)


def _known_language(language: str) -> None:
    if language not in LANGUAGES:
        raise PersonRefused(
            _("The desk does not speak “%(language)s”. Choose ru, pl or en.") % {"language": language}
        )


def _mail_address(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise PersonRefused(
            _("“%(address)s” is not a mail address. Write it like name@example.org.") % {"address": address}
        ) from error
