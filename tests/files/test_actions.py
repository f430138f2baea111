"""Files from the first byte to their erasure: what is kept, what is refused, what is left."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from files.sending import NOW, SUBJECT, digest, nobody, permit_of, sent
from people import Cast, cast
from pomost.files import actions, queries
from pomost.files.errors import Damaged, FileRefused, NoRoom, Over, TooLarge, WrongOffset
from pomost.files.models import Piece, Upload
from pomost.files.store import the_store
from pomost.files.sweeping import Sweeper, sweep
from pomost.journal.models import Fact

BACKUP = b"secret balance " * 5000
MENDED = b"mended balance " * 5000


@pytest.fixture
def desk(db: None) -> Cast:
    return cast()


def pieces_on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def kinds() -> list[str]:
    return list(Fact.objects.filter(subject=SUBJECT).order_by("id").values_list("kind", flat=True))


def test_what_was_sent_comes_back_byte_by_byte(desk: Cast) -> None:
    version = sent(permit_of(desk.ada, desk.ada), BACKUP)

    assert b"".join(queries.content_from(version.upload)) == BACKUP
    assert (version.number, version.size, version.sha256) == (1, len(BACKUP), digest(BACKUP))
    assert version.announced
    assert kinds() == ["file.kept"]


def test_nothing_on_the_disk_can_be_read_without_the_key(desk: Cast, folder: Path) -> None:
    sent(permit_of(desk.ada, desk.ada), BACKUP, name="salaries.zip")

    (piece,) = pieces_on_disk(folder)
    assert b"balance" not in piece.read_bytes()
    assert piece.read_bytes().startswith(b"age-encryption.org/v1")
    assert "salaries" not in str(piece)
    assert piece.stat().st_size > len(BACKUP)


def test_the_corrected_copy_follows_the_backup_and_both_stay(desk: Cast) -> None:
    backup = sent(permit_of(desk.ada, desk.ada), BACKUP)
    mended = sent(
        permit_of(desk.tess, desk.ada, parent=backup), MENDED, name="base.zip", note="Balances of May."
    )

    (file,) = queries.files_about(SUBJECT)
    assert queries.versions_of(file) == [backup, mended]
    assert (mended.number, mended.parent, mended.note) == (2, backup, "Balances of May.")
    assert queries.broken_at(file) is None
    assert b"".join(queries.content_from(backup.upload)) == BACKUP
    assert b"".join(queries.content_from(mended.upload)) == MENDED


def test_a_version_is_corrected_once_and_with_a_note(desk: Cast) -> None:
    backup = sent(permit_of(desk.ada, desk.ada), BACKUP)
    returns = permit_of(desk.tess, desk.ada, parent=backup)
    with pytest.raises(FileRefused, match="Write what you changed"):
        actions.begin_upload(returns, name="a.zip", size=1, at=NOW)
    sent(returns, MENDED, note="First.")

    with pytest.raises(FileRefused, match="Version 1 was corrected already"):
        actions.begin_upload(returns, name="a.zip", size=1, note="Second.", at=NOW)


def test_an_upload_goes_on_where_it_was(desk: Cast) -> None:
    permit = permit_of(desk.ada, desk.ada)
    begun = actions.begin_upload(permit, name="b.zip", size=len(BACKUP), sha256=digest(BACKUP), at=NOW)
    actions.append(begun.pk, 0, BACKUP[:1000], at=NOW)

    again = actions.begin_upload(permit, name="b.zip", size=len(BACKUP), sha256=digest(BACKUP), at=NOW)

    assert (again.pk, again.offset) == (begun.pk, 1000)
    actions.append(again.pk, 1000, BACKUP[1000:], at=NOW)
    assert actions.finish(again.pk, arrived=nobody, at=NOW).sha256 == digest(BACKUP)


def test_two_uploads_of_other_people_are_two(desk: Cast) -> None:
    first = actions.begin_upload(
        permit_of(desk.ada, desk.ada), name="b.zip", size=9, sha256=digest(b"x"), at=NOW
    )
    second = actions.begin_upload(
        permit_of(desk.boris, desk.boris), name="b.zip", size=9, sha256=digest(b"x"), at=NOW
    )

    assert first.pk != second.pk


@pytest.mark.parametrize("offset", [1, 999, 1001, len(BACKUP), -1])
def test_a_piece_that_does_not_follow_is_refused_and_leaves_nothing(
    desk: Cast, folder: Path, offset: int
) -> None:
    upload = actions.begin_upload(permit_of(desk.ada, desk.ada), name="b.zip", size=len(BACKUP), at=NOW)
    actions.append(upload.pk, 0, BACKUP[:1000], at=NOW)

    with pytest.raises(WrongOffset, match="1000 bytes are kept"):
        actions.append(upload.pk, offset, b"x", at=NOW)

    assert len(pieces_on_disk(folder)) == Piece.objects.count() == 1


def test_more_than_was_announced_is_refused(desk: Cast, folder: Path) -> None:
    upload = actions.begin_upload(permit_of(desk.ada, desk.ada), name="b.zip", size=3, at=NOW)

    with pytest.raises(TooLarge, match="3 bytes were announced"):
        actions.append(upload.pk, 0, b"four", at=NOW)
    assert pieces_on_disk(folder) == []


@pytest.mark.parametrize("size", [0, -5, 4_000_000_001])
def test_an_empty_and_a_huge_file_are_refused_with_figures(desk: Cast, size: int) -> None:
    with pytest.raises(TooLarge, match=r"empty|4\.0 GB"):
        actions.begin_upload(permit_of(desk.ada, desk.ada), name="b.zip", size=size, at=NOW)
    assert not Upload.objects.exists()


def test_a_full_share_says_how_full_it_is(desk: Cast, settings: Settings) -> None:
    settings.FILES_CUSTOMER_BYTES_MAX = 10_000
    sent(permit_of(desk.ada, desk.ada), b"x" * 6_000)
    actions.begin_upload(permit_of(desk.ada, desk.ada), name="b.zip", size=3_000, at=NOW)

    with pytest.raises(NoRoom, match=r"of 10 kB for your firm 9 kB are taken, and this file has 2 kB"):
        actions.begin_upload(permit_of(desk.ada, desk.ada), name="c.zip", size=1_500, at=NOW)
    actions.begin_upload(permit_of(desk.boris, desk.boris), name="c.zip", size=1_500, at=NOW)


def test_the_share_of_the_vendor_is_counted_as_well(desk: Cast, settings: Settings) -> None:
    settings.FILES_VENDOR_BYTES_MAX = 10_000
    sent(permit_of(desk.ada, desk.ada), b"x" * 9_000)

    with pytest.raises(NoRoom, match="for this desk"):
        actions.begin_upload(permit_of(desk.boris, desk.boris), name="c.zip", size=1_500, at=NOW)


def test_content_that_is_not_what_was_announced_is_not_kept(desk: Cast, folder: Path) -> None:
    upload = actions.begin_upload(
        permit_of(desk.ada, desk.ada), name="b.zip", size=4, sha256=digest(b"good"), at=NOW
    )
    actions.append(upload.pk, 0, b"evil", at=NOW)

    with pytest.raises(Damaged, match=digest(b"evil")):
        actions.finish(upload.pk, arrived=nobody, at=NOW)

    assert pieces_on_disk(folder) == []
    assert kinds() == ["file.upload-damaged"]
    with pytest.raises(Over):
        actions.append(upload.pk, 4, b"x", at=NOW)


@pytest.mark.parametrize("sha256", ["x" * 64, "ab", "ab" * 33])
def test_what_is_no_sha256_is_refused(desk: Cast, sha256: str) -> None:
    with pytest.raises(FileRefused, match="64 signs"):
        actions.begin_upload(permit_of(desk.ada, desk.ada), name="b.zip", size=4, sha256=sha256, at=NOW)


def test_finishing_twice_gives_one_version_and_too_early_none(desk: Cast) -> None:
    upload = actions.begin_upload(permit_of(desk.ada, desk.ada), name="b.zip", size=2, at=NOW)
    actions.append(upload.pk, 0, b"a", at=NOW)
    with pytest.raises(WrongOffset):
        actions.finish(upload.pk, arrived=nobody, at=NOW)
    actions.append(upload.pk, 1, b"b", at=NOW)

    first = actions.finish(upload.pk, arrived=nobody, at=NOW)

    assert actions.finish(upload.pk, arrived=nobody, at=NOW) == first
    assert not first.announced
    assert kinds() == ["file.kept"]


def test_an_upload_that_ran_out_of_time_takes_nothing_and_goes(desk: Cast, folder: Path) -> None:
    upload = actions.begin_upload(permit_of(desk.ada, desk.ada), name="b.zip", size=2, at=NOW)
    actions.append(upload.pk, 0, b"a", at=NOW)
    late = NOW + actions.UPLOAD_HOLDS

    with pytest.raises(Over, match="This upload has ended"):
        actions.append(upload.pk, 1, b"b", at=late)
    assert sweep(late) == 1
    assert sweep(late) == 0

    upload.refresh_from_db()
    assert upload.state == Upload.State.EXPIRED
    assert pieces_on_disk(folder) == []
    assert kinds() == ["file.upload-expired"]


def test_each_piece_begins_the_time_anew(desk: Cast) -> None:
    upload = actions.begin_upload(permit_of(desk.ada, desk.ada), name="b.zip", size=2, at=NOW)
    later = NOW + actions.UPLOAD_HOLDS - timedelta(seconds=1)

    upload = actions.append(upload.pk, 0, b"a", at=later)

    assert upload.expires_at == later + actions.UPLOAD_HOLDS


def test_content_goes_when_its_time_is_over_and_its_hash_stays(desk: Cast, folder: Path) -> None:
    backup = sent(permit_of(desk.ada, desk.ada), BACKUP)
    sent(permit_of(desk.tess, desk.ada, parent=backup), MENDED, note="May.", at=NOW + timedelta(days=1))

    assert sweep(backup.keep_until - timedelta(seconds=1)) == 0
    assert sweep(backup.keep_until) == 1

    backup.refresh_from_db()
    assert backup.erased_at == backup.keep_until
    assert backup.sha256 == digest(BACKUP)
    assert len(pieces_on_disk(folder)) == 1
    (file,) = queries.files_about(SUBJECT)
    assert queries.broken_at(file) is None
    with pytest.raises(Over, match="erased when its time was over"):
        actions.note_taken(backup, by="technician:1", at=NOW)


def test_a_receipt_is_for_the_very_content(desk: Cast) -> None:
    version = sent(permit_of(desk.tess, desk.ada), BACKUP)
    with pytest.raises(Damaged, match="not the one that was returned"):
        actions.acknowledge(version, digest(MENDED), by="contact:1", at=NOW)

    receipt = actions.acknowledge(version, digest(BACKUP), by="contact:1", at=NOW)

    assert actions.acknowledge(version, digest(BACKUP), by="contact:2", at=NOW) == receipt
    assert kinds() == ["file.kept", "file.received"]


@pytest.mark.parametrize("harm", ["gone", "cut", "other"])
def test_content_that_was_harmed_on_the_disk_is_never_given_as_if_it_were_whole(
    desk: Cast, folder: Path, harm: str
) -> None:
    version = sent(permit_of(desk.ada, desk.ada), BACKUP)
    (piece,) = pieces_on_disk(folder)
    if harm == "gone":
        piece.unlink()
    elif harm == "cut":
        piece.write_bytes(piece.read_bytes()[:-1])
    else:
        sent(permit_of(desk.boris, desk.boris), b"another one of the desk's own")
        (other,) = set(pieces_on_disk(folder)) - {piece}
        piece.write_bytes(other.read_bytes())

    with pytest.raises(Damaged):
        list(queries.content_from(version.upload))


def test_a_piece_that_a_killed_process_left_is_found_and_one_in_use_is_not(desk: Cast, folder: Path) -> None:
    version = sent(permit_of(desk.ada, desk.ada), BACKUP)
    the_store().put(b"left over")
    sweeper = Sweeper()

    tomorrow = NOW.replace(year=2100)
    swept = sweeper.run_once(tomorrow) - 1  # the version's time is over as well by then

    assert swept == 1
    assert version.erased_at is None
    assert pieces_on_disk(folder) == []
    assert sweeper.run_once(tomorrow) == 0


def test_a_full_disk_is_said_and_what_was_kept_stays(
    desk: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = actions.begin_upload(permit_of(desk.ada, desk.ada), name="b.zip", size=2, at=NOW)
    actions.append(upload.pk, 0, b"a", at=NOW)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("os.fsync", full)
        with pytest.raises(NoRoom, match="No space left on device"):
            actions.append(upload.pk, 1, b"b", at=NOW)

    assert len(pieces_on_disk(folder)) == 1
    assert actions.append(upload.pk, 1, b"b", at=NOW).offset == 2
