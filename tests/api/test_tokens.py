"""A token: shown once, kept as a hash, known by name in the journal, and gone when it is revoked."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.calling import program, token, told
from people import Cast, by, desk_of
from pomost.journal.models import Fact
from pomost.people.actions import issue_token, revoke_token
from pomost.people.errors import PersonRefused
from pomost.people.models import Token
from pomost.people.tokens import new_token, parse

NOW = datetime(2026, 6, 15, 12, tzinfo=ZoneInfo("Europe/Warsaw"))


@pytest.fixture
def cast(db: None) -> Cast:
    return desk_of("satisoft")


def test_the_secret_is_nowhere_in_the_database(cast: Cast) -> None:
    _made, written = token(cast.owen, NOW)
    found = parse(written)
    assert found is not None
    secret = found.secret

    kept = [str(value) for row in Token.objects.values_list() for value in row]
    kept += [str(fact.data) for fact in Fact.objects.all()]

    assert len(secret) >= 32
    assert [value for value in kept if secret in value] == []


def test_a_written_token_is_read_back_and_nothing_else_is() -> None:
    for _ in range(200):
        written = new_token()
        assert parse(str(written)) == written
    for text in ("", "pomost", "pomost_a", "other_a_b", "pomost_a_ł"):
        assert parse(text) is None


def test_what_a_program_did_stands_under_its_name(cast: Cast) -> None:
    crm = program(cast.owen, NOW, name="CRM")
    body = {"contact": cast.ada.pk, "channel": "phone", "subject": "S", "text": "T", "service": "programming"}
    number = told(crm.post("/tickets", {**body, "service": "remote-help", "family": "subiekt"}), 201)[
        "number"
    ]

    story = told(crm.get(f"/tickets/{number}"))["timeline"]

    registered = next(each for each in story if each["kind"] == "ticket.registered")
    assert (registered["who"], registered["side"]) == ("CRM", "vendor")
    assert Fact.objects.get(kind="ticket.registered").by == f"token:{Token.objects.get().pk}"


def test_when_it_was_last_used_is_kept_to_the_minute(cast: Cast) -> None:
    crm = program(cast.owen, NOW)
    seen = []
    for seconds in (0, 59, 60, 61):
        crm.clock.at = NOW + timedelta(seconds=seconds)
        crm.get("/me")
        seen.append(Token.objects.get().last_used_at)

    assert seen == [NOW, NOW, NOW + timedelta(seconds=60), NOW + timedelta(seconds=60)]


def test_revoking_twice_is_one_fact(cast: Cast) -> None:
    made, _written = token(cast.owen, NOW)
    for _ in range(2):
        revoke_token(made, by=by(cast.owen), at=NOW)

    assert Fact.objects.filter(kind="token.revoked").count() == 1


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        ("", ["read"], None),
        ("x", [], None),
        ("x", ["root"], None),
        ("x", ["read"], 0),
        ("CRM", ["read"], None),
    ],
    ids=["no name", "no scope", "unknown scope", "already over", "name taken"],
)
def test_a_token_that_cannot_be_is_not_made(
    cast: Cast, name: str, scopes: list[str], days: int | None
) -> None:
    token(cast.owen, NOW, name="CRM")
    expires_at = None if days is None else NOW + timedelta(days=days)

    with pytest.raises(PersonRefused):
        issue_token(
            owner=cast.owen, name=name, scopes=scopes, expires_at=expires_at, by=by(cast.owen), at=NOW
        )

    assert Token.objects.count() == 1


def test_the_name_of_a_revoked_token_is_free_again(cast: Cast) -> None:
    made, _written = token(cast.owen, NOW, name="CRM")
    revoke_token(made, by=by(cast.owen), at=NOW)

    token(cast.owen, NOW, name="CRM")

    assert Token.objects.filter(name="CRM").count() == 2
