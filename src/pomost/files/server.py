"""The addresses below /files/, as an application beside the pages: content comes by tus and goes as a stream.

    POST                /files/uploads/         announce a file
    HEAD, PATCH, DELETE /files/uploads/{id}     how much is kept, more of it, no more of it
    GET                 /files/fetch/{permit}   one version, decrypted on the way

They stand beside Django because it keeps a whole body before a view sees it. Who sends proves it by a permit in the
Authorization header (permits.py); no cookie is read. Memory is one piece a request, and requests are counted.
"""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC
from functools import wraps
from typing import Final, ParamSpec, TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.utils import translation
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from pomost.files import actions, tus
from pomost.files.actions import PIECE_BYTES_MAX, Arrived
from pomost.files.errors import FileRefused
from pomost.files.models import Upload, Version
from pomost.files.names import content_disposition
from pomost.files.permits import Permit, read_fetching, read_sending
from pomost.files.queries import content_from
from pomost.wire.clock import Clock

CHECKED_BYTES_MAX: Final = 4 * PIECE_BYTES_MAX
"""The longest body with a checksum: it is kept whole or not at all, so it is held in memory until then."""
SENDERS_MAX: Final = 24
"""Bodies that are read at once in this process."""
SILENCE_SECONDS: Final = 60
"""A sender that says nothing for so long is taken for gone; what came is kept."""
METHODS: Final = ("HEAD", "PATCH", "DELETE")

P = ParamSpec("P")
T = TypeVar("T")
Answer = Callable[[Request], Awaitable[Response]]


class Files:
    """The application. `handles(scope)` says which requests are its own."""

    def __init__(self, clock: Clock, arrived: Arrived) -> None:
        self._clock = clock
        self._arrived = arrived
        self._senders = 0
        self.app: ASGIApp = Starlette(
            routes=[
                Route("/files/uploads/", self._told(self._collection), methods=["POST", "OPTIONS"]),
                Route(
                    "/files/uploads/{id:uuid}",
                    self._told(self._one),
                    methods=[*METHODS, "POST", "OPTIONS"],
                ),
                Route("/files/fetch/{permit}", self._told(self._fetch), methods=["GET"]),
            ]
        )

    def handles(self, scope: Scope) -> bool:
        """Whether a request is for a file; all others are the pages'."""
        path: str = scope.get("path", "")
        return scope["type"] == "http" and path.startswith(("/files/uploads/", "/files/fetch/"))

    def _told(self, answer: Answer) -> Answer:
        """Turn refusals into answers with a sentence."""

        @wraps(answer)
        async def told(request: Request) -> Response:
            try:
                response = await answer(request)
            except FileRefused as refused:
                response = JSONResponse({"why": str(refused)}, status_code=tus.status_of(refused))
            except tus.BadHeader as bad:
                response = JSONResponse({"why": str(bad)}, status_code=400)
            except Upload.DoesNotExist:
                response = JSONResponse({"why": "There is no such upload."}, status_code=404)
            response.headers.setdefault("Tus-Resumable", tus.VERSION)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return told

    async def _collection(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return _options()
        if (refused := _other_version(request)) is not None:
            return refused
        permit = await self._permit(request)
        size = tus.number(request.headers, "upload-length")
        said = tus.metadata(request.headers.get("upload-metadata", ""))
        upload = await _in_thread(
            actions.begin_upload,
            permit.language,
            permit,
            name=said.get("filename", ""),
            size=size,
            sha256=said.get("sha256", ""),
            note=said.get("note", ""),
            at=self._clock.now(),
        )
        headers = {"Location": f"/files/uploads/{upload.pk}", "Upload-Expires": _expires(upload)}
        return Response(status_code=201, headers=headers)

    async def _one(self, request: Request) -> Response:
        method = request.headers.get("x-http-method-override", request.method).upper()
        if request.method == "OPTIONS":
            return _options()
        if (refused := _other_version(request)) is not None:
            return refused
        permit = await self._permit(request)
        upload = await _in_thread(_own_upload, permit.language, permit, request.path_params["id"])
        if method == "HEAD":
            return await self._head(upload, permit)
        if method == "DELETE":
            await _in_thread(
                actions.end_upload,
                permit.language,
                upload.pk,
                Upload.State.CANCELLED,
                by=permit.by,
                at=self._clock.now(),
            )
            return Response(status_code=204)
        if method != "PATCH":
            return Response(status_code=405, headers={"Allow": ", ".join(METHODS)})
        if self._senders >= SENDERS_MAX:
            return Response(status_code=503, headers={"Retry-After": "5"})
        self._senders += 1
        try:
            return await self._patch(request, upload, permit)
        finally:
            self._senders -= 1

    async def _head(self, upload: Upload, permit: Permit) -> Response:
        if upload.state not in (Upload.State.RUNNING, Upload.State.DONE):
            raise await _in_thread(actions.ended, permit.language)
        version = None
        if upload.offset == upload.size:
            version = await self._finish(upload, permit)
        headers = _progress(upload, version) | {"Upload-Length": str(upload.size)}
        return Response(status_code=200, headers=headers)

    async def _patch(self, request: Request, upload: Upload, permit: Permit) -> Response:
        if request.headers.get("content-type") != tus.CONTENT_TYPE:
            return JSONResponse({"why": f"Send the content as {tus.CONTENT_TYPE}."}, status_code=415)
        offset = tus.number(request.headers, "upload-offset")
        digest = tus.checksum(request.headers.get("upload-checksum", ""))
        if offset != upload.offset:
            raise await _in_thread(actions.wrong_offset, permit.language, upload, offset)
        keep = _Keeper(upload, offset, permit.language, self._clock)
        if digest is None:
            await keep.as_it_comes(request)
        elif not await keep.if_it_is(request, digest):
            return JSONResponse(
                {"why": "The checksum does not fit the body; nothing of it was kept."},
                status_code=tus.CHECKSUM_MISMATCH,
            )
        version = None
        if keep.upload.offset == keep.upload.size:
            version = await self._finish(keep.upload, permit)
        return Response(status_code=204, headers=_progress(keep.upload, version))

    async def _finish(self, upload: Upload, permit: Permit) -> Version:
        return await _in_thread(
            actions.finish, permit.language, upload.pk, arrived=self._arrived, at=self._clock.now()
        )

    async def _permit(self, request: Request) -> Permit:
        scheme, _space, token = request.headers.get("authorization", "").partition(" ")
        token = token if scheme.lower() == "bearer" else ""
        return await _in_thread(read_sending, "", token, self._clock.now())

    async def _fetch(self, request: Request) -> Response:
        version = await _in_thread(read_fetching, "", request.path_params["permit"], self._clock.now())
        if version.erased_at is not None:
            raise actions.erased(version)
        headers = {
            "Content-Length": str(version.size),
            "Content-Disposition": content_disposition(version.name),
            "Repr-Digest": _repr_digest(version.sha256),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        media_type = "application/octet-stream"
        if request.method == "HEAD":
            return Response(headers=headers, media_type=media_type)
        return StreamingResponse(_streamed(version.upload), headers=headers, media_type=media_type)


class _Keeper:
    """Keeps the body of one request, piece by piece."""

    def __init__(self, upload: Upload, offset: int, language: str, clock: Clock) -> None:
        self.upload = upload
        self._offset = offset
        self._language = language
        self._clock = clock

    async def as_it_comes(self, request: Request) -> None:
        """Keep each piece as soon as it is full, and what is left when the sender ends or is gone."""
        waiting = bytearray()
        try:
            async for some in _body(request):
                waiting += some
                while len(waiting) >= PIECE_BYTES_MAX:
                    await self._keep(bytes(waiting[:PIECE_BYTES_MAX]))
                    del waiting[:PIECE_BYTES_MAX]
        except (ClientDisconnect, TimeoutError):
            pass  # a break: the sender asks later how much was kept
        if waiting:
            await self._keep(bytes(waiting))

    async def if_it_is(self, request: Request, digest: bytes) -> bool:
        """Keep the body if it has this SHA-256; return whether it had.

        Raises:
            BadHeader: it is longer than may be held back.
        """
        waiting = bytearray()
        async for some in _body(request):
            waiting += some
            if len(waiting) > CHECKED_BYTES_MAX:
                raise tus.BadHeader(f"A body with a checksum may have {CHECKED_BYTES_MAX} bytes.")
        if hashlib.sha256(waiting).digest() != digest:
            return False
        for start in range(0, len(waiting), PIECE_BYTES_MAX):
            await self._keep(bytes(waiting[start : start + PIECE_BYTES_MAX]))
        return True

    async def _keep(self, content: bytes) -> None:
        self.upload = await _in_thread(
            actions.append, self._language, self.upload.pk, self._offset, content, at=self._clock.now()
        )
        self._offset = self.upload.offset


async def _body(request: Request) -> AsyncIterator[bytes]:
    """Give the body as it comes.

    Raises:
        ClientDisconnect: the sender went away.
        TimeoutError: the sender says nothing.
    """
    stream = request.stream()
    while True:
        try:
            some = await asyncio.wait_for(anext(stream), SILENCE_SECONDS)
        except StopAsyncIteration:
            return
        if some:
            yield some


async def _streamed(upload: Upload) -> AsyncIterator[bytes]:
    pieces = content_from(upload)
    while True:
        piece = await _in_thread(next, "", pieces, None)
        if piece is None:
            return
        yield piece


def _own_upload(permit: Permit, upload_id: UUID) -> Upload:
    """Return the upload, if the permit is for it; another one does not exist for its holder.

    Raises:
        Upload.DoesNotExist: it is none of theirs.
    """
    return Upload.objects.get(
        pk=upload_id,
        customer=permit.customer,
        subject=permit.subject,
        kind=permit.kind,
        parent=permit.parent,
        by=permit.by,
    )


async def _in_thread(work: Callable[P, T], language: str, *args: P.args, **kwargs: P.kwargs) -> T:
    def run() -> T:
        close_old_connections()
        try:
            with translation.override(language or settings.LANGUAGE_CODE):
                return work(*args, **kwargs)
        finally:
            close_old_connections()

    return await sync_to_async(run, thread_sensitive=False)()


def _options() -> Response:
    headers = {
        "Tus-Version": tus.VERSION,
        "Tus-Extension": tus.EXTENSIONS,
        "Tus-Max-Size": str(settings.FILE_BYTES_MAX),
        "Tus-Checksum-Algorithm": "sha256",
    }
    return Response(status_code=204, headers=headers)


def _other_version(request: Request) -> Response | None:
    if request.headers.get("tus-resumable") == tus.VERSION:
        return None
    return JSONResponse(
        {"why": f"This desk speaks tus {tus.VERSION}; say so in Tus-Resumable."},
        status_code=412,
        headers={"Tus-Version": tus.VERSION},
    )


def _progress(upload: Upload, version: Version | None) -> dict[str, str]:
    headers = {"Upload-Offset": str(upload.offset), "Upload-Expires": _expires(upload)}
    return headers | ({"Repr-Digest": _repr_digest(version.sha256)} if version else {})


def _expires(upload: Upload) -> str:
    return tus.http_date(upload.expires_at.astimezone(UTC))


def _repr_digest(sha256: str) -> str:
    """Return RFC 9530's header for a digest in hex."""
    return f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"
