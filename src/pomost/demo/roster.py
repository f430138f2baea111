"""Who is in the demo: what `data/vendors/*.toml` says of vendors' people, customers and requests.

Owns: reading those files, without Django. Does not own: how people come onto the desk (cast.py), what happens (story.py).
Refuses: keys that it does not know.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

VENDORS: Final = Path(__file__).with_name("data") / "vendors"
PASSWORD: Final = "pomost-demo"  # noqa: S105  # of invented people in the demo's own folder; printed on the terminal


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
    allowance: Mapping[str, str] = field(default_factory=dict)
    """What the contract gives: `unit`, `amount`, `period`, `carry`; empty where it names nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSpec:
    """A release. `out`: days since it came out, `outdated`: days since it is outdated, `due`: days until it is expected."""

    version: str
    family: str = ""
    out: int = 0
    outdated: int = 0
    due: int = 0
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorSpec:
    """A known error by its key, its words by language, and the release that mends it, or is to."""

    key: str
    title: Mapping[str, str]
    symptom: Mapping[str, str] = field(default_factory=dict)
    workaround: Mapping[str, str] = field(default_factory=dict)
    found_in: str = ""
    release: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceSpec:
    """Somebody of the vendor is not there: noted at `at`, from `starts` on for so many days or hours."""

    who: str
    at: str
    starts: str
    reason: str
    days: int = 0
    hours: int = 0


@dataclass(frozen=True, slots=True)
class VendorFile:
    """One file: people, and the requests as they stand (story.py reads them)."""

    slug: str
    bank_account: str
    technicians: tuple[TechnicianSpec, ...]
    customers: tuple[CustomerSpec, ...]
    tickets: tuple[Mapping[str, Any], ...]
    releases: tuple[ReleaseSpec, ...]
    errors: tuple[ErrorSpec, ...]
    absences: tuple[AbsenceSpec, ...]
    draft: Mapping[str, str]
    """Texts of the terms and what the owner's draft says in their place; empty: nobody writes one."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody whom a stranger can be, for the table on the terminal."""

    vendor: str
    role: str
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
    releases = tuple(ReleaseSpec(**table) for table in read.pop("releases", ()))
    errors = tuple(ErrorSpec(**table) for table in read.pop("errors", ()))
    absences = tuple(AbsenceSpec(**table) for table in read.pop("absences", ()))
    draft = {each["old"]: each["new"] for each in read.pop("draft", ())}
    if read:
        raise ValueError(f"{file.name} has {', '.join(read)}, which mean nothing here.")
    return VendorFile(
        file.stem, bank_account, technicians, customers, tickets, releases, errors, absences, draft
    )


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
