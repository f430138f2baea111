"""Opens a desk for one story: `python prepare.py VENDOR MOMENT [no-contract]`, in the database of POMOST_DATA. Made by actions alone.

Prints what the story needs to know as JSON. The people are plainly invented; the password is the tests' own.
"""

import json
import os
import sys
from datetime import date, datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pomost.config.settings")

import django

django.setup()

from django.core.management import call_command

from pomost.contracts.actions import add_contract, publish_terms
from pomost.contracts.public_holidays import public_holidays
from pomost.people import actions
from pomost.people.models import Technician
from pomost.rules.terms.parse import parse_terms

TERMS = Path(__file__).resolve().parents[2] / "terms"
PASSWORD = "a story of our own"

STAFF = {
    "satisoft": ("Ewa Przykładowa", "pl"),
    "bonus": ("Лидия Выдумкина", "ru"),
    "centaur": ("Игорь Небылицын", "ru"),
}
CUSTOMERS = {
    "satisoft": ("Zmyślona Piekarnia s.c.", "Marta Zmyślona", "", ""),
    "bonus": ("ТСЖ «Примерное»", "Семён Мнимый", "licence", "Л-77"),
    "centaur": ("АО «Образец-Логистика»", "Ольга Примерная", "extended", "Р-118"),
}


def main() -> None:
    slug, moment, *options = sys.argv[1:]
    at = datetime.fromisoformat(moment)
    call_command("migrate", verbosity=0)
    text = (TERMS / f"{slug}.toml").read_text()
    terms = parse_terms(text, f"{slug}.toml", public_holidays)
    about = terms.vendor
    vendor = actions.add_vendor(
        slug=slug,
        name=about.name,
        mark=about.mark,
        language=about.languages[0],
        zone=about.zone,
        currency=about.currency,
        sender=about.email,
        phone=about.phone,
        address=about.address,
        tax_id=about.tax_id,
        by="system",
        at=at,
    )
    publish_terms(vendor, text, by="system", at=at)
    name, language = STAFF[slug]
    person = actions.add_person(
        email="staff@example.org", name=name, language=language, password=PASSWORD, by="system", at=at
    )
    technician = actions.add_technician(
        vendor=vendor, person=person, role=Technician.Role.OWNER, by="system", at=at
    )
    firm, contact_name, package, number = CUSTOMERS[slug]
    customer = actions.add_customer(
        vendor=vendor,
        name=firm,
        language=language,
        address="ul. Przykładowa 1" if language == "pl" else "ул. Примерная, 1",
        consultant=technician if slug == "bonus" else None,
        by="system",
        at=at,
    )
    signs_in = actions.add_person(
        email="customer@example.org",
        name=contact_name,
        language=language,
        password=PASSWORD,
        by="system",
        at=at,
    )
    contact = actions.add_contact(
        customer=customer,
        name=contact_name,
        language=language,
        email="customer@example.org",
        phone="+48 000 000 512",
        person=signs_in,
        by="system",
        at=at,
    )
    if number and "no-contract" not in options and any(each.id == package for each in terms.packages):
        add_contract(
            customer=customer, number=number, package=package, valid_from=date(2026, 1, 1), by="system", at=at
        )
    print(
        json.dumps(
            {
                "technician": technician.pk,
                "contact": contact.pk,
                "customer": customer.pk,
                "password": PASSWORD,
            }
        )
    )


if __name__ == "__main__":
    main()
