"""Bringing the desk up: the database to its newest shape, a first vendor and owner, the server.

The command line names this module by a string, so that what needs no desk (`pomost terms`) never loads Django.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pomost.config.settings")

import django

django.setup()

from pathlib import Path  # noqa: E402

import uvicorn  # noqa: E402
from django.contrib.auth.password_validation import validate_password  # noqa: E402
from django.core.exceptions import ValidationError  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import NotSupportedError, connection, transaction  # noqa: E402

from pomost.config.database import refuse_unusable  # noqa: E402
from pomost.config.errors import CannotStart  # noqa: E402
from pomost.config.server import SERVER_OPTIONS  # noqa: E402
from pomost.contracts.actions import publish_terms  # noqa: E402
from pomost.contracts.public_holidays import public_holidays  # noqa: E402
from pomost.people.actions import add_person, add_technician, add_vendor  # noqa: E402
from pomost.people.errors import Refused  # noqa: E402
from pomost.people.models import Person, Technician, Vendor  # noqa: E402
from pomost.rules.terms.parse import parse_terms  # noqa: E402
from pomost.rules.terms.problems import TermsInvalid  # noqa: E402
from pomost.wire.clock import SystemClock  # noqa: E402

REFUSALS = (Refused, ValidationError, TermsInvalid, UnicodeDecodeError)
"""What `add_vendor_from` raises when the input cannot be used; nothing is kept then."""


def bring_up_to_date() -> None:
    """Give the database the tables of this release. Harmless when it has them.

    Raises:
        CannotStart: the database does not answer, is too old, or was made for other letters than people write in.
    """
    if connection.vendor == "postgresql":
        refuse_unusable(connection.settings_dict)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except NotSupportedError as too_old:
        raise CannotStart(f"The database cannot be used: {too_old}") from too_old


def serve(host: str, port: int) -> None:
    """Serve the desk until interrupted.

    Raises:
        CannotStart: the database cannot be used.
    """
    bring_up_to_date()
    uvicorn.run("pomost.config.asgi:application", host=host, port=port, **SERVER_OPTIONS)


def add_vendor_from(file: Path, *, owner_name: str, owner_email: str, password: str) -> Vendor:
    """Open a desk for the vendor of a terms file, with its owner as the first person.

    Raises:
        TermsInvalid: the file has problems; each is named.
        ValidationError: the password is too weak.
        PersonRefused: the vendor's address or the owner's mail address is taken.
        CannotStart: the database cannot be used.
    """
    bring_up_to_date()
    text = file.read_text(encoding="utf-8")
    about = parse_terms(text, file.name, public_holidays).vendor
    now = SystemClock().now()
    language = about.languages[0]
    with transaction.atomic():
        person = Person.objects.filter(email__iexact=owner_email).first()
        if person is None:
            validate_password(password, Person(email=owner_email, name=owner_name, language=language))
            person = add_person(
                email=owner_email, name=owner_name, language=language, password=password, by="system", at=now
            )
        vendor = add_vendor(
            slug=about.slug,
            name=about.name,
            mark=about.mark,
            language=language,
            zone=about.zone,
            currency=about.currency,
            sender=about.email,
            phone=about.phone,
            address=about.address,
            tax_id=about.tax_id,
            by="system",
            at=now,
        )
        publish_terms(vendor, text, by="system", at=now)
        add_technician(vendor=vendor, person=person, role=Technician.Role.OWNER, by="system", at=now)
    return vendor
