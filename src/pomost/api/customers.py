"""Customers, their contacts and contracts, and who works here: lists, single ones, new ones."""

import re
from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import Field

from pomost.api.guard import READ, WRITE
from pomost.api.named import named_in_body
from pomost.api.once import changes
from pomost.api.quotas import contract_of
from pomost.api.requests import ApiRequest, actor
from pomost.api.shapes import Paged, cut
from pomost.api.values import NO_NUL, Day, Given, Id, Key, Told
from pomost.contracts.actions import add_contract, set_shown
from pomost.contracts.models import Contract
from pomost.people import access, actions
from pomost.people.models import Contact, Customer, Technician

router = Router(tags=["Customers"])

Language = Literal["en", "pl", "ru"]


def short(most: int) -> Any:
    """Return the field of a short text that may be left out."""
    return Field("", max_length=most, pattern=NO_NUL)


class CustomerTold(Told):
    """A firm that the vendor supports."""

    id: int
    name: str
    language: str = Field(description="Of its documents.")
    tax_id: str
    address: str
    product_version: str
    consultant: int | None = Field(description="Id of its own technician.")


class CustomerFilter(Paged):
    """Which customers."""

    name: str = Field(
        "", max_length=160, pattern=NO_NUL, description="Part of the name, in any case of letters."
    )


class CustomerList(Told):
    """A page of customers, in the order in which they came."""

    items: list[CustomerTold]
    next: str | None = Field(description="Give it as `after` for the next page; null: there is none.")


class CustomerGiven(Given):
    """A new customer."""

    name: Annotated[str, Field(min_length=1, max_length=160, pattern=r"^[^\x00]*\S[^\x00]*$")]
    language: Language
    tax_id: Annotated[str, short(20)] = ""
    address: Annotated[str, short(500)] = ""
    product_version: Annotated[str, short(40)] = ""
    consultant: Id | None = None


class ContactTold(Told):
    """Somebody at a customer."""

    id: int
    customer: int
    name: str
    email: str
    phone: str
    language: str
    can_sign_in: bool = Field(description="May they use the portal?")


class ContactList(Told):
    """All contacts of a customer, by name."""

    items: list[ContactTold]


class ContactGiven(Given):
    """A new contact; a mail address or a phone is needed."""

    name: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*\S[^\x00]*$")]
    language: Language
    email: Annotated[str, short(254)] = ""
    phone: Annotated[str, short(40)] = ""


class ContractTold(Told):
    """What a customer has: a package, for a time, both days included."""

    id: int
    customer: int
    number: str
    package: str = Field(description="Key of a package; empty where the terms know none.")
    kind: str
    shown: bool = Field(description="Has the customer been able to show it?")
    valid_from: Day
    valid_until: Day | None


class ContractList(Told):
    """All contracts of a customer, the newest first."""

    items: list[ContractTold]


class ContractGiven(Given):
    """A new contract."""

    number: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00]*\S[^\x00]*$")]
    package: Key = ""
    kind: Key = ""
    shown: bool = True
    valid_from: Day
    valid_until: Day | None = None


class ShownGiven(Given):
    """Whether the customer could show the contract's package."""

    shown: bool


class TechnicianTold(Told):
    """Somebody who works for the vendor."""

    id: int
    name: str
    role: str
    speciality: str
    presence: str = Field(description="off, free, call or busy.")


class TechnicianList(Told):
    """Everybody who works for the vendor, by name."""

    items: list[TechnicianTold]


@router.get(
    "/technicians",
    response=TechnicianList,
    auth=READ,
    operation_id="listTechnicians",
    summary="List who works here",
)
def list_technicians(request: ApiRequest) -> TechnicianList:
    """Their ids are what other operations take as `technician`."""
    found = access.colleagues(request.auth)
    return TechnicianList(
        items=[
            TechnicianTold(
                id=each.pk,
                name=each.person.name,
                role=each.role,
                speciality=each.speciality,
                presence=each.presence,
            )
            for each in found
        ]
    )


@router.get(
    "/customers", response=CustomerList, auth=READ, operation_id="listCustomers", summary="List customers"
)
def list_customers(request: ApiRequest, page: Query[CustomerFilter]) -> CustomerList:
    """In the order in which they came; `name` keeps those whose name holds it."""
    found = access.customers(request.auth).order_by("pk")
    if page.begins_after is not None:
        found = found.filter(pk__gt=page.begins_after)
    if page.name:
        found = found.filter(name__iregex=re.escape(page.name))
    rows, has_more = cut(list(found[: page.limit + 1]), page.limit)
    return CustomerList(items=[_customer(each) for each in rows], next=str(rows[-1].pk) if has_more else None)


@router.post(
    "/customers",
    response={201: CustomerTold},
    auth=WRITE,
    operation_id="createCustomer",
    summary="Add a customer",
)
@changes(201)
def create_customer(request: ApiRequest, given: CustomerGiven) -> CustomerTold:
    """A vendor has one customer of a name."""
    consultant = _colleague(request, "consultant", given.consultant) if given.consultant else None
    values = {name: value for name, value in given if name != "consultant"}
    added = actions.add_customer(
        vendor=request.vendor, **values, consultant=consultant, by=actor(request), at=request.now
    )
    return _customer(added)


@router.get(
    "/customers/{customer}",
    response=CustomerTold,
    auth=READ,
    operation_id="getCustomer",
    summary="Read a customer",
)
def get_customer(request: ApiRequest, customer: Id) -> CustomerTold:
    """One firm."""
    return _customer(access.customer(request.auth, customer))


@router.get(
    "/customers/{customer}/contacts",
    response=ContactList,
    auth=READ,
    operation_id="listContacts",
    summary="List a customer's contacts",
)
def list_contacts(request: ApiRequest, customer: Id) -> ContactList:
    """By name."""
    found = access.customer(request.auth, customer).contacts.order_by("name", "pk")
    return ContactList(items=[_contact(each) for each in found])


@router.post(
    "/customers/{customer}/contacts",
    response={201: ContactTold},
    auth=WRITE,
    operation_id="createContact",
    summary="Add a contact",
)
@changes(201)
def create_contact(request: ApiRequest, customer: Id, given: ContactGiven) -> ContactTold:
    """Somebody who can be written to or called. It gives them no sign-in."""
    found = access.customer(request.auth, customer)
    return _contact(actions.add_contact(customer=found, **dict(given), by=actor(request), at=request.now))


@router.get(
    "/contacts/{contact}",
    response=ContactTold,
    auth=READ,
    operation_id="getContact",
    summary="Read a contact",
)
def get_contact(request: ApiRequest, contact: Id) -> ContactTold:
    """One person at a customer."""
    return _contact(access.contact_at(request.auth, contact))


@router.get(
    "/customers/{customer}/contracts",
    response=ContractList,
    auth=READ,
    operation_id="listContracts",
    summary="List a customer's contracts",
)
def list_contracts(request: ApiRequest, customer: Id) -> ContractList:
    """The newest first."""
    found = access.customer(request.auth, customer).contracts.order_by("-valid_from", "-pk")
    return ContractList(items=[_contract(each) for each in found])


@router.post(
    "/customers/{customer}/contracts",
    response={201: ContractTold},
    auth=WRITE,
    operation_id="createContract",
    summary="Add a contract",
)
@changes(201)
def create_contract(request: ApiRequest, customer: Id, given: ContractGiven) -> ContractTold:
    """A customer has one contract at a time; its package is one of the terms in force on its first day."""
    found = access.customer(request.auth, customer)
    return _contract(add_contract(customer=found, **dict(given), by=actor(request), at=request.now))


@router.post(
    "/customers/{customer}/contracts/{contract}/shown",
    response=ContractTold,
    auth=WRITE,
    operation_id="setContractShown",
    summary="Note whether a package could be shown",
)
@changes()
def set_contract_shown(request: ApiRequest, customer: Id, contract: Id, given: ShownGiven) -> ContractTold:
    """It counts for requests registered from now on."""
    found = contract_of(request, customer, contract)
    return _contract(set_shown(found, given.shown, by=actor(request), at=request.now))


def _colleague(request: ApiRequest, field: str, key: int) -> Technician:
    return named_in_body(field, lambda wanted: access.colleague(request.auth, wanted), key)


def _customer(customer: Customer) -> CustomerTold:
    return CustomerTold(
        id=customer.pk,
        name=customer.name,
        language=customer.language,
        tax_id=customer.tax_id,
        address=customer.address,
        product_version=customer.product_version,
        consultant=customer.consultant_id,
    )


def _contact(contact: Contact) -> ContactTold:
    return ContactTold(
        id=contact.pk,
        customer=contact.customer_id,
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        language=contact.language,
        can_sign_in=contact.person_id is not None,
    )


def _contract(contract: Contract) -> ContractTold:
    return ContractTold(
        id=contract.pk,
        customer=contract.customer_id,
        number=contract.number,
        package=contract.package,
        kind=contract.kind,
        shown=contract.shown,
        valid_from=contract.valid_from,
        valid_until=contract.valid_until,
    )
