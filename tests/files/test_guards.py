"""Attacks on files with raw SQL, each beside what is allowed."""

from dataclasses import dataclass

import pytest
from django.db import connection

from attacks import refusal, run_sql, truncation
from files.sending import NOW, digest, permit_of, sent
from people import by, cast
from pomost.files import actions
from pomost.files.models import Receipt, Upload, Version

VERSION = "file: a version never changes"
UPLOAD = "file: an upload goes forward and ends once"
PIECE = "file: a piece stays as it is"
FILE = "file: what it is about never changes"
RECEIPT = "file: a receipt stays as it is"


@dataclass(frozen=True, slots=True)
class Rows:
    backup: Version
    mended: Version
    receipt: Receipt
    running: Upload


def key(upload: Upload) -> str:
    """Return the id of an upload as the database in use writes it."""
    return upload.pk.hex if connection.vendor == "sqlite" else str(upload.pk)


@pytest.fixture
def rows(both_databases: object) -> Rows:
    desk = cast()
    backup = sent(permit_of(desk.ada, desk.ada), b"balances")
    mended = sent(permit_of(desk.tess, desk.ada, parent=backup), b"mended", note="May.")
    receipt = actions.acknowledge(mended, digest(b"mended"), by=by(desk.ada), at=NOW)
    running = actions.begin_upload(permit_of(desk.ada, desk.ada), name="b.zip", size=9, at=NOW)
    return Rows(backup, mended, receipt, actions.append(running.pk, 0, b"abc", at=NOW))


@pytest.mark.parametrize(
    "change",
    [
        "sha256 = 'x'",
        "name = 'other.zip'",
        "size = 1",
        "note = 'Nothing.'",
        "\"by\" = 'contact:9'",
        "at = '2020-01-01'",
        "link = 'x'",
        "announced = NOT announced",
        "keep_until = '2020-01-01'",
        "number = 9",
    ],
)
def test_what_a_version_says_never_changes(rows: Rows, change: str) -> None:
    assert VERSION in refusal(f"UPDATE files_version SET {change} WHERE id = %s", rows.mended.pk)  # noqa: S608 (our own words)


def test_content_is_erased_once_and_never_brought_back(rows: Rows) -> None:
    assert run_sql("UPDATE files_version SET erased_at = %s WHERE id = %s", NOW, rows.backup.pk) == 1
    assert VERSION in refusal("UPDATE files_version SET erased_at = NULL WHERE id = %s", rows.backup.pk)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("files_version", VERSION),
        ("files_file", FILE),
        ("files_receipt", RECEIPT),
        ("files_upload", "file: an upload that began stays"),
    ],
)
def test_nothing_is_deleted(rows: Rows, table: str, why: str) -> None:
    assert why in refusal(f"DELETE FROM {table}")  # noqa: S608 (our own words)


def test_a_file_stays_with_its_customer(rows: Rows) -> None:
    other = rows.backup.file.customer_id
    assert FILE in refusal("UPDATE files_file SET subject = 'ticket:2' WHERE customer_id = %s", other)


def test_a_receipt_stays_with_its_words(rows: Rows) -> None:
    assert RECEIPT in refusal("UPDATE files_receipt SET sha256 = 'x' WHERE id = %s", rows.receipt.pk)


@pytest.mark.parametrize("change", ["sha256 = 'x'", "key = 'x'", '"offset" = 5', "size = 5"])
def test_a_piece_is_never_another_one(rows: Rows, change: str) -> None:
    assert PIECE in refusal(f"UPDATE files_piece SET {change} WHERE upload_id = %s", key(rows.running))  # noqa: S608 (our own words)


def test_pieces_go_with_their_content_and_not_before(rows: Rows) -> None:
    of_backup = key(rows.backup.upload)
    assert PIECE in refusal("DELETE FROM files_piece WHERE upload_id = %s", of_backup)

    run_sql("UPDATE files_version SET erased_at = %s WHERE id = %s", NOW, rows.backup.pk)
    assert run_sql("DELETE FROM files_piece WHERE upload_id = %s", of_backup) == 1
    assert run_sql("DELETE FROM files_piece WHERE upload_id = %s", key(rows.running)) == 1


@pytest.mark.parametrize(
    "change",
    [
        "size = 99",
        "sha256 = 'x'",
        "name = 'other.zip'",
        "\"by\" = 'contact:9'",
        "subject = 'ticket:9'",
        '"offset" = 2',
        "kind = 'attachment'",
    ],
)
def test_an_upload_stays_what_was_announced_and_only_goes_forward(rows: Rows, change: str) -> None:
    assert UPLOAD in refusal(f"UPDATE files_upload SET {change} WHERE id = %s", key(rows.running))  # noqa: S608 (our own words)


def test_an_upload_that_ended_is_not_opened_again(rows: Rows) -> None:
    assert UPLOAD in refusal(
        "UPDATE files_upload SET state = 'running', ended_at = NULL WHERE id = %s", key(rows.backup.upload)
    )


@pytest.mark.parametrize("which_database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "table", ["files_version", "files_receipt", "files_piece", "files_upload", "files_file"]
)
def test_no_table_is_emptied(rows: Rows, table: str) -> None:
    assert "file: " in truncation(table)
