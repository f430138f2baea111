import pytest

from people import Cast, cast
from pomost.people import access
from pomost.people.errors import NoAccess, NotFound
from pomost.people.models import Contact, Person, Technician


@pytest.fixture
def desk(db: None) -> Cast:
    return cast()


def person(place: Technician | Contact) -> Person:
    assert place.person is not None
    return place.person


def test_a_vendor_is_found_by_its_address(desk: Cast) -> None:
    assert access.vendor("harbour") == desk.vendor


def test_an_address_that_nobody_has_is_not_found(desk: Cast) -> None:
    with pytest.raises(NotFound, match="no support desk"):
        access.vendor("nowhere")


def test_a_technician_has_a_place_at_their_own_vendor_only(desk: Cast) -> None:
    assert access.technician(person(desk.tess), desk.vendor) == desk.tess
    with pytest.raises(NoAccess, match="staff of Harbour"):
        access.technician(person(desk.nils), desk.vendor)


def test_a_customers_contact_is_no_technician_and_the_other_way_round(desk: Cast) -> None:
    with pytest.raises(NoAccess):
        access.technician(person(desk.ada), desk.vendor)
    with pytest.raises(NoAccess, match="customers of Harbour"):
        access.contact(person(desk.tess), desk.vendor)


def test_a_contact_has_a_place_at_the_vendor_of_their_customer_only(desk: Cast) -> None:
    assert access.contact(person(desk.ada), desk.vendor) == desk.ada
    with pytest.raises(NoAccess):
        access.contact(person(desk.ada), desk.neighbour)


def test_who_was_switched_off_has_no_place(desk: Cast) -> None:
    Person.objects.filter(pk__in=[person(desk.tess).pk, person(desk.ada).pk]).update(is_active=False)

    with pytest.raises(NoAccess):
        access.technician(person(desk.tess), desk.vendor)
    with pytest.raises(NoAccess):
        access.contact(person(desk.ada), desk.vendor)


def test_a_technician_sees_the_customers_of_their_vendor_and_nobody_elses(desk: Cast) -> None:
    assert list(access.customers(desk.tess)) == [desk.acme, desk.borealis]
    assert list(access.customers(desk.nils)) == []
    assert access.customer(desk.tess, desk.acme.pk) == desk.acme
    with pytest.raises(NotFound):
        access.customer(desk.nils, desk.acme.pk)


def test_contacts_and_colleagues_are_found_within_the_vendor_only(desk: Cast) -> None:
    assert access.contact_at(desk.tess, desk.ada.pk) == desk.ada
    assert access.colleague(desk.tess, desk.dora.pk) == desk.dora
    with pytest.raises(NotFound):
        access.contact_at(desk.nils, desk.ada.pk)
    with pytest.raises(NotFound):
        access.colleague(desk.nils, desk.tess.pk)
