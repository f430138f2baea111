"""What people read about the API: the operations on one page, the problems on another, and the document itself.

Made by our own templates from the OpenAPI document, so that the pages need no script and nothing from elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pomost.api.problems import ABOUT, type_of
from pomost.api.site import api


@login_not_required
@require_safe
def openapi(_request: HttpRequest, vendor: str) -> HttpResponse:
    """Answer with the OpenAPI document of this desk."""
    document = api.get_openapi_schema(path_params={"vendor": vendor})
    answer = JsonResponse(document, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "max-age=300"
    return answer


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One field of a shape, or a parameter."""

    name: str
    kind: str
    is_required: bool
    what: str


@dataclass(frozen=True, slots=True)
class OperationShown:
    """One operation as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    what: str
    scope: str
    parameters: list[FieldShown]
    body: str
    """Name of the shape that it takes; empty: none."""
    answer: str
    """Name of the shape that it answers; empty: another media type."""
    status: str


@login_not_required
@require_safe
def docs(request: HttpRequest, vendor: str) -> HttpResponse:
    """Show every operation and every shape of this desk's API."""
    document = api.get_openapi_schema(path_params={"vendor": vendor})
    groups: dict[str, list[OperationShown]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    shapes = [
        (name, shape.get("description", ""), list(_fields(shape)))
        for name, shape in sorted(document["components"]["schemas"].items())
    ]
    return render(request, "api/docs.html", {"groups": groups, "shapes": shapes, "desk": vendor})


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> OperationShown:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    status, answer = next(
        (str(code), each) for code, each in operation["responses"].items() if int(code) < 400
    )
    given = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return OperationShown(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        what=operation.get("description", ""),
        scope=operation["x-scope"],
        parameters=[
            FieldShown(each["name"], _kind(each["schema"]), each["required"], each.get("description", ""))
            for each in operation.get("parameters", ())
        ],
        body=_name(body),
        answer=_name(given),
        status=status,
    )


def _fields(shape: Mapping[str, Any]) -> Iterator[FieldShown]:
    needed = shape.get("required", ())
    for name, field in shape.get("properties", {}).items():
        yield FieldShown(name, _kind(field), name in needed, field.get("description", ""))


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _kind(schema: Mapping[str, Any]) -> str:
    """Return what a value is in a few words: `string (date-time)`, `list of Who`, `Who or null`."""
    if "$ref" in schema:
        return _name(schema)
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    kind = str(schema.get("type", "any"))
    return f"{kind} ({schema['format']})" if "format" in schema else kind


@login_not_required
@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """Show every kind of problem; the `type` of a problem leads to its paragraph."""
    found = [(kind, about, type_of(kind)) for kind, about in ABOUT.items()]
    return render(request, "api/problems.html", {"problems": found})
