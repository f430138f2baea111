"""The addresses below /files/: tus as the protocol says, each refusal with its status and a sentence, and the way back."""

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from files.sending import NOW, SUBJECT, digest, nobody, sent
from people import Cast, by, cast
from pomost.files import actions, permits
from pomost.files.models import Upload, Version
from pomost.files.server import CHECKED_BYTES_MAX, Files

CONTENT = bytes(range(256)) * 4000
Said = dict[str, str | None]


class MovedClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic_ms(self) -> int:
        return 0


class Sender:
    """Somebody with a permit, and the server."""

    def __init__(self, desk: Cast) -> None:
        self.desk = desk
        self.clock = MovedClock()
        self.files = Files(self.clock, nobody)
        self.permit = permits.sending_permit(
            customer=desk.acme, subject=SUBJECT, kind="backup", by=by(desk.ada), language="en", at=NOW
        )

    async def ask(
        self, method: str, address: str, content: bytes = b"", said: Said | None = None
    ) -> httpx.Response:
        """Send one request; a header that is None is left out."""
        headers: Said = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {self.permit}"}
        headers |= said or {}
        transport = httpx.ASGITransport(app=self.files.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            kept = {name: value for name, value in headers.items() if value is not None}
            return await client.request(method, address, content=content, headers=kept)

    async def begin(
        self, content: bytes = CONTENT, *, name: str = "base.zip", said: Said | None = None
    ) -> httpx.Response:
        """Announce a file."""
        about = {"filename": name, "sha256": digest(content)}
        pairs = [f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in about.items()]
        headers: Said = {"Upload-Length": str(len(content)), "Upload-Metadata": ",".join(pairs)}
        return await self.ask("POST", "/files/uploads/", said=headers | (said or {}))

    async def patch(
        self, address: str, offset: int, content: bytes, said: Said | None = None
    ) -> httpx.Response:
        """Send a part of it."""
        headers: Said = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        return await self.ask("PATCH", address, content, headers | (said or {}))


@pytest.fixture
def desk(disk_database: Path) -> Cast:
    return cast()


def played(desk: Cast, story: Callable[[Sender], Awaitable[None]]) -> None:
    """Run a story and let the connections of its threads go."""

    async def run() -> None:
        try:
            await story(Sender(desk))
        finally:
            await sync_to_async(connections.close_all, thread_sensitive=False)()

    asyncio.run(run())


async def in_thread(work: Callable[[], object]) -> object:
    def run() -> object:
        try:
            return work()
        finally:
            connections.close_all()

    return await sync_to_async(run, thread_sensitive=False)()


def checked(content: bytes) -> str:
    return f"sha256 {base64.b64encode(hashlib.sha256(content).digest()).decode()}"


def test_a_file_goes_in_by_parts_and_comes_out_whole(desk: Cast) -> None:
    async def story(ada: Sender) -> None:
        begun = await ada.begin(name="база.zip")
        assert begun.status_code == 201
        address = begun.headers["Location"]
        first = await ada.patch(
            address, 0, CONTENT[:70_000], said={"Upload-Checksum": checked(CONTENT[:70_000])}
        )
        assert (first.status_code, first.headers["Upload-Offset"]) == (204, "70000")
        head = await ada.ask("HEAD", address)
        assert head.headers["Upload-Offset"] == "70000"
        assert head.headers["Upload-Length"] == str(len(CONTENT))
        assert head.headers["Cache-Control"] == "no-store"
        last = await ada.patch(address, 70_000, CONTENT[70_000:])
        told = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
        assert last.headers["Repr-Digest"] == f"sha-256=:{told}:"

        version = await in_thread(Version.objects.get)
        assert isinstance(version, Version)
        word = permits.fetching_permit(version, NOW)
        fetched = await ada.ask("GET", f"/files/fetch/{word}", said={"Authorization": None})
        assert fetched.content == CONTENT
        assert fetched.headers["Content-Length"] == str(len(CONTENT))
        assert "attachment" in fetched.headers["Content-Disposition"]
        assert "%D0%B1%D0%B0%D0%B7%D0%B0.zip" in fetched.headers["Content-Disposition"]
        assert fetched.headers["Repr-Digest"] == f"sha-256=:{told}:"

    played(desk, story)


def test_options_say_what_is_spoken(desk: Cast) -> None:
    async def story(ada: Sender) -> None:
        answer = await ada.ask(
            "OPTIONS", "/files/uploads/", said={"Authorization": None, "Tus-Resumable": None}
        )
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert "checksum" in answer.headers["Tus-Extension"]
        assert int(answer.headers["Tus-Max-Size"]) > 0

    played(desk, story)


def test_a_part_with_a_wrong_checksum_leaves_nothing(desk: Cast) -> None:
    async def story(ada: Sender) -> None:
        address = (await ada.begin()).headers["Location"]
        answer = await ada.patch(address, 0, CONTENT[:50], said={"Upload-Checksum": checked(b"other")})
        assert answer.status_code == 460
        assert (await ada.ask("HEAD", address)).headers["Upload-Offset"] == "0"
        long = await ada.patch(
            address, 0, b"x" * (CHECKED_BYTES_MAX + 1), said={"Upload-Checksum": checked(b"x")}
        )
        assert long.status_code == 400
        assert (await ada.ask("HEAD", address)).headers["Upload-Offset"] == "0"

    played(desk, story)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": None}, 412),
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Authorization": None}, 403),
        ({"Authorization": "Bearer x.y"}, 403),
        ({"Authorization": "Basic QQ=="}, 403),
        ({"Authorization": "Bearer " + "a" * 5000}, 403),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "9" * 40}, 400),
        ({"Upload-Length": None}, 400),
        ({"Upload-Length": "0"}, 413),
        ({"Upload-Length": "999999999999999"}, 413),
        ({"Upload-Metadata": "filename !"}, 400),
        ({"Upload-Metadata": None}, 400),
    ],
)
def test_an_announcement_that_does_not_fit_is_refused(desk: Cast, headers: Said, status: int) -> None:
    async def story(ada: Sender) -> None:
        answer = await ada.begin(said=headers)
        assert answer.status_code == status
        assert answer.json()["why"].endswith(".")

    played(desk, story)
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "5"}, 409),
        ({"Upload-Offset": None}, 400),
        ({"Content-Type": "text/plain"}, 415),
        ({"Upload-Checksum": "md5 AAAA"}, 400),
        ({"Authorization": None}, 403),
        ({"X-HTTP-Method-Override": "PUT"}, 405),
    ],
)
def test_a_part_that_does_not_fit_is_refused_and_leaves_nothing(
    desk: Cast, headers: Said, status: int
) -> None:
    async def story(ada: Sender) -> None:
        address = (await ada.begin()).headers["Location"]
        assert (await ada.patch(address, 0, CONTENT[:9], headers)).status_code == status
        assert (await ada.ask("HEAD", address)).headers["Upload-Offset"] == "0"

    played(desk, story)


def test_beyond_the_announced_length_nothing_is_taken(desk: Cast) -> None:
    async def story(ada: Sender) -> None:
        address = (await ada.begin(b"abc")).headers["Location"]
        assert (await ada.patch(address, 0, b"abcd")).status_code == 413
        assert (await ada.ask("HEAD", address)).headers["Upload-Offset"] == "0"

    played(desk, story)


def test_somebody_elses_upload_does_not_exist(desk: Cast) -> None:
    async def story(ada: Sender) -> None:
        address = (await ada.begin()).headers["Location"]
        boris = permits.sending_permit(
            customer=desk.borealis, subject=SUBJECT, kind="backup", by=by(desk.boris), language="en", at=NOW
        )
        for method in ("HEAD", "DELETE"):
            assert (
                await ada.ask(method, address, said={"Authorization": f"Bearer {boris}"})
            ).status_code == 404
        assert (
            await ada.patch(address, 0, b"x", said={"Authorization": f"Bearer {boris}"})
        ).status_code == 404
        assert (await ada.ask("HEAD", f"/files/uploads/{uuid4()}")).status_code == 404
        assert (await ada.ask("HEAD", address)).status_code == 200

    played(desk, story)


def test_a_permit_ends_with_its_time_and_with_its_holder(desk: Cast) -> None:
    async def story(ada: Sender) -> None:
        address = (await ada.begin()).headers["Location"]
        ada.clock.at = NOW + permits.SENDING_HOLDS
        assert (await ada.patch(address, 0, b"x")).status_code == 403
        ada.clock.at = NOW
        person = desk.ada.person
        assert person is not None
        person.is_active = False
        await in_thread(lambda: person.save(update_fields=["is_active"]))
        answer = await ada.patch(address, 0, b"x")
        assert answer.status_code == 403
        assert "no place at this desk" in answer.json()["why"]

    played(desk, story)


def test_an_upload_that_is_not_wanted_any_more_ends(desk: Cast, folder: Path) -> None:
    async def story(ada: Sender) -> None:
        address = (await ada.begin()).headers["Location"]
        await ada.patch(address, 0, CONTENT[:100])
        assert (await ada.ask("DELETE", address)).status_code == 204
        assert (await ada.ask("HEAD", address)).status_code == 410
        assert (await ada.patch(address, 100, CONTENT[100:])).status_code == 410

    played(desk, story)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_what_a_killed_process_left_unfinished_is_finished_when_asked_about(desk: Cast) -> None:
    async def story(ada: Sender) -> None:
        address = (await ada.begin()).headers["Location"]
        upload_id = (await in_thread(Upload.objects.get)).pk  # type: ignore[attr-defined]
        await in_thread(lambda: actions.append(upload_id, 0, CONTENT, at=NOW))
        head = await ada.ask("HEAD", address)
        assert "Repr-Digest" in head.headers

    played(desk, story)
    assert Version.objects.get().sha256 == digest(CONTENT)


def test_content_that_is_not_what_was_chosen_is_refused_at_the_end(desk: Cast) -> None:
    async def story(ada: Sender) -> None:
        address = (await ada.begin(b"good")).headers["Location"]
        answer = await ada.patch(address, 0, b"evil")
        assert answer.status_code == 422
        assert digest(b"evil") in answer.json()["why"]
        assert (await ada.ask("HEAD", address)).status_code == 410

    played(desk, story)
    assert not Version.objects.exists()


def test_a_link_to_fetch_holds_for_minutes_and_for_one_version(desk: Cast) -> None:
    version = sent(permits.Permit(desk.acme, SUBJECT, "backup", None, by(desk.ada), "en"), CONTENT)

    async def story(ada: Sender) -> None:
        word = permits.fetching_permit(version, NOW)
        late = NOW + permits.FETCHING_HOLDS
        assert (await ada.ask("HEAD", f"/files/fetch/{word}")).status_code == 200
        for other in (word[:-1], "x", ada.permit):
            assert (await ada.ask("GET", f"/files/fetch/{other}")).status_code == 403
        ada.clock.at = late
        assert (await ada.ask("GET", f"/files/fetch/{word}")).status_code == 403
        ada.clock.at = NOW
        await in_thread(lambda: actions.erase(version, by="desk", at=NOW + timedelta(days=1)))
        assert (await ada.ask("GET", f"/files/fetch/{word}")).status_code == 410

    played(desk, story)
