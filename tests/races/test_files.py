"""Two senders at the same moment: of one upload a piece counts once, and the last room of a share is given once."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from pytest_django import Settings

from files.sending import digest, nobody, permit_of
from people import Cast, cast
from pomost.files import actions
from pomost.files.errors import NoRoom, WrongOffset
from pomost.files.models import Piece, Upload
from pomost.files.queries import content_from
from races.crossing import Crossing, of_kind, remove_locks

NOW = datetime(2026, 6, 15, 6, tzinfo=UTC)

only_postgresql = pytest.mark.parametrize("both_own_databases", ["postgresql"], indirect=True)


@pytest.fixture
def desk(both_own_databases: str, settings: Settings, tmp_path: Path) -> Cast:
    settings.FILES_FOLDER = tmp_path / "files"
    with transaction.atomic():
        return cast()


def send_twice_at_once(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> tuple[Upload, list[object]]:
    """Send other bytes for the same place; each stops between the look at the offset and the piece's row."""
    upload = actions.begin_upload(permit_of(desk.ada, desk.ada), name="b.zip", size=8, at=NOW)
    crossing = Crossing()
    with monkeypatch.context() as patched:
        patched.setattr(Piece, "save", crossing.before(Piece.save))
        ends = crossing.run(
            partial(actions.append, upload.pk, 0, b"first", at=NOW),
            partial(actions.append, upload.pk, 0, b"other", at=NOW),
        )
    return upload, ends


def test_of_two_pieces_at_one_place_one_counts_and_the_upload_ends_whole(
    desk: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    upload, ends = send_twice_at_once(desk, monkeypatch)

    assert len(of_kind(ends, WrongOffset)) == 1, ends
    assert len(list(tmp_path.rglob("*.age"))) == Piece.objects.count() == 1
    actions.append(upload.pk, 5, b"end", at=NOW)
    version = actions.finish(upload.pk, arrived=nobody, at=NOW)
    content = b"".join(content_from(version.upload))
    assert content in (b"firstend", b"otherend")
    assert version.sha256 == digest(content)


@only_postgresql
def test_without_the_lock_the_database_refuses_the_second_piece(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_locks(monkeypatch)

    _upload, ends = send_twice_at_once(desk, monkeypatch)

    assert len(of_kind(ends, DatabaseError)) == 1, ends
    assert Piece.objects.count() == 1


def announce_twice_at_once(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    crossing = Crossing()
    monkeypatch.setattr(Upload, "save", crossing.before(Upload.save))
    announce = partial(actions.begin_upload, permit_of(desk.ada, desk.ada), size=600, at=NOW)
    return crossing.run(partial(announce, name="a.zip"), partial(announce, name="b.zip"))


def test_the_last_room_is_given_once(desk: Cast, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.FILES_CUSTOMER_BYTES_MAX = 1000

    ends = announce_twice_at_once(desk, monkeypatch)

    assert len(of_kind(ends, NoRoom)) == 1, ends
    assert Upload.objects.count() == 1


@only_postgresql
def test_without_the_lock_it_would_be_given_twice(
    desk: Cast, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.FILES_CUSTOMER_BYTES_MAX = 1000
    remove_locks(monkeypatch)

    announce_twice_at_once(desk, monkeypatch)

    assert Upload.objects.count() == 2
