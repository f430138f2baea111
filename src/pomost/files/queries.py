"""Reads of files: what there is about a subject, how full a share is, and the content itself, piece by piece."""

import hashlib
from collections.abc import Iterator

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from pomost.files.chain import Content, first_broken
from pomost.files.errors import Damaged
from pomost.files.models import File, Upload, Version
from pomost.files.store import the_store


def files_about(subject: str) -> QuerySet[File]:
    """Return the files about a subject in the order in which they began, each with its versions and receipts."""
    return (
        File.objects.filter(subject=subject)
        .prefetch_related("versions__receipt", "versions__upload")
        .order_by("id")
    )


def versions_of(file: File) -> list[Version]:
    """Return a file's versions, the first one first."""
    return sorted(file.versions.all(), key=lambda version: version.number)


def running_uploads(subject: str, by: str) -> QuerySet[Upload]:
    """Return what somebody began to send about a subject and has not finished, the newest first."""
    return Upload.objects.filter(subject=subject, by=by, state=Upload.State.RUNNING).order_by("-begun_at")


def newest_backup(subject: str) -> Version | None:
    """Return the newest backup that the customer gave about a subject, whole and not erased."""
    return (
        Version.objects.filter(
            file__subject=subject,
            file__kind=File.Kind.BACKUP,
            parent=None,
            by__startswith="contact:",
            erased_at=None,
        )
        .order_by("-id")
        .first()
    )


def used_bytes(*, customer: int | None = None, vendor: int | None = None) -> int:
    """Return how much of a share is taken: what is kept, and what was announced and is on its way."""
    whose = {"customer": customer} if customer is not None else {"vendor": vendor}
    kept = Version.objects.filter(
        erased_at=None, **{f"file__{name}": key for name, key in whose.items()}
    ).aggregate(sum=Sum("size"))["sum"]
    coming = Upload.objects.filter(state=Upload.State.RUNNING, **whose).aggregate(sum=Sum("size"))["sum"]
    return int(kept or 0) + int(coming or 0)


def content_from(upload: Upload, offset: int = 0) -> Iterator[bytes]:
    """Give an upload's content from an offset at which a piece begins, one piece in memory at a time.

    Raises:
        Damaged: a piece is missing, or is another one than was written.
    """
    store = the_store()
    pieces = upload.pieces.filter(offset__gte=offset).order_by("offset")
    for piece in list(pieces.values("offset", "size", "sha256", "key")):
        content = store.get(piece["key"]) if piece["offset"] == offset else b""
        if len(content) != piece["size"] or hashlib.sha256(content).hexdigest() != piece["sha256"]:
            raise Damaged(
                _("The content is damaged at byte %(offset)s. Tell whoever runs the desk.")
                % {"offset": offset}
            )
        yield content
        offset += len(content)
    if offset != upload.offset:
        raise Damaged(_("The content ends too early, at byte %(offset)s.") % {"offset": offset})


def broken_at(file: File) -> int | None:
    """Return the number of the first version that does not hold the one before; None: the chain is whole."""
    return first_broken(
        (Content(each.number, each.name, each.size, each.sha256, each.note, each.by, each.at), each.link)
        for each in versions_of(file)
    )
