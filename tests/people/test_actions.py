import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.contrib.auth import authenticate

from people import BEFORE, Cast, cast
from pomost.journal.models import Fact
from pomost.people import actions, keys, queries
from pomost.people.errors import PersonRefused
from pomost.people.models import Technician


@pytest.fixture
def desk(db: None) -> Cast:
    return cast()


def test_each_vendor_signs_with_a_key_of_its_own(desk: Cast) -> None:
    signature = keys.sign(desk.vendor, b"an offer")

    Ed25519PublicKey.from_public_bytes(keys.public_key(desk.vendor)).verify(signature, b"an offer")
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(keys.public_key(desk.neighbour)).verify(signature, b"an offer")


def test_a_password_is_kept_as_an_argon2_hash_and_not_in_the_journal(db: None) -> None:
    person = actions.add_person(
        email="Eva@example.org", name="Eva", language="en", password="a long bridge", by="system", at=BEFORE
    )

    assert person.password.startswith("argon2$argon2id$")
    assert authenticate(email="eva@example.org", password="a long bridge") == person
    assert authenticate(email="eva@example.org", password="another one") is None
    assert "a long bridge" not in str(list(Fact.objects.values_list("data", flat=True)))


def test_who_has_no_password_cannot_sign_in_with_an_empty_one(db: None) -> None:
    actions.add_person(
        email="eva@example.org", name="Eva", language="en", password=None, by="system", at=BEFORE
    )

    assert authenticate(email="eva@example.org", password="") is None


def test_one_mail_address_is_one_person_whatever_the_case(db: None) -> None:
    actions.add_person(
        email="eva@example.org", name="Eva", language="en", password=None, by="system", at=BEFORE
    )

    with pytest.raises(PersonRefused, match=r"EVA@example\.org already"):
        actions.add_person(
            email="EVA@example.org", name="Eva", language="en", password=None, by="system", at=BEFORE
        )


def test_a_vendor_with_a_zone_that_does_not_exist_is_refused(db: None) -> None:
    with pytest.raises(PersonRefused, match="no time zone “Europe/Nowhere”"):
        actions.add_vendor(
            slug="x",
            name="X",
            mark="X",
            language="en",
            zone="Europe/Nowhere",
            currency="EUR",
            sender="x@example.org",
            by="system",
            at=BEFORE,
        )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"email": ""}, "no mail address and no phone"),
        ({"email": "ada at acme"}, "is not a mail address"),
        ({"email": "ada@acme.example.org\nBcc: x@example.org"}, "is not a mail address"),
        ({"email": "ada@acme.example.org", "language": "xx"}, "does not speak “xx”"),
    ],
    ids=["nothing", "no address", "an address with a header in it", "a language we do not have"],
)
def test_a_contact_that_cannot_be_reached_is_refused(desk: Cast, given: dict[str, str], says: str) -> None:
    with pytest.raises(PersonRefused, match=says):
        actions.add_contact(
            customer=desk.acme,
            name="X",
            language=given.get("language", "en"),
            email=given["email"],
            by="system",
            at=BEFORE,
        )


def test_a_customer_is_not_doubled_and_not_given_a_strangers_consultant(desk: Cast) -> None:
    with pytest.raises(PersonRefused, match="“Acme” already"):
        actions.add_customer(vendor=desk.vendor, name="Acme", language="en", by="system", at=BEFORE)
    with pytest.raises(PersonRefused, match="does not work for this vendor"):
        actions.add_customer(
            vendor=desk.vendor, name="New", language="en", consultant=desk.nils, by="system", at=BEFORE
        )


def test_presence_said_twice_is_one_fact(desk: Cast) -> None:
    for _ in range(2):
        tess = actions.set_presence(desk.tess, "free", by="technician:1", at=BEFORE)

    assert tess.presence == Technician.Presence.FREE
    assert tess.presence_at == BEFORE
    assert Fact.objects.filter(kind="technician.presence").count() == 1


def test_who_can_help_stands_first_in_the_list_of_technicians(desk: Cast) -> None:
    actions.set_presence(desk.dora, "call", by="technician:1", at=BEFORE)
    actions.set_presence(desk.tess, "free", by="technician:1", at=BEFORE)

    assert [each.person.name for each in queries.on_call(desk.vendor)] == ["Tess", "Dora", "Bela", "Owen"]


def test_every_act_leaves_one_fact(desk: Cast) -> None:
    kinds = list(Fact.objects.filter(vendor="harbour").values_list("kind", flat=True))

    assert sorted(set(kinds)) == ["contact.added", "customer.added", "technician.added", "vendor.added"]
    assert len(kinds) == 1 + 4 + 2 + 2


def test_names_behind_actors_are_found_and_the_desk_stands_for_itself(desk: Cast) -> None:
    asked = {f"technician:{desk.tess.pk}", f"contact:{desk.ada.pk}", "desk", "contact:999999"}

    assert queries.names_of(asked) == {
        f"technician:{desk.tess.pk}": "Tess",
        f"contact:{desk.ada.pk}": "Ada",
        "desk": "desk",
        "contact:999999": "contact:999999",
    }


def test_a_contact_gets_another_telephone_number_once(desk: Cast) -> None:
    for _twice in range(2):
        ada = actions.set_contact_phone(desk.ada, " +48 000  000 512 ", by="contact:1", at=BEFORE)

    assert ada.phone == "+48 000 000 512"
    assert Fact.objects.filter(kind="contact.phone-set").count() == 1


@pytest.mark.parametrize("phone", ["", "12", "call me", "+48 000 000 000 000 000", "+48 000 000 000; rm"])
def test_what_nobody_could_dial_is_no_telephone_number(desk: Cast, phone: str) -> None:
    with pytest.raises(PersonRefused, match="not a telephone number"):
        actions.set_contact_phone(desk.ada, phone, by="contact:1", at=BEFORE)
