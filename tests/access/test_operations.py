"""Each program gets from each operation of the API what the table says, and nothing of another vendor's."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import override_settings

from access.operations import BODIES, OPERATIONS, PROGRAMS, Operation
from access.scene import NOW, Scene, make_scene
from api.calling import Program, SetClock, program, token
from people import by
from pomost.api.site import api
from pomost.people.actions import issue_token, revoke_token
from pomost.people.tokens import new_token

SCOPE_OF = {"reader": "read", "writer": "write", "publisher": "terms", "biller": "billing"}


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


@pytest.fixture(autouse=True)
def unhurried() -> Any:
    with override_settings(API_REQUESTS_A_MINUTE=10_000):
        yield


def called(scene: Scene, name: str) -> Program:
    """Return that program of the table."""
    owen, slug = scene.cast.owen, scene.cast.vendor.slug
    if name in SCOPE_OF:
        return program(owen, NOW, [SCOPE_OF[name]], name=name)
    if name == "neighbour":
        return Program(slug, token(scene.cast.nils, NOW, name=name)[1], SetClock(NOW))
    if name == "revoked":
        made, written = token(owen, NOW, name=name)
        revoke_token(made, by=by(owen), at=NOW)
        return Program(slug, written, SetClock(NOW))
    if name == "expired":
        made, found = issue_token(
            owner=owen, name=name, scopes=["read"], expires_at=NOW, by=by(owen), at=NOW - timedelta(days=1)
        )
        return Program(slug, str(found), SetClock(NOW))
    nobody = Program(slug, str(new_token()) if name == "unknown" else "", SetClock(NOW))
    if name == "cookie":
        person = scene.person("owen")
        assert person is not None
        nobody.client.force_login(person)
    return nobody


def path_of(operation: Operation, scene: Scene) -> str:
    """Return the operation's path with Ada's things in it."""
    return operation.path.format(
        version="1",
        file_version=scene.file.pk,
        number=scene.ticket.number,
        customer=scene.cast.acme.pk,
        contact=scene.cast.ada.pk,
        estimate=scene.estimate.pk,
        invoice=scene.invoice.pk,
        correction=scene.correction.pk,
        complaint=scene.complaint.pk,
        contract=scene.contract.pk,
        restriction=scene.restriction.pk,
        appeal=scene.restriction.appeals.get().pk,
        calendar="working-days",
        year=2043,
        edit=scene.exception.pk,
        error=scene.error.sequence,
        release=scene.release.pk,
    )


def ask_for(
    who: Program, operation: Operation, scene: Scene, body: dict[str, object] | None = None
) -> HttpResponse:
    """Call an operation, and undo whatever came of it."""
    with transaction.atomic():
        path = path_of(operation, scene)
        answer = who.get(path) if operation.method == "GET" else who.post(path, body)
        transaction.set_rollback(True)
    return answer


def verdict(answer: HttpResponse) -> str:
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, answer.content
    assert answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED, "the table names another method"
    return {HTTPStatus.UNAUTHORIZED: "out", HTTPStatus.FORBIDDEN: "no"}.get(
        HTTPStatus(answer.status_code), "in"
    )


def described() -> dict[str, str]:
    """Return every operation of the document: its id, and method and path."""
    document = api.get_openapi_schema(path_params={"vendor": "v"})
    return {
        operation["operationId"]: f"{method.upper()} {path.removeprefix('/v/api/v1')}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }


def test_no_operation_is_missing_from_the_table_and_none_is_left_over() -> None:
    assert {name: each.address for name, each in OPERATIONS.items()} == described()


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_program_gets_from_each_operation_what_the_table_says(scene: Scene, name: str) -> None:
    who = called(scene, name)
    got = {key: verdict(ask_for(who, each, scene)) for key, each in OPERATIONS.items()}

    assert got == {key: each.answers[PROGRAMS.index(name)] for key, each in OPERATIONS.items()}


def test_another_vendors_things_are_absent_at_ones_own_desk(scene: Scene) -> None:
    """The neighbour's program calls its own desk with the other vendor's numbers in the address."""
    who = program(scene.cast.nils, NOW, name="theirs")
    objects = {key: each for key, each in OPERATIONS.items() if "{" in each.path}
    got = {key: ask_for(who, each, scene, BODIES.get(key)).status_code for key, each in objects.items()}

    assert {key: status for key, status in got.items() if status != HTTPStatus.NOT_FOUND} == {}


def test_the_same_things_are_there_for_ones_own_program(scene: Scene) -> None:
    """What keeps the test above from passing for another reason than whose things they are."""
    who = program(scene.cast.owen, NOW, name="ours")
    objects = {key: each for key, each in OPERATIONS.items() if "{" in each.path}
    got = {key: ask_for(who, each, scene, BODIES.get(key)).status_code for key, each in objects.items()}

    assert {key: status for key, status in got.items() if status == HTTPStatus.NOT_FOUND} == {}
    assert {each.method for each in objects.values()} == {"GET", "POST"}
    assert {key for key, each in objects.items() if each.method == "POST"} == set(BODIES)


def test_a_token_that_was_good_a_moment_ago_opens_nothing_after_it_was_revoked(scene: Scene) -> None:
    made, written = token(scene.cast.owen, NOW, name="good")
    who = Program("satisoft", written, SetClock(NOW))
    before = who.get("/me").status_code

    revoke_token(made, by=by(scene.cast.owen), at=NOW)

    assert (before, who.get("/me").status_code) == (HTTPStatus.OK, HTTPStatus.UNAUTHORIZED)
