"""What the OpenAPI document says is so: each operation is called with data that fits it and data that does not."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok

from access.scene import NOW, Scene, make_scene
from api.calling import Program, SetClock, token, told
from pomost.api.values import Given, Told
from pomost.config.asgi import application_for

EXAMPLES = 4
OPERATIONS = 114
"""As many as the document describes: one that it loses is missed."""
SHAPES = 160
"""As many as values.py has below Told and Given, their own bases among them."""
MEANT = {"unknown", "missing", "no-price", "terms", "instant", "day", "hours", "twice"}
"""Codes of what fits its shape and still means nothing: a key that the terms do not have, the thirtieth of February."""
NOT_ASKED = {
    "positive_data_acceptance",  # asked here, with MEANT
    "ensure_resource_availability",
    "use_after_free",  # nothing is deleted
    "max_response_time",
    "object_level_authorization",  # tests/access/test_operations.py
}
REJECTION = "negative_data_rejection"
"""It does not know that a body can also be wrong by its length (413)."""
QUICKLY = settings(
    max_examples=EXAMPLES,
    database=None,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def scene(disk_database: Path) -> Iterator[Scene]:
    with override_settings(API_REQUESTS_A_MINUTE=100_000, ALLOWED_HOSTS=["*"]):
        yield make_scene(with_session=False)


def known(scene: Scene) -> dict[str, Any]:
    """Return the keys of things that are there, by the name of the parameter."""
    return {
        "number": scene.ticket.number,
        "customer": scene.cast.acme.pk,
        "contact": scene.cast.ada.pk,
        "contract": scene.contract.pk,
        "estimate": scene.estimate.pk,
        "invoice": scene.invoice.pk,
        "correction": scene.correction.pk,
        "complaint": scene.complaint.pk,
        "version": "1",
        "file_version": scene.file.pk,
        "calendar": "working-days",
        "year": 2043,
        "edit": scene.exception.pk,
        "error": scene.error.sequence,
        "release": scene.release.pk,
        "restriction": scene.restriction.pk,
        "appeal": scene.restriction.appeals.get().pk,
    }


def negates_its_path(case: Any) -> bool:
    """Say whether the made-up address itself is what does not fit; then it has to stay."""
    made = case.meta.components.get(ParameterLocation.PATH)
    return made is not None and made.mode is GenerationMode.NEGATIVE


def play(
    operation: Any,
    mode: GenerationMode,
    things: dict[str, Any],
    headers: dict[str, str],
    checks: list[Any],
    called: set[tuple[str, int]],
) -> None:
    """Call one operation with made-up data, now and then about a thing that is there, and check every answer."""

    @QUICKLY
    @given(case=operation.as_strategy(generation_mode=mode), is_there=st.booleans())
    def call(case: Any, is_there: bool) -> None:
        if is_there and case.path_parameters and not negates_its_path(case):
            case.path_parameters.update(things)
        answer = case.call(headers=headers)
        asked = [each for each in checks if answer.status_code != 413 or each.__name__ != REJECTION]
        case.validate_response(answer, checks=asked, headers=headers)
        called.add((operation.label, answer.status_code))
        if mode is GenerationMode.POSITIVE and answer.status_code == 422:
            codes = {each["code"] for each in answer.json().get("errors", [])}
            assert codes <= MEANT, (case.body, answer.json())

    call()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_operation_answers_as_the_document_says(scene: Scene, mode: GenerationMode) -> None:
    load_all_checks()
    checks = [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in NOT_ASKED]
    app = application_for(SetClock(NOW))
    schema = schemathesis.openapi.from_asgi("/satisoft/api/v1/openapi.json", app)
    headers = {"Authorization": f"Bearer {token(scene.cast.owen, NOW)[1]}"}
    called: set[tuple[str, int]] = set()
    faults = []
    named: dict[str, set[str]] = {}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        named[operation.label] = set(re.findall(r"{(\w+)}", operation.path))
        things = {name: key for name, key in known(scene).items() if f"{{{name}}}" in operation.path}
        try:
            play(operation, mode, {} if operation.path.endswith("/pdf") else things, headers, checks, called)
        except (Failure, FailureGroup, AssertionError) as fault:
            faults.append(f"{operation.label}: {fault}")

    assert faults == []
    assert len(named) == OPERATIONS
    assert {label for label, _status in called} == set(named)
    assert set().union(*named.values()) == set(known(scene))
    statuses = {status for _label, status in called}
    assert statuses >= ({200, 201, 404} if mode is GenerationMode.POSITIVE else {422})


def test_no_two_shapes_share_a_name() -> None:
    """The document knows shapes by their names alone: of two that share one, only the last would be described."""
    found = Counter(each.__name__ for each in [*below(Told), *below(Given)])

    assert len(found) == SHAPES
    assert [name for name, count in found.items() if count > 1] == []


def below(shape: type[BaseModel]) -> list[type[BaseModel]]:
    return [each for child in shape.__subclasses__() for each in (child, *below(child))]


def test_a_misspelt_filter_is_refused_and_not_ignored(scene: Scene) -> None:
    crm = Program("satisoft", token(scene.cast.owen, NOW)[1], SetClock(NOW))

    body = told(crm.get("/tickets", stat="open"), 422)

    assert [(each["in"], each["field"]) for each in body["errors"]] == [("query", "stat")]
    assert crm.get("/me", x=1).status_code == 422
