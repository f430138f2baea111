"""Terms files on disk, read for the command.

Owns finding and reading them. Refuses to go on with a file that has problems: all
of them are in the sentence. Read next: rules/terms/parse.py.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pomost.cli.errors import Unusable
from pomost.contracts.public_holidays import public_holidays
from pomost.rules.terms.model import Terms, in_force
from pomost.rules.terms.parse import read_terms
from pomost.rules.terms.problems import TermsInvalid


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        Unusable: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as failed:
        raise Unusable(
            f"{path} cannot be read: {failed.strerror}. Check the name and the rights."
        ) from failed


def terms_in(path: Path) -> Terms:
    """Return the terms in a file.

    Raises:
        Unusable: it cannot be read.
        TermsInvalid: it has problems.
    """
    return read_terms(bytes_of(path), str(path), public_holidays)


class TermsFolder:
    """All terms files of a folder, by vendor."""

    def __init__(self, folder: Path) -> None:
        """Read the folder.

        Raises:
            Unusable: it is no folder, has no terms file, or one of them has problems.
        """
        paths = sorted(folder.glob("*.toml"))
        if not paths:
            raise Unusable(f"{folder} has no terms file (*.toml). Name another folder with --terms.")
        self.folder = folder
        self._versions: dict[str, list[Terms]] = {}
        for path in paths:
            try:
                terms = terms_in(path)
            except TermsInvalid as invalid:
                raise Unusable(f"{path} has problems; mend them first.\n{invalid}") from invalid
            self._versions.setdefault(terms.vendor.slug, []).append(terms)

    def of(self, vendor: str, on: date | None) -> Terms:
        """Return a vendor's terms in force on a day; None: the newest.

        Raises:
            Unusable: no such vendor, or no terms of it on that day.
        """
        versions: Sequence[Terms] = self._versions.get(vendor, [])
        if not versions:
            known = ", ".join(self._versions)
            raise Unusable(f"{self.folder} has no terms of the vendor “{vendor}”. It has: {known}.")
        found = in_force(versions, on) if on else max(versions, key=lambda each: each.in_force_from)
        if found is None:
            raise Unusable(f"No terms of “{vendor}” in {self.folder} are in force on {on}.")
        return found
