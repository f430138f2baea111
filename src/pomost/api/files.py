"""Files of a request for programs: what there is, its chain of hashes, and the way to the content."""

from ninja import Router
from pydantic import Field

from pomost.api.guard import READ
from pomost.api.requests import ApiRequest, actor
from pomost.api.tickets import Number
from pomost.api.values import Id, Instant, Told
from pomost.files import access as files_access
from pomost.files.actions import note_taken
from pomost.files.models import File, Version
from pomost.files.permits import FETCHING_HOLDS, fetching_permit
from pomost.files.queries import broken_at, files_about, versions_of
from pomost.tickets import access
from pomost.tickets.actions import subject_of

router = Router(tags=["Files"])


class ReceiptTold(Told):
    """The customer's word that a version is there, whole."""

    by: str
    at: Instant


class FileVersionTold(Told):
    """One state of a file. It never changes; only its content is erased in time."""

    id: int
    number: int
    name: str
    size: int = Field(description="In bytes.")
    sha256: str = Field(description="Of the content, computed by the desk, in hex.")
    announced: bool = Field(description="The sender computed the same SHA-256 before the first byte left.")
    note: str = Field(description="What changed.")
    by: str = Field(description="Who sent it, as in the journal.")
    at: Instant
    link: str = Field(description="SHA-256 over the link before and this version.")
    keep_until: Instant
    erased_at: Instant | None
    receipt: ReceiptTold | None


class FileTold(Told):
    """A file with its versions, the first one first."""

    id: int
    kind: str = Field(description="`backup` or `attachment`.")
    broken_at: int | None = Field(
        description="Number of the first version that does not hold the one before."
    )
    versions: list[FileVersionTold]


class FileList(Told):
    """All files of a request."""

    items: list[FileTold]


class ContentTold(Told):
    """Where the content is, and what it must be."""

    address: str = Field(description="Below the desk's own; begin before `until`.")
    until: Instant
    size: int
    sha256: str


@router.get(
    "/tickets/{number}/files",
    response=FileList,
    auth=READ,
    operation_id="listFiles",
    summary="Files of a request, with their chains of hashes",
)
def list_files(request: ApiRequest, number: Number) -> FileList:
    """In the order in which they began. How a link is computed stands in the guide."""
    ticket = access.ticket(request.auth, number)
    return FileList(items=[_file(each) for each in files_about(subject_of(ticket))])


@router.get(
    "/tickets/{number}/files/{file_version}/content",
    response=ContentTold,
    auth=READ,
    operation_id="fetchFile",
    summary="Where the content of a version is fetched",
)
def fetch_file(request: ApiRequest, number: Number, file_version: Id) -> ContentTold:
    """The address holds for five minutes and needs no token. That it was asked for is noted in the journal."""
    ticket = access.ticket(request.auth, number)
    found = files_access.version(request.auth, subject_of(ticket), file_version)
    note_taken(found, by=actor(request), at=request.now)
    return ContentTold(
        address=f"/files/fetch/{fetching_permit(found, request.now)}",
        until=request.now + FETCHING_HOLDS,
        size=found.size,
        sha256=found.sha256,
    )


def _file(file: File) -> FileTold:
    versions = [_version(each) for each in versions_of(file)]
    return FileTold(id=file.pk, kind=file.kind, broken_at=broken_at(file), versions=versions)


def _version(version: Version) -> FileVersionTold:
    receipt = getattr(version, "receipt", None)
    return FileVersionTold(
        id=version.pk,
        number=version.number,
        name=version.name,
        size=version.size,
        sha256=version.sha256,
        announced=version.announced,
        note=version.note,
        by=version.by,
        at=version.at,
        link=version.link,
        keep_until=version.keep_until,
        erased_at=version.erased_at,
        receipt=ReceiptTold(by=receipt.by, at=receipt.at) if receipt else None,
    )
