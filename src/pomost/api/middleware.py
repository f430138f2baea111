"""What holds for every request below /{vendor}/api/: no cookie counts, bodies are small JSON, and every error is a problem.

Stands outside of sessions and views, so that what Django itself answers (an unknown vendor, a broken header, a crash)
speaks problem+json too. The language is that of the header Accept-Language, else English.
"""

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from pomost.api.problems import MEDIA_TYPE, Kind, kind_of, problem

BODY_BYTES_MAX: Final = 1 << 20
"""Of any body; the longest terms file in use has a twentieth of it."""
LANGUAGES: Final = ("en", "pl", "ru")
KEPT_HEADERS: Final = ("Allow", "Retry-After", "WWW-Authenticate")
WITH_BODY: Final = ("POST", "PUT", "PATCH")
_API = re.compile(r"/[-a-zA-Z0-9_]+/api/v\d+/(?!docs/)")
"""The page that explains the API is for people: cookies and sign-in count there."""
_WANTED = re.compile(r"\s*([a-zA-Z*]{1,8})(?:-[a-zA-Z0-9]{1,8})*\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$")

Respond = Callable[[HttpRequest], HttpResponse]


class Machines:
    """Treats requests to the API as those of programs."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _API.match(request.path_info) is None:
            return self.respond(request)
        request.COOKIES.clear()
        language = language_of(request.headers.get("Accept-Language", ""))
        request.spoken = language  # type: ignore[attr-defined]
        with translation.override(language):
            answer = _too_much(request) or self.respond(request)
            if answer.status_code >= 400 and answer["Content-Type"].partition(";")[0] != MEDIA_TYPE:
                kept = {name: answer[name] for name in KEPT_HEADERS if name in answer}
                answer = problem(request, kind_of(answer.status_code), headers=kept)
        if answer.status_code >= 400 or "Cache-Control" not in answer:
            answer["Cache-Control"] = "no-store"
        answer["Content-Language"] = language
        answer["Vary"] = "Accept-Language, Authorization"
        return answer


def language_of(accepted: str) -> str:
    """Return the best of our languages for an Accept-Language header; English where it names none of them."""
    best, best_weight = "en", 0.0
    for part in accepted[:200].split(","):
        wanted = _WANTED.match(part)
        if wanted is None:
            continue
        name, weight = wanted[1].lower(), float(wanted[2] or 1)
        if name in LANGUAGES and weight > best_weight:
            best, best_weight = name, weight
    return best


def _too_much(request: HttpRequest) -> HttpResponse | None:
    """Return the problem of a body that is too large or no JSON, else None. Reads no further than is allowed."""
    if request.method not in WITH_BODY:
        return None
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if not declared.isdecimal() or int(declared[:12]) > BODY_BYTES_MAX:
        return problem(request, Kind.TOO_LARGE if declared.isdecimal() else Kind.UNREADABLE)
    body = request.read(BODY_BYTES_MAX + 1)
    if len(body) > BODY_BYTES_MAX:
        return problem(request, Kind.TOO_LARGE)
    request._body = body
    if body and request.content_type != "application/json":
        return problem(request, Kind.UNSUPPORTED_MEDIA_TYPE)
    return None
