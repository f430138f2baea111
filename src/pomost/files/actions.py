"""Every change to files: begin, append, finish, end, acknowledge, erase; one transaction and at most one fact each.

An action is told who acts (`by`, in the permit) and when (`at`). A piece is on the disk before its row is written, and
its row before anybody is told that it was kept: what was acknowledged survives the process. Two senders of one upload
may both write; the row of the first counts, and the other's piece is deleted. Reads are in queries.py.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from pomost.files.chain import GENESIS, Content, link
from pomost.files.errors import Damaged, FileRefused, NoRoom, Over, TooLarge, WrongOffset
from pomost.files.hashing import RunningHashes
from pomost.files.models import File, Piece, Receipt, Upload, Version
from pomost.files.names import kept_name
from pomost.files.permits import Permit
from pomost.files.queries import content_from, used_bytes
from pomost.files.store import the_store
from pomost.journal.actions import record
from pomost.people.formats import file_size
from pomost.people.models import Customer, Vendor

PIECE_BYTES_MAX: Final = 4 << 20
"""What is encrypted and kept at once; what a break costs at most, and what an upload costs in memory."""
UPLOAD_HOLDS: Final = timedelta(days=7)
"""How long an upload may take, breaks included; each piece begins the time anew."""
NOTE_CHARACTERS_MAX: Final = 2000
HEX: Final = frozenset("0123456789abcdef")
SHA256_CHARACTERS: Final = 64

_hashes = RunningHashes()

Arrived = Callable[[Version], None]


@transaction.atomic
def begin_upload(
    permit: Permit, *, name: str, size: int, sha256: str = "", note: str = "", at: datetime
) -> Upload:
    """Announce a file. The same sender announcing the same content again goes on with the upload that runs.

    Args:
        permit: what its holder may send.
        name: as the sender calls it; folders are cut off.
        size: in bytes.
        sha256: of the content, in hex; empty where the sender did not compute it.
        note: what changed; needed where a version is corrected.
        at: aware.

    Raises:
        TooLarge: the file is empty or larger than the desk takes.
        NoRoom: the customer's or the vendor's share is used up.
        FileRefused: name, note or SHA-256 cannot be used, or the version was corrected already.
    """
    name, note, sha256 = kept_name(name), note.strip(), sha256.lower()
    if sha256 and (len(sha256) != SHA256_CHARACTERS or not HEX.issuperset(sha256)):
        raise FileRefused(_("What was given is no SHA-256: it has 64 signs, 0 to 9 and a to f."))
    _refuse_size(size)
    if len(note) > NOTE_CHARACTERS_MAX:
        raise FileRefused(
            _("The note has %(count)s characters; %(most)s fit. Write the rest as a message.")
            % {"count": len(note), "most": NOTE_CHARACTERS_MAX}
        )
    if permit.parent is not None:
        if not note:
            raise FileRefused(_("Write what you changed: the customer reads it beside the file."))
        _refuse_second_child(permit.parent)
    # Locked first, so that two announcements do not share the last room.
    Vendor.objects.select_for_update(no_key=True).get(pk=permit.customer.vendor_id)
    running = _same_again(permit, name, size, sha256)
    if running is not None:
        return running
    _refuse_over_quota(permit.customer, size)
    return Upload.objects.create(
        vendor_id=permit.customer.vendor_id,
        customer=permit.customer,
        subject=permit.subject,
        kind=permit.kind,
        parent=permit.parent,
        name=name,
        note=note,
        size=size,
        sha256=sha256,
        by=permit.by,
        begun_at=at,
        expires_at=at + UPLOAD_HOLDS,
    )


def append(upload_id: UUID, offset: int, content: bytes, *, at: datetime) -> Upload:
    """Keep a piece that begins at `offset`; return the upload with the offset after it.

    Raises:
        WrongOffset: the kept content does not end at `offset`.
        TooLarge: the piece is larger than a piece may be, or goes beyond the announced size.
        Over: the upload has ended or run out of time.
        NoRoom: the disk is full.
    """
    if not 0 < len(content) <= PIECE_BYTES_MAX:
        raise TooLarge(
            _("A piece has 1 to %(most)s bytes; this one has %(count)s.")
            % {"most": PIECE_BYTES_MAX, "count": len(content)}
        )
    upload = Upload.objects.get(pk=upload_id)
    _refuse_unfit(upload, offset, len(content), at)
    store = the_store()
    key = store.put(content)
    try:
        with transaction.atomic():
            upload = Upload.objects.select_for_update(no_key=True).get(pk=upload_id)
            _refuse_unfit(upload, offset, len(content), at)
            Piece.objects.create(
                upload=upload,
                offset=offset,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                key=key,
            )
            upload.offset, upload.expires_at = offset + len(content), at + UPLOAD_HOLDS
            upload.save(update_fields=["offset", "expires_at"])
    except FileRefused:
        store.drop([key])
        raise
    _hashes.took(upload_id, offset, content)
    return upload


def finish(upload_id: UUID, *, arrived: Arrived, at: datetime) -> Version:
    """Make a version of an upload whose bytes have all come; saying it twice gives the same one.

    Args:
        upload_id: whole.
        arrived: called with the new version in the same transaction.
        at: aware.

    Raises:
        Damaged: the content's SHA-256 is not the announced one; the upload ends, and its content goes.
        WrongOffset: bytes are missing.
        Over: the upload ended otherwise.
    """
    upload = Upload.objects.get(pk=upload_id)
    if upload.state == Upload.State.DONE:
        return upload.version
    if upload.state == Upload.State.RUNNING and upload.offset < upload.size:
        raise wrong_offset(upload, upload.offset)
    sha256 = _hashes.whole(upload_id, upload.size, lambda offset: content_from(upload, offset))
    if upload.sha256 and sha256 != upload.sha256:
        end_upload(upload_id, Upload.State.DAMAGED, by=upload.by, at=at, sha256=sha256)
        raise Damaged(
            _(
                "What came is not what you chose: its SHA-256 is %(found)s, yours was %(said)s. "
                "It was not kept; choose the file again."
            )
            % {"found": sha256, "said": upload.sha256}
        )
    with transaction.atomic():
        upload = (
            Upload.objects.select_for_update(of=("self",), no_key=True)
            .select_related("vendor", "customer")
            .get(pk=upload_id)
        )
        if upload.state == Upload.State.DONE:
            return upload.version
        _refuse_over(upload, at)
        version = _version(upload, sha256, at)
        upload.state, upload.ended_at = Upload.State.DONE, at
        upload.save(update_fields=["state", "ended_at"])
        record(
            "file.kept",
            vendor=upload.vendor.slug,
            subject=upload.subject,
            by=upload.by,
            at=at,
            data={
                "version": version.pk,
                "number": version.number,
                "kind": upload.kind,
                "name": version.name,
                "size": version.size,
                "sha256": sha256,
                "link": version.link,
            },
        )
        arrived(version)
    return version


def end_upload(upload_id: UUID, state: Upload.State, *, by: str, at: datetime, sha256: str = "") -> None:
    """End an upload in a state other than done; its content goes. One that has ended stays as it is."""
    with transaction.atomic():
        upload = (
            Upload.objects.select_for_update(of=("self",), no_key=True)
            .select_related("vendor")
            .get(pk=upload_id)
        )
        if upload.state != Upload.State.RUNNING:
            return
        keys = list(upload.pieces.values_list("key", flat=True))
        upload.pieces.all().delete()
        upload.state, upload.ended_at = state, at
        upload.save(update_fields=["state", "ended_at"])
        record(
            f"file.upload-{state.value}",
            vendor=upload.vendor.slug,
            subject=upload.subject,
            by=by,
            at=at,
            data={"name": upload.name, "size": upload.size, "came": upload.offset}
            | ({"sha256": sha256} if sha256 else {}),
        )
    the_store().drop(keys)


@transaction.atomic
def note_taken(version: Version, *, by: str, at: datetime) -> None:
    """Note that somebody began to fetch a version.

    Raises:
        Over: its content was erased.
    """
    if version.erased_at is not None:
        raise erased(version)
    _fact("taken", version, by=by, at=at)


@transaction.atomic
def acknowledge(version: Version, sha256: str, *, by: str, at: datetime) -> Receipt:
    """Keep the receipt for a version; another one for the same version changes nothing.

    Raises:
        Damaged: the SHA-256 that the customer read is another one.
    """
    version = Version.objects.select_for_update(no_key=True).get(pk=version.pk)
    if sha256 != version.sha256:
        raise Damaged(
            _("The file that you have is not the one that was returned. Fetch it again and compare.")
        )
    found = Receipt.objects.filter(version=version).first()
    if found is not None:
        return found
    receipt = Receipt.objects.create(version=version, sha256=sha256, by=by, at=at)
    _fact("received", version, by=by, at=at)
    return receipt


def erase(version: Version, *, by: str, at: datetime) -> None:
    """Erase the content of a version for good; all that was said of it stays. Saying it twice changes nothing."""
    with transaction.atomic():
        version = Version.objects.select_for_update(no_key=True).get(pk=version.pk)
        if version.erased_at is not None:
            return
        version.erased_at = at
        version.save(update_fields=["erased_at"])
        pieces = Piece.objects.filter(upload_id=version.upload_id)
        keys = list(pieces.values_list("key", flat=True))
        pieces.delete()
        _fact("erased", version, by=by, at=at)
    the_store().drop(keys)


def erased(version: Version) -> Over:
    """Return the sentence for content that is gone."""
    return Over(
        _("The content of “%(name)s” was erased when its time was over. Its SHA-256 stays on record.")
        % {"name": version.name}
    )


def wrong_offset(upload: Upload, offset: int) -> WrongOffset:
    """Return the sentence for a piece that does not follow what is kept."""
    return WrongOffset(
        _("The piece begins at %(given)s, and %(kept)s bytes are kept. Go on from there.")
        % {"given": offset, "kept": upload.offset}
    )


def ended() -> Over:
    """Return the sentence for an upload that takes nothing more."""
    return Over(_("This upload has ended. Choose the file again to begin a new one."))


def _version(upload: Upload, sha256: str, at: datetime) -> Version:
    parent = upload.parent
    if parent is None:
        file = File.objects.create(
            vendor=upload.vendor, customer=upload.customer, subject=upload.subject, kind=upload.kind, at=at
        )
    else:
        file = File.objects.select_for_update(no_key=True).get(pk=parent.file_id)
        _refuse_second_child(parent)
    number = parent.number + 1 if parent else 1
    said = Content(number, upload.name, upload.size, sha256, upload.note, upload.by, at)
    return Version.objects.create(
        file=file,
        parent=parent,
        upload=upload,
        announced=bool(upload.sha256),
        link=link(parent.link if parent else GENESIS, said),
        keep_until=at + timedelta(days=settings.FILES_KEEP_DAYS),
        **said._asdict(),
    )


def _same_again(permit: Permit, name: str, size: int, sha256: str) -> Upload | None:
    """Return the sender's own running upload of the very same content; without a SHA-256 nobody can know."""
    if not sha256:
        return None
    return Upload.objects.filter(
        customer=permit.customer,
        subject=permit.subject,
        kind=permit.kind,
        parent=permit.parent,
        by=permit.by,
        name=name,
        size=size,
        sha256=sha256,
        state=Upload.State.RUNNING,
    ).first()


def _refuse_size(size: int) -> None:
    if size <= 0:
        raise TooLarge(_("The file is empty. Choose another one."))
    most = settings.FILE_BYTES_MAX
    if size > most:
        raise TooLarge(
            _("The file has %(size)s; one file may have %(most)s. Split it, or ask for another way.")
            % {"size": file_size(size), "most": file_size(most)}
        )


def _refuse_over_quota(customer: Customer, size: int) -> None:
    shares = (
        (used_bytes(customer=customer.pk), settings.FILES_CUSTOMER_BYTES_MAX, _("your firm")),
        (used_bytes(vendor=customer.vendor_id), settings.FILES_VENDOR_BYTES_MAX, _("this desk")),
    )
    for used, most, whose in shares:
        if used + size > most:
            raise NoRoom(
                _(
                    "There is no room: of %(most)s for %(whose)s %(used)s are taken, and this file has %(size)s. "
                    "Older files make room when their time is over."
                )
                % {
                    "most": file_size(most),
                    "whose": whose,
                    "used": file_size(used),
                    "size": file_size(size),
                }
            )


def _refuse_second_child(parent: Version) -> None:
    if Version.objects.filter(parent=parent).exists():
        raise FileRefused(
            _("Version %(number)s was corrected already. Load the page again and correct the newest one.")
            % {"number": parent.number}
        )


def _refuse_unfit(upload: Upload, offset: int, size: int, at: datetime) -> None:
    _refuse_over(upload, at)
    if offset != upload.offset:
        raise wrong_offset(upload, offset)
    if offset + size > upload.size:
        raise TooLarge(
            _("%(size)s bytes were announced; the piece would end at %(end)s.")
            % {"size": upload.size, "end": offset + size}
        )


def _refuse_over(upload: Upload, at: datetime) -> None:
    if upload.state != Upload.State.RUNNING or at >= upload.expires_at:
        raise ended()


def _fact(verb: str, version: Version, *, by: str, at: datetime) -> None:
    file = File.objects.select_related("vendor").get(pk=version.file_id)
    record(
        f"file.{verb}",
        vendor=file.vendor.slug,
        subject=file.subject,
        by=by,
        at=at,
        data={
            "version": version.pk,
            "number": version.number,
            "kind": file.kind,
            "name": version.name,
            "sha256": version.sha256,
        },
    )
