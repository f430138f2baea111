"""What the OpenAPI document says of every operation alike: the problems it may answer with and the key of a change."""

from collections.abc import Mapping
from typing import Any, Final

from pomost.api.once import KEY_CHARACTERS_MAX
from pomost.api.problems import ABOUT, MEDIA_TYPE, Kind

ALWAYS: Final = (
    Kind.UNREADABLE,
    Kind.UNAUTHORIZED,
    Kind.FORBIDDEN,
    Kind.NOT_FOUND,
    Kind.INVALID,
    Kind.TOO_MANY_REQUESTS,
    Kind.SERVER_ERROR,
    Kind.REFUSED,
)
ON_CHANGE: Final = (Kind.TOO_LARGE, Kind.UNSUPPORTED_MEDIA_TYPE, Kind.BUSY)

PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Which problem; a page that explains it."},
        "title": {"type": "string", "description": "The same for every problem of this type."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {
            "type": "string",
            "description": "What happened here, for people, in the language asked for.",
        },
        "instance": {"type": "string", "description": "The address that was asked for."},
        "clause": {
            "type": "string",
            "description": "Of estimate-needed: the clause that demands the estimate.",
        },
        "left_seconds": {
            "type": "integer",
            "description": "Of estimate-needed: of the work, what the customer agreed to.",
        },
        "beyond_seconds": {"type": "integer", "description": "Of estimate-needed: of the work, the rest."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "field", "code", "detail"],
                "properties": {
                    "in": {"enum": ["body", "query", "path", "header"]},
                    "field": {"type": "string", "examples": ["consents.0.kind"]},
                    "code": {"type": "string", "examples": ["missing"]},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}

KEY: Final[dict[str, Any]] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_CHARACTERS_MAX, "pattern": "^[ -~]+$"},
    "description": "A name of your own for this request. Sent again within 24 hours, it is answered as before and not done twice.",
}


def describe(document: dict[str, Any], scopes: Mapping[str | None, str]) -> None:
    """Write the shared parts into a document that has the operations, and the scope that each needs."""
    document["components"]["schemas"]["Problem"] = PROBLEM
    for operations in document["paths"].values():
        for method, operation in operations.items():
            operation["x-scope"] = scopes[operation["operationId"]]
            kinds = (*ALWAYS, *ON_CHANGE) if method == "post" else ALWAYS
            for kind in kinds:
                operation["responses"].setdefault(str(ABOUT[kind].status), _answer(kind))
            if method == "post":
                operation["parameters"] = [*operation.get("parameters", ()), KEY]


def _answer(kind: Kind) -> dict[str, Any]:
    about = ABOUT[kind]
    return {
        "description": str(about.title),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
