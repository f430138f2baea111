"""Doing a request once, however often it is sent: idempotency keys.

A change that carries the header Idempotency-Key leaves its answer in the same transaction. The key's row is written
first: whoever sends the same key meanwhile waits for that transaction, and then reads its answer (or, if it was undone,
takes its place). What was refused changed nothing, so it is not kept: the same key may be tried again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import update_wrapper
from hashlib import sha256
from typing import Concatenate, Final, ParamSpec

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel

from pomost.api.models import KeptAnswer
from pomost.api.problems import Kind, Stopped
from pomost.api.requests import ApiRequest

KEY_CHARACTERS_MAX: Final = 200
KEPT_FOR: Final = timedelta(hours=24)
P = ParamSpec("P")


def changes(
    status: int = 200,
) -> Callable[
    [Callable[Concatenate[ApiRequest, P], BaseModel]], Callable[Concatenate[ApiRequest, P], HttpResponse]
]:
    """Mark an operation that changes something: one transaction, answered with `status`, once a key."""

    def decorate(
        act: Callable[Concatenate[ApiRequest, P], BaseModel],
    ) -> Callable[Concatenate[ApiRequest, P], HttpResponse]:
        def once(request: ApiRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            key = _key_of(request)
            with transaction.atomic():
                if key is None:
                    return _json(act(request, *args, **kwargs).model_dump_json(by_alias=True), status)
                kept, is_new = _take(request, key)
                if not is_new:
                    return _again(kept, request)
                body = act(request, *args, **kwargs).model_dump_json(by_alias=True)
                kept.status, kept.body = status, body
                kept.save(update_fields=["status", "body"])
                return _json(body, status)

        update_wrapper(once, act)
        return once

    return decorate


def forget_old(now: datetime) -> int:
    """Drop the answers that were kept long enough; return how many."""
    old = KeptAnswer.objects.filter(at__lte=now - KEPT_FOR)
    return old.delete()[0] if old.exists() else 0


def _key_of(request: ApiRequest) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 0 < len(key) <= KEY_CHARACTERS_MAX or not key.isascii() or not key.isprintable():
        raise Stopped(
            Kind.UNREADABLE,
            _("An idempotency key has 1 to %(most)s printable ASCII characters.")
            % {"most": KEY_CHARACTERS_MAX},
        )
    return key


def _take(request: ApiRequest, key: str) -> tuple[KeptAnswer, bool]:
    """Return the row of a key, and whether it was made just now. Waits for whoever is making it."""
    KeptAnswer.objects.filter(token=request.auth, key=key, at__lte=request.now - KEPT_FOR).delete()
    return KeptAnswer.objects.get_or_create(
        token=request.auth,
        key=key,
        defaults={"request_sha256": _fingerprint(request), "at": request.now},
    )


def _fingerprint(request: ApiRequest) -> str:
    told = f"{request.method} {request.get_full_path()}\n".encode()
    return sha256(told + request.body).hexdigest()


def _again(kept: KeptAnswer, request: ApiRequest) -> HttpResponse:
    if kept.request_sha256 != _fingerprint(request):
        raise Stopped(Kind.KEY_REUSED)
    answer = _json(kept.body, kept.status)
    answer["Idempotency-Replayed"] = "true"
    return answer


def _json(body: str, status: int) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json")
