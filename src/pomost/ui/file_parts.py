"""Files of a request as pages show them: each with its versions, the newest last, and whether their chain holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pomost.files.models import File, Receipt, Version
from pomost.files.queries import broken_at, files_about, versions_of
from pomost.people import formats
from pomost.people.queries import names_of


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version."""

    key: int
    number: int
    name: str
    size: str
    sha256: str
    link: str
    is_compared: bool
    """Sender and desk computed the same SHA-256."""
    note: str
    who: str
    at: datetime
    keep_until: datetime
    is_erased: bool
    is_of_customer: bool
    received_at: datetime | None
    received_by: str


@dataclass(frozen=True, slots=True)
class FileView:
    """One file."""

    is_backup: bool
    versions: tuple[VersionView, ...]
    broken_at: int | None
    """Number of the first version that does not hold the one before; None: all do."""

    @property
    def newest(self) -> VersionView:
        """Return the version that would be corrected next."""
        return self.versions[-1]


@dataclass(frozen=True, slots=True)
class PermitView:
    """A kind of file that may be sent here."""

    permit: str
    label: str = ""
    """Shown where there is a choice."""


def file_views(subject: str) -> list[FileView]:
    """Return the files about a subject in the order in which they began."""
    files = list(files_about(subject))
    versions = {file.pk: versions_of(file) for file in files}
    actors = {version.by for each in versions.values() for version in each}
    receipts = {
        version.pk: receipt
        for each in versions.values()
        for version in each
        if (receipt := getattr(version, "receipt", None)) is not None
    }
    names = names_of(actors | {receipt.by for receipt in receipts.values()})
    return [
        FileView(
            file.kind == File.Kind.BACKUP,
            tuple(_version(each, receipts.get(each.pk), names) for each in versions[file.pk]),
            broken_at(file),
        )
        for file in files
    ]


def _version(version: Version, receipt: Receipt | None, names: Mapping[str, str]) -> VersionView:
    return VersionView(
        key=version.pk,
        number=version.number,
        name=version.name,
        size=formats.file_size(version.size),
        sha256=version.sha256,
        link=version.link,
        is_compared=version.announced,
        note=version.note,
        who=names.get(version.by, ""),
        at=version.at,
        keep_until=version.keep_until,
        is_erased=version.erased_at is not None,
        is_of_customer=version.by.startswith("contact:"),
        received_at=receipt.at if receipt else None,
        received_by=names.get(receipt.by, "") if receipt else "",
    )
